"""Rule iam-region-arn-wildcard."""

import json
from typing import Any

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-region-arn-wildcard"
CONFIG = 'approved-regions = ["eu-central-1", "eu-west-1"]\n'
OPEN = "arn:aws:sqs:*:111122223333:bills"
FIXED = "arn:aws:sqs:eu-central-1:111122223333:orders"
LOCK = {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}


def files(*statements: dict[str, Any], config: str = CONFIG) -> dict[str, str]:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"policy.json": json.dumps(policy, indent=1), "stackproof.toml": config}


def allow(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "sqs:*", "Resource": OPEN} | elements


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_points_at_the_arn_and_writes_it_as_it_should_be() -> None:
    [finding] = findings(RULE, files(allow(Resource=[FIXED, OPEN])))
    assert (finding.at.value, finding.severity) == (OPEN, None)
    assert finding.message == f"the region in {OPEN!r} is open: sqs:CreateQueue can be called in us-east-1"
    assert finding.help == (
        "write 'arn:aws:sqs:eu-central-1:111122223333:bills', and the same for eu-west-1, "
        "or limit the statement by aws:RequestedRegion"
    )


def test_a_pattern_says_what_else_it_takes_in() -> None:
    [finding] = findings(RULE, files(allow(Resource="arn:aws:sqs:eu-w*:111122223333:bills")))
    assert finding.message == "the region in 'arn:aws:sqs:eu-w*:111122223333:bills' takes in eu-west-2, eu-west-3"


# Keeps to a region, so that another ARN which does not is worth a word.
BESIDE = allow(Resource=FIXED)


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([allow(Resource=FIXED)], id="fixed"),
        pytest.param([allow(Resource="*")], id="no ARN"),
        pytest.param([allow(Effect="Deny")], id="Deny"),
        pytest.param([allow(Action="sqs:Get*")], id="reads"),
        pytest.param([allow(Action="s3:*", Resource="arn:aws:s3:::bucket/*")], id="no region in the format"),
        pytest.param([allow(Action="iam:*", Resource="arn:aws:iam:*:111122223333:role/x")], id="global"),
        pytest.param([allow(Action="s3:*")], id="another service"),
        pytest.param([allow(Condition={"StringLike": {"AWS:requestedregion": "eu-west-1"}})], id="condition"),
        pytest.param(
            [
                allow(
                    Action="kms:Decrypt",
                    Resource="arn:aws:kms:*:111122223333:key/*",
                    Condition={"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}},
                )
            ],
            id="region in another condition",
        ),
        pytest.param([allow(), allow(Effect="Deny", Resource="*", Condition=LOCK)], id="Deny elsewhere"),
        pytest.param([{"Effect": "Allow", "Action": "sqs:*", "NotResource": OPEN}], id="NotResource"),
        pytest.param([allow(Resource={"Ref": "Queue"})], id="function"),
        pytest.param([allow(Resource=[[OPEN], 7, None])], id="wrong types"),
        pytest.param([allow(Resource=["arn:aws:sqs:*", "arn:aws:*:*:*:*", "arn::sqs:*:1:x"])], id="malformed"),
        pytest.param([allow(Resource="arn:aws:sqs:${region}:111122223333:bills")], id="placeholder"),
    ],
)
def test_accepts(statements: list[dict[str, Any]]) -> None:
    assert not findings(RULE, files(BESIDE, *statements))


def test_a_policy_that_keeps_to_no_region_is_told_of_its_escape_only() -> None:
    assert not findings(RULE, files(allow()))
    assert findings(RULE, files(allow(), allow(Action="sns:*", Resource="arn:aws:sns:eu-*:111122223333:x")))


def test_a_condition_of_its_own_does_not_hide_it() -> None:
    tagged = {"StringEquals": {"aws:ResourceTag/team": "web"}}
    assert findings(RULE, files(BESIDE, allow(Condition=tagged)))


def test_what_is_exempt_is_no_finding() -> None:
    assert not findings(RULE, files(BESIDE, allow(), config=CONFIG + 'exempt = { services = ["sqs"] }\n'))
    assert not findings(RULE, files(BESIDE, allow(), config=CONFIG + 'exempt = { actions = ["sqs:*"] }\n'))


def test_an_action_on_several_resources_is_open_where_all_of_them_are() -> None:
    elsewhere = [f"arn:aws:ec2:*:111122223333:{each}/*" for each in ("instance", "network-interface", "security-group")]
    rest = ["arn:aws:ec2:*::image/*", "arn:aws:ec2:*:111122223333:subnet/*", "arn:aws:ec2:*:111122223333:volume/*"]
    run = allow(Action="ec2:RunInstances", Resource=[*elsewhere, *rest])
    fixed = allow(Action="ec2:RunInstances", Resource=[*elsewhere, *(arn.replace("*", "eu-west-1", 1) for arn in rest)])
    assert findings(RULE, files(BESIDE, run))
    assert not findings(RULE, files(BESIDE, fixed))


def test_without_configuration_it_is_a_note_where_the_policy_keeps_to_regions_itself() -> None:
    [beside] = findings(RULE, files(allow(Resource=[FIXED, OPEN]), config=""))
    locked = allow(Action="s3:*", Resource="*", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}})
    [guarded] = findings(RULE, files(locked, allow(), config=""))
    assert {beside.severity, guarded.severity} == {Severity.NOTE}
    assert "'arn:aws:sqs:eu-west-1:111122223333:bills'" in guarded.help


def test_without_regions_to_keep_to_nothing_is_said() -> None:
    assert not findings(RULE, files(allow(), allow(Action="sqs:SendMessage", Resource=FIXED), config=""))


def test_functions_of_a_template_are_evaluated() -> None:
    template = """\
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - !If
            - Big
            - {Effect: Allow, Action: "sqs:*", Resource: !Sub "arn:${AWS::Partition}:sqs:*:${AWS::AccountId}:q"}
            - !Ref AWS::NoValue
          - {Effect: Allow, Action: "sqs:*", Resource: !Sub "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:q"}
"""
    [finding] = findings(RULE, {"t.yml": template, "stackproof.toml": CONFIG})
    assert finding.at.span.line == 10
    assert finding.message == "the region in 'arn:aws:sqs:*:…:q' is open: sqs:CreateQueue can be called in us-east-1"
    assert finding.help.startswith("write 'eu-central-1' in place of '*', and the same for eu-west-1")


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([allow()] * 10_000, id="statements"),
        pytest.param(
            [allow(Resource=[OPEN] * 200), *[allow(Effect="Deny", Resource=FIXED)] * 100], id="ARNs by Denies"
        ),
    ],
)
def test_more_than_anybody_writes_is_left_to_the_proof(statements: list[dict[str, Any]]) -> None:
    assert not findings(RULE, files(*statements))
