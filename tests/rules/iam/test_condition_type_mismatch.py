"""Rule iam-condition-type-mismatch."""

import json

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-condition-type-mismatch"


def policy(operator: str, key: str, value: object) -> dict[str, str]:
    condition = {operator: {key: value}}
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": condition}
    return {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("operator", "key", "value", "severity"),
    [
        ("Bool", "aws:PrincipalOrgID", "true", None),
        ("ArnLike", "aws:SourceAccount", "111122223333", None),
        ("IpAddress", "aws:SourceVpc", "10.0.0.0/8", None),
        ("NumericEquals", "aws:CurrentTime", "5", None),
        ("StringEquals", "aws:SourceIp", "203.0.113.0/24", None),
        ("StringEquals", "aws:SecureTransport", "True", None),
        ("StringEquals", "aws:ViaAWSService", ["amplify.amazonaws.com"], None),
        ("StringLike", "aws:SourceIp", "203.0.113.*", Severity.WARNING),
        ("StringEquals", "aws:SourceIp", "203.0.113.7", Severity.WARNING),
        ("StringEquals", "aws:CurrentTime", "2026-01-01T00:00:00Z", Severity.WARNING),
        ("Bool", "s3:x-amz-server-side-encryption", True, Severity.WARNING),
        ("StringEquals", "aws:TagKeys", "a", Severity.WARNING),
    ],
)
def test_reports(operator: str, key: str, value: object, severity: Severity | None) -> None:
    [finding] = findings(RULE, policy(operator, key, value))
    assert finding.severity == severity


def test_points_at_the_value_that_the_key_cannot_have() -> None:
    [finding] = findings(RULE, policy("StringEquals", "aws:SecureTransport", ["true", "True"]))
    assert finding.at.text == '"True"'


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("StringLike", "aws:SourceArn", "arn:aws:s3:::*"),
        ("StringEquals", "aws:SecureTransport", "false"),
        ("StringEquals", "s3:max-keys", "10"),
        ("NumericLessThan", "aws:PrincipalTag/level", "5"),
        ("DateLessThan", "aws:ResourceTag/expires", "2026-01-01"),
        ("ArnLike", "kms:EncryptionContext:aws:s3:arn", "arn:aws:s3:::*"),
        ("NumericLessThan", "aws:EpochTime", "5"),
        ("Null", "aws:SourceIp", "true"),
        ("Null", "aws:TagKeys", "true"),
        ("StringEquals", "elasticloadbalancing:ListenerProtocol", "HTTPS"),
        ("Bool", "example.com:email_verified", "true"),
        ("StringEquals", "example.com:groups", "a"),
        ("ArnEquals", "aws:RequestedRegion", "eu-west-1"),  # the region has a rule of its own
    ],
)
def test_accepts(operator: str, key: str, value: object) -> None:
    assert not findings(RULE, policy(operator, key, value))
