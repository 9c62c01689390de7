"""Rule iam-condition-value-invalid."""

import json

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-condition-value-invalid"


def policy(operator: str, key: str, value: object) -> dict[str, str]:
    condition = {operator: {key: value}}
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": condition}
    return {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize("value", ["yes", 1, "", "*"])
@pytest.mark.parametrize("operator", ["Bool", "Null"])
def test_a_boolean_is_true_or_false(operator: str, value: object) -> None:
    assert findings(RULE, policy(operator, "aws:SecureTransport", value))


@pytest.mark.parametrize(
    "value", ["2026-02-30", "31/01/2026", "2026-01-01 00:00:00", "2026-01-01T25:00:00Z", "now", "2026-*"]
)
def test_a_date_is_one(value: str) -> None:
    assert findings(RULE, policy("DateLessThan", "aws:CurrentTime", value))


@pytest.mark.parametrize("value", ["ten", "1e3", "1_000", "*"])
def test_a_number_is_one(value: str) -> None:
    assert findings(RULE, policy("NumericLessThan", "aws:MultiFactorAuthAge", value))


@pytest.mark.parametrize("value", ["example.com", "203.0.113.*", "203.0.113.0/33", "203.0.113.0/255.0.0.0"])
def test_an_address_is_one(value: str) -> None:
    assert findings(RULE, policy("IpAddress", "aws:SourceIp", value))


def test_a_range_with_bits_beyond_its_prefix_is_rewritten() -> None:
    [finding] = findings(RULE, policy("IpAddress", "aws:SourceIp", "203.0.113.7/24"))
    assert (finding.severity, [edit.text for edit in finding.fix]) == (Severity.WARNING, ["203.0.113.0/24"])


def test_a_range_that_an_anchor_names_is_not_rewritten() -> None:
    text = """\
Version: '2012-10-17'
Id: &range 203.0.113.7/24
Statement:
  - {Effect: Deny, Action: 's3:*', Resource: '*', Condition: {NotIpAddress: {'aws:SourceIp': *range}}}
"""
    [finding] = findings(RULE, {"policy.yml": text})
    assert not finding.fix


@pytest.mark.parametrize(
    ("value", "severity"),
    [("10.0.0.0/8", Severity.WARNING), (["10.1.1.1", "203.0.113.0/24"], Severity.NOTE)],
)
def test_private_addresses_are_no_sources(value: object, severity: Severity) -> None:
    [finding] = findings(RULE, policy("IpAddress", "aws:SourceIp", value))
    assert finding.severity == severity


@pytest.mark.parametrize(
    ("value", "severity"),
    [("role/x", None), ("arn:aws:iam:111122223333:role/x", None), ("arn:aws:iam::*", Severity.WARNING)],
)
def test_an_arn_has_six_fields(value: str, severity: Severity | None) -> None:
    [finding] = findings(RULE, policy("ArnLike", "aws:PrincipalArn", value))
    assert finding.severity == severity


@pytest.mark.parametrize(
    ("key", "value", "advice"),
    [
        ("aws:SourceVpc", "vpce-0abc1234def567890", "aws:SourceVpce holds the id of a VPC endpoint"),
        ("aws:PrincipalAccount", "arn:aws:iam::111122223333:root", "aws:PrincipalArn holds an ARN"),
        ("aws:PrincipalOrgID", "o-a1b2c3d4e5/r-ab12/", "aws:PrincipalOrgPaths holds a path in an organization"),
        ("aws:PrincipalOrgID", "ou-ab12-11111111", "expected something like 'o-a1b2c3d4e5'"),
        ("aws:SourceAccount", "1111-2222-3333", "expected something like '111122223333'"),
        ("aws:SourceAccount", 11112222333, "expected something like '111122223333'"),
    ],
)
def test_an_id_is_of_the_kind_that_the_key_holds(key: str, value: object, advice: str) -> None:
    [finding] = findings(RULE, policy("StringEquals", key, value))
    assert finding.help == advice


def test_both_booleans_tell_nothing_apart() -> None:
    [finding] = findings(RULE, policy("Bool", "aws:SecureTransport", ["true", "false"]))
    assert (finding.severity, finding.at.value) == (Severity.WARNING, "false")


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("Bool", "aws:SecureTransport", True),
        ("Bool", "aws:SecureTransport", "TRUE"),
        ("Bool", "aws:SecureTransport", "${Secure}"),
        ("DateLessThan", "aws:CurrentTime", ["2026", "2026-01", "2026-01-31", "2026-01-31T10:00Z", 1700000000]),
        ("DateLessThan", "aws:CurrentTime", "2026-01-31T10:00:00.5+01:00"),
        ("NumericLessThan", "aws:MultiFactorAuthAge", ["10", 10, 1.5, "-1"]),
        ("IpAddress", "aws:SourceIp", ["203.0.113.7", "2001:db8::/32", "0.0.0.0/0", "<cidr>", "${Cidr}", "{{ cidr }}"]),
        ("IpAddress", "aws:VpcSourceIp", "10.0.0.0/8"),
        ("ArnLike", "aws:PrincipalArn", ["*", "arn:aws:s3:::b", "arn:*:iam::*:role/x", "${Arn}"]),
        ("StringEquals", "aws:SourceAccount", ["111122223333", 111122223333, "ACCOUNT_ID", "<account>"]),
        ("StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/*/ou-ab12-*"),
        ("StringLike", "aws:SourceVpce", "vpce-*"),
        ("StringEquals", "aws:PrincipalOrgID", "my-organization"),
        ("StringEquals", "aws:PrincipalTag/vpc", "vpce-0abc1234def567890"),
        ("StringEquals", "aws:RequestedRegion", "111122223333"),
    ],
)
def test_accepts(operator: str, key: str, value: object) -> None:
    assert not findings(RULE, policy(operator, key, value))
