"""Rule iam-shape."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.parse import parse
from validator.shape import problems
from validator.testing import findings


def messages(text: str, path: str = "policy.json") -> list[str]:
    return [finding.message for finding in findings("iam-shape", {path: text})]


def statement(members: str) -> str:
    return f'{{"Version": "2012-10-17", "Statement": [{{{members}}}]}}'


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ('"Effect": "Permit", "Action": "a:b", "Resource": "*"', "Effect is 'Permit', expected 'Allow' or 'Deny'"),
        ('"effect": "Allow", "Action": "a:b", "Resource": "*"', "Statement[0] has no key 'effect'"),
        ('"Effect": "Allow", "Resource": "*", "Condition": {}', "Statement[0] lacks 'Action'"),
        ('"Effect": "Allow", "Action": "a:b"', "the statement lacks 'Resource'"),
        ('"Effect": "Allow", "Action": "a:b", "Ressource": "*"', "Statement[0] has no key 'Ressource'"),
        (
            '"Effect": "Allow", "Action": "a:b", "NotAction": "a:c", "Resource": "*"',
            "a statement has an Action or a NotAction, not both",
        ),
    ],
)
def test_reports_one_defect_once(members: str, message: str) -> None:
    assert messages(statement(members)) == [message]


CONFIGURED = """\
[[policies]]
files = "*.json"
kind = "{}"
"""


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("identity", "an identity policy has no 'Principal'"),
        ("boundary", "a permissions boundary has no 'Principal'"),
        ("scp", "a service control policy has no 'Principal'"),
        ("resource", None),
        ("rcp", None),
    ],
)
def test_a_principal_belongs_to_some_kinds_only(kind: str, message: str | None) -> None:
    text = statement('"Effect": "Deny", "Action": "s3:*", "Principal": "*", "Resource": "*"')
    found = findings("iam-shape", {"a.json": text, "stackproof.toml": CONFIGURED.format(kind)})
    assert [each.message for each in found] == ([message] if message else [])


def test_a_trust_policy_says_who_and_not_what() -> None:
    text = statement('"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"')
    found = findings("iam-shape", {"a.json": text, "stackproof.toml": CONFIGURED.format("trust")})
    assert [each.message for each in found] == ["the statement lacks 'Principal'", "a trust policy has no 'Resource'"]


def test_a_kind_that_is_guessed_decides_nothing() -> None:
    assert not messages(statement('"Effect": "Deny", "Action": "s3:*"'), "scp/guard.json")


@pytest.mark.parametrize(
    "text",
    [
        '{"Statement": {"Effect": "Allow", "NotAction": "iam:*", "NotResource": ["a"]}}',
        statement('"Effect": "${effect}", "Action": "a:b", "Resource": "*"'),
        statement('"Effect": "ALLOW", "Action": "a:b", "Resource": "*"'),
        statement('"Effect": "Allow", "Action": [], "Resource": "*", "Condition": {"Bool": {"a": true}}'),
        '{"Version": "2012-10-17", "Statement": []}',
    ],
)
def test_accepts(text: str) -> None:
    assert not messages(text)


TEMPLATE = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: {}
"""


@pytest.mark.parametrize(
    "inline",
    [
        "!Ref Statements",
        "[!If [A, {Effect: Allow, Action: 'sts:AssumeRole', Principal: {AWS: !Ref B}}, !Ref 'AWS::NoValue']]",
        "[{Effect: !Ref Effect, Action: !Ref C, Principal: !If [A, {Service: x}, {AWS: y}]}]",
    ],
)
def test_functions_may_stand_for_anything_in_a_template(inline: str) -> None:
    assert not messages(TEMPLATE.replace("{}", inline, 1), "t.yml")


def test_looks_into_the_branches_of_a_condition() -> None:
    inline = "[!If [A, {Effect: Allow, Action: 'sts:AssumeRole'}, !Ref 'AWS::NoValue']]"
    assert messages(TEMPLATE.replace("{}", inline, 1), "t.yml") == ["the statement lacks 'Principal'"]


MANAGED = """\
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: 2012-10-17
        Statement: {Effect: Allow, Resource: '*', {}}
"""
NONE = "!Ref 'AWS::NoValue'"


@pytest.mark.parametrize(
    "elements",
    [
        f"Action: 's3:*', Principal: {NONE}",
        f"Action: 's3:*', Principal: !If [C, {NONE}, {NONE}]",
        f"Action: 's3:*', Principal: !If [C, {{AWS: a}}, !If [D, {{AWS: b}}, {NONE}]]",
        f"Action: {NONE}, NotAction: 's3:*'",
        f"Action: !If [C, 's3:*', {NONE}], NotAction: 's3:*'",
        f"Action: 's3:*', Actions: {NONE}",
    ],
)
def test_an_element_that_cloudformation_leaves_out_is_none(elements: str) -> None:
    assert not messages(MANAGED.replace("{}", elements), "t.yml")


@pytest.mark.parametrize("principal", ["{AWS: a}", "!If [C, {AWS: a}, {AWS: b}]", "!Sub '${A}'"])
def test_an_element_made_by_a_function_is_one(principal: str) -> None:
    found = messages(MANAGED.replace("{}", f"Action: 's3:*', Principal: {principal}"), "t.yml")
    assert found == ["an identity policy has no 'Principal'"]


def test_references_may_stand_for_any_part_of_a_text_that_sub_fills_in() -> None:
    policy = '{"Version": "${V}", "Statement": [{"Effect": "Allow", "${A}": "s3:*", "Resource": "*"}]}'
    text = MANAGED.partition("PolicyDocument:")[0] + f"PolicyDocument: !Sub '{policy}'\n"
    assert not messages(text, "t.yml")


@pytest.mark.parametrize("name", ["Effect", "Action", "Resource"])
def test_names_what_is_missing(name: str) -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    del statement[name]
    [finding] = findings("iam-shape", {"policy.json": json.dumps({"Statement": [statement]})})
    assert finding.subject == name


@pytest.mark.parametrize("element", ["Sid: 1", "Principal: {AWS: 123456789012}", "Principal: {AWS: [123456789012]}"])
def test_a_number_is_text_by_the_time_iam_sees_it(element: str) -> None:
    trust = f"{{Effect: Allow, Action: 'sts:AssumeRole', Principal: {{AWS: a}}, {element}}}"
    trust = trust.replace("Principal: {AWS: a}, P", "P")
    assert not messages(TEMPLATE.replace("{}", trust, 1), "t.yml")


def test_a_number_in_bare_json_is_none_of_the_texts_that_iam_takes() -> None:
    text = statement('"Sid": 1, "Effect": "Allow", "Principal": {"AWS": 1}, "Action": "a:b", "Resource": "*"')
    assert messages(text) == ["Sid is 1, expected a string", "AWS is 1, expected a string or a list"]


def test_a_statement_among_the_properties_of_a_resource_has_neighbours() -> None:
    text = """\
Resources:
  Bus:
    Type: AWS::Events::EventBusPolicy
    Properties:
      EventBusName: ours
      StatementId: all
      Statement: {Effect: Allow, Principal: '*', Action: events:PutEvents, Ressource: '*'}
"""
    assert messages(text, "t.yml") == ["Statement has no key 'Ressource'"]


@pytest.mark.parametrize("kind", ["resource", "trust"])
def test_who_is_meant_must_be_said(kind: str) -> None:
    text = statement('"Effect": "Allow", "Action": "sts:AssumeRole"')
    found = findings("iam-shape", {"a.json": text, "stackproof.toml": CONFIGURED.format(kind)})
    assert [(each.message, each.subject) for each in found] == [("the statement lacks 'Principal'", "Principal")]


VALUES = st.sampled_from(
    ["x", "*", ["x"], ["x", "y"], [], [1], [["x"]], 1, True, None, {"a": "b"}, {"Bool": {"k": "v"}}]
)
STATEMENTS = st.dictionaries(
    st.sampled_from(["Sid", "Effect", "Action", "NotAction", "Resource", "Principal", "Condition", "Actoin"]), VALUES
).map(lambda given: {"Effect": "Allow", "Action": "s3:*", "Resource": "*"} | given)


@given(
    st.fixed_dictionaries(
        {"Statement": st.one_of(st.lists(STATEMENTS, min_size=1, max_size=2), STATEMENTS)},
        optional={"Version": st.sampled_from(["2012-10-17", "2012-10-18", None, 1]), "Id": VALUES},
    )
)
def test_a_glance_overlooks_nothing_that_the_schema_sees(policy: dict[str, Any]) -> None:
    text = json.dumps(policy)
    found = findings("iam-shape", {"policy.json": text, "stackproof.toml": CONFIGURED.format("resource")})
    expected = {problem.message for problem in problems(parse("policy.json", text).root, "policy", holes=True)}
    assert expected <= {finding.message for finding in found}
