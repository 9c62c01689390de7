"""Requests of which more is known than the action."""

import json
from typing import Any

import pytest

from validator.iam.clause import Layer, layer
from validator.iam.policy import Policy
from validator.iam.requests import Request, answer, narrowed
from validator.parse import parse
from validator.values import Scope


def layers(*statements: Any, scope: Scope | None = None) -> list[Layer]:
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return [layer([Policy(parse("p.json", text).root, "identity")], scope=scope)]


def allow(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"} | elements


@pytest.mark.parametrize(
    ("resource", "kind"),
    [
        ("*", "always"),
        ("arn:aws:iam::*:role/*", "always"),
        ("arn:aws:iam::210987654321:role/*", "always"),
        ("arn:aws:iam::123456789012:user/*", "never"),
        ("arn:aws:iam::123456789012:role/app-*", "never"),
        ("arn:aws:iam::123456789012:role/${aws:username}", "unknown"),
        ({"Ref": "Role"}, "unknown"),
    ],
)
def test_a_role_that_nobody_named_stands_for_any(resource: Any, kind: str) -> None:
    assert answer(layers(allow(Resource=resource)), Request("iam:PassRole", "role")).kind == kind


def test_all_but_some_resources_are_any() -> None:
    statement = {"Effect": "Allow", "Action": "iam:*", "NotResource": "arn:aws:iam::*:role/admin"}
    assert answer(layers(statement), Request("iam:PassRole", "role")).kind == "always"


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ({"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}, "always"),
        ({"StringEquals": {"IAM:passedtoservice": "lambda.amazonaws.com"}}, "never"),
        ({"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com", "aws:PrincipalTag/a": "b"}}, "if"),
        ({"StringEquals": {"iam:PassedToService": {"Ref": "Service"}}}, "unknown"),
        ({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, "always"),
        ({"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}, "never"),
    ],
)
def test_conditions_are_asked_about_the_keys_that_are_known(condition: Any, kind: str) -> None:
    request = Request("iam:PassRole", "role", {"iam:passedtoservice": "ec2.amazonaws.com"})
    assert answer(layers(allow(Condition=condition)), request).kind == kind


def test_the_region_is_the_most_favourable_one() -> None:
    here = {"StringEquals": {"aws:RequestedRegion": "ap-south-1"}}
    assert answer(layers(allow(Action="ec2:*", Condition=here)), Request("ec2:RunInstances")).kind == "always"


def test_what_is_known_leaves_nothing_to_ask() -> None:
    condition = {"Bool": {"aws:ViaAWSService": "true"}}
    [left] = narrowed(layers(allow(Condition=condition)), "", {"aws:viaawsservice": "true"})
    assert [clause.conditions for clause in left.clauses] == [()]
    [none] = narrowed(layers(allow(Condition=condition)), "", {"aws:viaawsservice": "false"})
    assert not none.clauses
