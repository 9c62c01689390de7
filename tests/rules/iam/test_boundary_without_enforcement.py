"""Rule iam-boundary-without-enforcement."""

import json
from typing import Any

import pytest

from validator.testing import check_rule, findings

RULE = "iam-boundary-without-enforcement"
BOUNDARY = "arn:aws:iam::123456789012:policy/developers"
ONLY = {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}
UNLESS = {"StringNotEquals": {"iam:PermissionsBoundary": BOUNDARY}}


def allow(*actions: str, **elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*"} | elements


def deny(*actions: str, **elements: Any) -> dict[str, Any]:
    return allow(*actions, **elements) | {"Effect": "Deny"}


def ways(*statements: dict[str, Any]) -> str:
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    found = [each.message.partition(" around by ")[2] for each in findings(RULE, {"policy.json": text})]
    return "; ".join(found)


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow("iam:CreateRole", Condition=ONLY), allow("iam:CreateUser")], "iam:CreateUser"),
        (
            [allow("iam:CreateRole", Condition=ONLY), allow("iam:Delete*Boundary")],
            "iam:DeleteRolePermissionsBoundary, iam:DeleteUserPermissionsBoundary",
        ),
        (
            [allow("iam:CreateRole", Condition=ONLY), allow("iam:CreatePolicyVersion", Resource=BOUNDARY)],
            "iam:CreatePolicyVersion",
        ),
        ([allow("iam:CreateRole", Condition=ONLY), allow("iam:PutRole*Boundary")], "iam:PutRolePermissionsBoundary"),
        ([allow("iam:CreateRole", Condition=ONLY), allow("iam:Create*Role")], "iam:CreateRole"),
        ([allow("iam:CreateUser", "iam:CreateRole"), deny("iam:CreateUser", Condition=UNLESS)], "iam:CreateRole"),
    ],
)
def test_names_the_ways_around(statements: list[dict[str, Any]], expected: str) -> None:
    assert ways(*statements) == expected


@pytest.mark.parametrize(
    "statements",
    [
        [allow("iam:CreateRole", "iam:CreateUser", "iam:PutRolePermissionsBoundary", Condition=ONLY)],
        [allow("iam:CreateRole", "iam:DeleteRolePermissionsBoundary", Condition=ONLY), deny("iam:Delete*Boundary")],
        [allow("iam:CreateRole"), deny("iam:CreateRole", Condition=UNLESS)],
        # Roles for which no boundary is asked are meant to do without.
        [
            allow("iam:CreateRole", Resource="arn:aws:iam::*:role/app-*", Condition=ONLY),
            allow("iam:CreateRole", Resource="arn:aws:iam::*:role/service-role/known"),
        ],
        [
            allow("iam:CreateRole", Condition=ONLY),
            allow("iam:CreatePolicyVersion", Resource="arn:aws:iam::*:policy/app-*"),
        ],
        [allow("iam:DeleteRolePermissionsBoundary", "iam:CreateRole")],
        [allow("iam:CreateRole", Condition={"StringEqualsIfExists": ONLY["StringEquals"]}), allow("iam:CreateUser")],
        [deny("iam:CreateRole", Condition=ONLY), allow("iam:CreateRole", "iam:CreateUser")],
    ],
)
def test_leaves_no_way_around_or_does_not_ask_for_a_boundary(statements: list[dict[str, Any]]) -> None:
    assert ways(*statements) == ""


def test_the_published_scheme_of_delegation_is_closed() -> None:
    """Source: the IAM user guide's "Delegating responsibility to others using permissions boundaries", written anew."""
    attach = ("iam:AttachUserPolicy", "iam:CreateUser", "iam:PutUserPermissionsBoundary", "iam:PutUserPolicy")
    editing = ("iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion")
    assert not ways(
        allow(*attach, Condition=ONLY),
        allow("cloudwatch:*", "iam:CreateGroup", "iam:CreatePolicy", "iam:Get*", "iam:List*", *editing),
        deny(*editing, Resource=[BOUNDARY, "arn:aws:iam::123456789012:policy/delegates"]),
        deny("iam:DeleteUserPermissionsBoundary"),
    )


def test_a_boundary_that_a_function_names_is_asked_for_all_the_same() -> None:
    text = """\
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: iam:CreateRole
            Resource: '*'
            Condition: {StringEquals: {'iam:PermissionsBoundary': !Sub 'arn:aws:iam::${AWS::AccountId}:policy/b'}}
          - {Effect: Allow, Action: 'iam:DeleteRole*', Resource: '*'}
"""
    [finding] = findings(RULE, {"template.yml": text})
    assert finding.message.endswith("got around by iam:DeleteRolePermissionsBoundary")
    assert finding.at.span.line == 10
