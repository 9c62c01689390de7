"""Rule iam-variable-invalid."""

import json

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-variable-invalid"


def policy(elements: dict[str, object], *, version: str = "2012-10-17") -> dict[str, str]:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **elements}
    return {"policy.json": json.dumps({"Version": version, "Statement": [statement]})}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("variable", "advice", "severity"),
    [
        ("${aws:usernam}", "did you mean '${aws:username}'?", None),
        ("${s3:prefx}", "did you mean '${s3:prefix}'?", None),
        ("${aws:PrincipalTag}", "did you mean '${aws:PrincipalTag/<TagKey>}'?", None),
        ("${aws:FlyToTheMoon}", "", Severity.WARNING),
        ("${aws:accountId}", "in a template, write '${AWS::AccountId}' in a text of Fn::Sub", Severity.WARNING),
        ("${!aws:username}", "write '${aws:username}'", None),
        ("${ aws:username}", "", None),
        ("${aws:PrincipalTag/cost center}", "", Severity.WARNING),
        ("${aws:username", "", None),
        ("${}", "", None),
        ("${aws:PrincipalTag/a, b}", "write ${aws:PrincipalTag/a, 'b'}", None),
        ("${aws:TagKeys}", "", None),
    ],
)
def test_reports(variable: str, advice: str, severity: Severity | None) -> None:
    [finding] = findings(RULE, policy({"Resource": ["*", f"arn:aws:s3:::b/{variable}"]}))
    assert (finding.help, finding.severity, finding.at.name) == (advice, severity, 1)


@pytest.mark.parametrize(
    "variable",
    [
        "${AWS:UserName}",
        "${aws:PrincipalTag/a, 'b c'}",
        "${aws:RequestedRegion}",
        "${*}${?}${$}",
        "${Token}",
        "${AWS::AccountId}",
        "${env:STAGE}",
        "${self:custom.bucket}",
        "${transfer:UserName}",
        "${iot:Connection.Thing.ThingName}",
        "${cognito-identity.amazonaws.com:sub}",
        "${saml:sub}",
        "$${aws:username}",
    ],
)
def test_accepts(variable: str) -> None:
    assert not findings(RULE, policy({"Resource": f"arn:aws:s3:::b/{variable}"}))


@pytest.mark.parametrize(
    "elements",
    [
        {"Action": "s3:${aws:username}"},
        {"Sid": "${aws:username}"},
        {"Principal": {"AWS": ["arn:aws:iam::111122223333:user/${aws:username}"]}},
        {"Condition": {"IpAddress": {"aws:SourceIp": "${aws:PrincipalTag/ip}"}}},
        {"Condition": {"NumericLessThan": {"s3:max-keys": "${aws:PrincipalTag/most}"}}},
        {"Condition": {"StringEquals": {"aws:ResourceTag/${aws:PrincipalTag/a}": "b"}}},
        {"Condition": {"StringEquals": {"aws:ResourceTag/a": "${aws:usernam}"}}},
    ],
)
def test_a_variable_has_its_places(elements: dict[str, object]) -> None:
    assert len(findings(RULE, policy(elements))) == 1


@pytest.mark.parametrize(
    "elements",
    [
        {"Action": "s3:${Action}"},
        {"Condition": {"IpAddress": {"aws:SourceIp": "${Cidr}"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "${aws:PrincipalTag/a}"}}},
        {"Condition": {"StringEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/region}"}}},
    ],
)
def test_what_is_filled_in_may_stand_anywhere(elements: dict[str, object]) -> None:
    assert not findings(RULE, policy(elements))


def test_a_version_without_variables_is_the_business_of_another_rule() -> None:
    assert not findings(RULE, policy({"Resource": "arn:aws:s3:::b/${aws:usernam}"}, version="2008-10-17"))


def test_knows_what_sub_does() -> None:
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
            Resource:
              - !Sub 'arn:aws:s3:::${Bucket}/${!aws:username}'
              - 'arn:aws:s3:::b/${!aws:username}'
  Topic:
    Type: AWS::SSO::PermissionSet
    Properties:
      InlinePolicy: !Sub |
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::${Bucket}/${!aws:username}"}]}
"""
    assert [finding.at.value for finding in findings(RULE, {"t.yml": text})] == ["arn:aws:s3:::b/${!aws:username}"]
