"""Rule iam-region-denylist."""

import json
from typing import Any

import pytest

from validator.testing import findings

RULE = "iam-region-denylist"
CONFIG = 'approved-regions = ["eu-central-1", "eu-west-1"]\n'
LISTED = {"StringEquals": {"aws:RequestedRegion": ["us-east-1", "us-west-2"]}}
LOCK = {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}
NO_ADMIN = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}


def allow(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "*", "Resource": "*"} | elements


def deny(**elements: Any) -> dict[str, Any]:
    return allow(Effect="Deny") | elements


def files(*statements: dict[str, Any], config: str = CONFIG) -> dict[str, str]:
    return {
        "policy.json": json.dumps({"Version": "2012-10-17", "Statement": list(statements)}),
        "stackproof.toml": config,
    }


def test_says_what_is_left_open_and_what_to_name_instead() -> None:
    [finding] = findings(RULE, files(allow(), deny(Condition=LISTED)))
    assert finding.message == "all regions but us-east-1, us-west-2 are left open, those to come included"
    assert finding.help == "deny all but the regions that are meant: eu-central-1, eu-west-1"
    assert (finding.at.value, finding.at.is_key) == ("aws:RequestedRegion", True)


def test_names_no_regions_where_none_are_approved() -> None:
    [finding] = findings(RULE, files(allow(), deny(Condition=LISTED), config=""))
    assert finding.help == "deny all but the regions that are meant"


@pytest.mark.parametrize(
    "statements",
    [
        [deny(Condition=LISTED)],
        [allow(), {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*", "Condition": LISTED}],
        [allow(), deny(Condition=LISTED | NO_ADMIN)],
        [allow(Action=["ec2:*", "s3:Get*"]), deny(Action=["ec2:*", "s3:*"], Condition=LISTED)],
        [allow(), deny(Condition={"StringLike": {"aws:RequestedRegion": "us-*"}})],
        [allow(), deny(Condition={"StringEqualsIgnoreCase": {"aws:RequestedRegion": "US-East-1"}})],
        [allow(Condition={"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}})],
        [allow(), deny(Condition=LISTED), deny(Action="s3:*", Condition=LOCK)],
    ],
)
def test_reports_a_guard_of_all_that_is_allowed(statements: list[dict[str, Any]]) -> None:
    assert len(findings(RULE, files(*statements))) == 1


@pytest.mark.parametrize(
    "statements",
    [
        [allow(), deny(Condition=LOCK)],
        [allow(), deny(Condition=LOCK), deny(Condition=LISTED)],
        [allow(Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}), deny(Condition=LISTED)],
        [allow(), deny(Action="s3:*", Condition=LISTED)],
        [allow(Action=["ec2:*", "s3:*"]), deny(Action="ec2:*", Condition=LISTED)],
        [allow(), deny(Resource="arn:aws:s3:::b/*", Condition=LISTED)],
        [allow(), deny(Condition={"StringEquals": LISTED["StringEquals"] | {"aws:PrincipalTag/team": "web"}})],
        [allow(), deny(Condition={"StringLike": {"aws:RequestedRegion": "*"}})],
        [allow(), deny(Condition={"StringEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/Home}"}})],
        [allow(), deny(Condition={"StringEquals": {"aws:RequestedRegion": []}})],
        [
            allow(
                Condition={
                    "StringNotEquals": {"aws:RequestedRegion": "eu-west-3"},
                    "StringLike": {"aws:RequestedRegion": "eu-*"},
                }
            )
        ],
        [deny(Action="ec2:*", Condition=LISTED)],
    ],
)
def test_accepts(statements: list[dict[str, Any]]) -> None:
    assert not findings(RULE, files(*statements))


@pytest.mark.parametrize(("action", "count"), [("*", 1), ("ec2:*", 0)])
def test_a_service_control_policy_guards_everything_or_is_a_narrow_rule(action: str, count: int) -> None:
    kind = '[[policies]]\nfiles = "policy.json"\nkind = "scp"\n'
    assert len(findings(RULE, files(deny(Action=action, Condition=LISTED), config=CONFIG + kind))) == count


def test_a_guard_in_another_policy_of_the_set_counts() -> None:
    config = CONFIG + '[[policy-sets]]\nscp = ["scp.json"]\nidentity = ["policy.json"]\n'
    lock = {"scp.json": files(deny(Condition=LOCK))["policy.json"]}
    assert not findings(RULE, files(allow(), deny(Condition=LISTED), config=config) | lock)
