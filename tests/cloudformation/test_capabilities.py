"""Capabilities that trees need."""

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.cloudformation.capabilities import AUTO_EXPAND, IAM, NAMED_IAM, Need, known, missing
from validator.parse import load

NODE = load("x.yml", b"a: b").root
NEEDS = st.lists(st.builds(Need, st.sampled_from(known()), st.just(NODE), st.just(""), st.booleans(), st.booleans()))
SUBSETS = [frozenset(one) for one in chain.from_iterable(combinations(known(), size) for size in range(4))]


@given(needs=NEEDS, given=st.sampled_from(SUBSETS), change_set=st.booleans())
def test_what_is_missing_is_enough_once_it_is_given(
    needs: list[Need], given: frozenset[str], *, change_set: bool
) -> None:
    lacking = {need.capability for need in missing(needs, given, change_set=change_set)}
    assert not lacking & given
    left = missing(needs, given | lacking, change_set=change_set)
    assert not left


@given(needs=NEEDS, given=st.sampled_from(SUBSETS), more=st.sampled_from(SUBSETS), change_set=st.booleans())
def test_more_that_is_given_leaves_no_more_missing(
    needs: list[Need], given: frozenset[str], more: frozenset[str], *, change_set: bool
) -> None:
    before = {need.capability for need in missing(needs, given, change_set=change_set)}
    after = {need.capability for need in missing(needs, given | more, change_set=change_set)}
    assert after <= before


@pytest.mark.parametrize(("given", "expected"), [((), [NAMED_IAM]), ((IAM,), [NAMED_IAM]), ((NAMED_IAM,), [])])
def test_a_name_of_its_own_asks_for_more(given: tuple[str, ...], expected: list[str]) -> None:
    needs = [Need(capability, NODE, "", always=True, nested=False) for capability in (IAM, NAMED_IAM)]
    assert [need.capability for need in missing(needs, given, change_set=False)] == expected


@pytest.mark.parametrize(("nested", "change_set", "count"), [(False, True, 0), (True, True, 1), (False, False, 1)])
def test_macros_of_the_root_need_nothing_of_a_change_set(*, nested: bool, change_set: bool, count: int) -> None:
    needs = [Need(AUTO_EXPAND, NODE, "", always=True, nested=nested)]
    assert len(missing(needs, (), change_set=change_set)) == count
