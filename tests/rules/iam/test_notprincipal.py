"""Rule iam-notprincipal."""

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-notprincipal"
POLICY = """\
Statement:
  - Effect: {effect}
    NotPrincipal: {{AWS: 'arn:aws:iam::123456789012:root'}}
    Action: s3:GetObject
    Resource: arn:aws:s3:::reports/*
{more}
"""
LIMIT = "    Condition: {StringEquals: {'aws:PrincipalOrgID': o-a1b2c3d4e5}}"


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("effect", "more", "severity"),
    [("Allow", "", None), ("Allow", LIMIT, Severity.WARNING), ("Deny", "", Severity.WARNING)],
)
def test_an_allow_is_worst_where_no_condition_may_limit_it(effect: str, more: str, severity: Severity | None) -> None:
    [finding] = findings(RULE, {"policy.yml": POLICY.format(effect=effect, more=more)})
    assert finding.severity is severity
    assert (finding.at.span.line, finding.at.span.column) == (3, 5)


@pytest.mark.parametrize("effect", ["Permit", "{Ref: Effect}"])
def test_says_nothing_of_an_effect_that_is_not_known(effect: str) -> None:
    assert not findings(RULE, {"policy.yml": POLICY.format(effect=effect, more="")})


def test_a_notprincipal_that_may_be_left_out_is_none() -> None:
    principal = "{AWS: 'arn:aws:iam::123456789012:root'}"
    text = POLICY.format(effect="Allow", more="").replace(principal, f"!If [A, {principal}, !Ref AWS::NoValue]")
    assert not findings(RULE, {"policy.yml": text})
