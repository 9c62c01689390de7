"""Rule iam-negated-deny-missing-key."""

import json

import pytest

from validator.testing import check_rule, findings

RULE = "iam-negated-deny-missing-key"


def policy(condition: object, **more: object) -> dict[str, str]:
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition, **more}
    return {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("operator", "key"),
    [("NotIpAddress", "aws:SourceIp"), ("StringNotEquals", "aws:sourcevpc"), ("StringNotLike", "aws:SourceVpce")],
)
def test_reports_the_callers_network(operator: str, key: str) -> None:
    [finding] = findings(RULE, policy({operator: {key: "203.0.113.0/24"}}))
    assert finding.at.value == key


@pytest.mark.parametrize(
    "condition",
    [
        {"NotIpAddressIfExists": {"aws:SourceIp": "203.0.113.0/24"}},
        {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "Bool": {"aws:PrincipalIsAWSService": "false"}},
        {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "ForAllValues:StringNotEquals": {"aws:CalledVia": "a"}},
    ],
)
def test_accepts(condition: object) -> None:
    assert not findings(RULE, policy(condition))


def test_accepts_it_in_the_policy_of_a_resource() -> None:
    assert not findings(RULE, policy({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, Principal="*"))
