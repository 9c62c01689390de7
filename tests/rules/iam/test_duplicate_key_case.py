"""Rule iam-duplicate-key-case."""

import json

import pytest

from validator.testing import check_rule, findings

RULE = "iam-duplicate-key-case"


def messages(condition: object) -> list[str]:
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": condition}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return [finding.message for finding in findings(RULE, {"p.json": text})]


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_reports_each_later_spelling() -> None:
    found = messages({"StringLike": {"a:b": "x"}, "stringlike": {"a:c": "x"}, "STRINGLIKE": {"a:d": "x"}})
    assert found == [
        "the operator 'stringlike' differs from 'StringLike' in case only, and is the same to IAM",
        "the operator 'STRINGLIKE' differs from 'StringLike' in case only, and is the same to IAM",
    ]


@pytest.mark.parametrize(
    "condition",
    [
        {"StringLike": {"aws:username": "x", "aws:UserName": "y"}},  # document-duplicate-key says so
        {"StringLike": {}, "StringLikeIfExists": {}},
        {"Fn::If": ["A", {}, {}], "fn::if": []},
        [],
        None,
        "x",
    ],
)
def test_accepts(condition: object) -> None:
    assert not messages(condition)
