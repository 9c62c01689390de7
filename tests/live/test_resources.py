"""The table of types: as the models of services have it, and row by row against what moto makes of templates."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from validator.cloudformation.schemas import schema
from validator.environment import operations, resources
from validator.environment.expressions import typed
from validator.environment.shapes import operation
from validator.live import Clock
from validator.live.calls import Aws, Credentials, connect
from validator.live.outcome import MissingError
from validator.live.properties import properties
from validator.live.stacks import Deployed

from .account import Client, verify

TYPES = resources.types()


@pytest.mark.parametrize("type_", TYPES)
def test_only_reads_are_called(type_: str) -> None:
    row = resources.row(type_)
    assert row is not None
    assert {operations.access(read.service, read.operation, read.parameters) for read in row.reads} == {"read"}


@pytest.mark.parametrize("type_", TYPES)
def test_every_property_is_where_the_models_have_it(type_: str) -> None:
    row = resources.row(type_)
    assert row is not None
    for read in row.reads:
        model = operation(read.service, read.operation)
        assert model is not None
        assert set(read.parameters) <= set(model.input.members)
        where = model.output
        if read.select:
            found = typed(read.select.replace("{id}", "'x'"), where)
            assert not found.faults, read.select
            where = found.shape
        for name, expression in read.properties.items():
            if not expression.startswith("{") or ":" in expression:
                assert not typed(expression, where).faults, name


@pytest.mark.parametrize("type_", TYPES)
def test_every_property_is_one_of_the_type(type_: str) -> None:
    row, known = resources.row(type_), schema(type_)
    assert row is not None
    assert known is not None
    assert row.properties <= (known.members() or frozenset())
    assert row.small <= row.properties


def test_a_physical_id_is_taken_apart() -> None:
    service = resources.row("AWS::ECS::Service")
    assert service is not None
    parts = service.parts("arn:aws:ecs:eu-west-1:123456789012:service/web/api")
    assert parts is not None
    assert service.reads[0].given(parts) == {"cluster": "web", "services": ["api"]}


def test_what_has_no_value_is_not_given() -> None:
    rule = resources.row("AWS::Events::Rule")
    assert rule is not None
    parts = rule.parts("nightly")
    assert parts is not None
    assert rule.reads[0].given(parts) == {"Name": "nightly"}


def test_a_type_without_a_row_has_none() -> None:
    assert resources.row("AWS::AmazonMQ::Broker") is None


# Resources of one template each, and what their properties must be read as: loosely, as CloudFormation has them.
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}
_NETWORK: Mapping[str, Any] = {
    "Net": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
    "Sub": {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"CidrBlock": "10.0.0.0/24", "VpcId": {"Ref": "Net"}, "AvailabilityZone": "eu-central-1a"},
    },
    "Sub2": {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"CidrBlock": "10.0.1.0/24", "VpcId": {"Ref": "Net"}, "AvailabilityZone": "eu-central-1b"},
    },
}
_ROLE = {"R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": _TRUST}}}
_TAGS = [{"Key": "a", "Value": "b"}]
Case = tuple[str, Mapping[str, Any], Mapping[str, Any]]


def _case(type_: str, properties: Mapping[str, Any], *others: Mapping[str, Any], **unread: Any) -> Case:
    """Make a case of properties that are read as they were given; `unread` are given only."""
    around = {name: resource for other in others for name, resource in other.items()}
    return type_, {**around, "X": {"Type": type_, "Properties": {**properties, **unread}}}, properties


CASES: list[Case] = [
    _case("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16", "EnableDnsSupport": True}),
    _case(
        "AWS::EC2::Subnet",
        {"CidrBlock": "10.0.9.0/24", "AvailabilityZone": "eu-central-1a"},
        _NETWORK,
        VpcId={"Ref": "Net"},
    ),
    _case("AWS::EC2::EIP", {"Domain": "vpc"}),
    _case("AWS::EC2::Volume", {"Size": 8, "AvailabilityZone": "eu-central-1a"}),
    _case("AWS::EC2::LaunchTemplate", {"LaunchTemplateName": "t", "LaunchTemplateData": {"InstanceType": "t3.small"}}),
    _case(
        "AWS::IAM::Role",
        {
            "RoleName": "named",
            "Path": "/p/",
            "AssumeRolePolicyDocument": {"policy": _TRUST},
            "MaxSessionDuration": 7200,
        },
    ),
    _case("AWS::IAM::User", {"UserName": "u", "Path": "/p/"}),
    _case(
        "AWS::IAM::ManagedPolicy",
        {"ManagedPolicyName": "m", "Description": "d"},
        PolicyDocument={
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
        },
    ),
    _case(
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        {"Name": "g", "Port": 80, "Protocol": "HTTP", "HealthCheckPath": "/h"},
        _NETWORK,
        VpcId={"Ref": "Net"},
    ),
    _case(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        {"Name": "l", "Scheme": "internal", "Type": "application"},
        _NETWORK,
        Subnets=[{"Ref": "Sub"}, {"Ref": "Sub2"}],
    ),
    _case(
        "AWS::RDS::DBSubnetGroup",
        {"DBSubnetGroupDescription": "d"},
        _NETWORK,
        SubnetIds=[{"Ref": "Sub"}, {"Ref": "Sub2"}],
    ),
    _case(
        "AWS::S3::Bucket",
        {
            "BucketName": "bucket-of-this-test",
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            },
        },
    ),
    _case("AWS::SNS::Topic", {"TopicName": "t", "DisplayName": "d"}),
    _case("AWS::SQS::Queue", {"QueueName": "q", "VisibilityTimeout": 45, "DelaySeconds": 3}),
    _case(
        "AWS::Lambda::Function",
        {
            "FunctionName": "f",
            "Handler": "h.h",
            "Runtime": "python3.12",
            "Timeout": 7,
            "Environment": {"Variables": {"A": "b"}},
        },
        _ROLE,
        Role={"Fn::GetAtt": ["R", "Arn"]},
        Code={"ZipFile": "x"},
    ),
    _case(
        "AWS::DynamoDB::Table",
        {
            "TableName": "t",
            "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
            "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6},
            "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
        },
    ),
    _case("AWS::SSM::Parameter", {"Name": "/a/b", "Type": "String", "Value": "v"}),
    _case("AWS::Kinesis::Stream", {"Name": "s", "ShardCount": 2, "RetentionPeriodHours": 48}),
    _case("AWS::ECS::Cluster", {"ClusterName": "c"}),
    _case("AWS::Events::Rule", {"Name": "r", "ScheduleExpression": "rate(1 day)", "State": "ENABLED"}),
    _case("AWS::Logs::LogGroup", {"LogGroupName": "/l/g", "RetentionInDays": 30}),
]


# What moto does not make, or not all of, by templates: made by the service's own operations.
_POLICY = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}'
)
Making = Callable[[Client], str]


def _network(client: Client) -> tuple[str, str]:
    vpc = client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = client("ec2").create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    return vpc, subnet


def _vpc(client: Client) -> str:
    vpc, _ = _network(client)
    client("ec2").modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    return vpc


def _gateway(client: Client) -> str:
    gateway = client("ec2").create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    client("ec2").create_tags(Resources=[gateway], Tags=_TAGS)
    return str(gateway)


def _nat(client: Client) -> str:
    _, subnet = _network(client)
    found = client("ec2").create_nat_gateway(SubnetId=subnet, ConnectivityType="private")
    return str(found["NatGateway"]["NatGatewayId"])


def _instance(client: Client) -> str:
    image = client("ec2").describe_images()["Images"][0]["ImageId"]
    found = client("ec2").run_instances(ImageId=image, InstanceType="t3.small", MinCount=1, MaxCount=1, KeyName="k")
    return str(found["Instances"][0]["InstanceId"])


def _bucket(client: Client) -> str:
    s3, name = client("s3"), "bucket-of-this-test"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": _TAGS})
    s3.put_bucket_policy(Bucket=name, Policy=_POLICY)
    return name


def _group(client: Client) -> str:
    client("iam").create_group(GroupName="g")
    return "g"


def _secret(client: Client) -> str:
    return str(client("secretsmanager").create_secret(Name="s", Description="d", SecretString="x")["ARN"])


def _key(client: Client) -> str:
    key = str(client("kms").create_key(Description="d")["KeyMetadata"]["KeyId"])
    client("kms").enable_key_rotation(KeyId=key)
    return key


def _alarm(client: Client) -> str:
    client("cloudwatch").put_metric_alarm(
        AlarmName="a", MetricName="m", Namespace="n", Threshold=3, ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=2, Period=60, Statistic="Sum",
    )  # fmt: skip
    return "a"


def _repository(client: Client) -> str:
    client("ecr").create_repository(repositoryName="web", imageTagMutability="IMMUTABLE")
    return "web"


def _service(client: Client) -> str:
    ecs = client("ecs")
    ecs.create_cluster(clusterName="c")
    ecs.register_task_definition(family="f", containerDefinitions=[{"name": "n", "image": "i", "memory": 64}])
    return str(
        ecs.create_service(cluster="c", serviceName="api", taskDefinition="f", desiredCount=3)["service"]["serviceArn"]
    )


def _cache(client: Client) -> str:
    client("elasticache").create_cache_cluster(
        CacheClusterId="c", Engine="redis", CacheNodeType="cache.t3.small", NumCacheNodes=1
    )
    return "c"


def _table(client: Client) -> str:
    dynamodb = client("dynamodb")
    dynamodb.create_table(
        TableName="t", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
    )  # fmt: skip
    dynamodb.update_time_to_live(TableName="t", TimeToLiveSpecification={"Enabled": True, "AttributeName": "until"})
    return "t"


def _warehouse(client: Client) -> str:
    client("redshift").create_cluster(
        ClusterIdentifier="w", NodeType="ra3.large", DBName="dev", MasterUsername="admin",
        MasterUserPassword="Passw0rd1", ClusterType="multi-node", NumberOfNodes=2,
    )  # fmt: skip
    return "w"


def _warehouse_subnets(client: Client) -> str:
    _, subnet = _network(client)
    client("redshift").create_cluster_subnet_group(
        ClusterSubnetGroupName="w", Description="private", SubnetIds=[subnet], Tags=_TAGS
    )
    return "w"


def _warehouse_parameters(client: Client) -> str:
    client("redshift").create_cluster_parameter_group(
        ParameterGroupName="w", ParameterGroupFamily="redshift-2.0", Description="tls"
    )
    return "w"


def _cache_subnets(client: Client) -> str:
    _, subnet = _network(client)
    client("elasticache").create_cache_subnet_group(
        CacheSubnetGroupName="c", CacheSubnetGroupDescription="private", SubnetIds=[subnet]
    )
    return "c"


MADE: list[tuple[str, Making, dict[str, Any]]] = [
    ("AWS::EC2::VPC", _vpc, {"EnableDnsHostnames": True, "EnableDnsSupport": True}),
    ("AWS::EC2::InternetGateway", _gateway, {"Tags": _TAGS}),
    ("AWS::EC2::NatGateway", _nat, {"ConnectivityType": "private"}),
    ("AWS::EC2::Instance", _instance, {"InstanceType": "t3.small", "KeyName": "k"}),
    (
        "AWS::S3::Bucket",
        _bucket,
        {
            "VersioningConfiguration": {"Status": "Enabled"},
            "Tags": _TAGS,
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "IgnorePublicAcls": False,
                "BlockPublicPolicy": False,
                "RestrictPublicBuckets": False,
            },
        },
    ),
    ("AWS::S3::BucketPolicy", _bucket, {"PolicyDocument": _POLICY}),
    ("AWS::IAM::Group", _group, {"GroupName": "g", "ManagedPolicyArns": []}),
    ("AWS::SecretsManager::Secret", _secret, {"Name": "s", "Description": "d"}),
    ("AWS::KMS::Key", _key, {"Description": "d", "EnableKeyRotation": True}),
    ("AWS::CloudWatch::Alarm", _alarm, {"Threshold": 3.0, "EvaluationPeriods": 2, "MetricName": "m"}),
    ("AWS::ECR::Repository", _repository, {"ImageTagMutability": "IMMUTABLE"}),
    ("AWS::ECS::Service", _service, {"ServiceName": "api", "DesiredCount": 3}),
    ("AWS::ElastiCache::SubnetGroup", _cache_subnets, {"CacheSubnetGroupName": "c", "Description": "private"}),
    ("AWS::Redshift::ClusterSubnetGroup", _warehouse_subnets, {"Description": "private", "Tags": _TAGS}),
    ("AWS::Redshift::ClusterParameterGroup", _warehouse_parameters, {"ParameterGroupFamily": "redshift-2.0"}),
    ("AWS::ElastiCache::CacheCluster", _cache, {"Engine": "redis", "CacheNodeType": "cache.t3.small"}),
    ("AWS::Redshift::Cluster", _warehouse, {"NodeType": "ra3.large", "DBName": "dev", "NumberOfNodes": 2}),
    (
        "AWS::DynamoDB::Table",
        _table,
        {
            "BillingMode": "PAY_PER_REQUEST",
            "TimeToLiveSpecification": {"AttributeName": "until", "Enabled": True},
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False},
        },
    ),
]


def asked(server: str) -> Aws:
    """Ask as the account's owner."""
    return Aws(connect(Credentials(endpoint=server), "eu-central-1", 1), Clock())


@pytest.mark.parametrize(("type_", "make", "expected"), MADE, ids=[made[0] for made in MADE])
def test_reads_what_the_service_was_told(
    aws: Client, server: str, type_: str, make: Making, expected: dict[str, Any]
) -> None:
    found, faults = properties(asked(server), Deployed("X", make(aws), type_, ""), list(expected), "table", 0.0)
    assert (found, faults) == (expected, {})


_ABSENT = {
    "AWS::Lambda::EventSourceMapping": "00000000-0000-0000-0000-000000000000",
    "AWS::EC2::EIP": "203.0.113.9",
    "AWS::ECS::Service": "arn:aws:ecs:eu-central-1:123456789012:service/c/s",
    "AWS::ECS::TaskDefinition": "arn:aws:ecs:eu-central-1:123456789012:task-definition/f:1",
    "AWS::ElasticLoadBalancingV2::Listener": "arn:aws:elasticloadbalancing:eu-central-1:1:listener/app/l/1/2",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "arn:aws:elasticloadbalancing:eu-central-1:1:loadbalancer/app/l/1",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/g/1",
    "AWS::IAM::ManagedPolicy": "arn:aws:iam::123456789012:policy/none",
    "AWS::KMS::Key": "00000000-0000-0000-0000-000000000000",
    "AWS::SNS::Topic": "arn:aws:sns:eu-central-1:123456789012:none",
    "AWS::SQS::Queue": "https://sqs.eu-central-1.amazonaws.com/123456789012/none",
    "AWS::CloudFormation::Stack": "none",
    "AWS::EC2::Instance": "i-0123456789abcdef0",
    "AWS::EC2::InternetGateway": "igw-0123456789abcdef0",
    "AWS::EC2::LaunchTemplate": "lt-0123456789abcdef0",
    "AWS::EC2::NatGateway": "nat-0123456789abcdef0",
    "AWS::EC2::RouteTable": "rtb-0123456789abcdef0",
    "AWS::EC2::SecurityGroup": "sg-0123456789abcdef0",
    "AWS::EC2::Subnet": "subnet-0123456789abcdef0",
    "AWS::EC2::VPC": "vpc-0123456789abcdef0",
    "AWS::EC2::Volume": "vol-0123456789abcdef0",
}


@pytest.mark.parametrize("type_", TYPES)
def test_what_is_not_there_is_missing(aws: Client, server: str, type_: str) -> None:
    with pytest.raises(MissingError):
        properties(asked(server), Deployed("X", _ABSENT.get(type_, "none-such"), type_, ""), [], "table", 0.0)


def _given(value: Any) -> Any:
    """Give a template's value: what is no operator of a spec."""
    if isinstance(value, dict):
        if "policy" in value:
            return value["policy"]
        if "contains" in value:
            return [value["contains"]]
        return {name: _given(member) for name, member in value.items()}
    return [_given(element) for element in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("type_", "members", "expected"), CASES, ids=[case[0] for case in CASES])
def test_reads_what_the_template_gave(
    aws: Client, server: str, type_: str, members: Mapping[str, Any], expected: Mapping[str, Any]
) -> None:
    aws("cloudformation").create_stack(StackName="s", TemplateBody=json.dumps({"Resources": _given(members)}))
    spec = {
        "envspec": 1,
        "targets": {"t": {"region": "eu-central-1", "stack": "s"}},
        "checks": [{"id": "x", "resource": "X", "type": type_, "expect": expected}],
    }
    report = verify(json.dumps(spec), server)
    assert {outcome.path: outcome.message for outcome in report.outcomes if outcome.kind != "conforms"} == {}
    assert len(report.outcomes) == 1 + len(expected)


@pytest.mark.parametrize(("type_", "members", "expected"), CASES, ids=[case[0] for case in CASES])
def test_tells_what_the_template_did_not_give(
    aws: Client, server: str, type_: str, members: Mapping[str, Any], expected: Mapping[str, Any]
) -> None:
    aws("cloudformation").create_stack(StackName="s", TemplateBody=json.dumps({"Resources": _given(members)}))
    wrong = {name: {"equals": "something else"} for name in expected}
    spec = {
        "envspec": 1,
        "targets": {"t": {"region": "eu-central-1", "stack": "s"}},
        "checks": [{"id": "x", "resource": "X", "expect": wrong}],
    }
    report = verify(json.dumps(spec), server)
    assert {outcome.kind for outcome in report.outcomes} == {"differs"}
