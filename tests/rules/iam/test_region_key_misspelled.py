"""Rule iam-region-key-misspelled."""

import json
from typing import Any

import pytest

from validator.testing import findings

RULE = "iam-region-key-misspelled"


def policy(condition: Any, **elements: Any) -> dict[str, str]:
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition} | elements
    return {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


@pytest.mark.parametrize(
    ("operator", "effect"),
    [
        ("StringNotEquals", "always"),
        ("StringEquals", "never"),
        ("StringEqualsIfExists", "always"),
        ("ForAllValues:StringEquals", "always"),
        ("ForAnyValue:StringNotEquals", "never"),
    ],
)
def test_says_what_becomes_of_the_condition(operator: str, effect: str) -> None:
    [finding] = findings(RULE, policy({operator: {"aws:RequestRegion": "eu-west-1"}}))
    assert finding.message == f"AWS has no condition key 'aws:RequestRegion', so that the condition {effect} holds"
    assert (finding.at.value, finding.at.is_key) == ("aws:RequestRegion", True)


@pytest.mark.parametrize(
    ("effect", "operator", "value", "fixed"),
    [
        ("Deny", "StringNotEquals", "eu-west-1", True),
        ("Deny", "StringNotEquals", "eu-west-2", False),
        ("Deny", "StringEquals", "eu-west-2", True),
        ("Deny", "StringEqualsIfExists", "eu-west-1", False),
        ("Allow", "StringEquals", "eu-west-1", True),
        ("Allow", "StringEquals", "eu-west-2", False),
        ("Allow", "StringEqualsIfExists", "eu-west-2", True),
        ("Allow", "StringNotEquals", "eu-west-2", True),
        ("Allow", "Bool", "eu-west-2", False),
    ],
)
def test_corrects_a_key_where_that_opens_nothing_unapproved(
    effect: str, operator: str, value: str, *, fixed: bool
) -> None:
    files = policy({operator: {"aws:RequestRegion": value}}, Effect=effect)
    [finding] = findings(RULE, files | {"stackproof.toml": 'approved-regions = ["eu-west-1"]\n'})
    assert [edit.text for edit in finding.fix] == ["aws:RequestedRegion"] * fixed


@pytest.mark.parametrize(
    ("key", "fixed"),
    [
        ("aws:RequestedRegions", True),
        ("aws:requested-region", True),
        ("AWS:RequstedRegion", True),
        ("aws:Region", False),
        ("Region", False),
        ("RequestedRegion", False),
        ("sqs:RequestedRegion", False),
    ],
)
def test_corrects_only_what_can_be_no_other_key(key: str, *, fixed: bool) -> None:
    [finding] = findings(RULE, policy({"StringEquals": {key: "eu-west-1"}}))
    assert finding.help == "did you mean 'aws:RequestedRegion'?"
    assert bool(finding.fix) is fixed


def test_does_not_write_a_key_twice() -> None:
    keys = {"aws:RequestRegion": "eu-west-1", "AWS:requestedregion": "eu-west-1"}
    [finding] = findings(RULE, policy({"StringEquals": keys}))
    assert not finding.fix


def test_the_region_of_ec2_is_in_no_other_request() -> None:
    [finding] = findings(RULE, policy({"StringEquals": {"ec2:Region": "eu-west-1"}}, Action=["s3:*", "sqs:*"]))
    assert finding.message == (
        "ec2:Region is in requests to EC2 only, which the statement is not about, so that the condition never holds"
    )
    assert (finding.help, finding.fix) == ("write 'aws:RequestedRegion'", ())


@pytest.mark.parametrize(
    "elements",
    [
        {"Action": "*"},
        {"Action": "ec2:*"},
        {"Action": ["s3:*", "EC2:Run*"]},
        {"Action": ["s3:*", {"Ref": "Action"}]},
        {"Action": "${service}:*"},
        {"Action": "e*:*"},
        {"NotAction": "s3:*", "Action": None},
    ],
)
def test_the_region_of_ec2_may_be_meant(elements: dict[str, Any]) -> None:
    files = policy({"StringEquals": {"ec2:Region": "eu-west-1"}}, **elements)
    files = {path: text.replace('"Action": null, ', "") for path, text in files.items()}
    assert not findings(RULE, files)


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"AWS:REQUESTEDREGION": "eu-west-1"}},
        {"StringEquals": {"aws:RequestTag/region": "eu-west-1", "aws:PrincipalTag/RequestRegion": "x"}},
        {"StringEquals": {"aws:ResourceRegion": "eu-west-1", "rds:Region": "x", "kms:ReplicaRegion": "x"}},
        {"StringEquals": {"Ref": "Region"}},
        {"StringEquals": ["aws:RequestRegion"]},
        {"Fn::If": ["A", {"StringEquals": {"aws:RequestRegion": "x"}}, {"Ref": "AWS::NoValue"}]},
        [],
        "aws:RequestRegion",
    ],
)
def test_accepts(condition: Any) -> None:
    assert not findings(RULE, policy(condition))
