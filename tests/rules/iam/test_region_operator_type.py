"""Rule iam-region-operator-type."""

import json
from typing import Any

import pytest

from validator.testing import findings

RULE = "iam-region-operator-type"


def policy(condition: dict[str, Any]) -> dict[str, str]:
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}
    return {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


@pytest.mark.parametrize(
    ("operator", "value", "message", "advice"),
    [
        ("ArnNotEquals", "eu-west-1", "ARNs", "write 'StringNotEquals'"),
        ("ArnLike", "eu-*", "ARNs", "write 'StringLike'"),
        ("Bool", "eu-west-1", "Booleans", "write 'StringEquals' or 'StringNotEquals'"),
        ("NumericLessThan", "1", "numbers", "write 'StringEquals' or 'StringNotEquals'"),
        ("DateNotEquals", "eu-west-1", "dates", "write 'StringNotEquals'"),
        ("NotIpAddress", "eu-west-1", "addresses", "write 'StringNotEquals'"),
        ("BinaryEquals", "eu-west-1", "binary values", "write 'StringEquals'"),
        ("ForAllValues:ArnNotLikeIfExists", "eu-*", "ARNs", "write 'StringNotLike'"),
    ],
)
def test_names_the_operator_for_strings(operator: str, value: str, message: str, advice: str) -> None:
    [finding] = findings(RULE, policy({operator: {"aws:RequestedRegion": value}}))
    assert finding.message == f"{operator!r} compares {message}, and aws:RequestedRegion is a string"
    assert (finding.at.value, finding.help, finding.fix) == (operator, advice, ())


def test_points_at_the_key_where_the_operator_is_right_for_another() -> None:
    role = "arn:aws:iam::*:role/admin"
    [finding] = findings(RULE, policy({"ArnNotLike": {"aws:PrincipalArn": role, "aws:requestedregion": "eu-*"}}))
    assert (finding.at.value, finding.at.is_key) == ("aws:requestedregion", True)


@pytest.mark.parametrize("operator", ["StringEquals", "StringNotLikeIfExists", "ForAnyValue:StringLike", "Null", "Arn"])
def test_accepts(operator: str) -> None:
    assert not findings(RULE, policy({operator: {"aws:RequestedRegion": "true"}}))
