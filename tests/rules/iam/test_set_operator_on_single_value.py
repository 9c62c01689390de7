"""Rule iam-set-operator-on-single-value."""

import json

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-set-operator-on-single-value"


def policy(condition: object, *, effect: str = "Allow") -> dict[str, str]:
    statement = {"Effect": effect, "Action": "s3:GetObject", "Resource": "*", "Condition": condition}
    return {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("operator", "key", "severity"),
    [
        ("ForAllValues:StringEquals", "aws:PrincipalOrgID", None),
        ("ForAllValues:StringNotEquals", "aws:PrincipalOrgID", Severity.NOTE),
        ("ForAllValues:StringEqualsIfExists", "aws:PrincipalOrgID", Severity.NOTE),
        ("ForAllValues:StringEquals", "aws:PrincipalAccount", Severity.NOTE),
        ("ForAnyValue:StringEquals", "aws:PrincipalOrgID", Severity.NOTE),
    ],
)
def test_tells_whether_the_prefix_matters(operator: str, key: str, severity: Severity | None) -> None:
    [finding] = findings(RULE, policy({operator: {key: "a"}}))
    assert (finding.severity, finding.help) == (severity, f"write {operator.partition(':')[2]!r}")


def test_a_guard_makes_it_mild() -> None:
    condition = {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-a"}, "Null": {"aws:PrincipalOrgID": "false"}}
    [finding] = findings(RULE, policy(condition))
    assert finding.severity is Severity.NOTE


def test_tells_what_becomes_of_requests_without_the_key() -> None:
    [finding] = findings(RULE, policy({"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-a"}}, effect="Deny"))
    assert finding.message.endswith("such requests are denied")


@pytest.mark.parametrize("key", ["aws:TagKeys", "aws:RequestedRegion", "aws:Nope", "SAML:aud", "example.com:sub"])
def test_accepts(key: str) -> None:
    assert not findings(RULE, policy({"ForAllValues:StringEquals": {key: "a"}}))
