"""Rules iam-region-escape and iam-region-escape-conditional."""

import json
from typing import Any

import pytest

from validator.rule import Severity
from validator.testing import findings, undecided

CONFIG = 'approved-regions = ["eu-central-1", "eu-west-1"]\n'
HERE = {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}
LOCK = {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}


def files(*statements: dict[str, Any], config: str = CONFIG) -> dict[str, str]:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"policy.json": json.dumps(policy, indent=1), "stackproof.toml": config}


def allow(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"} | elements


def deny(**elements: Any) -> dict[str, Any]:
    return allow(Effect="Deny", **elements)


def test_the_message_names_what_can_be_called_and_why_no_deny_stops_it() -> None:
    [finding] = findings(
        "iam-region-escape", files(allow(), deny(Action="s3:*"), deny(Resource="arn:aws:sqs:*:*:x", Condition=LOCK))
    )
    assert finding.message == (
        "sqs:CreateQueue can be called in us-east-1, and so can sqs:AddPermission, sqs:CancelMessageMoveTask"
    )
    assert [why for _, why in finding.related] == [
        "this Deny does not stop it: it is not about sqs:CreateQueue",
        "this Deny does not stop it: it is about other resources",
    ]
    assert finding.at.value == "sqs:*"


def test_reads_are_a_note() -> None:
    [finding] = findings("iam-region-escape", files(allow(Action="sqs:Get*")))
    assert finding.severity is Severity.NOTE


def test_a_confined_policy_is_no_finding() -> None:
    assert not findings("iam-region-escape", files(allow(), deny(Condition=LOCK)))


def test_without_approved_regions_there_is_nothing_to_prove() -> None:
    assert not findings("iam-region-escape", files(allow(), config=""))


def test_a_region_that_is_a_tag_of_the_principal_is_undecided() -> None:
    tag = {"StringEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/TargetRegion}"}}
    [found] = undecided("iam-region-escape", files(allow(Condition=tag)))
    assert found.reason == ("where it can act: aws:RequestedRegion is compared with ${aws:PrincipalTag/TargetRegion}")


def test_the_value_that_opens_it_is_named() -> None:
    condition = {"StringNotEquals": LOCK["StringNotEquals"] | {"aws:PrincipalTag/team": "web"}}
    policy = files(allow(), deny(Condition=condition))
    [finding] = findings("iam-region-escape-conditional", policy)
    assert finding.message == "sqs:CreateQueue can be called in us-east-1 where aws:PrincipalTag/team is 'web'"
    assert [why for _, why in finding.related] == [
        "this Deny does not stop it: its condition does not hold where aws:PrincipalTag/team is 'web'"
    ]
    assert not findings("iam-region-escape", policy)


def test_a_role_that_may_act_anywhere_is_silent() -> None:
    condition = LOCK | {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}
    exempt = CONFIG + 'exempt = { principals = ["arn:*:iam::*:role/admin"] }\n'
    assert findings("iam-region-escape-conditional", files(allow(), deny(Condition=condition)))
    assert not findings("iam-region-escape-conditional", files(allow(), deny(Condition=condition), config=exempt))


SCP = '[[policies]]\nfiles = "*.json"\nkind = "{}"\n'


def test_an_organization_policy_about_something_else_is_not_judged() -> None:
    leave = deny(Action="organizations:LeaveOrganization")
    for kind in ("scp", "rcp"):
        assert not findings("iam-region-escape", files(leave, config=CONFIG + SCP.format(kind)))
    assert findings("iam-region-escape", files(allow(), leave, config=CONFIG + SCP.format("boundary")))


def test_an_organization_policy_that_speaks_of_regions_is() -> None:
    partly = {"Effect": "Deny", "NotAction": "kms:*", "Resource": "*", "Condition": LOCK}
    [finding] = findings("iam-region-escape", files(partly, config=CONFIG + SCP.format("scp")))
    assert finding.message.startswith("kms:CreateKey can be called in us-east-1")
    # AWS's own example of such a policy leaves kms out.
    assert finding.severity is Severity.WARNING
    partly = {"Effect": "Deny", "NotAction": ["kms:*", "s3:*"], "Resource": "*", "Condition": LOCK}
    [finding] = findings("iam-region-escape", files(partly, config=CONFIG + SCP.format("scp")))
    assert finding.severity is None


ROLE = """
Parameters: {{P: {{Type: String}}}}
Conditions: {{C: !Equals [!Ref P, a]}}
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Statement: []}}
      {properties}
"""
OPEN, GUARD = (
    {"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": one}}
    for one in (allow(), deny(Action="*", Condition=LOCK))
)
MANAGED = "ManagedPolicyArns: [arn:aws:iam::aws:policy/{}]"


def template(properties: str, *policies: dict[str, Any]) -> dict[str, str]:
    text = ROLE.format(properties=properties) + (f"      Policies: {json.dumps(policies)}\n" if policies else "")
    return {"template.yml": text, "stackproof.toml": CONFIG}


@pytest.mark.parametrize(
    "policies",
    [
        {"Fn::If": ["C", [OPEN], [GUARD]]},
        [OPEN, {"Fn::If": ["C", GUARD, {"Ref": "AWS::NoValue"}]}],
        [{"Fn::If": ["C", OPEN, GUARD]}],
    ],
)
def test_a_deny_in_one_branch_does_not_save_an_allow_in_another(policies: object) -> None:
    [finding] = findings("iam-region-escape", template(f"Policies: {json.dumps(policies)}"))
    assert finding.message.startswith("sqs:CreateQueue can be called in us-east-1")


def test_a_deny_in_the_same_branch_does() -> None:
    policies = {"Fn::If": ["C", [OPEN, GUARD], [GUARD]]}
    assert not findings("iam-region-escape", template(f"Policies: {json.dumps(policies)}"))


def test_what_is_attached_and_not_at_hand_is_named() -> None:
    here = {"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": allow(Condition=HERE)}}
    files = template(MANAGED.format("AmazonS3FullAccess"), here)
    [found] = undecided("iam-region-escape", files)
    assert found.reason == (
        "where it can act: the text of arn:aws:iam::aws:policy/AmazonS3FullAccess, which is attached, is not at hand"
    )


def test_what_is_not_at_hand_does_not_matter_under_a_guard() -> None:
    files = template(MANAGED.format("AmazonS3FullAccess"), OPEN, GUARD)
    assert not findings("iam-region-escape", files)
    assert not undecided("iam-region-escape", files)


def test_what_is_not_at_hand_does_not_hide_an_escape() -> None:
    assert findings("iam-region-escape", template(MANAGED.format("AmazonS3FullAccess"), OPEN))


@pytest.mark.parametrize(
    ("attached", "severity"),
    [
        ("arn:aws:iam::aws:policy/AmazonS3FullAccess", None),
        ("arn:aws:iam::123456789012:policy/region-guard", Severity.WARNING),
    ],
)
def test_a_policy_that_is_not_at_hand_may_be_the_guard(attached: str, severity: Severity | None) -> None:
    here = {"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": allow()}}
    [finding] = findings("iam-region-escape", template(f"ManagedPolicyArns: [{attached}]", here))
    assert finding.severity is severity


def test_administrator_access_escapes_where_it_is_attached() -> None:
    [finding] = findings("iam-region-escape", template(MANAGED.format("AdministratorAccess")))
    assert finding.at.value == "arn:aws:iam::aws:policy/AdministratorAccess"
    assert not findings("iam-region-escape", template(MANAGED.format("AdministratorAccess"), GUARD))


def test_policies_that_a_loop_makes_are_judged() -> None:
    loop = ["N", ["A"], {"R${N}": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [OPEN]}}}]
    files = {"template.yml": json.dumps({"Resources": {"Fn::ForEach::Roles": loop}}), "stackproof.toml": CONFIG}
    assert findings("iam-region-escape", files)


def test_the_advice_is_about_the_statement_that_opens_it() -> None:
    rule = "iam-region-escape-conditional"
    [unguarded] = findings(rule, files(allow(Condition={"StringEquals": {"aws:PrincipalTag/team": "web"}})))
    assert unguarded.help.startswith("limit it by a condition on aws:RequestedRegion as well")
    both = {"StringNotEquals": LOCK["StringNotEquals"] | {"aws:PrincipalTag/team": "web"}}
    [guarded] = findings(rule, files(allow(), deny(Condition=both)))
    assert guarded.help.startswith("deny by the region alone")
