"""Rule iam-region-wildcard-too-wide."""

import json
from typing import Any

import pytest

from validator.rule import Severity
from validator.testing import findings

RULE = "iam-region-wildcard-too-wide"
CONFIG = 'approved-regions = ["eu-central-1", "eu-west-1"]\n'
LOCK = {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}


def like(*patterns: str) -> dict[str, Any]:
    return {"StringLike": {"aws:RequestedRegion": list(patterns)}}


def unlike(*patterns: str) -> dict[str, Any]:
    return {"StringNotLike": {"aws:RequestedRegion": list(patterns)}}


def allow(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "*", "Resource": "*"} | elements


def deny(**elements: Any) -> dict[str, Any]:
    return allow(Effect="Deny") | elements


def files(*statements: dict[str, Any], config: str = CONFIG, path: str = "policy.json") -> dict[str, str]:
    return {path: json.dumps({"Version": "2012-10-17", "Statement": list(statements)}), "stackproof.toml": config}


def test_names_what_is_matched_and_what_is_approved_of_it() -> None:
    [finding] = findings(RULE, files(allow(Condition=like("eu-west-1", "eu-west-*"))))
    assert finding.message == "'eu-west-*' matches eu-west-2, eu-west-3, which are not approved"
    assert (finding.at.text, finding.help) == ('"eu-west-*"', "name the regions: eu-west-1")


def test_lists_no_more_than_five() -> None:
    [finding] = findings(RULE, files(allow(), deny(Condition=unlike("eu-*"))))
    assert finding.message == (
        "'eu-*' matches eu-west-2, eu-west-3, eu-north-1, eu-central-2, eu-south-1 and 1 more, which are not approved"
    )


def test_a_pattern_without_any_approved_region_can_go() -> None:
    [finding] = findings(RULE, files(allow(Condition=like("eu-west-1", "sa-*"))))
    assert finding.message == "'sa-*' matches sa-east-1, which is not approved"
    assert finding.help == "remove it: it matches no approved region"


@pytest.mark.parametrize(
    "statements", [[allow(Condition=like("*"))], [allow(), deny(Condition=unlike("eu-west-1", "??-*"))]]
)
def test_a_pattern_of_every_region_limits_nothing_whatever_is_approved(statements: list[dict[str, Any]]) -> None:
    [finding] = findings(RULE, files(*statements, config=""))
    assert finding.message.endswith("matches every region, so that the condition limits nothing")
    assert finding.severity is None


@pytest.mark.parametrize(
    "statements",
    [
        [allow(Condition=like("eu-central-1", "eu-west-1*"))],
        [allow(Condition=like("eu-*")), deny(Condition=LOCK)],
        [allow(Condition=like("eu-*")), {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*", "Condition": LOCK}],
        [allow(), deny(Condition=LOCK), deny(Action="s3:*", Condition=unlike("eu-*"))],
        [allow(), deny(Action="s3:*", Condition=unlike("eu-*"))],
        [allow(), deny(Condition=like("us-*"))],
        [allow(Condition={"StringEquals": {"aws:RequestedRegion": "eu-*"}})],
        [allow(Condition=like("${aws:PrincipalTag/Home}-*"))],
        [allow(Condition=like("cn-*"))],
        [allow(Condition=like())],
    ],
)
def test_accepts(statements: list[dict[str, Any]]) -> None:
    assert not findings(RULE, files(*statements))


def test_without_approved_regions_a_narrower_pattern_is_nobodys_business() -> None:
    assert not findings(RULE, files(allow(Condition=like("eu-*")), config=""))


def test_a_kind_that_is_guessed_makes_it_a_warning() -> None:
    [finding] = findings(RULE, files(deny(Condition=unlike("eu-*")), path="scp/guard.json"))
    assert finding.severity is Severity.WARNING


def test_the_default_of_a_parameter_makes_it_a_warning() -> None:
    text = """\
Parameters:
  Regions: {Type: String, Default: eu-*}
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
            Condition: {StringLike: {'aws:RequestedRegion': !Ref Regions}}
"""
    [finding] = findings(RULE, {"t.yml": text, "stackproof.toml": CONFIG})
    assert (finding.at.value, finding.severity) == ({"Ref": "Regions"}, Severity.WARNING)
