"""The sample delivery, deployed and then changed behind its back: exactly what was changed is told."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from .account import DELIVERY, Client, of_kind, verify

SPEC = Path(__file__).with_name("env.yml").read_text()
LEGACY = (DELIVERY / "env-details.yml").read_text()

Change = Callable[[Client], object]


def group(client: Client, name: str) -> str:
    found = client("ec2").describe_security_groups(Filters=[{"Name": "group-name", "Values": [f"{name}-test"]}])
    return str(found["SecurityGroups"][0]["GroupId"])


def scaling(client: Client) -> str:
    return str(client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"][0]["AutoScalingGroupName"])


def database(client: Client) -> str:
    return str(client("rds").describe_db_instances()["DBInstances"][0]["DBInstanceIdentifier"])


def profile(client: Client) -> str:
    return str(client("iam").list_instance_profiles()["InstanceProfiles"][0]["InstanceProfileName"])


def permission(port: int, cidr: str = "0.0.0.0/0") -> Mapping[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": cidr}]}


def rename(client: Client, name: str, key: str, value: str) -> None:
    client("ec2").create_tags(Resources=[group(client, name)], Tags=[{"Key": key, "Value": value}])


def rebalance(client: Client, *ports: tuple[int, int]) -> None:
    elb = client("elb")
    elb.delete_load_balancer_listeners(LoadBalancerName="WebELB-test", LoadBalancerPorts=[80])
    listeners = [{"Protocol": "HTTP", "LoadBalancerPort": out, "InstancePort": into} for out, into in ports]
    elb.create_load_balancer_listeners(LoadBalancerName="WebELB-test", Listeners=listeners)


def internal(client: Client) -> None:
    elb = client("elb")
    found = elb.describe_load_balancers()["LoadBalancerDescriptions"][0]
    elb.delete_load_balancer(LoadBalancerName="WebELB-test")
    listeners = [one["Listener"] for one in found["ListenerDescriptions"]]
    elb.create_load_balancer(
        LoadBalancerName="WebELB-test", Listeners=listeners, Scheme="internal", SecurityGroups=found["SecurityGroups"]
    )
    elb.configure_health_check(LoadBalancerName="WebELB-test", HealthCheck=found["HealthCheck"])


def resize(**sizes: Any) -> Change:
    return lambda client: client("autoscaling").update_auto_scaling_group(AutoScalingGroupName=scaling(client), **sizes)


def modify(**properties: Any) -> Change:
    return lambda client: client("rds").modify_db_instance(
        DBInstanceIdentifier=database(client), ApplyImmediately=True, **properties
    )


# What is changed, what differs then, and what was wanted and found; dots where that is not one value.
CHANGES: Mapping[str, tuple[Change, set[tuple[str, str]], Any, Any]] = {
    "an open port": (
        lambda client: client("ec2").authorize_security_group_ingress(
            GroupId=group(client, "ELBSecurityGroup"), IpPermissions=[permission(22)]
        ),
        {("elb-sg", "SecurityGroupIngress")},
        None,
        {"CidrIp": "0.0.0.0/0", "FromPort": 22, "IpProtocol": "tcp", "ToPort": 22},
    ),
    "a database open to a network": (
        lambda client: client("ec2").authorize_security_group_ingress(
            GroupId=group(client, "DBSecurityGroup"), IpPermissions=[permission(3306, "10.0.0.0/8")]
        ),
        {("db-sg", "SecurityGroupIngress")},
        None,
        {"CidrIp": "10.0.0.0/8", "FromPort": 3306, "IpProtocol": "tcp", "ToPort": 3306},
    ),
    "a tag": (
        lambda client: rename(client, "ELBSecurityGroup", "Name", "elb-test"),
        {("elb-sg", "Tags")},
        "ELBSecurityGroup-test",
        "elb-test",
    ),
    "who may take a role": (
        lambda client: client("iam").update_assume_role_policy(
            RoleName="WebServerRole-test",
            PolicyDocument='{"Version": "2012-10-17", "Statement":'
            ' [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}',
        ),
        {("role", "AssumeRolePolicyDocument")},
        ...,
        ...,
    ),
    "a policy of a role": (
        lambda client: client("iam").attach_role_policy(
            RoleName="WebServerRole-test",
            PolicyArn=client("iam").create_policy(
                PolicyName="all",
                PolicyDocument='{"Version": "2012-10-17", "Statement":'
                ' [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}',
            )["Policy"]["Arn"],
        ),
        {("role", "ManagedPolicyArns")},
        True,
        ["arn:aws:iam::123456789012:policy/all"],
    ),
    "no role in a profile": (
        lambda client: client("iam").remove_role_from_instance_profile(
            InstanceProfileName=profile(client), RoleName="WebServerRole-test"
        ),
        {("profile", "Roles")},
        "WebServerRole-test",
        [],
    ),
    "a scheme": (internal, {("elb", "Scheme")}, "internet-facing", "internal"),
    "a listener's port": (
        lambda client: rebalance(client, (80, 8080)),
        {("elb", "Listeners")},
        "80",
        8080,
    ),
    "a second listener": (
        lambda client: rebalance(client, (80, 80), (81, 81)),
        {("elb", "Listeners")},
        None,
        {"InstancePort": 81, "InstanceProtocol": "HTTP", "LoadBalancerPort": 81, "Protocol": "HTTP"},
    ),
    "a load balancer's security group": (
        lambda client: client("elb").apply_security_groups_to_load_balancer(
            LoadBalancerName="WebELB-test", SecurityGroups=[group(client, "WebSecurityGroup")]
        ),
        {("elb", "SecurityGroups")},
        ...,
        ...,
    ),
    "a health check": (
        lambda client: client("elb").configure_health_check(
            LoadBalancerName="WebELB-test",
            HealthCheck={
                "Target": "TCP:80", "Interval": 10, "Timeout": 5, "UnhealthyThreshold": 5, "HealthyThreshold": 2
            },
        ),
        {("elb", "HealthCheck")},
        "HTTP:80/",
        "TCP:80",
    ),
    "the most servers": (resize(MaxSize=5), {("asg", "MaxSize")}, 2, 5),
    "the fewest servers": (resize(MinSize=2, DesiredCapacity=2), {("asg", "MinSize")}, 1, 2),
    "a grace period": (resize(HealthCheckGracePeriod=10), {("asg", "HealthCheckGracePeriod")}, 300, 10),
    "a load balancer that serves nobody": (
        lambda client: client("autoscaling").detach_load_balancers(
            AutoScalingGroupName=scaling(client), LoadBalancerNames=["WebELB-test"]
        ),
        {("asg", "LoadBalancerNames")},
        "WebELB-test",
        [],
    ),
    "a database's class": (
        modify(DBInstanceClass="db.m5.large"), {("db", "DBInstanceClass")}, "db.t3.small", "db.m5.large",
    ),
    "a database's size": (modify(AllocatedStorage=100), {("db", "AllocatedStorage")}, "20", 100),
    "a database for all the world": (modify(PubliclyAccessible=True), {("db", "PubliclyAccessible")}, False, True),
    "a database's backups": (modify(BackupRetentionPeriod=1), {("db", "BackupRetentionPeriod")}, 7, 1),
    "a database in two zones": (modify(MultiAZ=True), {("db", "MultiAZ")}, False, True),
    "a deleted database": (
        lambda client: client("rds").delete_db_instance(
            DBInstanceIdentifier=database(client), SkipFinalSnapshot=True
        ),
        {
            ("db", path)
            for path in (
                "DBInstanceClass", "AllocatedStorage", "PubliclyAccessible", "StorageEncrypted", "MultiAZ",
                "BackupRetentionPeriod", "EngineVersion",
            )
        },
        ...,
        ...,
    ),
    "a bucket that was to go": (
        lambda client: client("s3").create_bucket(
            Bucket="legacy-artifacts", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        ),
        {("no-legacy-bucket", "absent")},
        ...,
        ...,
    ),
    "a fourth group without a name": (
        lambda client: rename(client, "WebSecurityGroup", "Name", "web"),
        {("groups", "Tags")},
        ".*-test",
        "web",
    ),
}  # fmt: skip


def test_conforms_in_the_first_format(delivered: Client, server: str) -> None:
    report = verify(LEGACY, server)
    assert report.counts == {"conforms": 5, "differs": 0, "error": 0, "skipped": 0}


def test_conforms_in_format_1(delivered: Client, server: str) -> None:
    report = verify(SPEC, server)
    assert of_kind(report, "conforms") == {(outcome.check, outcome.path) for outcome in report.outcomes}
    assert len(report.outcomes) > 30


@pytest.mark.parametrize("name", CHANGES)
def test_tells_exactly_what_was_changed(delivered: Client, server: str, name: str) -> None:
    change, changed, wanted, got = CHANGES[name]
    change(delivered)
    report = verify(SPEC, server)
    assert of_kind(report, "differs") == changed
    assert not of_kind(report, "error")
    assert report.code == 1
    found = [(one.wanted, one.got) for outcome in report.outcomes for one in outcome.differences]
    if wanted is not ...:
        assert found == [(wanted, got)]


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (
            lambda client: client("ec2").revoke_security_group_ingress(
                GroupId=group(client, "ELBSecurityGroup"), IpPermissions=[permission(80)]
            ),
            "security-group-ELBSecurityGroup-test",
        ),
        (CHANGES["who may take a role"][0], "role-WebServerRole-test"),
        (CHANGES["a scheme"][0], "load-balancer-WebELB-test"),
        (CHANGES["the most servers"][0], "auto-scaling-group-WebASG-test"),
        (lambda client: client("iam").delete_role(RoleName="WebServerRole-test"), "role-WebServerRole-test"),
    ],
)
def test_tells_what_was_changed_in_the_first_format(delivered: Client, server: str, change: Change, check: str) -> None:
    if check.startswith("role"):
        name = profile(delivered)
        iam = delivered("iam")
        iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName="WebServerRole-test")
        iam.delete_role_policy(RoleName="WebServerRole-test", PolicyName="write-logs")
    change(delivered)
    report = verify(LEGACY, server)
    assert {check_ for check_, _ in of_kind(report, "differs")} == {check}
    assert report.code == 1


def test_a_stack_that_is_not_there_differs(aws: Client, server: str) -> None:
    report = verify(SPEC, server, only=("elb", "healthy"))
    assert {outcome.rule for outcome in report.outcomes if outcome.check == "healthy"} == {"environment-missing"}
    assert report.code == 1
