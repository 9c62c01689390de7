"""Matchers as specs write them, to test with: any values, and any matchers of them."""

import json
from typing import Any

from hypothesis import strategies as st

from validator.environment import Matcher
from validator.environment.matchers import read
from validator.parse import parse

scalars = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text("abc018.,{}[]-$ true", max_size=6)
names = st.sampled_from(["Name", "Value", "Port", "Size", "Tags"])
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4), max_leaves=12
)

operated = st.recursive(
    values.map(lambda value: {"equals": value})
    | st.lists(values, max_size=3).map(lambda several: {"in": several})
    | st.integers().map(lambda bound: {"gte": bound})
    | st.booleans().map(lambda flag: {"empty": flag})
    | st.sampled_from(["a.*", "[0-9]+", ""]).map(lambda text: {"matches": text}),
    lambda inner: (
        st.tuples(st.sampled_from(["not", "some", "each", "none", "contains", "length"]), inner).map(
            lambda pair: {pair[0]: pair[1]}
        )
        | st.tuples(st.sampled_from(["any_of", "all_of", "exactly", "contains_all"]), st.lists(inner, max_size=3)).map(
            lambda pair: {pair[0]: pair[1]}
        )
        | st.dictionaries(names, inner, min_size=1, max_size=3)
        | st.lists(inner, max_size=3)
    ),
    max_leaves=6,
)


def matcher(value: Any) -> Matcher:
    found, problems = read(parse("spec.json", json.dumps(value)).root)
    assert not problems
    return found
