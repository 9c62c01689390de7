"""Comparison: how values differ from what they must be."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.document import Value
from validator.environment import Difference
from validator.environment.comparison import UndecidedError, differences
from validator.environment.matchers import OPERATORS, Style

from .written import matcher, names, operated, values

STYLES: tuple[Style, ...] = ("typed", "loose")


def differ(wanted: Any, actual: Any, style: Style = "typed") -> list[tuple[str, Value, Value, str]]:
    return [(one.path, one.wanted, one.got, one.operator) for one in differences(matcher(wanted), actual, style)]


def holds(wanted: Any, actual: Any, style: Style = "typed") -> bool:
    return not differ(wanted, actual, style)


# --- laws ------------------------------------------------------------------------------------------------------------


@given(values, st.sampled_from(STYLES))
def test_a_value_matches_itself(value: Value, style: Style) -> None:
    assert holds(value, value, style)
    assert holds({"equals": value}, value, style)


@given(st.dictionaries(names, values, max_size=5), st.dictionaries(names, values, max_size=5))
def test_further_members_do_not_matter(wanted: dict[str, Value], more: dict[str, Value]) -> None:
    assert holds(wanted, {**more, **wanted})


@given(st.lists(values, max_size=6).flatmap(lambda one: st.tuples(st.just(one), st.permutations(one))))
def test_the_order_of_elements_does_not_matter(lists: tuple[list[Value], list[Value]]) -> None:
    assert holds(lists[0], lists[1])


@given(values, values, st.sampled_from(STYLES))
def test_not_turns_the_answer_round(wanted: Value, actual: Value, style: Style) -> None:
    assert holds({"not": wanted}, actual, style) is not holds(wanted, actual, style)
    assert holds({"not": {"not": wanted}}, actual, style) is holds(wanted, actual, style)


@given(values, values)
def test_what_holds_by_type_holds_as_cloudformation_compares(wanted: Value, actual: Value) -> None:
    assert not holds({"equals": wanted}, actual) or holds({"equals": wanted}, actual, "loose")


@given(st.lists(values, max_size=5), st.lists(values, max_size=5))
def test_a_list_holds_both_lists_it_was_made_of(one: list[Any], other: list[Any]) -> None:
    assert holds({"contains_all": one}, one + other)
    assert holds({"contains_all": other}, one + other)
    assert holds(one + other, other + one)


@given(st.lists(values, max_size=5), values)
def test_a_list_with_an_element_more_is_another(one: list[Value], more: Value) -> None:
    assert not holds(one, [*one, more])
    assert not holds([*one, more], one)


@given(values, values)
def test_quantifiers_are_what_logic_says(wanted: Value, actual: Value) -> None:
    listed = actual if isinstance(actual, list) else [actual]
    single = [holds(wanted, one) for one in listed]
    assert holds({"some": wanted}, listed) is any(single)
    assert holds({"each": wanted}, listed) is all(single)
    assert holds({"none": wanted}, listed) is not any(single)


@given(operated, values)
def test_differences_tell_what_is_there(wanted: Value, actual: Value) -> None:
    assert all(one.operator in OPERATORS | {"same"} for one in differences(matcher(wanted), actual))


# --- single operators ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "actual", "typed", "loose"),
    [
        (80, "80", False, True),
        ("80", 80, False, True),
        (80, 80.0, True, True),
        ("080", 80, False, False),
        (True, "true", False, True),
        (True, 1, False, False),
        (1, True, False, False),
        ("", None, False, False),
        (None, None, True, True),
        ("a", ["a"], False, True),
        (["a"], "a", False, True),
        (["b", "a"], "a, b", False, True),
        ({"gte": 80}, "443", False, True),
        ({"gte": "2024-01-01"}, "2024-05-01", True, True),
        ({"gt": 1}, "a", False, False),
        ({"gt": 1, "lt": 3}, 2, True, True),
        ({"gt": 1, "lt": 3}, 3, False, False),
        ({"between": [1, 3]}, 3, True, True),
        ({"between": [1, 3]}, 4, False, False),
        ({"in": [80, 443]}, 443, True, True),
        ({"not_in": [80, 443]}, 443, False, False),
        ({"not_in": [80]}, None, True, True),
        ({"matches": "[a-z]+"}, "abc", True, True),
        ({"matches": "[a-z]+"}, "abc1", False, False),
        ({"matches": "[0-9]+"}, 80, False, True),
        ({"contains": "b"}, "abc", True, True),
        ({"contains": "b"}, ["abc"], False, False),
        ({"contains": {"Key": "a"}}, [{"Key": "b"}, {"Key": "a", "Value": 1}], True, True),
        ({"contains": {"Key": "a"}}, {"Key": "a", "Value": 1}, True, True),
        ({"exactly": ["a", "b"]}, ["a", "b"], True, True),
        ({"exactly": ["a", "b"]}, ["b", "a"], False, False),
        ({"empty": True}, [], True, True),
        ({"empty": True}, None, True, True),
        ({"empty": False}, 0, True, True),
        ({"exists": False}, None, True, True),
        ({"exists": True}, "", True, True),
        ({"length": {"gte": 2}}, [1, 2], True, True),
        ({"length": 3}, "abc", True, True),
        ({"length": 0}, None, False, False),
        ({"equals": {"a": 1}}, {"a": 1, "b": 2}, False, False),
        ({"cidr_within": "10.0.0.0/8"}, "10.1.0.0/16", True, True),
        ({"cidr_within": "10.0.0.0/8"}, "0.0.0.0/0", False, False),
        ({"cidr_within": "10.0.0.0/8"}, "10.1.2.3", True, True),
        ({"cidr_within": "10.0.0.0/8"}, "::/0", False, False),
        ({"version": "8.0"}, "8.0.35", True, True),
        ({"version": "8.0"}, "8.1", False, False),
        ({"version": ">=8.0, <9"}, "8.0.mysql_aurora.3.04.0", True, True),
        ({"version": ">=8.0, <9"}, "9.0", False, False),
        ({"version": ">=1.9"}, "1.10", True, True),
        ({"version": "8"}, "eight", False, False),
        ({"json": {"a": 1}}, '{"a": 1, "b": 2}', True, True),
        ({"json": {"a": 1}}, "{", False, False),
        ({"each": {"gte": 1}}, None, False, False),
        ({"none": 1}, None, False, False),
    ],
)
def test_compares(wanted: Value, actual: Value, typed: bool, loose: bool) -> None:  # noqa: FBT001  # a table
    assert (holds(wanted, actual), holds(wanted, actual, "loose")) == (typed, loose)


ROLE: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "One",
            "Effect": "Allow",
            "Principal": {"Service": ["ec2.amazonaws.com"]},
            "Action": ["sts:AssumeRole"],
        }
    ],
}


@pytest.mark.parametrize(
    "wanted",
    [
        [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:assumerole"}],
        {
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Service": ["ec2.amazonaws.com"]},
                "Action": ["sts:AssumeRole"],
            }
        },
        ROLE,
    ],
)
def test_policies_are_compared_by_what_they_say(wanted: Value) -> None:
    assert holds({"policy": wanted}, ROLE)
    assert holds({"policy": wanted}, json.dumps(ROLE))


def test_tells_what_a_policy_says_otherwise() -> None:
    wanted = [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]
    open_to_all = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
    assert differ({"policy": wanted}, open_to_all) == [
        ("Statement[0].Principal", {"Service": "ec2.amazonaws.com"}, {"AWS": "*"}, "policy")
    ]


def test_tells_which_principal_is_another() -> None:
    wanted = [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
    assert differ({"policy": wanted}, ROLE) == [
        ("Statement[0].Principal.Service", "lambda.amazonaws.com", ["ec2.amazonaws.com"], "policy")
    ]


def test_a_statement_more_is_a_difference() -> None:
    more = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}
    deployed = {**ROLE, "Statement": [*ROLE["Statement"], more]}
    assert differ({"policy": ROLE["Statement"]}, deployed) == [("Statement[1]", None, more, "policy")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Principal": "*"}, {"Principal": {"AWS": "*"}}),
        ({"Principal": {"AWS": "123456789012"}}, {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}),
        ({"Resource": ["b", "a"]}, {"Resource": ["a", "b"]}),
        (
            {"Condition": {"Bool": {"aws:securetransport": True}}},
            {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        ),
    ],
)
def test_two_ways_to_write_a_statement(one: Value, other: Value) -> None:
    assert holds({"policy": [one]}, [other])


# --- what is told ----------------------------------------------------------------------------------------------------


def test_tells_every_difference_where_it_is() -> None:
    wanted = {"SecurityGroupIngress": [{"FromPort": 80, "ToPort": 80}], "Tags": {"exists": True}}
    actual = {"SecurityGroupIngress": [{"FromPort": 8080, "ToPort": 80, "IpProtocol": "tcp"}]}
    assert differ(wanted, actual) == [
        ("SecurityGroupIngress[0].FromPort", 80, 8080, "equals"),
        ("Tags", True, None, "exists"),
    ]


def test_tells_of_the_nearest_element() -> None:
    actual = [{"Key": "a", "Port": 1, "Name": 1}, {"Key": "b", "Port": 2, "Name": 9}]
    assert differ({"some": {"Key": "b", "Port": 3, "Name": 9}}, actual) == [("[1].Port", 3, 2, "equals")]


def test_tells_what_is_missing_and_what_is_too_much() -> None:
    assert differ([1, 2], [2, 3]) == [("", 1, [2, 3], "contains"), ("[1]", None, 3, "same")]


def test_elements_are_paired_so_that_as_many_as_possible_fit() -> None:
    wanted: Value = [{"Name": "a"}, {"Name": "a", "Size": 1}]
    assert holds(wanted, [{"Name": "a", "Size": 1}, {"Name": "a", "Size": 2}])


@given(st.permutations(range(8)), st.integers(0, 3))
def test_a_chain_of_choices_is_found(order: list[int], shift: int) -> None:
    wanted: list[Value] = [{"in": [number, (number + 1 + shift) % 8]} for number in range(8)]
    assert holds([wanted[number] for number in order], list(range(8)))


def test_writes_odd_names_as_jmespath_would() -> None:
    assert differ({"a-b": {"c": 1}}, {"a-b": {}}) == [('"a-b".c', 1, None, "equals")]


# --- what cannot be told ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "actual"),
    [({"matches": "(a+)+(?<!b)"}, "a"), ({"matches": "((a?){900}){900}"}, "a" * 100), ({"in": "${var.x}"}, 1)],
)
def test_is_not_decided(wanted: Value, actual: Value) -> None:
    with pytest.raises(UndecidedError):
        differ(wanted, actual)


def test_what_is_not_decided_is_not_turned_round() -> None:
    with pytest.raises(UndecidedError):
        differ({"not": {"matches": "(?<!b)"}}, "a")


def test_long_lists_are_compared() -> None:
    listed: list[Value] = [f"subnet-{number}" for number in range(5_000)]
    assert holds(listed, list(reversed(listed)))


def test_endless_comparisons_are_given_up() -> None:
    with pytest.raises(UndecidedError, match="too long"):
        differ([{"Name": {"not": number}} for number in range(2_000)], [{"Name": -1}] * 2_000)


def test_deep_matchers_end() -> None:
    wanted: Value = 1
    actual: Value = 1
    for _ in range(60):
        wanted, actual = {"a": [wanted]}, {"a": [actual]}
    assert holds(wanted, actual)


def test_members_may_be_called_like_operators() -> None:
    assert holds({"name": "web", "version": "1.29"}, {"name": "web", "version": "1.29", "arn": "x"})


def test_a_difference_says_all_four() -> None:
    assert differences(matcher(1), 2) == (Difference("", 1, 2, "equals"),)
