"""Rules iam-rcp-syntax and iam-scp-syntax."""

import json
from typing import Any

import pytest

from validator.testing import check_rule, findings

RCP, SCP = "iam-rcp-syntax", "iam-scp-syntax"


def found(rule_id: str, *, partition: str = "aws", **elements: Any) -> list[tuple[str, str]]:
    kind = rule_id.split("-")[1]
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"} | elements
    statement = {key: value for key, value in statement.items() if value is not None}
    config = f'partition = "{partition}"\n[[policies]]\nfiles = "*.json"\nkind = "{kind}"\n'
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return [
        (one.severity or ("error" if rule_id == RCP else "warning"), one.message)
        for one in findings(rule_id, {"p.json": text, "stackproof.toml": config})
    ]


@pytest.mark.parametrize("rule_id", [RCP, SCP])
def test_does_what_its_documentation_says(rule_id: str) -> None:
    check_rule(rule_id)


@pytest.mark.parametrize(
    ("elements", "result"),
    [
        ({"Effect": "Allow"}, ("error", "a resource control policy cannot allow")),
        ({"Action": "*"}, ("error", "a resource control policy cannot have the Action '*'")),
        ({"Action": None, "NotAction": "s3:*"}, ("error", "a resource control policy has no 'NotAction'")),
        ({"Principal": None, "NotPrincipal": "*"}, ("error", "a resource control policy has no 'NotPrincipal'")),
        ({"Principal": None}, ("error", "the statement lacks 'Principal'")),
        ({"Resource": None}, ("error", "the statement lacks 'Resource'")),
        (
            {"Principal": {"AWS": "arn:aws:iam::111111111111:root"}},
            ("error", "the Principal of a resource control policy can only be '*'"),
        ),
        ({"Principal": {"AWS": "*"}}, ("warning", "the Principal of a resource control policy can only be '*'")),
        ({"Action": ["s3:*", "ec2:*"]}, ("warning", "resource control policies have no effect on ec2")),
    ],
)
def test_reports_what_a_resource_control_policy_cannot_say(elements: dict[str, Any], result: tuple[str, str]) -> None:
    assert found(RCP, **elements) == [result]


@pytest.mark.parametrize(
    "elements",
    [
        {},
        {"Sid": "A", "Effect": "Allow", "Action": "*"},  # RCPFullAWSAccess itself
        {"Action": ["S3:get*", "sts:AssumeRole*", "${service}:*", "nosuch:*"]},
        {"Resource": None, "NotResource": "arn:aws:s3:::b/*"},
        {"Principal": {"Ref": "A"}, "Action": {"Ref": "B"}, "Effect": {"Ref": "C"}},
    ],
)
def test_accepts_what_a_resource_control_policy_can_say(elements: dict[str, Any]) -> None:
    assert not found(RCP, **elements)


def test_a_kind_that_is_guessed_gives_warnings() -> None:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
    [finding] = findings(RCP, {"rcp/p.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})})
    assert finding.severity == "warning"


MIDDLE = "a wildcard before the end of 'ec2:*Instances' is not known to be taken in aws-cn in service control policies"
ALLOW = {"Effect": "Allow", "Principal": None}


@pytest.mark.parametrize(
    ("elements", "messages"),
    [
        ({"Action": ["ec2:*Instances", "ec2:Describe*", "*", "s3:Get**"]}, [MIDDLE]),
        (
            {"Resource": None, "NotResource": "arn:aws:s3:::b"},
            ["'NotResource' in a service control policy is not known to be taken in aws-cn"],
        ),
        (
            ALLOW | {"Condition": {}},
            ["'Condition' in a service control policy that allows is not known to be taken in aws-cn"],
        ),
        (
            ALLOW | {"Action": None, "NotAction": "s3:*"},
            ["'NotAction' in a service control policy that allows is not known to be taken in aws-cn"],
        ),
        (
            ALLOW | {"Resource": ["*", "arn:aws-cn:s3:::b"]},
            ["a Resource other than '*' in a service control policy that allows is not known to be taken in aws-cn"],
        ),
        ({"Action": None, "NotAction": "s3:*", "Condition": {}, "Resource": "arn:aws-cn:s3:::b"}, []),
        (ALLOW, []),
    ],
)
def test_the_old_language_is_told_where_the_new_one_is_not_known(elements: dict[str, Any], messages: list[str]) -> None:
    assert [message for _, message in found(SCP, partition="aws-cn", **elements)] == messages
    assert not found(SCP, partition="aws", **elements)
    assert not found(SCP, partition="aws-us-gov", **elements)
