import json
from typing import Any

import pytest

from validator.testing import check_rule, findings

RULE = "iam-mfa-not-enforced"


def policy(effect: str, condition: dict[str, Any], *others: dict[str, Any], **elements: Any) -> dict[str, str]:
    statement = {"Effect": effect, "Action": "ec2:*", "Resource": "*", "Condition": condition} | elements
    return {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": [statement, *others]}, indent=1)}


def test_documentation() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("effect", "operator", "value"),
    [
        ("Deny", "Bool", "false"),
        ("Deny", "bool", ["false"]),
        ("Deny", "StringEquals", "false"),
        ("Allow", "BoolIfExists", "true"),
    ],
)
def test_points_at_the_key_that_access_keys_lack(effect: str, operator: str, value: Any) -> None:
    [finding] = findings(RULE, policy(effect, {operator: {"aws:multifactorauthpresent": value}}))
    assert finding.at.is_key
    assert finding.at.name == "aws:multifactorauthpresent"


@pytest.mark.parametrize(
    ("effect", "operator", "value"),
    [
        ("Deny", "BoolIfExists", "false"),
        ("Allow", "Bool", "true"),
        ("Deny", "Bool", "true"),
        ("Allow", "BoolIfExists", ["true", "false"]),
        ("Deny", "Bool", {"Ref": "Mfa"}),
        ("Deny", "Bool", "${mfa}"),
        ("Deny", "Null", "true"),
    ],
)
def test_accepts(effect: str, operator: str, value: Any) -> None:
    assert not findings(RULE, policy(effect, {operator: {"aws:MultiFactorAuthPresent": value}}))


def test_a_statement_that_asks_whether_the_key_is_there_settles_it() -> None:
    absent = {"Null": {"aws:MultiFactorAuthPresent": "true"}}
    other = {"Effect": "Deny", "Action": "ec2:*", "Resource": "*", "Condition": absent}
    assert not findings(RULE, policy("Deny", {"Bool": {"aws:MultiFactorAuthPresent": "false"}}, other))
