"""What can be told of matchers without any value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.document import Value
from validator.environment.comparison import differences
from validator.environment.matchers import Style
from validator.environment.possible import KINDS, impossible, kind_of, kinds

from .written import matcher, operated, values

STYLES: tuple[Style, ...] = ("typed", "loose")


@given(operated | values, values, st.sampled_from(STYLES))
def test_holds_for_no_kind_that_is_ruled_out(wanted: Value, actual: Value, style: Style) -> None:
    if not differences(matcher(wanted), actual, style):
        assert kind_of(actual) in kinds(matcher(wanted), style)


@pytest.mark.parametrize(
    "wanted",
    [
        {"in": []},
        {"any_of": []},
        {"between": [5, 1]},
        {"gt": 3, "lt": 3},
        {"gte": 4, "lte": 3},
        {"some": {"gt": 2, "lt": 1}},
    ],
)
def test_knows_what_nothing_can_be(wanted: Value) -> None:
    assert [*impossible(matcher(wanted))]


@pytest.mark.parametrize(
    "wanted",
    [
        {"in": [1]},
        {"between": [1, 1]},
        {"gte": 3, "lte": 3},
        {"between": ["10", "9"]},
        {"gt": "${var.a}", "lt": 0},
        {"not_in": []},
    ],
)
def test_does_not_rule_out_what_may_be(wanted: Value) -> None:
    assert not [*impossible(matcher(wanted))]


def test_kinds_of_plain_matchers() -> None:
    assert kinds(matcher(80)) == {"number"}
    assert kinds(matcher(80), "loose") == {"number", "string", "boolean", "list"}
    assert kinds(matcher({"gt": 5})) == {"number"}
    assert kinds(matcher("${var.x}")) == KINDS
    assert kinds(matcher({"Name": 1})) == {"mapping"}
