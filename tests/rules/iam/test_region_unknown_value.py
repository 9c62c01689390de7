"""Rule iam-region-unknown-value."""

import json

import pytest

from validator.rule import Severity
from validator.testing import findings

RULE = "iam-region-unknown-value"
CONFIG = 'approved-regions = ["eu-central-1", "eu-west-1"]\n'


def policy(value: object, operator: str = "StringEquals", effect: str = "Allow") -> str:
    condition = {operator: {"aws:RequestedRegion": value}}
    statement = {"Effect": effect, "Action": "ec2:*", "Resource": "*", "Condition": condition}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    ("value", "message", "advice", "severity"),
    [
        ("eu-centrl-1", "no region is called 'eu-centrl-1'", "did you mean 'eu-central-1'?", None),
        ("us-eest-1", "no region is called 'us-eest-1'", "did you mean 'us-east-1' or 'us-west-1'?", None),
        ("eu-central-1a", "no region is called 'eu-central-1a'", "did you mean 'eu-central-1'?", None),
        ("us-gov-wst-1", "no region is called 'us-gov-wst-1'", "did you mean 'us-gov-west-1'?", None),
        ("EU-Centrl-1", "no region is called 'EU-Centrl-1'", "did you mean 'eu-central-1'?", None),
        (" eu-west-1", "no region is called ' eu-west-1'", "did you mean 'eu-west-1'?", None),
        ("westeurope", "no region is called 'westeurope'", "", None),
        ("", "no region is called ''", "", None),
        (
            "eu-west-1, eu-west-2",
            "no region is called 'eu-west-1, eu-west-2'",
            "write a list, with one value for each region",
            None,
        ),
        (
            "eu-west-9",
            "'eu-west-9' is no region that is known, unless it is newer than this tool",
            "did you mean 'eu-west-1' or 'eu-west-2' or 'eu-west-3'?",
            Severity.WARNING,
        ),
        (
            "qx-upward-1",
            "'qx-upward-1' is no region that is known, unless it is newer than this tool",
            "check the name",
            Severity.WARNING,
        ),
        (
            "global",
            "no region is called 'global'",
            "global services are called in a region as well, IAM in us-east-1",
            Severity.WARNING,
        ),
    ],
)
def test_is_as_sure_as_it_can_be(value: str, message: str, advice: str, severity: Severity | None) -> None:
    [finding] = findings(RULE, {"policy.json": policy(value)})
    assert (finding.message, finding.help, finding.severity) == (message, advice, severity)


def test_a_pattern_that_matches_no_region_is_a_warning() -> None:
    [finding] = findings(RULE, {"policy.json": policy(["eu-*", "eu-centrl-*"], "StringLike")})
    assert (finding.at.value, finding.severity) == ("eu-centrl-*", Severity.WARNING)


def test_points_at_the_value_in_a_list() -> None:
    [finding] = findings(RULE, {"policy.json": policy(["eu-west-1", "eu-wst-1"])})
    assert finding.at.text == '"eu-wst-1"'


@pytest.mark.parametrize(
    ("value", "operator", "effect", "config", "fixed"),
    [
        ("eu-centrl-1", "StringEquals", "Allow", CONFIG, True),
        ("eu-nort-1", "StringEquals", "Allow", CONFIG, False),
        ("eu-centrl-1", "StringEquals", "Allow", "", False),
        ("eu-nort-1", "StringEquals", "Deny", "", True),
        ("eu-nort-1", "StringNotEquals", "Deny", CONFIG, False),
        ("eu-nort-1", "StringNotEquals", "Allow", "", True),
        ("us-eest-1", "StringEquals", "Deny", "", False),
    ],
)
def test_corrects_a_name_where_that_opens_nothing_unapproved(
    value: str, operator: str, effect: str, config: str, *, fixed: bool
) -> None:
    [finding] = findings(RULE, {"policy.json": policy(value, operator, effect), "stackproof.toml": config})
    assert bool(finding.fix) is fixed


def test_a_region_that_is_approved_is_known() -> None:
    assert not findings(RULE, {"policy.json": policy("qx-up-1"), "stackproof.toml": 'approved-regions = ["qx-up-1"]\n'})


def test_does_not_correct_what_an_anchor_hands_on() -> None:
    text = policy("NAME").replace('"NAME"', "[&a eu-centrl-1, *a]")
    found = findings(RULE, {"policy.yml": text, "stackproof.toml": CONFIG})
    assert found
    assert not any(each.fix for each in found)


@pytest.mark.parametrize(
    ("value", "operator"),
    [
        ("eu-west-1", "StringEquals"),
        ("cn-north-1", "StringEquals"),
        ("us-gov-west-1", "StringEquals"),
        ("EU-West-1", "StringEquals"),
        ("EU-West-1", "StringEqualsIgnoreCase"),
        ("eu-*", "StringEquals"),
        ("eu-*", "StringLike"),
        ("*", "StringLike"),
        ("true", "Null"),
        ("true", "Bool"),
        ("${aws:PrincipalTag/TargetRegion}", "StringEquals"),
        ("${Region}", "StringEquals"),
        ("{{ region }}", "StringEquals"),
        ("{example-1}", "StringEquals"),
        ("<region>", "StringEquals"),
        ("YOUR_REGION", "StringEquals"),
        ([], "StringEquals"),
        ([1, None, True, ["eu-wst-1"], {"a": "eu-wst-1"}], "StringEquals"),
        (None, "StringEquals"),
    ],
)
def test_accepts(value: object, operator: str) -> None:
    assert not findings(RULE, {"policy.json": policy(value, operator)})


def test_what_a_function_gives_is_not_read() -> None:
    text = """\
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Action: ec2:*
            Resource: '*'
            Condition:
              StringEquals:
                aws:RequestedRegion: [!Ref AWS::Region, !Sub 'eu-${A}-1', eu-wst-1]
"""
    assert [each.at.value for each in findings(RULE, {"t.yml": text})] == ["eu-wst-1"]
