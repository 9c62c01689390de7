"""Rule iam-forallvalues-on-allow."""

import json

import pytest

from validator.testing import check_rule, findings

RULE = "iam-forallvalues-on-allow"
PATHS = {"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}}
KEYS = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "a"}}


def policy(condition: object, *, action: object = "s3:GetObject", effect: str = "Allow") -> dict[str, str]:
    statement = {"Effect": effect, "Action": action, "Resource": "*", "Condition": condition}
    return {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_what_only_lists_beside_it_is_meant() -> None:
    keys = {"ForAllValues:StringEquals": {"route53:ChangeResourceRecordSetsRecordTypes": ["TXT"]}}
    both = ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"]
    assert not findings(RULE, policy(keys, action=both))


def test_names_the_action_that_never_has_the_key() -> None:
    [finding] = findings(RULE, policy(KEYS, action=["dynamodb:GetItem", "dynamodb:Scan"]))
    assert "those of dynamodb:Scan never have it" in finding.message


@pytest.mark.parametrize("action", ["dynamodb:GetItem", "dynamodb:DeleteTable", "*", "dynamodb:NewerThanTheCatalogue"])
def test_accepts_actions_of_which_all_have_the_key_or_none(action: str) -> None:
    assert not findings(RULE, policy(KEYS, action=action))


@pytest.mark.parametrize(
    "guard",
    [
        {"Null": {"AWS:principalorgpaths": "false"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*"}},
    ],
)
def test_accepts_a_condition_that_does_not_hold_without_the_key(guard: dict[str, object]) -> None:
    assert not findings(RULE, policy({**PATHS, **guard}))


@pytest.mark.parametrize("guard", [{"Null": {"aws:PrincipalOrgPaths": "true"}}, {"Null": {"aws:TagKeys": "false"}}])
def test_takes_no_other_condition_for_one(guard: dict[str, object]) -> None:
    assert findings(RULE, policy({**PATHS, **guard}))


def test_accepts_it_on_a_deny() -> None:
    assert not findings(RULE, policy(PATHS, effect="Deny"))


@pytest.mark.parametrize("key", ["aws:TagKeys", "aws:PrincipalOrgID", "example.com:groups"])
def test_accepts(key: str) -> None:
    assert not findings(RULE, policy({"ForAllValues:StringEquals": {key: "a"}}))
