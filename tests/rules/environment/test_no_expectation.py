"""Rule environment-no-expectation."""

import pytest

from validator.testing import findings

RULE = "environment-no-expectation"


def spec(check: str) -> dict[str, str]:
    return {"spec.yml": f"envspec: 1\nchecks:\n- {{id: a, {check}}}\n"}


@pytest.mark.parametrize(
    ("check", "at", "severity"),
    [
        ("call: ec2.describe_vpcs", "ec2.describe_vpcs", None),
        ("call: ec2.describe_vpcs, expect: {}", "ec2.describe_vpcs", None),
        ("call: ec2.describe_vpcs, with: {VpcIds: [vpc-1]}", "ec2.describe_vpcs", "warning"),
        ("resource: R, also: {call: ec2.describe_vpcs}", "ec2.describe_vpcs", None),
        ("call: ec2.describe_vpcs, count: {gte: 0}", "0", None),
        ("resource: R, expect: {A: {not_in: []}}", "[]", None),
        ("resource: R, expect: {A: {not: {in: []}}}", "{in: []}", None),
    ],
)
def test_cannot_fail(check: str, at: str, severity: str | None) -> None:
    [finding] = findings(RULE, spec(check))
    assert (finding.at.text, finding.severity) == (at, severity)


@pytest.mark.parametrize(
    "check",
    [
        "resource: R",
        "output: O",
        "stack: .",
        "resources: {type: T}",
        "call: s3.head_bucket, with: {Bucket: b}",
        "call: s3.head_bucket, with: {Bucket: b}, absent: false",
        "call: ec2.describe_vpcs, count: {gte: 1}",
        "call: ec2.describe_vpcs, count: '${var.n}'",
        "resource: R, expect: {A: {not: {in: [1]}}}",
    ],
)
def test_can_fail(check: str) -> None:
    assert not findings(RULE, spec(check))


def test_an_entry_of_the_first_format_asks_for_a_thing_at_least() -> None:
    assert not findings(RULE, {"env-details.yml": "get_role: {Name: a, Properties: {}}\n"})
