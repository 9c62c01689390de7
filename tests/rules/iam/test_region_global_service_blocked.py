"""Rule iam-region-global-service-blocked."""

import json
from typing import Any

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-region-global-service-blocked"
LOCK = {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}
HERE = {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
FIVE = ["iam:*", "organizations:*", "support:*", "route53:*", "cloudfront:*"]


def files(*statements: dict[str, Any], config: str = "", name: str = "policy.json") -> dict[str, str]:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return {name: json.dumps(policy, indent=1), "stackproof.toml": config}


def allow(*actions: str, **elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*"} | elements


def deny(*left_out: str, **elements: Any) -> dict[str, Any]:
    actions = {"NotAction": list(left_out)} if left_out else {"Action": "*"}
    return {"Effect": "Deny", "Resource": "*", "Condition": LOCK} | actions | elements


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_names_the_services_that_one_needs_most_and_points_at_the_action() -> None:
    [finding] = findings(RULE, files(EVERYTHING, deny()))
    assert finding.message == (
        "iam, organizations, support, route53, cloudfront and 23 more can only be called in us-east-1, us-west-2, "
        "eu-west-1, us-east-2, which statement 2 denies"
    )
    assert finding.help == "write NotAction, which names them, and 'sts:*' if its global endpoint is used"
    assert (finding.at.value, finding.at.path[1]) == ("*", 1)


def test_says_the_same_of_an_allow() -> None:
    [finding] = findings(RULE, files(allow("*", Condition=HERE)))
    assert finding.message.endswith("eu-west-1, us-east-2, which statement 1 does not allow")
    assert finding.help.startswith("allow them in a statement of their own, for us-east-1, ")


def test_the_home_region_is_that_of_the_partition() -> None:
    lock = {"StringNotEquals": {"aws:RequestedRegion": "cn-northwest-1"}}
    [finding] = findings(RULE, files(EVERYTHING, deny(Condition=lock)))
    assert finding.message == "iam, support can only be called in cn-north-1, which statement 2 denies"


@pytest.mark.parametrize(
    ("left_out", "severity"),
    [
        (["s3:Get*"], Severity.WARNING),
        (["budgets:*"], Severity.WARNING),
        (["route53:*", "cloudfront:*"], Severity.WARNING),
        (["iam:*"], Severity.NOTE),
        (["iam:*", "route53:*", "support:*", "cloudfront:*"], Severity.NOTE),
    ],
)
def test_who_has_left_out_iam_but_not_all_five_gets_a_note(left_out: list[str], severity: Severity) -> None:
    [finding] = findings(RULE, files(EVERYTHING, deny(*left_out)))
    assert finding.severity is severity


@pytest.mark.parametrize(
    "statements",
    [
        [allow("ec2:*", "budgets:*"), deny()],
        [allow("ec2:*", "budgets:ViewBudget"), deny(*FIVE)],
        [allow("ec2:*", "cloudfront:CreateInvalidation", Condition=HERE)],
        [allow("iam:Get*", "iam:PassRole"), deny(Condition=LOCK | {"Bool": {"aws:ViaAWSService": "false"}})],
        [allow("iam:*"), deny(Condition=LOCK | {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}})],
        # One regions' list after the other, in two statements.
        [allow("iam:*"), deny(), deny("s3:*")],
        [allow("iam:*"), deny(Condition={"StringEquals": {"aws:RequestedRegion": ["us-east-1", "us-west-2"]}})],
    ],
)
def test_a_service_that_is_allowed_by_name_counts(statements: list[dict[str, Any]]) -> None:
    [finding] = findings(RULE, files(*statements))
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    "statements",
    [
        [EVERYTHING, deny(*FIVE)],
        # Not allowed at all, or denied anyway.
        [allow("ec2:*", "s3:*"), deny()],
        [allow("ec2:*", "s3:*", Condition=HERE)],
        [allow("ec2:*", "s3:*", Condition=HERE), allow("iam:*", "cloudfront:*")],
        [deny()],
        [EVERYTHING, deny(*FIVE[1:]), {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}],
        # A part of the service is left out, so that somebody has thought of it.
        [EVERYTHING, deny(*FIVE[1:], "iam:Get*", "iam:List*")],
        # Passing a role is no call to IAM, for all that is known.
        [allow("ec2:*", "iam:PassRole", Condition=HERE)],
        [allow("ec2:*", "iam:PassRole"), deny()],
        # The home region is among those that are named; these are about other things, or nobody knows.
        [EVERYTHING, deny(Condition={"StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "us-west-2"]}})],
        [EVERYTHING, deny(Condition={"StringNotLike": {"aws:RequestedRegion": "us-*"}})],
        [EVERYTHING, deny(Resource="arn:aws:s3:::b/*")],
        [EVERYTHING, deny(Condition=LOCK | {"StringEquals": {"aws:PrincipalTag/env": "dev"}})],
        [EVERYTHING, deny(Condition={"StringNotEquals": {"aws:RequestedRegion": "{{ region }}"}})],
        [EVERYTHING, deny(Condition={"StringNotEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/r}"}})],
        [EVERYTHING, deny(Condition={"StringNotEquals": {"ec2:Region": "eu-central-1"}}, Action="ec2:*")],
    ],
)
def test_accepts(statements: list[dict[str, Any]]) -> None:
    assert not findings(RULE, files(*statements))


def test_a_resource_control_policy_is_about_few_services() -> None:
    config = '[[policies]]\nfiles = "rcp/*.json"\nkind = "rcp"\n'
    assert not findings(RULE, files(deny() | {"Principal": "*"}, name="rcp/a.json", config=config))


def test_a_service_control_policy_takes_in_what_identities_may_be_allowed() -> None:
    [finding] = findings(RULE, files(deny(), name="scp/a.json"))
    assert finding.message.startswith("iam, ")


def test_a_template_deployed_to_two_regions_has_it_once() -> None:
    here = {"StringNotEquals": {"aws:RequestedRegion": {"Ref": "AWS::Region"}}}
    document = {"Version": "2012-10-17", "Statement": [EVERYTHING, deny(Condition=here)]}
    role = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}
    config = 'approved-regions = ["eu-central-1", "eu-west-1"]\n'
    found = findings(RULE, {"template.json": json.dumps({"Resources": {"Role": role}}), "stackproof.toml": config})
    assert len(found) == 1
