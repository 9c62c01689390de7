"""Rule iam-wildcard-without-like."""

import json

import pytest

from validator.testing import check_rule, findings

RULE = "iam-wildcard-without-like"


def policy(operator: str, key: str, value: object) -> dict[str, str]:
    condition = {operator: {key: value}}
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": condition}
    return {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("operator", "key", "advice"),
    [
        ("StringEquals", "aws:PrincipalTag/a", "write 'StringLike'"),
        ("StringNotEqualsIfExists", "aws:PrincipalTag/a", "write 'StringNotLikeIfExists'"),
        ("ForAnyValue:StringEquals", "aws:TagKeys", "write 'ForAnyValue:StringLike'"),
        ("StringEquals", "aws:PrincipalArn", "write 'ArnLike'"),
        ("StringEqualsIgnoreCase", "aws:PrincipalTag/a", "write 'StringLike', which does not ignore case"),
    ],
)
def test_names_the_operator_that_knows_wildcards(operator: str, key: str, advice: str) -> None:
    [finding] = findings(RULE, policy(operator, key, "a*"))
    assert finding.help == advice


@pytest.mark.parametrize("value", ["*", "a?b", "${aws:username}/*", "a${*}*"])
def test_reports(value: str) -> None:
    [finding] = findings(RULE, policy("StringEquals", "s3:prefix", ["a", value]))
    assert finding.at.value == value


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("StringLike", "s3:prefix", "a*"),
        ("ArnEquals", "aws:SourceArn", "arn:aws:s3:::*"),
        ("StringEquals", "s3:prefix", ["a${*}", "${?}", "<a*>", "{{ a* }}", "${Prefix*}", 5, {"Ref": "A"}]),
        ("StringEquals", "sns:Endpoint", "https://example.com/?a=b"),
        ("StringEquals", "lambda:Principal", "*"),
        ("StringEquals", "aws:RequestedRegion", "eu-*"),  # the region has a rule of its own
    ],
)
def test_accepts(operator: str, key: str, value: object) -> None:
    assert not findings(RULE, policy(operator, key, value))
