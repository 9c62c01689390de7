"""Rule iam-statement-never-matches."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.testing import check_rule, findings

RULE = "iam-statement-never-matches"


def messages(condition: object, effect: str = "Allow") -> list[str]:
    statement = {"Effect": effect, "Action": "s3:*", "Resource": "*", "Condition": condition}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return [finding.message for finding in findings(RULE, {"p.json": text})]


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"StringEquals": {"aws:username": "a"}}, {"StringNotEquals": {"aws:username": "a"}}),
        ({"StringEquals": {"aws:username": ["a", "b"]}}, {"StringLike": {"AWS:UserName": "c*"}}),
        (
            {"StringEqualsIfExists": {"aws:username": "a"}, "Null": {"aws:username": "false"}},
            {"StringEquals": {"aws:username": "b"}},
        ),
        ({"Null": {"aws:username": "true"}}, {"StringEquals": {"aws:username": "a"}}),
        ({"Null": {"aws:username": True}}, {"StringLike": {"aws:username": "*"}}),
        ({"Bool": {"aws:SecureTransport": "true"}}, {"BoolIfExists": {"aws:SecureTransport": "false"}}),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, {"IpAddressIfExists": {"aws:SourceIp": "192.0.2.0/24"}}),
        ({"NumericLessThan": {"aws:MultiFactorAuthAge": "5"}}, {"NumericGreaterThan": {"aws:MultiFactorAuthAge": "5"}}),
        (
            {"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}},
            {"DateGreaterThan": {"aws:CurrentTime": "2026-02-01T00:00:00Z"}},
        ),
        (
            {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/a"}},
            {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}},
        ),
    ],
)
def test_reports_conditions_that_no_request_meets(
    one: dict[str, dict[str, str]], other: dict[str, dict[str, str]]
) -> None:
    found = messages(one | other)
    assert len(found) == 1
    assert "satisfies both" in found[0]


def test_says_what_it_comes_to() -> None:
    condition = {"StringEquals": {"aws:username": "a"}, "StringNotLike": {"aws:username": "*"}}
    what = "no value of aws:username satisfies both StringEquals and StringNotLike, so the {} never applies"
    assert messages(condition, "Deny") == [what.format("Deny")]
    assert messages(condition, "Allow") == [what.format("Allow")]


def test_the_absence_of_a_key_that_is_always_there() -> None:
    assert messages({"Null": {"aws:SecureTransport": "true"}}) == [
        "aws:SecureTransport is in every request, and Null asks for one without it, so the Allow never applies"
    ]


def test_three_that_contradict_each_other_together_only() -> None:
    found = messages(
        {
            "StringEquals": {"aws:username": ["a", "b"]},
            "StringNotEquals": {"aws:username": "a"},
            "StringNotLike": {"aws:username": "b*"},
        }
    )
    assert found == ["no value of aws:username satisfies both 2 others and StringNotLike, so the Allow never applies"]


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:username": "a"}},
        {"StringEquals": {"aws:username": "a"}, "StringNotEquals": {"aws:username": "b"}},
        {"StringEquals": {"aws:username": "a"}, "StringEqualsIgnoreCase": {"aws:username": "A"}},
        {"StringEqualsIfExists": {"aws:username": "a"}, "StringNotEquals": {"aws:username": "a"}},
        {"StringLike": {"aws:username": "a*"}, "StringNotLike": {"aws:username": "*b"}},
        {"StringEquals": {"aws:PrincipalTag/a": "x"}, "StringNotEquals": {"aws:PrincipalTag/b": "x"}},
        {"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}, "ForAnyValue:StringNotEquals": {"aws:TagKeys": "a"}},
        {"StringEquals": {"aws:username": "${aws:userid}"}, "StringNotEquals": {"aws:username": "${aws:userid}"}},
        {"StringEquals": {"aws:username": "{{ a }}"}, "StringLike": {"aws:username": "{{ b }}"}},
        {"StringEquals": {"aws:username": {"Ref": "A"}}, "StringNotEquals": {"aws:username": {"Ref": "A"}}},
        {"StringEquals": {"aws:username": "a"}, "Null": {"aws:username": "false"}},
        {"StringEquals": {"no:such": "a"}, "StringNotEquals": {"no:such": "a"}},
        {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "NotIpAddress": {"aws:SourceIp": "10.0.0.0/24"}},
        {"StringEquals": {"aws:username": []}, "StringNotEquals": {"aws:username": []}},
        {"DateLessThan": {"aws:CurrentTime": "soon"}, "DateGreaterThan": {"aws:CurrentTime": "later"}},
        {"Bool": {"aws:SecureTransport": "perhaps"}, "BoolIfExists": {"aws:SecureTransport": "true"}},
        {"Null": {"aws:username": "true"}},
        {"Nonsense": {"aws:username": "a"}, "StringEquals": {"aws:username": "b"}},
        {"StringEquals": "aws:username"},
        [],
        None,
    ],
)
def test_accepts(condition: object) -> None:
    assert not messages(condition)


OPERATORS = ("StringEquals", "StringNotEquals", "StringEqualsIfExists", "StringNotEqualsIfExists", "Null")
VALUES = st.lists(st.sampled_from("ab"), min_size=1, max_size=2, unique=True)


def _holds(operator: str, wanted: list[str], value: str | None) -> bool:
    """Evaluate by IAM's rules, for one value of a key or its absence."""
    if operator == "Null":
        return (value is None) is (wanted == ["true"])
    negated = "Not" in operator
    return (negated or operator.endswith("IfExists")) if value is None else (value in wanted) is not negated


@given(st.dictionaries(st.sampled_from(OPERATORS), VALUES, min_size=2), st.booleans())
def test_reports_just_what_no_value_satisfies(condition: dict[str, list[str]], absent: bool) -> None:  # noqa: FBT001
    if "Null" in condition:
        condition["Null"] = ["true" if absent else "false"]
    written = {operator: {"aws:username": values} for operator, values in condition.items()}
    possible = any(
        all(_holds(operator, wanted, value) for operator, wanted in condition.items())
        for value in ("a", "b", "c", None)
    )
    assert bool(messages(written)) is not possible
