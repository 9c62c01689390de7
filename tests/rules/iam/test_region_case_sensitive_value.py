"""Rule iam-region-case-sensitive-value."""

import json

import pytest

from validator.testing import findings

RULE = "iam-region-case-sensitive-value"
CONFIG = 'approved-regions = ["eu-west-1"]\n'


def files(value: object, operator: str = "StringEquals", effect: str = "Allow", config: str = "") -> dict[str, str]:
    condition = {operator: {"aws:RequestedRegion": value}}
    statement = {"Effect": effect, "Action": "ec2:*", "Resource": "*", "Condition": condition}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return {"policy.json": text, "stackproof.toml": config}


def test_points_at_the_value() -> None:
    [finding] = findings(RULE, files(["eu-central-1", "EU-West-1"]))
    assert (finding.at.text, finding.help) == ('"EU-West-1"', "write 'eu-west-1'")
    assert finding.message == "'StringEquals' does not take 'EU-West-1' for 'eu-west-1'"


@pytest.mark.parametrize(
    ("value", "operator", "effect", "config", "fixed"),
    [
        ("EU-WEST-1", "StringEquals", "Allow", CONFIG, True),
        ("EU-WEST-2", "StringEquals", "Allow", CONFIG, False),
        ("EU-WEST-1", "StringEquals", "Allow", "", False),
        ("EU-WEST-2", "StringNotEquals", "Deny", CONFIG, False),
        ("EU-WEST-2", "StringEquals", "Deny", "", True),
        ("EU-*", "StringLike", "Deny", "", False),
    ],
)
def test_corrects_a_name_where_that_opens_nothing_unapproved(
    value: str, operator: str, effect: str, config: str, *, fixed: bool
) -> None:
    [finding] = findings(RULE, files(value, operator, effect, config))
    assert bool(finding.fix) is fixed


@pytest.mark.parametrize(
    ("value", "operator"),
    [
        ("eu-west-1", "StringEquals"),
        ("EU-West-1", "StringEqualsIgnoreCase"),
        ("EU-Wst-1", "StringEquals"),
        ("EU-*", "StringEquals"),
        ("XX-*", "StringLike"),
        ("EU-West-1", "ArnEquals"),
        ("${aws:PrincipalTag/EU-West-1}", "StringEquals"),
        ("YOUR-REGION-1", "StringEquals"),
        ([1, None, True], "StringEquals"),
    ],
)
def test_accepts(value: object, operator: str) -> None:
    assert not findings(RULE, files(value, operator))
