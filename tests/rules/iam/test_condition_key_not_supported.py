"""Rule iam-condition-key-not-supported."""

import json

import pytest

from validator.testing import check_rule, findings

RULE = "iam-condition-key-not-supported"


def policy(key: str, action: object, *, operator: str = "StringEquals", effect: str = "Allow") -> dict[str, str]:
    condition = {operator: {key: "true"}}
    statement = {"Effect": effect, "Action": action, "Resource": "*", "Condition": condition}
    return {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("effect", "operator", "outcome"),
    [
        ("Allow", "StringEquals", "the statement allows nothing"),
        ("Allow", "StringEqualsIfExists", "the condition limits nothing"),
        ("Deny", "StringEquals", "the statement denies nothing"),
        ("Deny", "StringNotEquals", "the condition holds for every request"),
        ("Deny", "Null", "the condition holds for every request"),
    ],
)
def test_tells_what_that_comes_to(effect: str, operator: str, outcome: str) -> None:
    [finding] = findings(RULE, policy("s3:prefix", "s3:GetObject", operator=operator, effect=effect))
    assert finding.message.endswith(outcome)


def test_names_the_actions_that_have_the_key() -> None:
    [finding] = findings(RULE, policy("s3:prefix", ["s3:GetObject", "s3:Put*"]))
    assert finding.help.endswith(": s3:ListBucket, s3:ListBucketVersions")


@pytest.mark.parametrize(
    ("key", "action"),
    [
        ("s3:prefix", ["s3:GetObject", "s3:ListBucket"]),
        ("s3:prefix", "s3:List*"),
        ("S3:PREFIX", "s3:listbucket"),
        ("s3:prefix", "*"),
        ("s3:prefix", "s3:NewerThanTheCatalogue"),
        ("s3:prefix", ["s3:GetObject", "${Action}"]),
        ("aws:RequestTag/a", "s3:GetObject"),
        ("secretsmanager:ResourceTag/a", "secretsmanager:GetSecretValue"),
        ("aws-marketplace:ProductId", "aws-marketplace:Subscribe"),
        ("ec2-instance-connect:remotePort", "ec2-instance-connect:OpenTunnel"),
        ("saml:aud", "s3:GetObject"),
    ],
)
def test_accepts(key: str, action: object) -> None:
    assert not findings(RULE, policy(key, action))


def test_actions_that_a_function_makes_may_have_the_key() -> None:
    assert not findings(RULE, policy("s3:prefix", ["s3:GetObject", {"Ref": "Action"}]))


def test_a_value_that_is_not_known_does_not_matter() -> None:
    text = json.loads(policy("s3:prefix", "s3:GetObject")["policy.json"])
    text["Statement"][0]["Condition"] = {"StringLike": {"s3:prefix": "${aws:username}/*"}}
    assert findings(RULE, {"policy.json": json.dumps(text)})
