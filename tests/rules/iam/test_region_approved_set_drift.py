"""Rule iam-region-approved-set-drift."""

import json
from typing import Any

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-region-approved-set-drift"
KIND = '[[policies]]\nfiles = "scp*.json"\nkind = "scp"\n'
CONFIG = 'approved-regions = ["eu-central-1", "eu-west-1"]\n' + KIND


def guard(*regions: str, operator: str = "StringNotEquals", **elements: Any) -> dict[str, Any]:
    condition = {"Condition": {operator: {"aws:RequestedRegion": list(regions)}}}
    return {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"} | condition | elements


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=1)


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_points_at_the_regions_of_the_guard() -> None:
    [finding] = findings(RULE, {"scp.json": policy(guard("eu-west-1", "us-east-1")), "stackproof.toml": CONFIG})
    assert (finding.at.value, finding.severity) == (["eu-west-1", "us-east-1"], None)
    assert finding.message == "the guard closes eu-central-1, which is approved"
    assert finding.help == "add 'eu-central-1' here, or take it out of approved-regions"


def test_a_role_may_be_meant_for_one_region() -> None:
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    [finding] = findings(RULE, {"role.json": policy(allow, guard("eu-west-1")), "stackproof.toml": CONFIG})
    assert finding.severity is Severity.NOTE


def test_a_statement_with_two_conditions_is_one_guard() -> None:
    both = {
        "StringNotEquals": {"aws:RequestedRegion": "eu-central-1"},
        "StringNotLike": {"aws:RequestedRegion": "us-*"},
    }
    [finding] = findings(RULE, {"scp.json": policy(guard(Condition=both)), "stackproof.toml": CONFIG})
    assert finding.message == "the guard closes eu-west-1, which is approved"


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([guard("eu-central-1", "eu-west-1")], id="the same"),
        pytest.param([guard("eu-west-1", "us-east-1", "eu-central-1")], id="more: an escape"),
        pytest.param([guard("eu-*", operator="StringNotLike")], id="a pattern that takes them in"),
        pytest.param([guard("eu-west-1", "eu-centrl-1")], id="a slip"),
        pytest.param([guard("eu-west-1"), guard("eu-central-1")], id="a contradiction"),
        pytest.param([guard("eu-west-1", Resource="arn:aws:s3:::bucket")], id="one resource"),
        pytest.param([guard("us-east-1", operator="StringEquals")], id="a list of the forbidden"),
        pytest.param([guard()], id="an empty list"),
        pytest.param(
            [
                {
                    "Effect": "Deny",
                    "Action": "ec2:*",
                    "Resource": "*",
                    "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
                }
            ],
            id="one service",
        ),
    ],
)
def test_accepts(statements: list[dict[str, Any]]) -> None:
    assert not findings(RULE, {"scp.json": policy(*statements), "stackproof.toml": CONFIG})


def test_a_guard_for_the_region_of_the_stack_is_no_drift() -> None:
    template = {
        "Resources": {
            "P": {
                "Type": "AWS::Organizations::Policy",
                "Properties": {
                    "Name": "p",
                    "Type": "SERVICE_CONTROL_POLICY",
                    "Content": {
                        "Version": "2012-10-17",
                        "Statement": [
                            guard(Condition={"StringNotEquals": {"aws:RequestedRegion": {"Ref": "AWS::Region"}}})
                        ],
                    },
                },
            }
        }
    }
    assert not findings(RULE, {"t.json": json.dumps(template), "stackproof.toml": CONFIG})


def test_without_configured_regions_guards_of_several_files_are_compared() -> None:
    files = {
        "scp-a.json": policy(guard("eu-central-1")),
        "scp-b.json": policy(guard("eu-central-1", "eu-west-1")),
        "scp-c.json": policy(guard("eu-west-1", "eu-central-1")),
        "scp-d.json": policy(guard("us-east-1")),
        "stackproof.toml": KIND,
    }
    [finding] = findings(RULE, files)
    assert (finding.at.document.path, finding.severity) == ("scp-a.json", Severity.NOTE)
    assert finding.message == "the guard names other regions than the one in scp-b.json: not eu-west-1"
    [(other, said)] = finding.related
    assert (other.document.path, said) == ("scp-b.json", "here it names eu-central-1, eu-west-1")


def test_roles_are_not_compared() -> None:
    files = {"a.json": policy(guard("eu-central-1")), "b.json": policy(guard("eu-central-1", "eu-west-1"))}
    assert not findings(RULE, files)
