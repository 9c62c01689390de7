"""Rule iam-condition-key-unknown."""

import json

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-condition-key-unknown"


def policy(
    key: str, *, operator: str = "StringEquals", action: str = "s3:GetObject", value: object = "a"
) -> dict[str, str]:
    condition = {operator: {key: value}}
    statement = {"Effect": "Allow", "Action": action, "Resource": "*", "Condition": condition}
    return {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("key", "advice", "severity"),
    [
        ("aws:PrincipalOrgId1s", "did you mean 'aws:PrincipalOrgID'?", Severity.WARNING),
        ("aws:PrinicpalOrgID", "did you mean 'aws:PrincipalOrgID'?", None),
        ("aws:TagKey", "did you mean 'aws:TagKeys'?", None),
        ("PrincipalOrgID", "did you mean 'aws:PrincipalOrgID'?", None),
        ("s3:SourceIp", "did you mean 'aws:SourceIp'?", Severity.WARNING),
        ("aws:prefix", "did you mean 's3:prefix'?", Severity.WARNING),
        ("aws:RequestTags/Owner", "did you mean 'aws:RequestTag/Owner'?", None),
        ("aws:RequestTag", "write 'aws:RequestTag/<TagKey>'", None),
        ("aws:ResourceTag/", "write 'aws:ResourceTag/<TagKey>'", None),
        ("kms:EncryptionContext:", "write 'kms:EncryptionContext:<EncryptionContextKey>'", None),
        ("aws:RequestTag/*", "write one condition for each key", Severity.WARNING),
        ("s3:FlyToTheMoon", "", Severity.WARNING),
        ("quuxly:Key", "", Severity.WARNING),
        ("deepracer:UserToken", "", Severity.NOTE),
        ("AWS:SourceOwner", "AWS advises 'aws:SourceAccount'", Severity.NOTE),
    ],
)
def test_is_as_sure_as_it_can_be(key: str, advice: str, severity: Severity | None) -> None:
    [finding] = findings(RULE, policy(key))
    assert (finding.help, finding.severity) == (advice, severity)


@pytest.mark.parametrize(
    ("operator", "value", "outcome"),
    [
        ("StringEquals", "a", "so StringEquals never holds"),
        ("StringNotLike", "a", "so StringNotLike always holds"),
        ("StringEqualsIfExists", "a", "so StringEqualsIfExists always holds"),
        ("Null", "false", "so Null never holds"),
    ],
)
def test_tells_what_the_comparison_comes_to(operator: str, value: str, outcome: str) -> None:
    [finding] = findings(RULE, policy("aws:PrincipalOrgIDs", operator=operator, value=value))
    assert finding.message.endswith(outcome)


def test_points_at_the_key() -> None:
    [finding] = findings(RULE, policy("aws:PrincipalOrgIDs"))
    assert finding.at.text == '"aws:PrincipalOrgIDs"'


@pytest.mark.parametrize(
    "key",
    [
        "AWS:principalorgid",
        "aws:RequestTag/any thing:at/all",
        "ec2:ResourceTag/Owner",
        "kms:EncryptionContext:aws:s3:arn",
        "token.actions.githubusercontent.com:anything",
        "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub",
        "accounts.google.com:aud",
        "SAML:aud",
        "${Provider}:sub",
        "aws:ResourceTag/${Tag}",
        "<provider>:sub",
        "iot:Connection.Thing.IsAttached",
        "aws:RequestRegion",  # what is nearly the requested region has a rule of its own
        "aws:Region",
    ],
)
def test_accepts(key: str) -> None:
    assert not findings(RULE, policy(key))


def test_the_claims_of_a_provider_of_any_name_are_not_judged_where_a_role_is_assumed_with_them() -> None:
    assert not findings(RULE, policy("keycloak:sub", action="sts:AssumeRoleWithWebIdentity"))


def test_keys_that_a_function_makes_are_not_judged() -> None:
    text = """\
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: s3:GetObject
            Resource: '*'
            Condition: !If [A, {StringEquals: {'aws:Nope': x}}, !Ref AWS::NoValue]
          - Effect: Allow
            Action: s3:GetObject
            Resource: '*'
            Condition: {StringEquals: !GetAtt A.B}
          - Effect: Allow
            Action: s3:GetObject
            Resource: '*'
            Condition: {StringEquals: {'aws:PrincipalOrgIDs': !Ref Org}}
"""
    assert [finding.at.value for finding in findings(RULE, {"t.yml": text})] == ["aws:PrincipalOrgIDs"]
