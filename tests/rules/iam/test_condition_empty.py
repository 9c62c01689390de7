"""Rule iam-condition-empty."""

import json

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-condition-empty"


def policy(condition: object) -> dict[str, str]:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": condition}
    return {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("condition", "severity"),
    [
        ({}, Severity.NOTE),
        ({"StringEquals": {}}, Severity.NOTE),
        ({"StringEquals": {"aws:username": []}}, None),
    ],
)
def test_reports(condition: object, severity: Severity | None) -> None:
    [finding] = findings(RULE, policy(condition))
    assert finding.severity == severity


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:username": ""}},
        {"StringEquals": {"aws:username": {"Ref": "Names"}}},
        {"StringEquals": {"aws:RequestedRegion": []}},  # the region has a rule of its own
        {"Ref": "Condition"},
        [],
        "x",
    ],
)
def test_accepts(condition: object) -> None:
    assert not findings(RULE, policy(condition))
