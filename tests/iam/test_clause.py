"""Statements, ready to be evaluated."""

import json
from typing import Any

import pytest

from validator.iam.clause import Clause, Truth, layer
from validator.iam.policy import Policy
from validator.parse import parse
from validator.values import Scope, constant


def clauses(*statements: Any, version: str = "2012-10-17", scope: Scope | None = None) -> tuple[Clause, ...]:
    text = json.dumps({"Version": version, "Statement": list(statements)})
    return layer([Policy(parse("p.json", text).root, "identity")], scope=scope).clauses


def allow(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Resource": "*"} | elements


@pytest.mark.parametrize(
    ("elements", "action", "truth"),
    [
        ({"Action": "S3:get*"}, "s3:GetObject", True),
        ({"Action": ["s3:*", {"Ref": "P"}]}, "s3:GetObject", True),
        ({"Action": ["s3:*", {"Ref": "P"}]}, "sqs:CreateQueue", None),
        ({"NotAction": "s3:*"}, "s3:GetObject", False),
        ({"NotAction": ["s3:*", {"Ref": "P"}]}, "s3:GetObject", False),
        ({"NotAction": ["s3:*", {"Ref": "P"}]}, "sqs:CreateQueue", None),
    ],
)
def test_a_statement_speaks_of_actions_as_far_as_they_are_known(
    elements: dict[str, Any], action: str, truth: Truth
) -> None:
    [clause] = clauses(allow(**elements))
    assert clause.speaks_of(action) is truth


@pytest.mark.parametrize(
    ("effect", "found"), [("Allow", [True]), ("allow", []), (None, []), ({"Ref": "P"}, [True, False])]
)
def test_an_effect_that_is_made_by_a_function_can_be_either(effect: object, found: list[bool]) -> None:
    assert [clause.allows for clause in clauses(allow(Action="*", Effect=effect))] == found


@pytest.mark.parametrize(
    ("resource", "anywhere"), [("*", True), (["a", "*"], True), ("arn:*", False), ("${aws:username}", False)]
)
def test_only_a_star_is_anywhere(resource: object, anywhere: bool) -> None:  # noqa: FBT001
    [clause] = clauses(allow(Action="*", Resource=resource))
    assert clause.anywhere is anywhere


def test_functions_are_evaluated_in_their_template() -> None:
    template = parse("t.json", json.dumps({"Resources": {}}))
    scope = Scope(template.root, pseudo={"AWS::Region": constant("eu-west-1")})
    [clause] = clauses(allow(Action="*", Resource={"Fn::Sub": "arn:aws:sqs:${AWS::Region}:1:q"}), scope=scope)
    assert [str(one.written) for one in clause.on("").arns] == ["arn:aws:sqs:eu-west-1:1:q"]
    assert not clause.why


def test_an_effect_that_comes_to_a_list_can_be_either() -> None:
    template = parse("t.json", json.dumps({"Resources": {}}))
    found = clauses(allow(Action="*", Effect={"Fn::Split": [",", "Allow,Deny"]}), scope=Scope(template.root))
    assert [clause.allows for clause in found] == [True, False]


def test_a_function_among_the_statements_leaves_the_layer_open() -> None:
    text = '{"Statement": [{"Fn::Transform": {}}]}'
    assert layer([Policy(parse("p.json", text).root, "identity")]).unknown
