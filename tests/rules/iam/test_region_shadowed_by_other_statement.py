"""Rule iam-region-shadowed-by-other-statement."""

import json
from typing import Any

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-region-shadowed-by-other-statement"
CONFIG = 'approved-regions = ["eu-central-1"]\n'
HERE = {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}


def files(*statements: dict[str, Any], config: str = CONFIG, name: str = "policy.json") -> dict[str, str]:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return {name: json.dumps(policy, indent=1), "stackproof.toml": config}


def allow(*actions: str, **elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*"} | elements


def here(*actions: str, **elements: Any) -> dict[str, Any]:
    return allow(*actions, Condition=HERE, **elements)


def deny(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": "*", "Resource": "*"} | elements


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_names_both_statements_and_points_at_the_action() -> None:
    [finding] = findings(RULE, files(here("ec2:*", Sid="Here"), allow("ec2:Describe*", "ec2:RunInstances", Sid="Too")))
    assert finding.message == (
        "statement 'Too' allows ec2:RunInstances in us-east-1 too, which statement 'Here' allows in eu-central-1 only"
    )
    assert finding.at.value == "ec2:RunInstances"
    assert [node.value for node, _ in finding.related] == ["eu-central-1"]
    assert finding.severity is None


def test_without_configuration_the_regions_that_are_named_count() -> None:
    [finding] = findings(RULE, files(here("ec2:*"), allow("ec2:RunInstances"), config=""))
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    "statements",
    [
        [allow("sqs:*"), here("sqs:CreateQueue", "sqs:Get*")],
        [here("SQS:createqueue"), allow("sqs:Create*")],
        [here("sqs:*", Resource="arn:aws:sqs:*:*:a"), allow("sqs:*", Resource="arn:aws:sqs:*:*:*")],
        [here("sqs:*"), {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}],
        # The other condition holds for whatever request.
        [here("sqs:*"), allow("sqs:*", Condition={"Bool": {"aws:SecureTransport": ["true", "false"]}})],
        # The Deny is about something else.
        [here("sqs:*"), allow("sqs:*"), deny(Action="s3:*")],
        [here("sqs:*"), allow("sqs:*"), deny(Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}})],
    ],
)
@pytest.mark.parametrize("config", [CONFIG, ""])
def test_reports(statements: list[dict[str, Any]], config: str) -> None:
    assert len(findings(RULE, files(*statements, config=config))) == 1


@pytest.mark.parametrize(
    "statements",
    [
        # Reads, and global services.
        [here("ec2:*"), allow("ec2:Describe*", "ec2:Get*")],
        [here("iam:*", "route53:*", "sts:*"), allow("iam:*", "route53:*", "sts:*")],
        # Each allows regions of its own.
        [here("ec2:*"), allow("ec2:*", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}})],
        # Less than all that the first allows: exceptions for one queue, one tag, one role.
        [here("sqs:*"), allow("sqs:*", Resource="arn:aws:sqs:us-east-1:*:alarms")],
        [here("sqs:*"), allow("sqs:*", Condition={"StringEquals": {"aws:ResourceTag/team": "a"}})],
        [here("sqs:*"), allow("sqs:*", Condition={"Bool": {"aws:ViaAWSService": "false"}})],
        # Different actions, and different resources.
        [here("ec2:*"), allow("sqs:*")],
        [here("s3:*", Resource="arn:aws:s3:::a/*"), allow("s3:*", Resource="arn:aws:s3:::b/*")],
        [here("sqs:*", Resource="arn:aws:sqs:eu-central-1:*:*"), allow("sqs:*")],
        # A Deny keeps both where they belong.
        [here("ec2:*"), allow("ec2:*"), deny(Condition={"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}})],
        [here("ec2:*"), allow("ec2:*"), deny()],
        [here("ec2:*")],
        [allow("ec2:*", Condition={"StringEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/r}"}}), allow("ec2:*")],
        [allow("ec2:*", Condition={"StringEquals": {"aws:RequestedRegion": "<region>"}}), allow("ec2:*")],
    ],
)
@pytest.mark.parametrize("config", [CONFIG, ""])
def test_accepts(statements: list[dict[str, Any]], config: str) -> None:
    assert not findings(RULE, files(*statements, config=config))


def test_an_exception_from_a_statement_about_everything_is_held_against_the_configuration_only() -> None:
    statements = here("*"), allow("s3:*")
    assert len(findings(RULE, files(*statements))) == 1
    assert not findings(RULE, files(*statements, config=""))


def test_what_is_exempt_is_silent() -> None:
    exempt = CONFIG + 'exempt = { services = ["sqs"] }\n'
    assert not findings(RULE, files(here("sqs:*"), allow("sqs:*"), config=exempt))


def test_each_statement_is_reported_once() -> None:
    found = findings(RULE, files(here("sqs:*"), here("sqs:Create*"), allow("sqs:*"), allow("sqs:CreateQueue")))
    assert [finding.at.path[1] for finding in found] == [2, 3]


def test_inline_policies_of_one_role_add_up() -> None:
    def document(statement: dict[str, Any]) -> dict[str, Any]:
        return {"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": statement}}

    trust = {
        "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    }
    properties = {"AssumeRolePolicyDocument": trust, "Policies": [document(here("sqs:*")), document(allow("sqs:*"))]}
    template = {"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": properties}}}
    [finding] = findings(RULE, {"template.json": json.dumps(template), "stackproof.toml": CONFIG})
    assert finding.at.path[4] == 1
