"""What the Resource of a statement names, value by value, and what actions take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator import parse
from validator.iam.arns import Resources, arn, meets
from validator.iam.policy import Policy
from validator.iam.targets import (
    Misfit,
    Reached,
    Target,
    changed,
    completed,
    fields,
    fits,
    known_services,
    misfit,
    taken,
    takes_star,
    targets,
    with_fields,
)

OBJECT = "arn:${Partition}:s3:::${BucketName}/${ObjectName}"
BUCKET = "arn:${Partition}:s3:::${BucketName}"
FUNCTION = "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}"
EVENT = "arn:${Partition}:health:*::event/${Service}/${EventTypeCode}/*"


def policy(resource: str) -> Policy:
    """Put a Resource, in YAML, into the only policy of a template."""
    statement = f"{{Effect: Allow, Action: '*', Resource: {resource}}}"
    own = "  B: {Type: AWS::S3::Bucket}\n  Q: {Type: AWS::SQS::Queue}\n"
    node = parse.parse("template.yml", f"Resources:\n{own}  P: {{Statement: [{statement}]}}\n").root.get(
        "Resources", "P"
    )
    assert node is not None
    return Policy(node, "identity")


def named(resource: str) -> tuple[Target, ...]:
    [statement] = policy(resource).statements()
    return targets(statement)


def target(text: str) -> Target:
    [one] = named(f"'{text}'")
    return one


@pytest.mark.parametrize(
    ("resource", "text", "shape"),
    [
        ("a", "a", "a"),
        ("'a/${x}/b'", "a/${x}/b", "a/*/b"),
        ("!Ref B", "${B}", "example"),
        ("!GetAtt B.Arn", "${B.Arn}", "arn:aws:s3:::example"),
        ("{'Fn::GetAtt': [B, Arn]}", "${B.Arn}", "arn:aws:s3:::example"),
        ("!GetAtt B.DomainName", "${B.DomainName}", "*"),
        ("!Ref Q", "${Q}", "*"),
        ("!Ref Other", "${Other}", "*"),
        (
            "!Sub 'arn:${AWS::Partition}:s3:::${B}/${X}/*'",
            "arn:${AWS::Partition}:s3:::${B}/${X}/*",
            "arn:aws:s3:::example/*/*",
        ),
        ("!Sub ['${A}:${!B}:${C}', {A: a, C: !Ref B}]", "${A}:${!B}:${C}", "a:*:example"),
        ("!Join [':', [a, !Ref B, !Sub 'x${Y}']]", "", "a:example:x*"),
        ("!Join ['', !Ref L]", "", "*"),
        ("!ImportValue x", "", "*"),
        ("{Ref: [x]}", "", "*"),
        ("5", "", "*"),
    ],
)
def test_reads_values(resource: str, text: str, shape: str) -> None:
    [one] = named(resource)
    assert (one.text, one.shape) == (text, shape)


def test_the_branches_of_a_condition_are_values_of_their_own() -> None:
    found = named("[a, !If [C, [b, !If [D, c, d]], !Ref 'AWS::NoValue']]")
    assert [(one.text, one.conditional) for one in found] == [("a", False), ("b", True), ("c", True), ("d", True)]


@pytest.mark.parametrize(
    ("resource", "expected"),
    [("'*'", True), ("!Ref X", True), ("'${x}'", True), ("!GetAtt B.Arn", False), ("''", False)],
)
def test_everything_is_what_may_be_a_star(resource: str, *, expected: bool) -> None:
    [one] = named(resource)
    assert one.everything is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arn:aws:s3:::b:c", ["arn", "aws", "s3", "", "", "b:c"]),
        (
            "arn:${AWS::Partition}:iam::${AWS::AccountId}:x",
            ["arn", "${AWS::Partition}", "iam", "", "${AWS::AccountId}", "x"],
        ),
        ("{{ a:b }}:c", ["{{ a:b }}", "c"]),
        ("", [""]),
    ],
)
def test_fields_are_split_outside_of_what_is_filled_in(text: str, expected: list[str]) -> None:
    assert fields(text) == expected


def test_writes_other_fields() -> None:
    assert with_fields("arn:aws:sqs:::q", {"region": "*"}) == "arn:aws:sqs:*::q"
    assert not with_fields("${B.Arn}", {"region": "*"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("arn:aws:sqs:::q", Misfit(("region", "account"))),
        ("arn:aws:sqs::111122223333:q", Misfit(("region",))),
        ("arn:aws:s3:eu-west-1::b", Misfit((), ("region",))),
        ("arn:aws:s3:eu-west-1:111122223333:b", Misfit((), ("region", "account"))),
        ("arn:aws:iam:eu-west-1::role/x", Misfit(("account",), ("region",))),
        ("arn:aws:sqs:*:*:q", None),
        ("arn:aws:s3:*:*:b", None),
        ("arn:aws:s3:::b", None),
        ("arn:aws:lambda:::nothing:x", None),
        ("arn:aws:frobnicator:::x", None),
        ("arn:aws:sqs:${r}::q", None),
        ("arn:aws:sqs", None),
    ],
)
def test_tells_a_region_or_an_account_in_the_wrong_place(text: str, found: Misfit | None) -> None:
    assert misfit(target(text)) == found


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("arn:aws:s3::b", "arn:aws:s3:::b"),
        ("arn:aws:sqs:eu-west-1:q", "arn:aws:sqs:eu-west-1:*:q"),
        ("arn:aws:iam:111122223333:role/x", "arn:aws:iam::111122223333:role/x"),
        ("arn:aws:lambda:eu-west-1:function:f", "arn:aws:lambda:eu-west-1:*:function:f"),
        ("arn:aws:lambda:*:function:f", ""),  # the star may stand for the region and the account
        ("arn:aws:sqs:eu-west-1:111122223333:q", ""),
        ("arn:aws:sqs:eu-west-1:account:q", ""),
        ("arn:aws:sqs", ""),
        ("arn:aws:sqs:*:${x}", ""),
    ],
)
def test_completes_an_arn(text: str, whole: str) -> None:
    assert completed(target(text)) == whole


@pytest.mark.parametrize(
    ("text", "format", "expected"),
    [
        ("arn:aws:s3:::b", OBJECT, False),
        ("arn:aws:s3:::b/*", OBJECT, True),
        ("arn:aws:s3:::b/*", BUCKET, False),
        ("arn:aws:s3:::b*", BUCKET, True),
        ("arn:aws:s3:::b*", OBJECT, True),
        ("${x}/*", OBJECT, True),
        ("arn:aws:lambda:*:*:function:f:1", FUNCTION, True),
        ("arn:aws:lambda:::function:f", FUNCTION, False),
        ("arn:aws:health:global::event/a/b/c", EVENT, True),
        ("arn:aws:health:::event/a/b", EVENT, False),
    ],
)
def test_fits(text: str, format: str, *, expected: bool) -> None:
    assert fits(target(text), [format]) is expected


pieces = st.sampled_from(["", "*", "a", "a*", "?", "${x}", "b", "aws", "lambda", "s3", "health", "eu-west-1"])
names = st.lists(st.sampled_from(["a", "/", ":", "*", "?", "function:", "event/", "${x}"]), max_size=5).map("".join)
texts = st.builds(
    "arn:{}:{}:{}:{}:{}".format, pieces, st.sampled_from(["lambda", "s3", "health", "*"]), pieces, pieces, names
)


@given(texts, st.sampled_from([OBJECT, FUNCTION, EVENT]))
def test_a_look_at_the_fields_agrees_with_the_algebra(text: str, format: str) -> None:
    one = target(text)
    assert fits(one, [format]) is (meets(Resources((arn(*one.typical),)), format) != "no")


def test_what_would_fit() -> None:
    assert changed(target("arn:aws:s3:::b"), [OBJECT]) == "arn:aws:s3:::b/*"
    assert changed(target("arn:aws:s3:::b/*"), [BUCKET]) == "arn:aws:s3:::b"
    assert not changed(target("arn:aws:sqs:*:*:q"), [BUCKET])


def test_what_actions_take() -> None:
    assert BUCKET in taken("s3:ListBucket").formats
    assert taken("s3:ListAllMyBuckets") == (frozenset(), True)
    assert OBJECT in taken("s3:*").formats
    assert taken("s3:Get*").formats > taken("s3:GetObject").formats
    assert not taken("s3:FlyToTheMoon").known
    assert not taken("frobnicator:*").known


def test_what_surely_is_about_no_resource() -> None:
    assert takes_star("ec2:DescribeInstances")
    assert takes_star("xray:PutTraceSegments")
    assert not takes_star("ec2:RunInstances")
    assert not takes_star("iam:ListUsers")
    assert not takes_star("ec2:FlyToTheMoon")


def test_what_a_policy_reaches() -> None:
    reached = Reached(policy("'arn:aws:s3:::b'"))
    assert reached.has("s3:ListBucket", "Allow")
    assert not reached.has("s3:GetObject", "Allow")
    assert not reached.has("s3:ListBucket", "Deny")


def test_services_of_arns_need_not_be_prefixes_of_actions() -> None:
    assert {"s3", "catalog", "elastic-inference"} <= known_services()
