"""Rule iam-statement-redundant."""

import json
from typing import Any

import pytest

from validator import fix
from validator.testing import check_rule, findings

RULE = "iam-statement-redundant"
CONDITION = {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}
NARROWER = {"StringEquals": {"aws:RequestedRegion": ["eu-central-1"], "aws:PrincipalTag/team": "web"}}


def statement(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"} | elements


def messages(*statements: object) -> list[str]:
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return [finding.message for finding in findings(RULE, {"p.json": text})]


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({}, {"Action": "s3:GetObject"}),
        ({}, {"Resource": "arn:aws:s3:::b/*"}),
        ({}, {"Condition": CONDITION}),
        ({"Condition": CONDITION}, {"Condition": NARROWER}),
        ({"Action": "*"}, {"Action": ["ec2:*", "s3:*"]}),
        ({"NotAction": "s3:*", "Action": None}, {"NotAction": ["s3:*", "ec2:*"], "Action": None}),
        ({"Sid": "A"}, {"Sid": "B"}),
    ],
)
def test_reports_one_that_another_covers(one: dict[str, Any], other: dict[str, Any]) -> None:
    pair = [
        {key: value for key, value in statement(**elements).items() if value is not None} for elements in (one, other)
    ]
    [wide, narrow] = (
        f"statement {each['Sid']!r}" if "Sid" in each else f"statement {at}" for at, each in enumerate(pair, 1)
    )
    assert messages(*pair) == [f"{narrow} is covered by {wide}"]


def test_reports_a_narrow_one_before_a_wide_one() -> None:
    assert messages(statement(Action="s3:GetObject"), statement()) == ["statement 1 is covered by statement 2"]


def test_tells_apart_what_has_one_sid() -> None:
    assert messages(statement(Sid="A"), statement(Sid="A")) == ["statement 'A' is covered by the other with this Sid"]


def test_the_fix_takes_out_the_statement() -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement(), statement(Action="s3:GetObject"), 1]})
    [finding] = findings(RULE, {"p.json": text})
    assert json.loads(fix.edited(text, finding.fix))["Statement"] == [statement(), 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"Effect": "Deny"}),
        ({}, {"Action": "s3:PutObject"}),
        ({"Condition": CONDITION}, {"Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}),
        ({"Principal": "*"}, {"Principal": {"AWS": "*"}}),
        ({}, {"Principal": "*"}),
        ({"Resource": "arn:aws:s3:::b"}, {"Resource": "arn:aws:s3:::b/*"}),
        ({"Action": []}, {"Action": []}),
        ({"Resource": {"Ref": "A"}}, {"Resource": {"Ref": "A"}}),
        ({"Condition": {"Fn::If": ["A", {}, {}]}}, {"Condition": {"Fn::If": ["A", {}, {}]}}),
        (
            {"Condition": {"StringEquals": {"aws:username": {"Ref": "A"}}}},
            {"Condition": {"StringEquals": {"aws:username": {"Ref": "A"}}}},
        ),
    ],
)
def test_accepts(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert not messages(statement(**one), statement(**other))


def test_statements_under_a_condition_are_left_alone() -> None:
    assert not messages(statement(), {"Fn::If": ["A", statement(), {"Ref": "AWS::NoValue"}]})


@pytest.mark.parametrize("value", [[], {}, None, "x", [1, "x", None, [[]]]])
def test_takes_whatever_stands_where_statements_belong(value: object) -> None:
    assert not messages(value, statement())


def test_ten_thousand_statements_are_no_matter() -> None:
    some = [statement(Resource=f"arn:aws:s3:::b{number}") for number in range(10_000)]
    assert not messages(*some)


def test_the_fix_takes_no_comment_along() -> None:
    text = """\
Version: "2012-10-17"
Statement: [
  {Effect: Allow, Action: 's3:*', Resource: '*'},
  {Effect: Allow,  # for the website
   Action: s3:GetObject, Resource: '*'},
]
"""
    [finding] = findings(RULE, {"p.yml": text})
    assert not finding.fix
