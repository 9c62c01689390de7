"""Systems as AWS's articles build them, deployed on moto.

What a template asks for and moto leaves out is done by hand after it, where there is an operation for that. The checks
of what is left stand here with the reason: they must fail on moto, or the reason has gone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .account import REGION, ROOT, Client, deploy

SYSTEMS = ROOT / "fixtures" / "valid"
NO_TYPE = "moto's stacks leave out resources of this type"
NO_KEY = "moto encrypts no table that a template makes"


@dataclass(frozen=True, slots=True)
class Network:
    """What a system is deployed into."""

    vpc: str
    subnets: tuple[str, ...]
    image: str


@dataclass(frozen=True, slots=True)
class System:
    """A system.

    Attributes:
        before: Makes what the article takes to be there.
        after: Makes up for what moto leaves out; and does what the article does by hand.
        unserved: The checks of what moto does not serve, some with a path, with the reasons.
    """

    stack: str
    parameters: Callable[[Network], Mapping[str, str]] = lambda _: {}
    before: Callable[[Client], object] = lambda _: None
    after: Callable[[Client], object] = lambda _: None
    unserved: Mapping[str, str] = field(default_factory=dict)


def resource(client: Client, logical_id: str) -> str:
    """Give the physical id of a resource of the one stack."""
    [stack] = client("cloudformation").list_stacks(StackStatusFilter=["CREATE_COMPLETE"])["StackSummaries"]
    found = client("cloudformation").describe_stack_resource(StackName=stack["StackName"], LogicalResourceId=logical_id)
    return str(found["StackResourceDetail"]["PhysicalResourceId"])


def drain(client: Client) -> None:
    client("elb").modify_load_balancer_attributes(
        LoadBalancerName=resource(client, "Balancer"),
        LoadBalancerAttributes={"ConnectionDraining": {"Enabled": True, "Timeout": 60}},
    )


def rotate(client: Client) -> None:
    client("secretsmanager").create_secret(Name="payments/api-key", SecretString="x" * 48)
    client("secretsmanager").rotate_secret(SecretId="payments/api-key", RotationRules={"AutomaticallyAfterDays": 60})


def expire(client: Client) -> None:
    client("dynamodb").update_time_to_live(
        TableName="orders-test", TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"}
    )


def put_password(client: Client) -> None:
    client("ssm").put_parameter(Name="/shop/test/database/password", Type="SecureString", Value="correct horse")


def put_master_user(client: Client) -> None:
    client("secretsmanager").create_secret(
        Name="warehouse", SecretString='{"username": "admin", "password": "Corr3ctHorse"}'
    )


def count(client: Client) -> None:
    client("kinesis").start_stream_encryption(
        StreamName="ads-test-clicks", EncryptionType="KMS", KeyId="alias/aws/kinesis"
    )
    client("elasticache").create_replication_group(
        ReplicationGroupId="ads-test-counters", ReplicationGroupDescription="counters", Engine="redis",
        CacheNodeType="cache.t4g.small", AutomaticFailoverEnabled=True,
        NumNodeGroups=1, ReplicasPerNodeGroup=1,
    )  # fmt: skip


def guard(client: Client) -> None:
    ec2 = client("ec2")
    machine = resource(client, "Workstation")
    ec2.modify_instance_attribute(InstanceId=machine, Groups=[resource(client, "WorkstationGroup")])
    ec2.modify_instance_metadata_options(InstanceId=machine, HttpTokens="required")


SYSTEM: Mapping[str, System] = {
    "classic-web-tier": System(
        "web-test",
        lambda net: {
            "VpcId": net.vpc,
            "PublicSubnetIds": ",".join(net.subnets[:2]),
            "PrivateSubnetIds": ",".join(net.subnets[2:]),
            "ImageId": net.image,
        },
        after=drain,
    ),
    "rotated-secret": System(
        "payments-secret-test",
        after=rotate,
        unserved={"secret": NO_TYPE, "schedule": NO_TYPE},
    ),
    "order-table": System(
        "orders-test",
        lambda _: {"Environment": "test", "ReadCapacity": "5", "WriteCapacity": "10"},
        after=expire,
        unserved={"encrypted": NO_KEY},
    ),
    "parameter-tree": System(
        "shop-settings-test",
        lambda _: {"Environment": "test", "DatabaseHost": "database.test.example.com"},
        after=put_password,
    ),
    "redshift-access": System(
        "warehouse-test",
        lambda net: {
            "VpcId": net.vpc,
            "SubnetIds": ",".join(net.subnets),
            "LandingBucket": "landing",
            "ExportBucket": "exports",
            "MasterUserSecret": "warehouse",
        },
        before=put_master_user,
        unserved={"no-connection-without-tls Parameters": "moto's parameter groups have no parameters of their own"},
    ),
    "ad-tracking": System(
        "ads-test",
        lambda net: {"VpcId": net.vpc, "SubnetIds": ",".join(net.subnets), "Image": "tracker:1.4"},
        after=count,
        unserved={
            "campaigns-encrypted": NO_KEY,
            "counters": NO_TYPE,
            "counter-subnets": NO_TYPE,
            "tracker-on-fargate": "moto's stacks make every service one of EC2, without a network",
            "tracker-runs deployments[].rolloutState": "moto's services start no tasks, and are never done with it",
        },
    ),
    "workstation": System(
        "workstation-test",
        lambda net: {
            "VpcId": net.vpc,
            "SubnetId": net.subnets[0],
            "ImageId": net.image,
            "KeyName": "office",
            "OfficeCidr": "198.51.100.0/24",
        },
        after=guard,
        unserved={"role ManagedPolicyArns": "moto has none of AWS's own policies"},
    ),
}


def build(client: Client, name: str) -> Mapping[str, str]:
    """Deploy a system; give its parameters."""
    ec2, system = client("ec2"), SYSTEM[name]
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = tuple(
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{REGION}{'ab'[n % 2]}")["Subnet"][
            "SubnetId"
        ]
        for n in range(4)
    )
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    system.before(client)
    parameters = system.parameters(Network(vpc, subnets, image))
    deploy(client, system.stack, (SYSTEMS / name / "template.yml").read_text(), parameters)
    system.after(client)
    return parameters
