"""JSON with comments and commas too many."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.discover import jsonc

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='/*,]}"\\\n '),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(alphabet='/*,]}"\\ '), inner),
)


@given(VALUES)
def test_reads_json_as_it_is(value: object) -> None:
    assert jsonc.read(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1} // why', {"a": 1}),
        ('// why\r{"a": 1}', {"a": 1}),
        ('{"a" /* why */: 1 /**/}', {"a": 1}),
        ("[1, 2, // why\n]", [1, 2]),
        ('\ufeff{"a": [1,],\n}', {"a": [1]}),
        ('["//", "/*", ",]"]', ["//", "/*", ",]"]),
    ],
)
def test_reads_comments_and_commas(text: str, value: object) -> None:
    assert jsonc.read(text) == value


@pytest.mark.parametrize("text", ["", "{", "[1 /* why", '["a', "[,,]", "[1,,]", "// why", "[" * 100_000])
def test_gives_up_on_anything_else(text: str) -> None:
    assert jsonc.read(text) is None


@pytest.mark.parametrize("piece", ["/*", '"', '"\\', "/**", ", ", '/* "', "[", "*/"])
def test_never_takes_long(piece: str) -> None:
    assert jsonc.read(piece * 500_000) is None
