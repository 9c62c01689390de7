"""What is proved of whole policies."""

import json
from typing import Any

import pytest

from validator.iam.clause import layer
from validator.iam.policy import Policy
from validator.iam.proof import Proof, prove
from validator.parse import parse
from validator.settings import Exempt

EU = "eu-central-1"
LOCK = {"StringNotEquals": {"aws:RequestedRegion": EU}}


def proof(*statements: Any, approved: tuple[str, ...] = (EU,), **options: Any) -> Proof:
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return prove([layer([Policy(parse("p.json", text).root, "identity")])], approved, **options)


def allow(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Resource": "*"} | ({} if "NotAction" in elements else {"Action": "*"}) | elements


def deny(**elements: Any) -> dict[str, Any]:
    return allow(Effect="Deny", **elements)


def test_the_best_known_actions_come_first() -> None:
    assert [one.action for one in proof(allow()).witnesses] == [
        "ec2:RunInstances",
        "s3:CreateBucket",
        "lambda:CreateFunction",
    ]


def test_the_statement_that_is_named_allows_it_on_no_resource_in_particular() -> None:
    found = proof(
        allow(Sid="Stores", Action="verifiedpermissions:CreatePolicyStore"),
        allow(Sid="Within", Action="verifiedpermissions:*", Resource="arn:aws:verifiedpermissions::*:policy-store/*"),
        deny(Sid="Else", Action="s3:*"),
    )
    named = {one.action: one.allow.statement.sid for one in found.witnesses if one.allow is not None}
    assert named["verifiedpermissions:CreatePolicyStore"] == "Stores"


def test_a_key_of_one_service_does_not_hide_the_others() -> None:
    found = proof(allow(), deny(Condition=LOCK | {"StringNotEquals": LOCK["StringNotEquals"] | {"s3:prefix": "x"}}))
    assert (found.verdict, found.witnesses[0].action) == ("escapes-if", "s3:CreateBucket")


@pytest.mark.parametrize(
    ("region", "approved", "verdict"),
    [
        ("eu-south-9", (EU,), "escapes"),
        ("eu-south-9", (EU, "eu-south-9"), "confined"),
        ("eu-centrl-1", (EU,), "confined"),
        ("EU-WEST-1", (EU,), "escapes"),
    ],
)
def test_regions_that_are_not_launched_count_and_typos_do_not(
    region: str, approved: tuple[str, ...], verdict: str
) -> None:
    condition = {"StringEqualsIgnoreCase": {"aws:RequestedRegion": [EU, region]}}
    assert proof(allow(Condition=condition), approved=approved).verdict == verdict


def test_a_region_in_an_arn_counts_as_one_that_can_be_launched() -> None:
    found = proof(allow(Action="sqs:*", Resource="arn:aws:sqs:mx-south-7:*:*"))
    assert (found.verdict, found.witnesses[0].region) == ("escapes", "mx-south-7")


def test_what_is_approved_may_stand_for_no_other_region() -> None:
    future = [
        f"{head}-{place}-{number}" for head in ("us", "eu") for place in ("north", "east") for number in (1, 2, 3)
    ]
    condition = {"StringNotLike": {"aws:RequestedRegion": ["*"]}}
    assert proof(allow(), deny(Condition=condition), approved=(EU, *future)).verdict == "escapes"


@pytest.mark.parametrize(
    ("via", "verdict"),
    [
        ({"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}, "confined"),
        ({"StringEquals": {"kms:viaservice": ["s3.eu-central-1.amazonaws.com", "rds.us-east-1.amazonaws.com"]}}, "if"),
        ({"StringLike": {"kms:ViaService": "*.eu-central-1.amazonaws.com"}}, "confined"),
        ({"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}}, "if"),
        ({"StringLike": {"kms:ViaService": "s3.*"}}, "if"),
        ({"StringLike": {"kms:ViaService": "*.eu-central-1.*"}}, "confined"),
        ({"StringEquals": {"kms:ViaService": "s3.${aws:RequestedRegion}.amazonaws.com"}}, "if"),
        ({"StringNotEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}, "escapes"),
        ({"StringEqualsIfExists": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}, "escapes"),
    ],
)
def test_who_calls_kms_calls_it_in_its_own_region(via: dict[str, Any], verdict: str) -> None:
    found = proof(allow(Action="kms:CreateGrant", Condition=via))
    assert found.verdict == ("escapes-if" if verdict == "if" else verdict)


def tagged(resource: str, value: str) -> dict[str, Any]:
    return allow(
        Action="ec2:AttachVolume",
        Resource=f"arn:aws:ec2:*:*:{resource}/*",
        Condition={"StringEquals": {"aws:ResourceTag/e": value}},
    )


def test_each_resource_of_a_request_has_tags_of_its_own() -> None:
    assert proof(tagged("volume", "a"), tagged("instance", "b")).verdict == "escapes-if"
    assert proof(tagged("volume", "a")).verdict == "confined"


def test_a_deny_by_a_tag_of_one_resource_does_not_stop_another() -> None:
    elsewhere = {"StringNotEquals": {"aws:RequestedRegion": EU, "aws:ResourceTag/kind": "x"}}
    denies = [
        deny(Resource=f"arn:aws:ec2:*:*:{one}/*", Condition=elsewhere | {"Null": {"aws:ResourceTag/kind": "false"}})
        for one in ("volume", "instance")
    ]
    assert proof(allow(Action="ec2:AttachVolume"), *denies).verdict == "escapes"


def test_resources_that_may_be_alternatives_are_not_all_demanded() -> None:
    """AWS lists a stream and a consumer as required, and a tag is put on one of them."""
    found = proof(allow(Action="kinesis:TagResource", Resource="arn:aws:kinesis:*:111122223333:stream/orders"))
    assert (found.verdict, found.reason) == (
        "undecided",
        "AWS does not say whether kinesis:TagResource needs each of its resources or one",
    )


@pytest.mark.parametrize("key", ["ec2:SourceInstanceARN", "lambda:SourceFunctionArn", "ssm:SourceInstanceARN"])
def test_a_key_of_one_service_may_be_in_requests_to_others(key: str) -> None:
    arn = "arn:aws:ec2:*:123456789012:instance/*"
    assert proof(allow(Action="s3:PutObject", Condition={"ArnLike": {key: arn}})).verdict == "escapes-if"


def test_sending_data_elsewhere_is_no_reading() -> None:
    assert proof(allow(Action="bedrock:InvokeModel")).verdict == "escapes"


def test_what_is_exempt_is_said() -> None:
    found = proof(allow(Action=["sqs:*", "sts:*", "iam:*"]), exempt=Exempt(services=("sqs",)))
    assert (found.verdict, found.exempt, found.homes) == ("confined", ("sqs", "sts"), ("iam",))
    assert proof(allow(Action="sqs:*"), exempt=Exempt(actions=("SQS:*",))).verdict == "confined"


def test_reads_are_tolerated_and_said() -> None:
    found = proof(allow(Action="sqs:Get*"))
    assert (found.verdict, found.reads and found.reads.action) == ("confined", "sqs:GetQueueAttributes")


def test_actions_that_need_other_resources_are_not_taken_for_alike() -> None:
    found = proof(
        allow(Action="ec2:*", Resource="arn:aws:ec2:*:*:subnet/*"), deny(NotAction="ec2:Create*", Condition=LOCK)
    )
    assert found.verdict == "escapes"
    assert "ec2:RunInstances" not in [one.action for one in found.witnesses]


def test_an_undocumented_action_is_not_lost() -> None:
    assert proof(allow(Action="sqs:FlyAway")).witnesses[0].action == "sqs:FlyAway"


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (
            allow(Condition={"StringEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/TargetRegion}"}}),
            "aws:RequestedRegion is compared with ${aws:PrincipalTag/TargetRegion}",
        ),
        ({"Fn::Transform": {"Name": "X"}}, "a statement is made by a function, or is none"),
        (allow(Action=[{"Ref": "P"}], Condition=None), "an action is made by a function"),
    ],
)
def test_what_cannot_be_known_is_undecided_and_says_why(statement: Any, reason: str) -> None:
    found = proof({key: value for key, value in statement.items() if value is not None})
    assert (found.verdict, found.reason) == ("undecided", reason)


def test_a_partition_without_known_regions_is_undecided() -> None:
    assert proof(allow(), partition="aws-moon").reason == "the regions of the partition 'aws-moon' are not known"


TAGS = [deny(Condition={"StringNotEquals": {f"aws:PrincipalTag/{at}": "x"}}) for at in range(40)]


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        ([allow(Action="sqs:Send*")] * 10_000, "there are more than 1000 statements"),
        ([allow(Action=["s3:Put*"] * 25_000)], "the statements name more than 20000 actions"),
        ([allow(Condition={"StringEquals": {"aws:PrincipalTag/a": "b"}}), *TAGS],
         "more than 1000 sets of statements can hold together"),
        ([allow(), *(deny(Resource=f"arn:aws:*:*:*:{at}*") for at in range(201)), deny(Resource="arn:aws:*:*:*:*")],
         "more than 200 statements are about one action"),
        ([allow(Action="s3:Put*", Resource=[f"arn:aws:s3:::bucket-{at}/*" for at in range(2_000)])],
         "the resources have more than 20000 characters"),
        ([allow(), *(deny(Condition={"StringNotLike": {"aws:PrincipalTag/a": f"*{at}*"}}) for at in range(9))],
         "aws:PrincipalTag/a is compared with too many patterns"),
    ],
)  # fmt: skip
def test_above_a_cap_it_is_undecided_and_names_the_cap(statements: list[Any], reason: str) -> None:
    found = proof(*statements)
    assert (found.verdict, found.reason) == ("undecided", reason)


@pytest.mark.parametrize(
    "statements",
    [
        [allow(Action=[f"s3:Put{at}*" for at in range(5_000)])],
        [allow(Condition={"StringEquals": {f"aws:PrincipalTag/{at}": "x" for at in range(40)}})],
        [allow(Resource="arn:aws:s3:::" + "*a" * 1_000), deny(Resource="arn:aws:s3:::" + "*b" * 1_000)],
        [allow(Condition={"StringLike": {"aws:RequestedRegion": "*a" * 1_000}})],
        [allow(Condition={"StringLike": {"aws:PrincipalTag/x": "*a" * 1_000}})],
        [allow(Action="s3:" + "*a" * 1_000)],
        [allow(Action=3, Resource={"a": 1}, Condition=[3]), 3, None, [[]]],
    ],
)
def test_odd_input_has_a_verdict(statements: list[Any]) -> None:
    assert proof(*statements).verdict
