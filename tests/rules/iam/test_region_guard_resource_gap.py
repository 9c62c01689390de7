"""Rule iam-region-guard-resource-gap."""

import json
from typing import Any

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-region-guard-resource-gap"
CONFIG = 'approved-regions = ["eu-central-1"]\n'
LOCK = {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def files(*statements: dict[str, Any], config: str = CONFIG, name: str = "policy.json") -> dict[str, str]:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return {name: json.dumps(policy, indent=1), "stackproof.toml": config}


def deny(**elements: Any) -> dict[str, Any]:
    actions = {} if "NotAction" in elements else {"Action": "*"}
    return {"Effect": "Deny", "Condition": LOCK} | actions | elements


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize("pattern", ["arn:aws:*", "arn:*", "arn:aws:*:*:*:*", "arn:aws:*:eu-west-1:*:*"])
def test_a_pattern_of_arns_is_not_all_there_is(pattern: str) -> None:
    [finding] = findings(RULE, files(EVERYTHING, deny(Resource=pattern)))
    assert finding.at.value == pattern
    assert finding.severity is None
    assert finding.message.startswith("the Resource does not cover ")


def test_says_which_call_is_not_covered() -> None:
    [finding] = findings(RULE, files(EVERYTHING, deny(Resource="arn:aws:*")))
    named, _, called = finding.message.partition(": ")
    assert named == "the Resource does not cover a call that names no resource"
    assert called.endswith(" can be called in us-east-1")


def test_not_resource_leaves_out_what_it_names() -> None:
    statements = EVERYTHING, deny(NotResource=["arn:aws:s3:::shared", "arn:aws:s3:::shared/*"])
    [finding] = findings(RULE, files(*statements))
    assert finding.message == (
        "the NotResource does not cover arn:aws:s3:::shared: s3:CreateBucket can be called in us-east-1"
    )
    assert finding.severity is None


@pytest.mark.parametrize(
    ("elements", "severity"),
    [({"Resource": "arn:aws:*"}, Severity.WARNING), ({"NotResource": "arn:aws:s3:::shared"}, Severity.NOTE)],
)
def test_without_configuration_the_regions_of_the_guard_count(elements: dict[str, Any], severity: Severity) -> None:
    [finding] = findings(RULE, files(EVERYTHING, deny(**elements), config=""))
    assert finding.severity is severity


def test_whoever_leaves_out_iam_means_more_than_a_bucket() -> None:
    [finding] = findings(RULE, files(EVERYTHING, deny(NotAction=["iam:*", "sts:*"], Resource="arn:aws:s3:::b/*")))
    assert finding.message == (
        "the Resource does not cover arn:aws:ec2:us-east-1:123456789012:subnet/example: "
        "ec2:RunInstances can be called in us-east-1"
    )


@pytest.mark.parametrize(
    "statements",
    [
        [EVERYTHING, deny(Resource="*")],
        [EVERYTHING, deny(Resource=["arn:aws:s3:::b", "*"])],
        # Another guard covers the rest.
        [EVERYTHING, deny(Resource="arn:aws:*"), deny(Resource="*")],
        # These are about one thing, and mention a region.
        [EVERYTHING, deny(Resource="arn:aws:s3:::b/*")],
        [EVERYTHING, deny(Resource=["arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:ec2:*:*:instance/*"])],
        [EVERYTHING, deny(NotAction="s3:GetObject", Resource="arn:aws:s3:::b/*")],
        [EVERYTHING, {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:*", "Condition": LOCK}],
        # Nothing allows what is left.
        [EVERYTHING | {"Resource": "arn:aws:sqs:*:*:*", "Action": "sqs:*"}, deny(Resource="arn:aws:*")],
        [EVERYTHING | {"Action": "ec2:*"}, deny(NotResource="arn:aws:s3:::b")],
        [EVERYTHING | {"Action": "iam:*"}, deny(Resource="arn:aws:*")],
        [deny(Resource="arn:aws:*")],
        # A denylist, and an Allow.
        [EVERYTHING, deny(Resource="arn:aws:*", Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}})],
        [EVERYTHING | {"Resource": "arn:aws:*", "Condition": {"StringEquals": LOCK["StringNotEquals"]}}],
        [EVERYTHING, deny(Resource=[])],
        [EVERYTHING, deny()],
    ],
)
@pytest.mark.parametrize("config", [CONFIG, ""])
def test_accepts(statements: list[dict[str, Any]], config: str) -> None:
    assert not findings(RULE, files(*statements, config=config))


def test_a_service_control_policy_lets_go_what_it_does_not_cover() -> None:
    certain = CONFIG + '[[policies]]\nfiles = "scp/*.json"\nkind = "scp"\n'
    [guessed] = findings(RULE, files(deny(Resource="arn:aws:*"), name="scp/a.json"))
    [finding] = findings(RULE, files(deny(Resource="arn:aws:*"), name="scp/a.json", config=certain))
    assert (guessed.severity, finding.severity) == (Severity.WARNING, None)


def test_a_resource_that_a_function_makes_is_not_judged() -> None:
    document = {"Version": "2012-10-17", "Statement": [EVERYTHING, deny(Resource={"Fn::ImportValue": "everything"})]}
    role = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}
    assert not findings(RULE, {"template.json": json.dumps({"Resources": {"Role": role}}), "stackproof.toml": CONFIG})
