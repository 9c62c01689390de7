"""Rules iam-region-escape and iam-region-escape-conditional."""

import json
from typing import Any

from validator.rule import Severity
from validator.testing import findings, undecided

CONFIG = 'approved-regions = ["eu-central-1", "eu-west-1"]\n'
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
