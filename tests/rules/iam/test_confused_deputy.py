"""Rule iam-confused-deputy."""

import json
from typing import Any

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-confused-deputy"


def policy(service: Any, action: Any, condition: Any = None, resource: Any = "*") -> dict[str, str]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": resource}
    if condition is not None:
        statement["Condition"] = condition
    return {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("service", "action", "severity"),
    [
        ("cloudfront.amazonaws.com", "s3:GetObject", None),
        ("sns.amazonaws.com", "sqs:SendMessage", None),
        ("sns.amazonaws.com", ["sqs:*"], None),
        ("s3.amazonaws.com", "sns:Publish", Severity.NOTE),
        ("delivery.logs.amazonaws.com", ["s3:GetBucketAcl", "s3:PutObject"], None),
    ],
)
def test_whoever_may_be_behind_the_service(service: str, action: Any, severity: Severity | None) -> None:
    [finding] = findings(RULE, policy(service, action))
    assert finding.severity is severity
    assert finding.at.value == service


def test_says_what_can_be_done_and_which_key_to_compare() -> None:
    [finding] = findings(RULE, policy(["events.amazonaws.com", "lambda.amazonaws.com"], "sqs:SendMessage"))
    assert finding.message == "events.amazonaws.com can be made to call sqs:SendMessage by anybody in the world"
    assert finding.help == "add a condition on aws:SourceArn"


@pytest.mark.parametrize(
    "condition",
    [
        {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:123456789012:*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::uploads"}},
        {"StringEquals": {"AWS:SourceAccount": "123456789012"}},
        {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
        {"StringEquals": {"aws:SourceOwner": "123456789012"}},
        {"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}},
        {"StringEquals": {"aws:Referer": "123456789012"}},
        {"StringLike": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::b"}},
        {"Fn::If": ["A", {}, {}]},
    ],
)
def test_a_condition_says_for_whom(condition: Any) -> None:
    assert not findings(RULE, policy("sns.amazonaws.com", "sqs:SendMessage", condition))


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:*:trail/*"}},
        {"StringLike": {"aws:SourceAccount": "*"}},
    ],
)
def test_a_condition_says_nothing_of_it(condition: Any) -> None:
    assert findings(RULE, policy("cloudtrail.amazonaws.com", "s3:PutObject", condition))


@pytest.mark.parametrize(
    ("service", "action", "resource"),
    [
        ("lambda.amazonaws.com", "sqs:SendMessage", "*"),
        ("cloudtrail.amazonaws.com", "s3:GetBucketAcl", "*"),
        ("cloudtrail.amazonaws.com", "s3:PutObject", "arn:aws:s3:::logs/AWSLogs/123456789012/*"),
        ("config.amazonaws.com", "s3:PutObject", {"Fn::Sub": "${Bucket.Arn}/AWSLogs/${AWS::AccountId}/*"}),
        ("s3.amazonaws.com", "sqs:*", "arn:aws:sns:eu-central-1:123456789012:topic"),
        ("events.amazonaws.com", "sns:Publish", "*"),
    ],
)
def test_nothing_can_be_done_for_a_stranger(service: str, action: str, resource: Any) -> None:
    assert not findings(RULE, policy(service, action, resource=resource))


def test_trust_policies_are_not_looked_at() -> None:
    statement = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}
    assert not findings(RULE, {"trust.json": json.dumps({"Statement": [statement]})})
