"""Rules iam-allow-notaction and iam-allow-notresource."""

import json
from typing import Any

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

ACTION, RESOURCE = "iam-allow-notaction", "iam-allow-notresource"


def policy(path: str = "policy.json", **elements: Any) -> dict[str, str]:
    return {path: json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow"} | elements]}, indent=1)}


@pytest.mark.parametrize("rule_id", [ACTION, RESOURCE])
def test_does_what_its_documentation_says(rule_id: str) -> None:
    check_rule(rule_id)


def test_points_at_notaction() -> None:
    [finding] = findings(ACTION, policy(NotAction=["iam:*", "sts:*", "a4b:*", "x:*"], Resource="*"))
    left = "'iam:*', 'sts:*', 'a4b:*' and 1 more"
    assert finding.message == f"everything but {left} is allowed, in services not yet launched too"
    assert (finding.at.span.line, finding.at.value) == (6, "NotAction")


@pytest.mark.parametrize(
    ("resource", "severity"),
    [
        ("*", None),
        (["arn:aws:s3:::a", "*"], None),
        ("arn:aws:s3:::a/*", Severity.NOTE),
        ({"Fn::Sub": "${Bucket.Arn}/*"}, Severity.NOTE),
    ],
)
def test_resources_set_a_limit_to_notaction(resource: Any, severity: Severity | None) -> None:
    [finding] = findings(ACTION, policy(NotAction="s3:Delete*", Resource=resource))
    assert finding.severity is severity


@pytest.mark.parametrize(
    ("action", "severity"),
    [
        ("s3:*", None),
        (["s3:GetObject", "s3:Put*"], None),
        ("s3:GetObject", Severity.NOTE),
        (["s3:GetObject"], Severity.NOTE),
    ],
)
def test_single_actions_with_notresource_are_a_note(action: Any, severity: Severity | None) -> None:
    [finding] = findings(RESOURCE, policy(Action=action, NotResource=[f"arn:aws:s3:::{name}" for name in "abc"]))
    assert finding.message == "every resource but 'arn:aws:s3:::a', 'arn:aws:s3:::b' and 1 more is allowed"
    assert finding.severity is severity


@pytest.mark.parametrize("path", ["scp/policy.json", "boundary.json"])
@pytest.mark.parametrize("elements", [{"NotAction": "iam:*", "Resource": "*"}, {"Action": "s3:*", "NotResource": "*"}])
def test_what_grants_nothing_is_no_finding(path: str, elements: dict[str, str]) -> None:
    assert not [*findings(ACTION, policy(path, **elements)), *findings(RESOURCE, policy(path, **elements))]


@pytest.mark.parametrize("elements", [{"Effect": "Deny"}, {"Effect": {"Ref": "E"}}, {"Effect": "allow"}])
def test_only_an_allow_is_meant(elements: dict[str, Any]) -> None:
    files = policy(**({"NotAction": "iam:*", "NotResource": "arn:aws:s3:::a"} | elements))
    assert not [*findings(ACTION, files), *findings(RESOURCE, files)]


def test_a_list_made_by_functions_is_told_without_names() -> None:
    [finding] = findings(RESOURCE, policy(Action="s3:*", NotResource={"Fn::Sub": "${Bucket.Arn}/*"}))
    assert finding.message == "every resource but some is allowed"


def test_a_policy_that_a_template_uses_as_a_boundary_grants_nothing() -> None:
    text = """\
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {PermissionsBoundary: !Ref Limit}}
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties: {PolicyDocument: {Statement: [{Effect: Allow, NotAction: 'iam:*', NotResource: 'arn:aws:s3:::a'}]}}
"""
    assert not [*findings(ACTION, {"template.yml": text}), *findings(RESOURCE, {"template.yml": text})]
