"""Systems as AWS's articles build them: their specs conform, and tell exactly what is changed behind their backs."""

from collections.abc import Callable
from typing import Any

import pytest

from validator.testing import findings

from .account import Client, of_kind, verify
from .articles import SYSTEM, SYSTEMS, build, resource


def spec(name: str) -> str:
    return (SYSTEMS / name / "env.yml").read_text()


@pytest.mark.parametrize("name", SYSTEM)
def test_conforms_as_far_as_moto_serves_it(aws: Client, server: str, name: str) -> None:
    build(aws, name)
    report = verify(spec(name), server, targets=("test",))
    unserved = SYSTEM[name].unserved
    kinds: dict[str, set[str]] = {}
    for one in report.outcomes:
        whole = one.check if one.check in unserved else f"{one.check} {one.path}"
        kinds.setdefault(whole, set()).add(one.kind)
    assert {whole for whole, found in kinds.items() if found & {"differs", "error"}} == set(unserved)
    assert not any("conforms" in kinds[whole] for whole in unserved)


# A change behind a system's back, what differs then, and what was wanted and found; dots where that is not one value.
Change = Callable[[Client], object]
CHANGES: list[tuple[str, str, Change, set[tuple[str, str]], Any, Any]] = [
    (
        "classic-web-tier",
        "servers around the load balancer",
        lambda client: allow(client, "ServerGroup", 8080, "0.0.0.0/0"),
        {("server-group", "SecurityGroupIngress")},
        None,
        {"CidrIp": "0.0.0.0/0", "FromPort": 8080, "IpProtocol": "tcp", "ToPort": 8080},
    ),
    (
        "classic-web-tier",
        "no draining",
        lambda client: client("elb").modify_load_balancer_attributes(
            LoadBalancerName=resource(client, "Balancer"),
            LoadBalancerAttributes={"ConnectionDraining": {"Enabled": False, "Timeout": 60}},
        ),
        {("balancer", "ConnectionDrainingPolicy")},
        True,
        False,
    ),
    (
        "classic-web-tier",
        "one server",
        lambda client: client("autoscaling").update_auto_scaling_group(
            AutoScalingGroupName=resource(client, "Servers"), MinSize=1, DesiredCapacity=1
        ),
        {("fleet", "MinSize"), ("servers-in-service", "count")},
        "2",
        1,
    ),
    (
        "rotated-secret",
        "a year",
        lambda client: client("secretsmanager").rotate_secret(
            SecretId="payments/api-key", RotationRules={"AutomaticallyAfterDays": 365}
        ),
        {("rotates", "RotationRules")},
        60,
        365,
    ),
    (
        "rotated-secret",
        "deleted",
        lambda client: client("secretsmanager").delete_secret(SecretId="payments/api-key"),
        {("rotates", "DeletedDate")},
        False,
        ...,
    ),
    (
        "order-table",
        "more capacity",
        lambda client: client("dynamodb").update_table(
            TableName="orders-test", ProvisionedThroughput={"ReadCapacityUnits": 50, "WriteCapacityUnits": 10}
        ),
        {("capacity", "ProvisionedThroughput")},
        "5",
        50,
    ),
    (
        "order-table",
        "no stream",
        lambda client: client("dynamodb").update_table(
            TableName="orders-test", StreamSpecification={"StreamEnabled": False}
        ),
        {("stream", "StreamSpecification")},
        {"StreamViewType": "NEW_AND_OLD_IMAGES"},
        None,
    ),
    (
        "order-table",
        "smaller batches",
        lambda client: client("lambda").update_event_source_mapping(UUID=resource(client, "Changes"), BatchSize=10),
        {("follower", "BatchSize")},
        50,
        10,
    ),
    (
        "parameter-tree",
        "another host",
        lambda client: client("ssm").put_parameter(
            Name="/shop/test/database/host", Value="database.prod.example.com", Type="String", Overwrite=True
        ),
        {("host", "Value")},
        "***#1",
        "***#2",
    ),
    (
        "parameter-tree",
        "a secret in clear",
        lambda client: client("ssm").put_parameter(Name="/shop/test/api/token", Value="t0k3n", Type="String"),
        {("tree", "@"), ("no-secret-in-clear", "@")},
        ...,
        ...,
    ),
    (
        "parameter-tree",
        "no schedule",
        lambda client: client("events").disable_rule(Name="shop-settings-test"),
        {("hourly", "State")},
        "ENABLED",
        "DISABLED",
    ),
    (
        "redshift-access",
        "a role that may do more",
        lambda client: client("iam").put_role_policy(
            RoleName=resource(client, "LoadRole"),
            PolicyName="load",
            PolicyDocument='{"Version": "2012-10-17", "Statement":'
            ' [{"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "*"}]}',
        ),
        {("load-role-only-reads", "PolicyDocument.Statement[].Action")},
        ["s3:ListBucket", "s3:GetObject"],
        "s3:DeleteObject",
    ),
    (
        "redshift-access",
        "a role that others may take",
        lambda client: client("iam").update_assume_role_policy(
            RoleName=resource(client, "UnloadRole"),
            PolicyDocument='{"Version": "2012-10-17", "Statement":'
            ' [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}',
        ),
        {("unload-role", "AssumeRolePolicyDocument")},
        ...,
        ...,
    ),
    (
        "redshift-access",
        "open to the world",
        lambda client: client("redshift").modify_cluster(
            ClusterIdentifier=resource(client, "Warehouse"), PubliclyAccessible=True
        ),
        {("warehouse", "PubliclyAccessible")},
        False,
        True,
    ),
    (
        "ad-tracking",
        "a shorter memory",
        lambda client: client("kinesis").decrease_stream_retention_period(
            StreamName="ads-test-clicks", RetentionPeriodHours=24
        ),
        {("clicks", "RetentionPeriodHours")},
        48,
        24,
    ),
    (
        "ad-tracking",
        "fewer trackers",
        lambda client: client("ecs").update_service(cluster="ads-test", service="tracker", desiredCount=1),
        {("tracker", "DesiredCount")},
        3,
        1,
    ),
    (
        "ad-tracking",
        "counters for all",
        lambda client: allow(client, "CounterGroup", 6379, "10.0.0.0/8"),
        {("counter-group", "SecurityGroupIngress")},
        None,
        {"CidrIp": "10.0.0.0/8", "FromPort": 6379, "IpProtocol": "tcp", "ToPort": 6379},
    ),
    (
        "workstation",
        "open to the world",
        lambda client: allow(client, "WorkstationGroup", 22, "0.0.0.0/0"),
        {("office-alone", "SecurityGroupIngress"), ("not-open-to-the-world", "count")},
        0,
        1,
    ),
    (
        "workstation",
        "open to the world over IPv6",
        lambda client: client("ec2").authorize_security_group_ingress(
            GroupId=resource(client, "WorkstationGroup"),
            IpPermissions=[
                {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
            ],
        ),
        {("office-alone", "SecurityGroupIngress"), ("not-open-to-the-world", "count")},
        0,
        1,
    ),
    (
        "workstation",
        "stopped",
        lambda client: client("ec2").stop_instances(InstanceIds=[resource(client, "Workstation")]),
        {("runs", "@")},
        "running",
        ["stopped"],
    ),
]


def allow(client: Client, group: str, port: int, cidr: str) -> None:
    client("ec2").authorize_security_group_ingress(
        GroupId=resource(client, group),
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": cidr}]}],
    )


@pytest.mark.parametrize(
    ("name", "change", "differing", "wanted", "got"),
    [(name, *rest) for name, _, *rest in CHANGES],
    ids=[f"{name}: {what}" for name, what, *_ in CHANGES],
)
def test_tells_exactly_what_is_changed(
    aws: Client, server: str, name: str, change: Change, differing: set[tuple[str, str]], wanted: Any, got: Any
) -> None:
    build(aws, name)
    change(aws)
    report = verify(spec(name), server, targets=("test",))
    unserved = SYSTEM[name].unserved
    failed = of_kind(report, "differs") | of_kind(report, "error")
    assert {(check, path) for check, path in failed if not {check, f"{check} {path}"} & set(unserved)} == differing
    check, path = min(differing)
    [outcome] = [one for one in report.outcomes if (one.check, one.path) == (check, path)]
    found = [(one.wanted, one.got) for one in outcome.differences]
    if wanted is not ...:
        assert wanted in [one for one, _ in found]
    if got is not ...:
        assert got in [one for _, one in found]


# A word misspelt in each check that moto does not serve, and the rule that finds it without deploying anything.
SLIPS = [
    ("rotated-secret", "Tags: {contains: {Key: owner", "Tag: {contains: {Key: owner", "unknown-property"),
    ("rotated-secret", 'AutomaticallyAfterDays: "${var.days}"}\n\n', "AfterDays: 60}\n\n", "unknown-property"),
    ("rotated-secret", "resource: Rotation\n", "resource: Rotations\n", "resource-not-in-template"),
    ("order-table", "SSEEnabled", "SSEnabled", "unknown-property"),
    ("redshift-access", "ParameterName: require_ssl", "Parameter: require_ssl", "unknown-property"),
    ("ad-tracking", "{SSEEnabled: true}", "{SSEEnabled: false}", "contradicts-template"),
    ("ad-tracking", "CacheNodeType: cache.t4g.small", "CacheNodeType: cache.t4g.micro", "contradicts-template"),
    (
        "ad-tracking",
        "type: AWS::ElastiCache::SubnetGroup",
        "type: AWS::ElastiCache::ParameterGroup",
        "resource-not-in-template",
    ),
    ("ad-tracking", "AssignPublicIp: DISABLED", "AssignPublicIP: DISABLED", "unknown-property"),
    ("ad-tracking", "deployments[].rolloutState", "deployments[].rolloutStatus", "path-not-in-answer"),
]


@pytest.mark.parametrize(("name", "word", "slip", "rule"), SLIPS)
def test_what_moto_does_not_serve_is_still_typed_offline(name: str, word: str, slip: str, rule: str) -> None:
    files = {
        path.name: path.read_text() for path in (SYSTEMS / name).iterdir() if path.suffix in {".yml", ".json", ".toml"}
    }
    assert word in files["env.yml"]
    wrong = files["env.yml"].replace(word, slip, 1)
    [finding] = findings(f"environment-{rule}", files | {"env.yml": wrong})
    assert finding.at.span.path == "env.yml"
    assert finding.at.span.line == wrong[: wrong.index(slip)].count("\n") + 1
    assert not findings(f"environment-{rule}", files)
