"""Rule environment-expectation-type."""

import pytest

from validator.rule import Finding
from validator.testing import check_rule, findings

RULE = "environment-expectation-type"


def found(call: str, path: str, matcher: str) -> list[Finding]:
    text = f"envspec: 1\nchecks:\n- id: a\n  call: {call}\n  expect:\n    {path}: {matcher}\n"
    return findings(RULE, {"spec.yml": text})


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


GROUP = "AutoScalingGroups[0]"


@pytest.mark.parametrize(
    ("path", "matcher", "at", "message", "advice"),
    [
        ("MinSize", "'1'", "'1'", f"'{GROUP}.MinSize' is a number, never '1', a string", "write 1, without quotes"),
        ("MinSize", "{in: [1, two]}", "two", f"'{GROUP}.MinSize' is a number, never two, a string", ""),
        ("MinSize", "{matches: '1'}", "matches", f"'{GROUP}.MinSize' is a number, for which 'matches' never holds", ""),
        (
            "HealthCheckType",
            "{gt: 5}",
            "gt",
            f"'{GROUP}.HealthCheckType' is a string, for which 'gt' never holds",
            "write 'version' for versions",
        ),
        (
            "HealthCheckType",
            "7",
            "7",
            f"'{GROUP}.HealthCheckType' is a string, never 7, a number",
            "write '7', in quotes",
        ),
        ("HealthCheckType", "[EC2]", "[EC2]", f"'{GROUP}.HealthCheckType' is a string, never a list", ""),
        ("Tags", "{not: {length: web}}", "web", f"the length of '{GROUP}.Tags' is a number, never web, a string", ""),
        (
            "Tags",
            "{Key: a}",
            "{Key: a}",
            f"'{GROUP}.Tags' is a list, never a mapping",
            "write [0] behind the path, or say it of the elements by some, each or contains",
        ),
        (
            "Tags",
            "{contains: {Key: 7}}",
            "7",
            "'Key' is a string, never 7, a number",
            "write '7', in quotes",
        ),
        (
            "Instances",
            "{some: {LifecycleState: InServise}}",
            "InServise",
            "'InServise' is no value of LifecycleState",
            "did you mean 'InService'?",
        ),
        (
            "AvailabilityZones",
            "{each: {any_of: [a, 1]}}",
            "1",
            f"an element of '{GROUP}.AvailabilityZones' is a string, never 1, a number",
            "write '1', in quotes",
        ),
    ],
)
def test_what_can_never_be(path: str, matcher: str, at: str, message: str, advice: str) -> None:
    [finding] = found("autoscaling.describe_auto_scaling_groups", f'"{GROUP}.{path}"', matcher)
    assert (finding.at.text, finding.message, finding.help) == (at, message, advice)
    assert finding.severity is None


@pytest.mark.parametrize(
    ("path", "matcher"),
    [
        ("MinSize", "1"),
        ("MinSize", "{between: [1, 4]}"),
        ("MinSize", "'${var.size}'"),
        ("MinSize", "{not: {exists: false}}"),
        ("MinSize", "{in: [1, '${var.size}']}"),
        ("MinSize", "null"),
        ("HealthCheckType", "{any_of: [EC2, ELB]}"),
        ("HealthCheckType", "{gt: A}"),
        ("HealthCheckType", "{contains: E}"),
        ("HealthCheckType", "{empty: false}"),
        ("Tags", "{empty: true}"),
        ("Tags", "{length: {gte: 1}}"),
        ("Tags", "{contains: {Key: Name, Value: '${var.name}'}}"),
        ("Instances", "{each: {LifecycleState: '${var.state}'}}"),
        ("AvailabilityZones", "[eu-west-1a, eu-west-1b]"),
        ("CreatedTime", "{gt: '2026-01-01'}"),
    ],
)
def test_accepts(path: str, matcher: str) -> None:
    assert not found("autoscaling.describe_auto_scaling_groups", f'"{GROUP}.{path}"', matcher)


def test_policies_of_iam_come_decoded() -> None:
    path = "Role.AssumeRolePolicyDocument"
    assert not found("iam.get_role", path, "{policy: {Statement: [{Effect: Allow, Action: a, Principal: '*'}]}}")
    assert not found("iam.get_role", path, "{Statement: {length: 1}}")


def test_the_policies_of_other_services_are_texts() -> None:
    assert not found("kms.get_key_policy", "Policy", "{json: {Statement: {length: 1}}}")
    assert found("kms.get_key_policy", "Policy", "{Statement: {length: 1}}")


@pytest.mark.parametrize(
    ("select", "message"),
    [
        ("Vpcs[].VpcId", ""),
        ("Vpcs[0].VpcId", "`count` counts the elements of a list, and `select` gives a string"),
    ],
)
def test_what_is_counted_is_a_list(select: str, message: str) -> None:
    text = f"envspec: 1\nchecks: [{{id: a, call: ec2.describe_vpcs, select: '{select}', count: 1}}]\n"
    assert [(one.message, one.severity) for one in findings(RULE, {"spec.yml": text})] == (
        [(message, "warning")] if message else []
    )


def test_an_instance_type_that_is_not_known_may_be_new() -> None:
    [finding] = found("ec2.describe_instances", '"Reservations[0].Instances[0].InstanceType"', "t9.huge")
    assert finding.severity == "warning"


def test_all_properties_of_the_first_format_are_of_the_types_that_are_answered() -> None:
    text = """\
describe_security_groups:
  Name: a
  Properties: {Description: a, GroupName: a, VpcId: a, IpProtocol: tcp, FromPort: 1, ToPort: 1, Target: 10.0.0.0/8}
get_role: {Name: a, Properties: {Path: /, Description: a, MaxSessionDuration: 3600, AssumeRolePolicyDocument: []}}
describe_load_balancers:
  Name: a
  Properties:
    Scheme: internal
    VPCId: a
    Listeners: [{Protocol: a, InstanceProtocol: a, SSLCertificateId: a, LoadBalancerPort: 1, InstancePort: 1}]
describe_launch_configurations:
  Name: a
  Properties:
    ImageId: a
    InstanceType: a
    KeyName: a
    IamInstanceProfile: a
    PlacementTenancy: a
    SpotPrice: a
    AssociatePublicIpAddress: true
    EbsOptimized: false
describe_auto_scaling_groups:
  Name: a
  Properties:
    HealthCheckType: a
    VPCZoneIdentifier: a
    DefaultCooldown: 1
    DesiredCapacity: 1
    HealthCheckGracePeriod: 1
    MaxSize: 1
    MinSize: 1
    LaunchConfigurationName: a
    LoadBalancerNames: [a]
"""
    assert not findings(RULE, {"env-details.yml": text})
    assert not findings("environment-path-not-in-answer", {"env-details.yml": text})
    assert not findings("environment-legacy-unknown-property", {"env-details.yml": text})
