"""What the Resource of a statement selects of an ARN format."""

import json
from collections.abc import Iterable
from importlib.resources import files
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from validator.iam.arns import (
    Resources,
    arn,
    covers,
    covers_all,
    meets,
    regions,
    remainder,
    selects_unnamed,
)
from validator.iam.faults import Fault, faults
from validator.iam.globs import glob

FUNCTION = "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}"
OBJECT = "arn:${Partition}:s3:::${BucketName}/${ObjectName}"
TABLE = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}"
GROUP = "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}"
REQUEST = "arn:${Partition}:s3:us-west-2:${Account}:async-request/mrap/${Operation}/${Token}"
EVENT = "arn:${Partition}:health:*::event/${Service}/${EventTypeCode}/*"
STAGE = (
    "arn:${Partition}:apigateway:${Region}::/apis/${ApiId}/stages, "
    "arn:${Partition}:apigateway:${Region}::/restapis/${RestApiId}/stages"
)
UNKNOWN = object()


def resource(*values: str | tuple[object, ...], negated: bool = False) -> Resources:
    return Resources(tuple(arn(*(value if isinstance(value, tuple) else (value,))) for value in values), negated)


# Which ARNs are met


@pytest.mark.parametrize(
    ("value", "format"),
    [
        ("*", FUNCTION),
        ("arn:*", FUNCTION),
        ("arn:aws:lambda", FUNCTION),
        ("arn:aws:lambda:*", FUNCTION),
        ("arn:aws:lambda:eu-*:*:function:x", FUNCTION),
        ("arn:*:lambda:*:*:function:x", FUNCTION),
        ("arn:aws:s3:::b/2024:01:*", OBJECT),
        ("arn:aws:s3:::b/*", OBJECT),
        ("arn:aws:logs:eu-west-1:123456789012:log-group:/x:*", GROUP),
    ],
)
def test_meets(value: str, format: str) -> None:
    assert meets(resource(value), format) == "yes"


@pytest.mark.parametrize(
    ("value", "format"),
    [
        ("arn:aws:lambda:::function:x", FUNCTION),
        ("arn:aws:lambda:eu-west-1::function:x", FUNCTION),
        ("arn:aws:lambda:eu-west-1:123456789012:layer:x", FUNCTION),
        ("arn:aws:s3:eu-west-1::b/*", OBJECT),
        ("arn:aws:s3:::b", OBJECT),
        ("lambda:*", FUNCTION),
        ("arn:aws:lambda:EU-WEST-1:*:FUNCTION:x", FUNCTION),
    ],
)
def test_does_not_meet(value: str, format: str) -> None:
    assert meets(resource(value), format) == "no"


@pytest.mark.parametrize(
    ("value", "format"),
    [
        ("arn:aws:dynamodb:*:table/prod-*", TABLE),  # a star for the region and the account
        ("arn:aws:lambda:*:function:x", FUNCTION),
        (("arn:aws:s3:::", UNKNOWN, "/x"), OBJECT),
        ((UNKNOWN, "/x"), OBJECT),
        ((UNKNOWN,), FUNCTION),
        ("arn:aws:s3:::${aws:username}/*", OBJECT),
        ("arn:aws:s3:::${aws:PrincipalTag/team, 'all'}/*", OBJECT),
    ],
)
def test_may_meet(value: str | tuple[object, ...], format: str) -> None:
    assert meets(resource(value), format) == "maybe"
    assert covers(resource(value), format) != "yes"


def test_one_of_several_formats_is_enough_to_meet_and_not_to_cover() -> None:
    value = resource("arn:aws:apigateway:eu-west-1::/apis/*")
    assert meets(value, STAGE) == "yes"
    assert covers(value, STAGE, partition="aws", region="eu-west-1") == "no"
    assert covers(resource("arn:aws:apigateway:*::/*"), STAGE, partition="aws") == "yes"
    assert regions(value.arns[0], STAGE) == glob("eu-west-1")
    assert regions(arn("arn:aws:apigateway:eu-*::/*"), STAGE) == glob("eu-*")
    assert meets(resource("arn:aws:s3:::b"), STAGE) == "no"


def test_an_unknown_part_is_not_anything_at_all() -> None:
    assert meets(resource(("arn:aws:s3:::", UNKNOWN, "/x")), FUNCTION) == "no"
    assert meets(resource(("arn:aws:lambda:", UNKNOWN, ":1:function:x")), TABLE) == "no"


def test_only_versions_with_variables_have_them() -> None:
    plain = Resources((arn("arn:aws:s3:::b/${aws:username}", variables=False),))
    assert remainder([plain], [], OBJECT).example == "arn:aws:s3:::b/${aws:username}"
    assert remainder([resource("arn:aws:s3:::b/${*}")], [], OBJECT).example == "arn:aws:s3:::b/*"


def test_a_star_does_not_reach_into_a_name_with_colons() -> None:
    assert meets(resource("arn:*:lambda:eu-west-1:*:function:x"), FUNCTION, region="us-east-1") == "no"


# In one region


def test_a_region_restricts_the_arns() -> None:
    value = resource("arn:aws:lambda:eu-*:*:function:*")
    assert meets(value, FUNCTION, region="us-east-1") == "no"
    assert covers(value, FUNCTION, region="eu-west-1", partition="aws") == "yes"
    assert covers(value, FUNCTION, region="eu-west-1") == "no"  # there are other partitions
    assert covers(value, FUNCTION, partition="aws") == "no"


def test_a_region_does_not_restrict_what_has_none() -> None:
    assert meets(resource("arn:aws:s3:::b/*"), OBJECT, region="us-east-1") == "yes"
    assert meets(resource("arn:aws:health:global::event/*"), EVENT, region="us-east-1") == "yes"
    assert meets(resource("arn:aws:s3:us-west-2:*:*"), REQUEST, region="us-east-1") == "yes"


@pytest.mark.parametrize(
    ("value", "format", "found"),
    [
        ("arn:aws:lambda:eu-central-1:*:function:x", FUNCTION, "eu-central-1"),
        ("arn:*:lambda:eu-*-?:*:function:x", FUNCTION, "eu-*-?"),
        ("arn:aws:lambda:*:*:function:x", FUNCTION, "*"),
        ("*", FUNCTION, "*"),
        ("arn:aws:lambda:eu-west-1", FUNCTION, "eu-west-1"),
        ("arn:aws:dynamodb:eu-*:table/prod-*", TABLE, "eu-*"),
        ("arn:aws:*:table/prod-*", TABLE, "*"),
        (("arn:aws:lambda:", UNKNOWN, ":", UNKNOWN, ":function:x"), FUNCTION, "*"),
        (("arn:aws:lambda:eu-west-1:", UNKNOWN, ":function:x"), FUNCTION, "eu-west-1"),
        (("arn:aws:lambda:eu-", UNKNOWN), FUNCTION, "eu-*"),
        ((UNKNOWN, ":function:x"), FUNCTION, "*"),
        ("arn:aws:s3:::b/*", OBJECT, ""),
        ("*", REQUEST, "us-west-2"),
        ("arn:aws:health:*::event/*/*/*", EVENT, "*"),
    ],
)
def test_tells_the_regions(value: str | tuple[object, ...], format: str, found: str) -> None:
    [one] = resource(value).arns
    assert regions(one, format) == glob(found)


def test_no_region_where_nothing_is_met() -> None:
    assert regions(arn("arn:aws:s3:::b/*"), FUNCTION) is None
    assert regions(arn("arn:aws:lambda:::function:x"), FUNCTION) is None


# Coverage


def test_several_values_may_cover_together() -> None:
    both = resource("arn:aws:lambda:*:*:function:a*", "arn:aws:lambda:*:*:function:*")
    assert covers(both, FUNCTION, partition="aws") == "yes"
    assert covers(resource("arn:aws:s3:::*"), OBJECT, partition="aws") == "yes"


def test_what_is_not_known_covers_nothing_for_certain() -> None:
    assert covers(resource((UNKNOWN,)), FUNCTION) == "maybe"
    assert covers(resource((UNKNOWN,), "*"), FUNCTION) == "yes"
    assert covers(resource(("arn:aws:lambda:*:*:function:", UNKNOWN)), FUNCTION, partition="aws") == "maybe"
    assert covers(resource("arn:aws:dynamodb:*:table/*"), TABLE, partition="aws") == "maybe"


def test_all_but_some_resources() -> None:
    others = resource("arn:aws:lambda:eu-*:*:*", negated=True)
    assert meets(others, FUNCTION, partition="aws", region="eu-west-1") == "no"
    assert covers(others, FUNCTION, partition="aws", region="us-east-1") == "yes"
    assert covers(others, OBJECT) == "yes"
    assert meets(resource("*", negated=True), FUNCTION) == "no"
    assert meets(resource((UNKNOWN,), negated=True), FUNCTION) == "maybe"


def test_what_remains_is_shown_by_an_example() -> None:
    allowed = resource("arn:aws:lambda:*:*:function:app-*")
    denied = [resource("arn:aws:lambda:eu-*:*:*", negated=True), resource("arn:aws:lambda:*:*:function:app-example")]
    found = remainder([allowed], denied, FUNCTION, partition="aws", region="eu-west-1")
    assert found.answer == "yes"
    assert found.example.startswith("arn:aws:lambda:eu-west-1:")
    assert remainder([allowed], denied, FUNCTION, partition="aws", region="us-east-1") == ("no", "")
    plain = remainder([allowed], [], FUNCTION, partition="aws", region="eu-west-1").example
    assert plain == "arn:aws:lambda:eu-west-1:123456789012:function:app-example"


def test_star_is_everything() -> None:
    assert covers_all(resource("arn:aws:s3:::b", "*"))
    assert covers_all(resource("**"))
    assert not covers_all(resource("arn:*"))
    assert not covers_all(resource((UNKNOWN,)))
    assert not covers_all(resource("*", negated=True))


@pytest.mark.parametrize(
    ("resources", "answer"),
    [
        (resource("*"), "yes"),
        (resource("arn:aws:s3:::*"), "no"),
        (resource("arn:aws:s3:::*", (UNKNOWN,)), "maybe"),
        (resource("*", negated=True), "no"),
        (resource("arn:aws:s3:::*", negated=True), "yes"),
    ],
)
def test_a_request_about_no_resource(resources: Resources, answer: str) -> None:
    assert selects_unnamed(resources) == answer


# Laws, against matching as it is documented, ARN by ARN

FORMATS = {"function:": FUNCTION, "table/": TABLE, "log-group:": GROUP}
SERVICES = {FUNCTION: "lambda", TABLE: "dynamodb", GROUP: "logs"}
ARNS = {
    form: [
        f"arn:{partition}:{SERVICES[form]}:{region}:{account}:{kind}{name}"
        for partition, region, account, name in product(
            ["aws", "aws-cn"], ["eu-1", "us-1"], ["1", "2"], ["a", "ab", "a:b"]
        )
    ]
    for kind, form in FORMATS.items()
}
names = st.sampled_from(["*", "a*", "?", "ab", "a:*", "*b", "a:b"])
texts = st.one_of(
    st.builds(
        "arn:{}:{}:{}:{}:{}{}".format,
        st.sampled_from(["aws", "aws", "*", "aws-??"]),
        st.sampled_from(["lambda", "dynamodb", "l*"]),
        st.sampled_from(["*", "eu-1", "eu-*", "??-1", "*-1", ""]),
        st.sampled_from(["*", "1", "?", ""]),
        st.sampled_from([*FORMATS, "", "*"]),
        names,
    ),
    st.builds(
        "arn:aws:{}:{}{}{}".format,
        st.sampled_from(["lambda", "*"]),
        st.sampled_from(["*:", "eu-*:", ""]),
        st.sampled_from([*FORMATS, ""]),
        names,
    ),
    st.sampled_from(["*", "arn:*", "arn:aws:lambda", "arn:aws:logs:*"]),
)
resources = st.builds(
    lambda values, negated: resource(*values, negated=negated), st.lists(texts, max_size=3), st.booleans()
)
formats = st.sampled_from([FUNCTION, TABLE, GROUP])


def selected(arns: Iterable[str], given: Resources, reading: str) -> set[str]:
    """Give those that are selected if wildcards stay in their fields, or if they go wherever they can."""

    def matches(pattern: str, text: str) -> bool:
        complete = pattern + ":*" * max(0, 5 - pattern.count(":"))
        if reading == "spanning":
            return glob(pattern).matches(text) or glob(complete).matches(text)
        return all(
            glob(one).matches(other) for one, other in zip(complete.split(":", 5), text.split(":", 5), strict=True)
        )

    values = [str(one.written) for one in given.arns]
    return {text for text in arns if any(matches(value, text) for value in values) is not given.negated}


def without_colons(arns: Iterable[str]) -> set[str]:
    return {text for text in arns if not text.endswith("a:b")}


@given(st.lists(resources, max_size=2), st.lists(resources, max_size=2), formats)
@example([resource("arn:aws:dynamodb:*:table/a*")], [], TABLE)
@example([], [resource("arn:aws:dynamodb:*:table/*")], TABLE)
def test_no_means_never_and_yes_has_an_example(kept: list[Resources], removed: list[Resources], format: str) -> None:
    found = remainder(kept, removed, format)

    def left(arns: Iterable[str], *readings: str) -> set[str]:
        rest = set(arns)
        for reading in readings:
            for one in kept:
                rest &= selected(rest, one, reading)
            for one in removed:
                rest -= selected(rest, one, reading)
        return rest

    if found.answer == "yes":
        kind = next(kind for kind, other in FORMATS.items() if other == format)
        assert glob(f"arn:?*:{SERVICES[format]}:?*:?*:{kind}*").matches(found.example)
        assert left([found.example], "fielded", "spanning")
    if found.answer == "no":
        assert not left(ARNS[format], "fielded")
        assert not left(without_colons(ARNS[format]), "spanning")
    for region in ("eu-1", "us-1"):
        if remainder(kept, removed, format, partition="aws", region=region).answer == "no":
            assert not left((one for one in ARNS[format] if f":{region}:" in one and "-cn" not in one), "fielded")


@given(texts, formats)
def test_regions_leave_none_out(text: str, format: str) -> None:
    found = regions(arn(text), format)
    possible = selected(ARNS[format], resource(text), "fielded")
    possible |= selected(without_colons(ARNS[format]), resource(text), "spanning")
    for one in possible:
        assert found is not None
        assert found.matches(one.split(":")[3])


@given(
    st.builds(
        "arn:aws:lambda:{}:{}:{}{}".format, *[st.sampled_from(["eu-1", "1"])] * 2, st.sampled_from([*FORMATS]), names
    )
)
def test_nothing_is_in_doubt_without_wildcards_in_the_first_fields(text: str) -> None:
    assert meets(resource(text), FUNCTION) != "maybe"
    assert covers(resource(text), FUNCTION) != "maybe"


# Faults


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("", Fault("prefix", "")),
        ("bucket/*", Fault("prefix", "bucket/*")),
        ("arn:aws:sqs", Fault("fields", "arn:aws:sqs", "arn:aws:sqs:*:*:*")),
        ("arn:aws:sqs:*:${X}", Fault("fields", "arn:aws:sqs:*:${X}", "arn:aws:sqs:*:${X}:*")),
        ("arn:aws:iam::${a:b}:role/x", Fault("variable", "arn:aws:iam::${a:b}:role/x")),
        ("arn:aws-gov-us:s3:::b", Fault("partition", "aws-gov-us")),
        ("arn:aw:s3:::b", Fault("partition", "aw", "aws")),
        ("arn:aws:S3:::b", Fault("service", "S3", "s3")),
        ("arn:aws:s*:::b", Fault("service", "s*")),
        ("arn:aws::::b", Fault("service", "")),
        ("arn:aws:iam::1234-5678-9012:role/x", Fault("account", "1234-5678-9012", "123456789012")),
        ("arn:aws:iam::12345678901:role/x", Fault("account", "12345678901")),
        ("ARN:aws:s3:::b", Fault("prefix", "ARN:aws:s3:::b", "arn:aws:s3:::b")),
        (" arn:aws:s3:::b ", Fault("prefix", " arn:aws:s3:::b ", "arn:aws:s3:::b")),
        ("arn:aws: s3:::b", Fault("blank", "arn:aws: s3:::b", "arn:aws:s3:::b")),
        ("arn:aws:sqs:eu-wset-1:*:q", Fault("region", "eu-wset-1", "eu-west-1")),
        ("arn:aws:sqs:eu-central-7:*:q", Fault("unlisted", "eu-central-7", "eu-central-1")),
        ("arn:aws:sqs:cn-north-1:*:q", Fault("foreign", "cn-north-1")),
        ("arn:aws:iam::*::role/x", Fault("colon", "arn:aws:iam::*::role/x", "arn:aws:iam::*:role/x")),
    ],
)
def test_tells_what_is_wrong(value: str, fault: Fault) -> None:
    [found] = faults(value)
    assert found._replace(suggestion=fault.suggestion) == fault
    assert found.suggestion == fault.suggestion or fault.kind == "partition"


@pytest.mark.parametrize(
    "parts",
    [
        ("*",),
        ("arn:aws:s3:::b/${aws:username}",),
        ("arn:*:ec2:*:*:instance/*",),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess",),
        ("arn:aws:iam::?2345:role/x",),
        (UNKNOWN, ":x"),
        ("${X}/y",),
        ("arn:", UNKNOWN, ":s3:::b"),
        ("arn:aws:iam::12", UNKNOWN, ":role/x"),
        ("arn:aws:", UNKNOWN),
        ("arn:aws:sqs:eu-*:*:q",),
        ("arn:aws:sqs:REGION:*:q",),
        ("arn:aws:health:global::event/*",),
        ("arn:aws:s3:::b/a b",),
        ("arn:", UNKNOWN, ":sqs:cn-north-1:*:q"),
    ],
)
def test_finds_nothing_wrong(parts: tuple[object, ...]) -> None:
    assert not list(faults(*parts))


def test_knows_all_partitions() -> None:
    partitions = json.loads((files("botocore") / "data" / "partitions.json").read_text(encoding="utf-8"))["partitions"]
    assert not [found for one in partitions for found in faults(f"arn:{one['id']}:s3:::b")]


# Bounds


def test_thousands_of_values_are_no_burden() -> None:
    many = resource(*(f"arn:aws:lambda:eu-west-1:123456789012:function:f{number}" for number in range(3000)))
    assert covers(many, FUNCTION, partition="aws", region="eu-west-1") == "no"
    assert meets(many, FUNCTION, partition="aws", region="eu-central-1") == "no"
    assert meets(many, TABLE, partition="aws") == "no"


@pytest.mark.parametrize(
    "value", ["arn:aws:lambda:" + "*:" * 1000, "*a" * 1000, "arn:aws:lambda:*:*:function:" + "*a" * 1000]
)
def test_a_thousand_stars_are_bounded(value: str) -> None:
    for form in (FUNCTION, OBJECT):
        regions(arn(value), form)
        covers(resource(value), form)
        remainder([resource(value)], [resource(value[:-1])], form)
