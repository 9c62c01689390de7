"""Rule iam-region-optin-controls-open."""

import json
from typing import Any

import pytest

from validator.testing import check_rule, findings

RULE = "iam-region-optin-controls-open"
CONFIG = '[[policies]]\nfiles = "scp.json"\nkind = "scp"\n'
LOCK = {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}
ADMIN = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}
SWITCHES = ["account:EnableRegion", "account:DisableRegion"]


def files(*statements: dict[str, Any], config: str = CONFIG) -> dict[str, str]:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"scp.json": json.dumps(policy, indent=1), "stackproof.toml": config}


def guard(*left_out: str, **elements: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "NotAction": list(left_out), "Resource": "*", "Condition": LOCK} | elements


def deny(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": SWITCHES, "Resource": "*"} | elements


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_points_at_what_leaves_them_out() -> None:
    [finding] = findings(RULE, files(guard("iam:*", "account:*")))
    assert finding.at.value == "account:*"
    assert finding.message == (
        "the guard leaves out account:EnableRegion and account:DisableRegion, and no other Deny stops them"
    )


def test_names_the_one_that_is_open() -> None:
    [finding] = findings(RULE, files(guard("account:*"), deny(Action="account:EnableRegion")))
    assert finding.message == "the guard leaves out account:DisableRegion, and no other Deny stops it"


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([guard("iam:*")], id="not left out"),
        pytest.param([guard("account:GetRegionOptStatus", "account:ListRegions")], id="reads left out"),
        pytest.param([guard("account:*"), deny()], id="denied"),
        pytest.param([guard("account:*"), deny(Condition=ADMIN)], id="denied but to some"),
        pytest.param([guard("account:*", Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}})], id="list"),
        pytest.param([{"Effect": "Allow", "NotAction": "account:*", "Resource": "*"}], id="Allow"),
    ],
)
def test_accepts(statements: list[dict[str, Any]]) -> None:
    assert not findings(RULE, files(*statements))


def test_an_identity_that_is_not_allowed_them_needs_no_deny() -> None:
    allowed = {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}
    assert not findings(RULE, files(guard("account:*"), allowed, config=""))
