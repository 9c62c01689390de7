"""Run moto's server with what it lacks to serve a tree of nested stacks; `--faults` lists what stock moto lacks.

Each correction is of one fault of moto's. A test asks for the faults, so that a correction goes when moto does better.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

from moto.cloudformation import models as cloudformation
from moto.elb import models as elb
from moto.rds import models as rds
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

# What is corrected is not as its own types say.
Stack: Any = cloudformation.Stack
LoadBalancer: Any = elb.LoadBalancer
DBInstance: Any = rds.DBInstance
DBSubnetGroup: Any = rds.DBSubnetGroup

ACCOUNT, REGION = "123456789012", "eu-central-1"


def attributes_as_text() -> None:
    """`Fn::GetAtt: A.Outputs.B` means the same as a list of two; moto indexes the text, or splits it into three."""
    parse = Stack.parse_template

    def listed(value: Any) -> Any:
        if isinstance(value, list):
            return [listed(element) for element in value]
        if not isinstance(value, dict):
            return value
        return {key: split(member) if key == "Fn::GetAtt" else listed(member) for key, member in value.items()}

    def split(attribute: Any) -> list[str]:
        text = attribute if isinstance(attribute, str) else ".".join(attribute)
        return text.split(".", 1)

    Stack.parse_template = staticmethod(lambda template: listed(parse(template)))


def outputs_as_attributes() -> None:
    """A nested stack's attributes are its outputs; moto's has none."""
    Stack.get_cfn_attribute = lambda stack, name: stack.output_map[name.removeprefix("Outputs.")].value


def nested_stacks_by_arn() -> None:
    """A nested stack's physical id is its ARN; moto's is its name."""
    Stack.physical_resource_id = property(lambda stack: stack.stack_id)


def subnet_groups_by_name() -> None:
    """A subnet group's physical id is its name; moto's is an object."""
    DBSubnetGroup.physical_resource_id = property(lambda group: group.name)


def databases_take_names() -> None:
    """A database takes the name of its subnet group; moto's wants the object."""
    create = DBInstance.create_from_cloudformation_json.__func__

    def database(
        cls: type[Any], resource_name: str, found: Any, account_id: str, region_name: str, /, **kwargs: Any
    ) -> Any:
        properties = dict(found["Properties"])
        if isinstance(name := properties.get("DBSubnetGroupName"), str):
            properties["DBSubnetGroupName"] = rds.rds_backends[account_id][region_name].subnet_groups[name.lower()]
        properties.setdefault("VpcSecurityGroupIds", properties.get("VPCSecurityGroups", []))
        return create(cls, resource_name, {**found, "Properties": properties}, account_id, region_name, **kwargs)

    DBInstance.create_from_cloudformation_json = classmethod(database)


def balancers_keep_their_network() -> None:
    """A classic load balancer has the subnets and security groups of its template; moto's loses them."""
    create = LoadBalancer.create_from_cloudformation_json.__func__

    def balancer(
        cls: type[Any], resource_name: str, found: Any, account_id: str, region_name: str, /, **kwargs: Any
    ) -> Any:
        made = create(cls, resource_name, found, account_id, region_name, **kwargs)
        made.subnets = list(found["Properties"].get("Subnets", []))
        made.security_groups = list(found["Properties"].get("SecurityGroups", []))
        return made

    LoadBalancer.create_from_cloudformation_json = classmethod(balancer)


CORRECTIONS: tuple[Callable[[], None], ...] = (
    attributes_as_text,
    outputs_as_attributes,
    nested_stacks_by_arn,
    subnet_groups_by_name,
    databases_take_names,
    balancers_keep_their_network,
)

_TOPIC = "Resources: {Topic: {Type: AWS::SNS::Topic}}\nOutputs: {Name: {Value: {'Fn::GetAtt': Topic.TopicName}}}\n"
_PARENT = """\
Resources:
  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: https://s3.amazonaws.com/templates/child.yml}}
"""
_NETWORK = """\
Resources:
  Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Sub: {Type: AWS::EC2::Subnet, Properties: {CidrBlock: 10.0.0.0/24, VpcId: {Ref: Net}}}
  Group: {Type: AWS::RDS::DBSubnetGroup, Properties: {DBSubnetGroupDescription: d, SubnetIds: [{Ref: Sub}]}}
Outputs: {Group: {Value: {Ref: Group}}}
"""
_DATABASE = """\
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: mysql, DBInstanceClass: db.t3.small, AllocatedStorage: 20, DBSubnetGroupName: %s}
"""
_BALANCER = """\
Resources:
  Elb:
    Type: AWS::ElasticLoadBalancing::LoadBalancer
    Properties: {Subnets: [subnet-1], Listeners: [{LoadBalancerPort: 80, InstancePort: 80, Protocol: HTTP}]}
"""


def faults() -> list[str]:
    """List the corrections that are still needed, as they are called, in order."""
    backend: Any = cloudformation.cloudformation_backends[ACCOUNT][REGION]
    storage = s3_backends[ACCOUNT]["aws"]
    storage.create_bucket("templates", REGION)
    child = _TOPIC.replace("Topic.TopicName", "[Topic, TopicName]")
    storage.put_object("templates", "child.yml", child.encode())
    parent = backend.create_stack("parent", _PARENT, {})
    nested = parent.resource_map["Child"]
    network = backend.create_stack("network", _NETWORK, {})
    [group] = [output["OutputValue"] for output in network.outputs]
    name = network.resource_map["Group"].name
    balancer = backend.create_stack("balancer", _BALANCER, {}).resource_map["Elb"]
    lacking = {
        attributes_as_text: _fails(lambda: backend.create_stack("text", _TOPIC, {})),
        outputs_as_attributes: _fails(lambda: nested.get_cfn_attribute("Outputs.Name")),
        nested_stacks_by_arn: nested.physical_resource_id != nested.stack_id,
        subnet_groups_by_name: group != name,
        databases_take_names: _fails(lambda: backend.create_stack("database", _DATABASE % name, {})),
        balancers_keep_their_network: not balancer.subnets,
    }
    return [correction.__name__ for correction in CORRECTIONS if lacking[correction]]


def _fails(act: Callable[[], object]) -> bool:
    try:
        act()
    except (AttributeError, TypeError):
        return True
    return False


def main() -> None:
    """List the faults, or serve until standard input ends; the port goes to standard output."""
    if "--faults" in sys.argv:
        sys.stdout.write(json.dumps(faults()))
        return
    for correct in CORRECTIONS:
        correct()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    sys.stdout.write(f"{server.get_host_and_port()[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
