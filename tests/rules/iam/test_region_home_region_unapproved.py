"""Rule iam-region-home-region-unapproved."""

import json
from typing import Any

import pytest

from validator.testing import check_rule, findings

RULE = "iam-region-home-region-unapproved"
CONFIG = 'approved-regions = ["eu-central-1"]\n'
LOCK = {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def files(*statements: dict[str, Any], config: str = CONFIG) -> dict[str, str]:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"policy.json": json.dumps(policy, indent=1), "stackproof.toml": config}


def deny(*left_out: str, **elements: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "NotAction": list(left_out), "Resource": "*", "Condition": LOCK} | elements


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_says_which_and_where() -> None:
    [finding] = findings(RULE, files(EVERYTHING, deny("route53:*", "iam:*", "sts:*", "globalaccelerator:*", "s3:Get*")))
    assert finding.message == (
        "outside the approved regions, the NotAction lets iam, route53, globalaccelerator be called in "
        "us-east-1, us-west-2, and sts in every region"
    )
    assert finding.at.path == ("Statement", 1, "NotAction")


def test_once_for_each_set() -> None:
    assert len(findings(RULE, files(EVERYTHING, deny("iam:*"), deny("iam:*", "route53:*")))) == 1


@pytest.mark.parametrize(
    ("statements", "config"),
    [
        ([EVERYTHING, deny("iam:*")], ""),
        ([EVERYTHING, deny("iam:*")], 'approved-regions = ["eu-central-1", "us-east-1"]\n'),
        ([EVERYTHING, deny("iam:*")], CONFIG + 'exempt = { services = ["iam"] }\n'),
        # support can be called in one of several, of which one is approved.
        ([EVERYTHING, deny("support:*")], 'approved-regions = ["eu-west-1"]\n'),
        ([EVERYTHING, deny("s3:Get*", "sts:*")], CONFIG),
        ([EVERYTHING | {"Action": "ec2:*"}, deny("iam:*")], CONFIG),
        ([EVERYTHING, deny("iam:*"), {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}], CONFIG),
        ([EVERYTHING, deny("iam:*"), {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": LOCK}], CONFIG),
        # No exemption is written here.
        ([EVERYTHING], CONFIG),
        ([EVERYTHING | {"Action": "iam:*"}], CONFIG),
        ([EVERYTHING, deny("iam:*", Condition={"StringEquals": {"aws:RequestedRegion": "us-west-2"}})], CONFIG),
    ],
)
def test_accepts(statements: list[dict[str, Any]], config: str) -> None:
    assert not findings(RULE, files(*statements, config=config))
