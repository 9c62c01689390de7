"""Matchers: what a spec says that a value must be."""

import json

import pytest
from hypothesis import given

from validator.document import Value
from validator.environment.matchers import read, written
from validator.parse import parse

from .written import matcher, operated, values


@given(operated | values)
def test_reads_what_it_writes(wanted: Value) -> None:
    found = matcher(wanted)
    assert matcher(written(found)) == found


@pytest.mark.parametrize(
    ("operator", "operand", "expected"),
    [
        ("in", "5", "a list"),
        ("any_of", {}, "a list"),
        ("between", [1], "a list of the least and the most"),
        ("empty", "yes", "true or false"),
        ("matches", 5, "a regular expression"),
        ("gte", [1], "a number, or a text such as a date"),
        ("cidr_within", "10.0.0", "a network such as '10.0.0.0/8'"),
        ("version", 8.0, "a version in quotes, such as '8.0' or '>=8.0, <9'"),
        ("policy", "Allow", "a policy, or a list of its statements"),
    ],
)
def test_says_what_an_operator_takes(operator: str, operand: Value, expected: str) -> None:
    _, problems = read(parse("spec.json", json.dumps({"A": {operator: operand}})).root)
    [problem] = problems
    assert (problem.code, problem.at.path) == ("operand", ("A", operator))
    assert problem.message.endswith(f"expected {expected}")


@pytest.mark.parametrize("operand", ["${var.list}", "$${x}${var.y}"])
def test_a_reference_may_come_to_be_anything(operand: str) -> None:
    assert matcher({"in": operand}).operand == operand


@pytest.mark.parametrize(("key", "other"), [("gtee", "gte"), ("contain", "contains"), ("betwen", "between")])
def test_a_name_near_an_operators_is_told(key: str, other: str) -> None:
    _, [problem] = read(parse("spec.json", json.dumps({"A": {key: 1}})).root)
    assert (problem.code, problem.at.is_key, problem.help) == ("operator", True, f"did you mean {other!r}?")


@pytest.mark.parametrize("wanted", [{"Version": "1"}, {"versions": []}, {"Contains": 1}, {"id": 1}, {"name": "gte"}])
def test_names_of_members_are_not(wanted: Value) -> None:
    assert not read(parse("spec.json", json.dumps({"A": wanted})).root)[1]
