"""Rule iam-region-service-not-in-region."""

import json
from typing import Any

import pytest

from validator.testing import check_rule, findings, registry

RULE = "iam-region-service-not-in-region"


def files(*statements: dict[str, Any], config: str = "") -> dict[str, str]:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"policy.json": json.dumps(policy, indent=1), "stackproof.toml": config}


def allow(*regions: str, action: object = "apprunner:*") -> dict[str, Any]:
    condition = {"Condition": {"StringEquals": {"aws:RequestedRegion": list(regions)}}} if regions else {}
    return {"Effect": "Allow", "Action": action, "Resource": "*"} | condition


DENY = {
    "Effect": "Deny",
    "Action": "*",
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-2"}},
}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_runs_only_when_it_is_selected() -> None:
    rule = registry().rule(RULE)
    assert rule is not None
    assert not rule.default


@pytest.mark.parametrize(
    ("statements", "config"),
    [
        ([allow("eu-central-2", "eu-south-2", action=["ec2:*", "AppRunner:CreateService"])], ""),
        ([allow(action=["ec2:*", "AppRunner:CreateService"]), DENY], ""),
        ([allow(action=["ec2:*", "AppRunner:CreateService"])], 'approved-regions = ["eu-central-2"]'),
    ],
)
def test_points_at_the_action_that_allows_nothing(statements: list[dict[str, Any]], config: str) -> None:
    [finding] = findings(RULE, files(*statements, config=config))
    assert finding.at.value == "AppRunner:CreateService"
    assert "'AppRunner:CreateService' allows nothing: apprunner is not offered in eu-central-2" in finding.message


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(allow("eu-central-2", "eu-central-1"), id="one region has it"),
        pytest.param(allow("eu-central-2", action="ec2:*"), id="everywhere"),
        pytest.param(allow("eu-central-2", action="*"), id="not named"),
        pytest.param(allow("eu-central-2", action="nosuchservice:*"), id="unknown"),
        pytest.param(allow(), id="any region"),
        pytest.param(allow("nowhere-1"), id="no region"),
    ],
)
def test_accepts(statement: dict[str, Any]) -> None:
    assert not findings(RULE, files(statement))
