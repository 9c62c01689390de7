"""Rule iam-region-guard-incomplete."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.iam.clause import layer
from validator.iam.decision import decide
from validator.iam.policy import Policy
from validator.iam.proof import prove
from validator.parse import parse
from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-region-guard-incomplete"
CONFIG = 'approved-regions = ["eu-central-1", "eu-west-1"]\n'
LOCK = {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
GLOBAL = ["iam:*", "organizations:*", "route53:*", "cloudfront:*", "support:*", "sts:*"]
EXAMPLES = Path(__file__).parents[4] / "shared/corpus/iam/aws-scp-examples"


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=1)


def files(*statements: dict[str, Any], config: str = CONFIG, name: str = "policy.json") -> dict[str, str]:
    return {name: policy(*statements), "stackproof.toml": config}


def deny(*left_out: str, **elements: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "NotAction": [*GLOBAL, *left_out], "Resource": "*", "Condition": LOCK} | elements


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_points_at_the_value_that_leaves_it_out_and_keeps_what_aws_exempts_to_a_note() -> None:
    worse, usual = findings(RULE, files(EVERYTHING, deny("s3:*", "kms:*", "ec2:Describe*")))
    assert worse.at.value == "s3:*"
    assert worse.message == "the NotAction leaves out s3:CreateBucket, so that it can be called in us-east-1"
    assert worse.severity is None
    assert usual.at.value == "kms:*"
    assert usual.message == (
        "as lists of AWS do, the NotAction leaves out the regional kms: kms:CreateKey can be called in us-east-1"
    )
    assert usual.severity is Severity.NOTE


def test_several_values_are_one_finding_with_a_place_for_each() -> None:
    [finding] = findings(RULE, files(EVERYTHING, deny("logs:PutLogEvents", "lambda:Create*", "s3:*", "glue:*")))
    assert finding.message == (
        "the NotAction leaves out s3:CreateBucket, lambda:CreateFunction, logs:PutLogEvents, glue:CreateBlueprint, "
        "so that s3:CreateBucket can be called in us-east-1"
    )
    assert [node.value for node, _ in finding.related[1:]] == ["s3:*", "lambda:Create*", "logs:PutLogEvents", "glue:*"]


def test_without_configuration_the_regions_of_the_guard_count_and_it_is_a_warning() -> None:
    [finding] = findings(RULE, files(EVERYTHING, deny("s3:*"), config=""))
    assert finding.severity is Severity.WARNING


def test_in_a_service_control_policy_nothing_needs_to_be_allowed() -> None:
    [finding] = findings(RULE, files(deny("s3:*"), name="scp/regions.json"))
    assert finding.at.value == "s3:*"


def test_a_guessed_kind_makes_it_a_warning() -> None:
    [finding] = findings(RULE, files(deny("s3:*"), name="scp/regions.json"))
    certain = CONFIG + '[[policies]]\nfiles = "scp/*.json"\nkind = "scp"\n'
    [other] = findings(RULE, files(deny("s3:*"), name="scp/regions.json", config=certain))
    assert (finding.severity, other.severity) == (Severity.WARNING, None)


@pytest.mark.parametrize(
    "statements",
    [
        [EVERYTHING, deny()],
        # Only reads, and services at home elsewhere, or tolerated, are left out.
        [EVERYTHING, deny("s3:Get*", "s3:ListAllMyBuckets", "ec2:Describe*", "globalaccelerator:*")],
        # Nothing is left out.
        [EVERYTHING, {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": LOCK}],
        # What is left out is denied elsewhere by another statement, or not allowed at all.
        [EVERYTHING, deny("s3:*"), {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": LOCK}],
        [EVERYTHING, deny("s3:*"), {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}],
        [EVERYTHING | {"Action": "ec2:*"}, deny("s3:*")],
        [deny("s3:*")],
        # What is left out is allowed in these regions only.
        [EVERYTHING | {"Condition": {"StringEquals": LOCK["StringNotEquals"]}}, deny("s3:*")],
        # A denylist, and a statement that is about a bucket, are no guards of everything.
        [EVERYTHING, deny("s3:*", Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}})],
        [EVERYTHING, {"Effect": "Deny", "Action": "ec2:*", "Resource": "*", "Condition": LOCK}],
        # Nobody knows which regions these are.
        [EVERYTHING, deny("s3:*", Condition={"StringNotEquals": {"aws:RequestedRegion": "{{ regions }}"}})],
        [EVERYTHING, deny("s3:*", Condition={"StringNotEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/r}"}})],
        # With another key that a plain request lacks, it stops nothing whatever it leaves out.
        [EVERYTHING, deny("s3:*", Condition=LOCK | {"StringEquals": {"aws:PrincipalTag/env": "dev"}})],
        # An action that AWS does not have, or no longer has.
        [EVERYTHING, deny("nosuch:*", "mobilehub:*", "s3:CreateBuckets")],
        [EVERYTHING, deny(7, None)],  # type: ignore[arg-type]
        [EVERYTHING, deny() | {"NotAction": []}],
    ],
)
@pytest.mark.parametrize("config", [CONFIG, ""])
def test_accepts(statements: list[dict[str, Any]], config: str) -> None:
    assert not findings(RULE, files(*statements, config=config))


@pytest.mark.parametrize(
    "other",
    [
        {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/break-glass"}},
        {"StringNotEquals": LOCK["StringNotEquals"] | {"aws:PrincipalTag/team": "platform"}},
        {"Bool": {"aws:ViaAWSService": "false"}},
    ],
)
def test_who_is_exempt_by_another_key_is_not_its_business(other: dict[str, Any]) -> None:
    assert not findings(RULE, files(EVERYTHING, deny(Condition=LOCK | other)))
    [finding] = findings(RULE, files(EVERYTHING, deny("s3:*", Condition=LOCK | other)))
    assert finding.at.value == "s3:*"


@pytest.mark.parametrize(
    "condition",
    [
        {"StringNotEqualsIgnoreCase": {"AWS:requestedregion": "EU-central-1"}},
        {"StringNotLike": {"aws:RequestedRegion": "eu-*"}},
        {"ForAllValues:StringNotEquals": {"aws:RequestedRegion": ["eu-central-1"]}},
        {"StringNotEqualsIfExists": {"aws:RequestedRegion": "eu-central-1"}},
    ],
)
def test_reads_every_spelling_of_a_guard(condition: dict[str, Any]) -> None:
    [finding] = findings(RULE, files(EVERYTHING, deny("s3:*", Condition=condition)))
    assert finding.at.value == "s3:*"


def test_a_region_that_the_guard_allows_is_not_its_fault() -> None:
    wider = {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "us-east-1"]}}
    [finding] = findings(RULE, files(EVERYTHING, deny("s3:*", Condition=wider)))
    assert finding.message.endswith("can be called in us-west-2")


def test_two_guards_that_leave_out_the_same_are_one_finding() -> None:
    [finding] = findings(RULE, files(EVERYTHING, deny("s3:*"), deny("s3:*")))
    assert finding.at.path[1] == 1


def test_what_is_exempt_by_the_configuration_is_left_out_with_right() -> None:
    assert not findings(RULE, files(EVERYTHING, deny("s3:*"), config=CONFIG + 'exempt = { services = ["s3"] }\n'))
    assert not findings(RULE, files(EVERYTHING, deny("s3:*"), config=CONFIG + 'exempt = { actions = ["s3:*"] }\n'))


def test_a_list_of_services_is_held_to_what_it_does_not_name() -> None:
    listed = {"Effect": "Deny", "Action": ["ec2:*", "s3:*", "rds:*"], "Resource": "*", "Condition": LOCK}
    [finding] = findings(RULE, files(EVERYTHING, listed))
    assert finding.message.startswith("the Action does not name lambda:CreateFunction, dynamodb:CreateTable, ")
    assert finding.at.value == listed["Action"]
    assert not findings(RULE, files(EVERYTHING, listed, config=""))
    assert not findings(RULE, files(EVERYTHING, listed, deny()))
    assert not findings(RULE, files(EVERYTHING | {"Action": ["ec2:*", "s3:Put*"]}, listed))


def test_what_a_statement_leaves_out_is_open_also_where_a_template_does_without_the_statement() -> None:
    statement = {"Fn::If": ["Locked", deny("s3:*"), {"Ref": "AWS::NoValue"}]}
    document = {"Version": "2012-10-17", "Statement": [EVERYTHING, statement]}
    role = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}
    conditions = {"Locked": {"Fn::Equals": ["a", {"Ref": "AWS::StackName"}]}}
    template = json.dumps({"Conditions": conditions, "Resources": {"Role": role}})
    [finding] = findings(RULE, {"template.json": template, "stackproof.toml": CONFIG})
    assert finding.at.value == "s3:*"


def test_a_template_deployed_to_two_regions_has_it_once() -> None:
    here = {"StringNotEquals": {"aws:RequestedRegion": {"Ref": "AWS::Region"}}}
    document = {"Version": "2012-10-17", "Statement": [EVERYTHING, deny("s3:*", Condition=here)]}
    role = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}
    found = findings(RULE, {"template.json": json.dumps({"Resources": {"Role": role}}), "stackproof.toml": CONFIG})
    assert len(found) == 1


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the corpus is not there")
@pytest.mark.parametrize("config", [CONFIG, ""])
def test_what_aws_publishes_gets_no_more_than_a_note(config: str) -> None:
    texts = {f"scp/{path.name}": path.read_text(encoding="utf-8") for path in EXAMPLES.glob("Region*.json")}
    found = findings(RULE, texts | {"stackproof.toml": config})
    assert {finding.severity for finding in found} == {Severity.NOTE}


def test_the_list_of_control_tower_gets_no_more_than_a_note() -> None:
    data = Path(decide.__code__.co_filename).parent / "data/published_exemptions.json"
    names = json.loads(data.read_text(encoding="utf-8"))["lists"]["controltower"]["actions"]
    [finding] = findings(RULE, files(EVERYTHING, deny(*names)))
    assert finding.severity is Severity.NOTE
    assert "regional kms, access-analyzer, acm, compute-optimizer, config and 7 more" in finding.message


PATTERNS = st.sampled_from(
    ["s3:*", "s3:Get*", "kms:*", "kms:Create*", "ec2:*", "ec2:Run*", "ec2:Describe*", "sqs:CreateQueue", "*",
     "lambda:*", "s3:PutObject", "S3:putbucket*", "rds:?elete*", "iam:*", "sns:*", "acm:*", "dynamodb:*Item"]
)  # fmt: skip
REGIONS = st.lists(st.sampled_from(["eu-central-1", "eu-west-1", "us-east-1", "us-west-2"]), min_size=1, max_size=3)
DENIES = st.builds(
    lambda names, but, where, own: {
        "Effect": "Deny",
        "NotAction" if but else "Action": names,
        "Resource": "*" if own is None else own,
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": where}},
    },
    st.lists(PATTERNS, min_size=1, max_size=4),
    st.booleans(),
    REGIONS,
    st.sampled_from([None, None, "arn:aws:s3:::*", "arn:aws:sqs:*:*:*"]),
)


@given(st.lists(DENIES, min_size=1, max_size=3))
@pytest.mark.parametrize("rule_id", [RULE, "iam-region-guard-resource-gap"])
def test_what_is_proved_to_be_confined_has_no_error(rule_id: str, denies: list[dict[str, Any]]) -> None:
    text = policy(EVERYTHING, *denies)
    layers = [layer([Policy(parse("policy.json", text).root, "identity")])]
    errors = [one for one in findings(rule_id, {"policy.json": text, "stackproof.toml": CONFIG}) if not one.severity]
    assert not errors or prove(layers, ["eu-central-1", "eu-west-1"]).verdict == "escapes"


@given(st.lists(DENIES, min_size=1, max_size=3))
def test_whatever_it_names_can_be_called_outside(denies: list[dict[str, Any]]) -> None:
    text = policy(EVERYTHING, *denies)
    layers = [layer([Policy(parse("policy.json", text).root, "identity")])]
    for finding in findings(RULE, {"policy.json": text, "stackproof.toml": CONFIG}):
        region = finding.message.rpartition(" ")[2]
        named = re.findall(r"\b[a-z0-9-]+:[A-Z]\w+", finding.message)
        assert named
        assert decide(layers, named[0], region).kind == "always"
        others = ("us-east-1", "us-west-2", "us-east-2")
        assert all("always" in {decide(layers, action, one).kind for one in others} for action in named)
