"""One action in one region."""

import json
from typing import Any

import pytest

from validator.iam.alike import apart
from validator.iam.clause import layer
from validator.iam.decision import decide
from validator.iam.policy import Policy
from validator.iam.regions import regions
from validator.parse import parse

EU, US = "eu-central-1", "us-east-1"
LOCK = {"StringNotEquals": {"aws:RequestedRegion": EU}}


def of(*statements: dict[str, Any], version: str = "2012-10-17", **options: Any) -> Any:
    text = json.dumps({"Version": version, "Statement": list(statements)})
    return layer([Policy(parse("p.json", text).root, "identity")], **options)


def allow(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "*", "Resource": "*"} | elements


def deny(**elements: Any) -> dict[str, Any]:
    return allow(Effect="Deny", **elements)


def kind(*statements: dict[str, Any], action: str = "sqs:CreateQueue", region: str = US, **options: Any) -> str:
    return decide([of(*statements)], action, region, **options).kind


def test_every_layer_must_allow() -> None:
    scp, boundary, identity = of(deny(Condition=LOCK), full=True), of(allow(Action="sqs:*")), of(allow())
    assert decide([scp, boundary, identity], "sqs:CreateQueue", EU).kind == "always"
    assert decide([scp, boundary, identity], "sqs:CreateQueue", US).kind == "never"
    assert decide([scp, boundary, identity], "sns:CreateTopic", EU).kind == "never"
    assert decide([boundary, identity], "sqs:CreateQueue", US).kind == "always"


def test_layers_must_allow_the_same_resource() -> None:
    here, there = (of(allow(Resource=f"arn:aws:sqs:*:*:{name}")) for name in ("a*", "b*"))
    assert decide([here, there], "sqs:CreateQueue", US).kind == "never"
    assert decide([here, of(allow(Resource="arn:aws:sqs:*:*:*b"))], "sqs:CreateQueue", US).resource.endswith(":ab")


def test_the_context_names_only_the_keys_that_are_needed() -> None:
    team = {"StringNotEquals": LOCK["StringNotEquals"] | {"aws:PrincipalTag/team": "web"}}
    policy = of(allow(), deny(Condition=team), deny(Condition={"Bool": {"aws:ViaAWSService": "true"}}))
    decision = decide([policy], "sqs:CreateQueue", US)
    assert (decision.kind, decision.context) == ("if", {"aws:PrincipalTag/team": "web"})


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:sqs:eu-*:*:*",
        "arn:aws:sqs:${aws:RequestedRegion}-x:*:*",
        "arn:aws:s3:::*",
        "arn:aws:sqs::*:*",
    ],
)
def test_resources_elsewhere_are_out_of_reach(resource: str) -> None:
    assert kind(allow(Resource=resource)) == "never"


def test_the_regions_variable_is_known() -> None:
    assert kind(allow(Resource="arn:aws:sqs:${aws:RequestedRegion}:*:*")) == "always"


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (allow(Resource="arn:aws:sqs:*:*:${aws:username}"), "Resource holds ${aws:username}"),
        (allow(Action={"Ref": "P"}), "an action is made by a function"),
        (allow(Effect={"Ref": "P"}), "an Effect is made by a function"),
        (allow(Resource={"Ref": "P"}), "an element of Resource is made by a function"),
        ({"Fn::If": ["C", allow(), {"Ref": "AWS::NoValue"}]}, "the statement stands under an Fn::If"),
        (
            allow(Condition={"Bool": {"aws:RequestedRegion": "true"}}),
            "aws:RequestedRegion is compared by an operator for another type, which is undefined",
        ),
        (
            allow(Condition={"StringEquals": {"aws:RequestRegion": "x"}}),
            "aws:RequestRegion is no condition key that AWS has",
        ),
        (allow(NotPrincipal={"AWS": "x"}), "whom the statement is about is not known"),
    ],
)
def test_what_cannot_be_known_is_undecided(statement: dict[str, Any], reason: str) -> None:
    decision = decide([of(statement)], "sqs:CreateQueue", US)
    assert (decision.kind, decision.reason) == ("unknown", reason)


@pytest.mark.parametrize("known", [allow(), deny()])
def test_what_cannot_be_known_does_not_matter_where_the_outcome_is_the_same(known: dict[str, Any]) -> None:
    unsure = allow(Resource="arn:aws:sqs:*:*:${aws:username}")
    assert kind(unsure, known) == ("always" if known["Effect"] == "Allow" else "never")


def test_what_is_not_known_of_other_actions_does_not_matter() -> None:
    branch = {"Fn::If": ["C", deny(Action="s3:*"), {"Ref": "AWS::NoValue"}]}
    assert kind(allow(), branch) == "always"
    assert kind(allow(), branch, action="s3:CreateBucket") == "unknown"


@pytest.mark.parametrize(
    ("action", "key", "found"),
    [
        ("sqs:CreateQueue", "s3:prefix", "never"),
        ("s3:ListBucket", "s3:prefix", "if"),
        ("s3:CreateBucket", "cognito-identity.amazonaws.com:aud", "if"),
        ("s3:CreateBucket", "saml:aud", "if"),
        ("ssm:StartSession", "ec2:SourceInstanceARN", "if"),
    ],
)
def test_a_services_own_keys_are_absent_from_requests_to_others(action: str, key: str, found: str) -> None:
    assert kind(allow(Condition={"StringLike": {key: "a*"}}), action=action) == found


@pytest.mark.parametrize(("region", "found"), [(EU, "always"), (US, "never")])
def test_ec2_has_its_own_name_for_the_region(region: str, found: str) -> None:
    condition = {"StringEquals": {"ec2:Region": EU}}
    assert kind(allow(Condition=condition), action="ec2:RunInstances", region=region) == found
    assert kind(allow(Condition=condition), region=region) == "never"


def test_every_required_resource_must_be_allowed() -> None:
    kinds = ("instance", "network-interface", "security-group", "subnet")
    most = [f"arn:aws:ec2:*:*:{one}/*" for one in kinds]
    assert kind(allow(Resource=most), action="ec2:RunInstances") == "never"
    assert kind(allow(Resource=[*most, "arn:aws:ec2:*::image/*"]), action="ec2:RunInstances") == "always"


def test_an_action_without_resources_takes_only_a_star() -> None:
    assert kind(allow(Resource="arn:aws:ec2:*:*:*"), action="ec2:DescribeInstances") == "never"
    assert kind(allow(Resource="*"), action="ec2:DescribeInstances") == "always"


@pytest.mark.parametrize(
    ("resource", "found"),
    [("*", "always"), ("arn:aws:sqs:eu-central-1:*:*", "never"), ("arn:aws:sqs:us-*:*:*", "unknown")],
)
def test_nobody_knows_the_resources_of_an_undocumented_action(resource: str, found: str) -> None:
    assert kind(allow(Resource=resource), action="sqs:FlyAway") == found


def test_principals_that_may_act_anywhere_do_not_count() -> None:
    condition = LOCK | {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}
    assert kind(allow(), deny(Condition=condition)) == "if"
    assert kind(allow(), deny(Condition=condition), principals=("arn:*:iam::*:role/admin",)) == "never"


def test_it_says_why_each_deny_misses() -> None:
    statements = (
        {"Effect": "Deny", "NotAction": "sqs:*", "Resource": "*"},
        deny(Action="s3:*"),
        deny(Condition={"StringEquals": {"aws:RequestedRegion": "us-west-2"}}),
        deny(Resource="arn:aws:sqs:*:*:private-*"),
    )
    assert [why for _, why in decide([of(allow(), *statements)], "sqs:CreateQueue", US).denies] == [
        "its NotAction leaves out sqs:CreateQueue",
        "it is not about sqs:CreateQueue",
        "its condition does not hold where aws:RequestedRegion is 'us-east-1'",
        "it is about other resources",
    ]


def test_regions_that_nothing_tells_apart_are_tried_once() -> None:
    clauses = of(allow(Resource="arn:aws:sqs:eu-*:*:*"), deny(Condition=LOCK)).clauses
    assert set(apart(clauses, "sqs:CreateQueue", ["us-east-1", "us-west-2", EU, "eu-west-1", "eu-west-2"])) == {
        "us-east-1", EU, "eu-west-1",
    }  # fmt: skip


@pytest.mark.parametrize(
    "resource", ["arn:aws:sqs:*west*:*:*", "arn:*1:*", "arn:aws:sqs:??-*-1:*:q", "arn:aws:sqs:*:*:*"]
)
def test_regions_that_are_not_tried_are_decided_alike(resource: str) -> None:
    policy = of(allow(Resource=resource), deny(Condition={"StringLike": {"aws:RequestedRegion": "ap-*"}}))
    found = {
        decide([policy], "sqs:CreateQueue", name).kind for name in apart(policy.clauses, "sqs:CreateQueue", regions())
    }
    assert found == {decide([policy], "sqs:CreateQueue", name).kind for name in regions()}
