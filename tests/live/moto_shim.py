"""Run moto's server with what it lacks to serve a tree of nested stacks; `--faults` lists what stock moto lacks.

Each correction is of one fault of moto's. A test asks for the faults, so that a correction goes when moto does better.
"""

# ruff: noqa: SLF001 what moto has no other names for

import json
import sys
from collections.abc import Callable
from typing import Any

from moto.autoscaling import models as autoscaling
from moto.cloudformation import models as cloudformation
from moto.core.exceptions import JsonRESTError
from moto.ec2.models import security_groups
from moto.elb import models as elb
from moto.iam import access_control
from moto.iam import models as iam
from moto.rds import models as rds
from moto.redshift import models as redshift
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer
from werkzeug.exceptions import HTTPException

# What is corrected is not as its own types say.
Stack: Any = cloudformation.Stack
LoadBalancer: Any = elb.LoadBalancer
DBInstance: Any = rds.DBInstance
DBSubnetGroup: Any = rds.DBSubnetGroup
SecurityGroup: Any = security_groups.SecurityGroup
SecurityGroupRule: Any = security_groups.SecurityGroupRule
LaunchConfiguration: Any = autoscaling.FakeLaunchConfiguration
Warehouse: Any = redshift.Cluster
WarehouseSubnets: Any = redshift.SubnetGroup
WarehouseParameters: Any = redshift.ParameterGroup
Role: Any = iam.Role
User: Any = iam.User
Request: Any = access_control.IAMRequest

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


def balancers_keep_what_they_are_given() -> None:
    """A classic load balancer has the network, tags and zones of its template; moto's loses them."""

    def finish(made: Any, properties: Any) -> None:
        made.subnets = list(properties.get("Subnets", []))
        made.security_groups = list(properties.get("SecurityGroups", []))
        made.attributes["cross_zone_load_balancing"] = {"enabled": properties.get("CrossZone") in {True, "true"}}
        made.tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}

    _after(LoadBalancer, finish)


def rules_keep_descriptions() -> None:
    """What a security group's template lets in has descriptions; moto's loses them, and shows none of groups."""

    def finish(made: Any, properties: Any) -> None:
        for rule, given in zip(made.ingress_rules, properties.get("SecurityGroupIngress", []), strict=True):
            rule.given_description = given.get("Description")

    _after(SecurityGroup, finish)
    shown = SecurityGroupRule.description.fget
    SecurityGroupRule.description = property(lambda rule: getattr(rule, "given_description", None) or shown(rule))


def launches_keep_metadata_options() -> None:
    """A launch configuration has the metadata options of its template; moto's loses them."""

    def finish(made: Any, properties: Any) -> None:
        made.metadata_options = properties.get("MetadataOptions")

    _after(LaunchConfiguration, finish)


def warehouses_have_names() -> None:
    """A warehouse, and what it is made with, has its name for its id, and takes that of its subnets; moto's do not."""
    for kind in (Warehouse, WarehouseSubnets, WarehouseParameters):
        kind.physical_resource_id = property(lambda made: made.resource_id)
    create = Warehouse.create_from_cloudformation_json.__func__

    def warehouse(
        cls: type[Any], resource_name: str, found: Any, account_id: str, region_name: str, /, **kwargs: Any
    ) -> Any:
        properties = dict(found["Properties"])
        if isinstance(name := properties.get("ClusterSubnetGroupName"), str):
            properties["ClusterSubnetGroupName"] = redshift.redshift_backends[account_id][region_name].subnet_groups[
                name
            ]
        return create(cls, resource_name, {**found, "Properties": properties}, account_id, region_name, **kwargs)

    Warehouse.create_from_cloudformation_json = classmethod(warehouse)


def warehouses_have_addresses() -> None:
    """The address of a warehouse's endpoint is a text; moto's is the endpoint."""
    attribute = Warehouse.get_cfn_attribute
    Warehouse.get_cfn_attribute = lambda made, name: (
        made.address if name == "Endpoint.Address" else attribute(made, name)
    )


def warehouses_keep_their_roles() -> None:
    """A warehouse has the roles of its template; moto's loses them."""

    def finish(made: Any, properties: Any) -> None:
        made.iam_roles_arn = list(properties.get("IamRoles", []))

    _after(Warehouse, finish)


def policies_within_roles_are_json() -> None:
    """A policy within a role's template is JSON when it is asked for; moto's is as Python writes it."""
    put = Role.put_policy
    Role.put_policy = lambda role, name, policy: put(
        role, name, policy if isinstance(policy, str) else json.dumps(policy)
    )


def _after(kind: Any, finish: Callable[[Any, Any], None]) -> None:
    """Let what templates make be finished with the properties that they give it."""
    create = kind.create_from_cloudformation_json.__func__

    def made(
        cls: type[Any], resource_name: str, found: Any, account_id: str, region_name: str, /, **kwargs: Any
    ) -> Any:
        resource = create(cls, resource_name, found, account_id, region_name, **kwargs)
        finish(resource, found["Properties"])
        return resource

    kind.create_from_cloudformation_json = classmethod(made)


def denials_in_json() -> None:
    """A service that is asked in JSON denies in JSON; moto does in XML."""
    deny = Request._raise_access_denied

    def denied(request: Any) -> None:
        if "X-Amz-Target" not in request._headers:
            deny(request)
        message = f"User: {request._access_key.arn} is not authorized to perform: {request._action}"
        error = JsonRESTError("AccessDeniedException", message)
        error.code = 403
        raise error

    Request._raise_access_denied = denied


CORRECTIONS: tuple[Callable[[], None], ...] = (
    attributes_as_text,
    outputs_as_attributes,
    nested_stacks_by_arn,
    subnet_groups_by_name,
    databases_take_names,
    balancers_keep_what_they_are_given,
    rules_keep_descriptions,
    launches_keep_metadata_options,
    warehouses_have_names,
    warehouses_have_addresses,
    warehouses_keep_their_roles,
    policies_within_roles_are_json,
    denials_in_json,
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
    Properties:
      Subnets: [subnet-1]
      CrossZone: true
      Tags: [{Key: a, Value: b}]
      Listeners: [{LoadBalancerPort: 80, InstancePort: 80, Protocol: HTTP}]
"""
_GROUP = """\
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: d
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 10.0.0.0/8, Description: d}]
"""
_LAUNCH = """\
Resources:
  Launch:
    Type: AWS::AutoScaling::LaunchConfiguration
    Properties: {ImageId: ami-1, InstanceType: t3.small, MetadataOptions: {HttpTokens: required}}
"""
_WAREHOUSE = """\
Resources:
  Warehouse:
    Type: AWS::Redshift::Cluster
    Properties:
      ClusterType: single-node
      NodeType: ra3.large
      DBName: d
      MasterUsername: a
      MasterUserPassword: Passw0rd
      IamRoles: ['arn:aws:iam::123456789012:role/r']
"""
_ROLE = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies: [{PolicyName: p, PolicyDocument: {Statement: []}}]
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
    cross_zone = balancer.attributes["cross_zone_load_balancing"]["enabled"]
    [rule] = backend.create_stack("group", _GROUP, {}).resource_map["Group"].ingress_rules
    launch = backend.create_stack("launch", _LAUNCH, {}).resource_map["Launch"]
    warehouse = backend.create_stack("warehouse", _WAREHOUSE, {}).resource_map["Warehouse"]
    role = backend.create_stack("role", _ROLE, {}).resource_map["Role"]
    lacking = {
        attributes_as_text: _fails(lambda: backend.create_stack("text", _TOPIC, {})),
        outputs_as_attributes: _fails(lambda: nested.get_cfn_attribute("Outputs.Name")),
        nested_stacks_by_arn: nested.physical_resource_id != nested.stack_id,
        subnet_groups_by_name: group != name,
        databases_take_names: _fails(lambda: backend.create_stack("database", _DATABASE % name, {})),
        balancers_keep_what_they_are_given: not (balancer.subnets or balancer.tags or cross_zone),
        rules_keep_descriptions: not rule.description,
        launches_keep_metadata_options: not launch.metadata_options,
        warehouses_have_names: not isinstance(getattr(warehouse, "physical_resource_id", None), str),
        warehouses_have_addresses: not isinstance(warehouse.get_cfn_attribute("Endpoint.Address"), str),
        warehouses_keep_their_roles: not warehouse.iam_roles_arn,
        denials_in_json: _denial().startswith("<"),
        policies_within_roles_are_json: not isinstance(role.policies["p"], str),
    }
    return [correction.__name__ for correction in CORRECTIONS if lacking[correction]]


def _denial() -> str:
    """Give what a service that is asked in JSON answers to somebody who may not ask."""
    request = object.__new__(Request)
    request._headers = {"X-Amz-Target": "Service.Operation"}
    request._action = "service:Operation"
    request._access_key = User(ACCOUNT, REGION, "user")
    try:
        request._raise_access_denied()
    except HTTPException as error:
        return str(error.get_body()).lstrip()
    return ""


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
