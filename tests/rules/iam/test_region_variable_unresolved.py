"""Rule iam-region-variable-unresolved."""

import json

import pytest

from validator.rule import Severity
from validator.testing import findings, undecided

RULE = "iam-region-variable-unresolved"
CONFIG = 'approved-regions = ["eu-central-1"]\n'


def files(value: object, config: str = "", version: str = "2012-10-17") -> dict[str, str]:
    condition = {"StringEquals": {"aws:RequestedRegion": value}}
    statement = {"Effect": "Allow", "Action": "ec2:*", "Resource": "*", "Condition": condition}
    return {"policy.json": json.dumps({"Version": version, "Statement": [statement]}), "stackproof.toml": config}


@pytest.mark.parametrize("value", ["${aws:PrincipalTag/TargetRegion}", "${aws:PrincipalTag/TargetRegion, 'eu-west-1'}"])
def test_a_tag_of_the_principal_is_a_note(value: str) -> None:
    [finding] = findings(RULE, files(["eu-west-1", value]))
    assert finding.message == (
        "the region depends on 'aws:PrincipalTag/TargetRegion', which is known only when a request is made"
    )
    assert (finding.at.value, finding.severity) == (value, Severity.NOTE)


def test_the_proof_gives_the_same_reason_where_regions_are_approved() -> None:
    policy = files("${aws:PrincipalTag/TargetRegion}", CONFIG)
    [found] = undecided("iam-region-escape", policy)
    assert found.reason == "where it can act: aws:RequestedRegion is compared with ${aws:PrincipalTag/TargetRegion}"
    assert not findings(RULE, policy)


@pytest.mark.parametrize("config", ["", CONFIG])
def test_what_the_caller_chooses_is_a_warning(config: str) -> None:
    [finding] = findings(RULE, files("${aws:RequestTag/Region}", config))
    assert finding.message == "the caller chooses 'aws:RequestTag/Region', and with it the region"
    assert finding.severity is None


@pytest.mark.parametrize(
    "value",
    ["eu-west-1", "${aws:RequestedRegion}", "${AWS::Region}", "${region}", "${foo:bar}", "${*}", "$", [], [1, None]],
)
def test_accepts(value: object) -> None:
    assert not findings(RULE, files(value))


def test_a_variable_is_plain_text_in_the_old_version() -> None:
    assert not findings(RULE, files("${aws:PrincipalTag/TargetRegion}", version="2008-10-17"))


def test_a_function_is_no_variable() -> None:
    assert not findings(RULE, files({"Fn::Sub": "${aws:PrincipalTag/TargetRegion}"}))
