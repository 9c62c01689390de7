"""What operators say of the values that a request carries."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.iam.condition import Atom, Context, atoms
from validator.parse import parse


def read(operator: str, key: str, values: object, *, variables: bool = True) -> Atom:
    document = parse("p.json", json.dumps({operator: {key: values}}))
    [atom] = atoms(document.root, variables=variables)
    return atom


@pytest.mark.parametrize(
    ("operator", "values", "context", "outcome"),
    [
        ("StringEquals", ["a", "b"], "b", True),
        ("StringEquals", "A", "a", False),
        ("StringEquals", "a*", "ab", False),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringEqualsIgnoreCase", "A", "a", True),
        ("stringlike", "a?c*", "abcd", True),
        ("StringLike", "a${*}", "ab", False),
        ("StringEquals", "a${*}", "a*", True),
        ("StringNotLike", ["a*", "b*"], "c", True),
        ("ArnLike", "arn:aws:iam::*:role/a*", "arn:aws:iam::123456789012:role/ab", True),
        ("ArnEquals", "arn:aws:*:role/a", "arn:aws:iam::123456789012:role/a", None),
        ("ArnNotLike", "arn:aws:*::x:role/a", "arn:aws:iam::x:role/a", False),
        ("NumericEquals", "10", "10.0", True),
        ("NumericNotEquals", "10", "10.0", False),
        ("NumericLessThanEquals", 10, "10.5", False),
        ("NumericGreaterThan", "x", "1", None),
        ("DateLessThan", "2026-01-01T00:00:00Z", "1767225599", True),
        ("DateGreaterThanEquals", "2026-01-01", "2026-01-01T00:00:00Z", True),
        ("Bool", True, "True", True),
        ("Bool", "maybe", "true", None),
        ("IpAddress", ["203.0.113.0/24", "2001:db8::/32"], "2001:db8::1", True),
        ("NotIpAddress", "203.0.113.0/24", "203.0.113.9", False),
        ("BinaryEquals", "QQ==", "QQ==", True),
    ],
)
def test_a_value_is_compared_by_the_operators_type(
    operator: str,
    values: object,
    context: Context,
    outcome: bool | None,  # noqa: FBT001
) -> None:
    assert read(operator, "aws:PrincipalTag/x", values).holds(context) is outcome


@pytest.mark.parametrize(
    ("operator", "outcome"),
    [
        ("StringEquals", False),
        ("StringNotEquals", True),
        ("StringEqualsIfExists", True),
        ("ArnNotLike", True),
        ("Bool", False),
        ("NumericLessThan", False),
        ("NotIpAddress", True),
        ("DateNotEquals", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringNotEquals", False),
        ("ForAnyValue:StringEqualsIfExists", True),
    ],
)
@pytest.mark.parametrize("absent", [None, ()])
def test_an_absent_key_meets_what_is_negated_or_optional(operator: str, outcome: bool, absent: Context) -> None:  # noqa: FBT001
    assert read(operator, "aws:TagKeys", "true").holds(absent) is outcome


@pytest.mark.parametrize(
    ("value", "context", "outcome"), [("true", None, True), ("true", "a", False), (False, "a", True)]
)
def test_null_asks_for_absence(value: object, context: Context, outcome: bool) -> None:  # noqa: FBT001
    assert read("Null", "aws:TagKeys", value).holds(context) is outcome


@pytest.mark.parametrize(
    ("operator", "context", "outcome"),
    [
        ("ForAllValues:StringEquals", ("a", "b"), True),
        ("ForAllValues:StringEquals", ("a", "c"), False),
        ("ForAllValues:StringNotEquals", ("a", "c"), False),
        ("ForAnyValue:StringEquals", ("a", "c"), True),
        ("ForAnyValue:StringNotEquals", ("a", "b"), False),
        ("ForAnyValue:StringNotLike", ("a", "c"), True),
    ],
)
def test_set_operators_look_at_every_value(operator: str, context: Context, outcome: bool) -> None:  # noqa: FBT001
    assert read(operator, "aws:TagKeys", ["a", "b"]).holds(context) is outcome


@pytest.mark.parametrize(
    ("operator", "values", "reason"),
    [
        ("StringEquals", "${aws:username}", "aws:PrincipalTag/x is compared with ${aws:username}"),
        ("StringEquals", [], "aws:PrincipalTag/x is compared with an empty list, which is undefined"),
        ("StringEquals", {"Ref": "P"}, "a value of aws:PrincipalTag/x is made by a function"),
        ("StringMatches", "a", "'StringMatches' is no condition operator"),
    ],
)
def test_what_cannot_be_known_says_why(operator: str, values: object, reason: str) -> None:
    atom = read(operator, "aws:PrincipalTag/x", values)
    assert (atom.unknown, atom.holds("a")) == (reason, None)


def test_old_versions_know_no_variables() -> None:
    assert read("StringEquals", "aws:PrincipalTag/x", "${aws:username}", variables=False).holds("${aws:username}")
    assert read("StringLike", "aws:PrincipalTag/x", "${*}b", variables=False).holds("${anything}b")


def test_the_region_can_be_put_where_its_variable_stands() -> None:
    atom = read("StringEquals", "aws:PrincipalTag/x", "in-${AWS:RequestedRegion}")
    assert atom.regional
    assert atom.at("eu-west-1").holds("in-eu-west-1")


@given(st.lists(st.sampled_from(["a", "b", "A", "*"]), min_size=1), st.sampled_from(["a", "b", "A", "c"]))
def test_negation_is_the_opposite_for_a_key_that_is_there(values: list[str], context: str) -> None:
    for name in ("StringEquals", "StringLike", "StringEqualsIgnoreCase"):
        negated = read(name.replace("String", "StringNot"), "aws:PrincipalTag/x", values)
        assert read(name, "aws:PrincipalTag/x", values).holds(context) is not negated.holds(context)
