"""Rules iam-region-set-operator and iam-region-ifexists-redundant."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.iam.condition import atoms
from validator.parse import parse
from validator.testing import findings

SET = "iam-region-set-operator"
EXISTS = "iam-region-ifexists-redundant"
REGION = {"aws:RequestedRegion": "eu-west-1"}
OF_EC2 = {"ec2:Region": "eu-west-1"}
TAGS = {"aws:TagKeys": ["team"]}


def policy(condition: dict[str, Any], action: object = "ec2:*") -> dict[str, str]:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*", "Condition": condition}
    return {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


@pytest.mark.parametrize(
    ("rule", "written", "plain"),
    [
        (SET, "ForAllValues:StringNotLike", "StringNotLike"),
        (SET, "ForAnyValue:StringEquals", "StringEquals"),
        (SET, "ForAllValues:StringEqualsIfExists", "StringEqualsIfExists"),
        (EXISTS, "StringNotEqualsIfExists", "StringNotEquals"),
        (EXISTS, "ForAllValues:StringEqualsIfExists", "ForAllValues:StringEquals"),
    ],
)
def test_drops_what_changes_nothing(rule: str, written: str, plain: str) -> None:
    [finding] = findings(rule, policy({written: REGION}, "*"))
    assert (finding.at.value, finding.help) == (written, f"write {plain!r}")
    assert [edit.text for edit in finding.fix] == [plain]


@pytest.mark.parametrize(
    ("rule", "condition"),
    [
        (SET, {"ForAllValues:StringEquals": REGION, "StringEquals": {"aws:PrincipalTag/team": "a"}}),
        (SET, {"ForAllValues:StringEquals": REGION, "ForAnyValue:StringEquals": TAGS}),
        (EXISTS, {"StringEqualsIfExists": REGION, "StringEquals": {"aws:PrincipalTag/team": "a"}}),
        (EXISTS, {"StringEqualsIfExists": REGION, "ForAllValues:StringEquals": TAGS}),
    ],
)
def test_offers_no_fix_where_operators_would_merge(rule: str, condition: dict[str, Any]) -> None:
    [finding] = findings(rule, policy(condition))
    assert not finding.fix


def test_a_key_with_several_values_may_need_the_prefix() -> None:
    [finding] = findings(SET, policy({"ForAllValues:StringEquals": REGION | TAGS}))
    assert (finding.at.value, finding.fix) == ("aws:RequestedRegion", ())
    assert finding.help == "compare it by 'StringEquals', apart from the other keys"


@pytest.mark.parametrize("action", ["*", ["ec2:*", "s3:*"], ["ec2:*", {"Ref": "Action"}], "e*:Get*"])
def test_the_region_of_ec2_is_absent_elsewhere(action: object) -> None:
    [finding] = findings(SET, policy({"ForAllValues:StringEquals": OF_EC2}, action))
    assert not finding.fix
    assert not findings(EXISTS, policy({"StringEqualsIfExists": OF_EC2}, action))


def test_every_request_to_ec2_has_its_region() -> None:
    [finding] = findings(EXISTS, policy({"StringEqualsIfExists": OF_EC2}, ["EC2:Run*", "ec2:Stop*"]))
    assert finding.message == "ec2:Region is in every request to EC2, so that 'IfExists' changes nothing"
    assert finding.fix


@pytest.mark.parametrize(
    ("rule", "condition"),
    [
        (SET, {"StringEqualsIfExists": REGION}),
        (SET, {"ForAllValues:StringEquals": TAGS}),
        (SET, {"ForAllValues:ArnLike": REGION}),
        (EXISTS, {"StringEquals": REGION}),
        (EXISTS, {"StringNotEqualsIfExists": REGION | {"aws:PrincipalTag/team": "a"}}),
        (EXISTS, {"BoolIfExists": REGION}),
        (EXISTS, {"StringEqualsIfExists": {"Ref": "Keys"}}),
    ],
)
def test_accepts(rule: str, condition: dict[str, Any]) -> None:
    assert not findings(rule, policy(condition))


NAMES = ["eu-west-1", "eu-west-2", "us-east-1"]


@given(
    st.sampled_from(["ForAllValues:", "ForAnyValue:", ""]),
    st.sampled_from(["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"]),
    st.sampled_from(["IfExists", ""]),
    st.lists(st.sampled_from([*NAMES, "EU-West-1", "eu-*", "*-1"]), min_size=1),
    st.sampled_from(NAMES),
)
def test_prefix_and_suffix_change_nothing_for_a_key_that_is_there(
    prefix: str, operator: str, suffix: str, values: list[str], region: str
) -> None:
    text = json.dumps({prefix + operator + suffix: {"aws:RequestedRegion": values}})
    plain = json.dumps({operator: {"aws:RequestedRegion": values}})
    [one], [other] = (list(atoms(parse("c.json", each).root, variables=True)) for each in (text, plain))
    assert one.holds(region) is other.holds(region)


def test_keeps_the_quotes_within_a_text() -> None:
    inner = json.dumps(policy({"ForAllValues:StringEquals": REGION})["policy.json"])
    template = '{"Resources": {"P": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": POLICY}}}}'
    text = template.replace("POLICY", inner)
    [finding] = findings(SET, {"t.json": text})
    [edit] = finding.fix
    assert text[edit.span.start - 2 : edit.span.end + 2] == '\\"ForAllValues:StringEquals\\"'
