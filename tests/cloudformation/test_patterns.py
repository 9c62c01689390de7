import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from validator.cloudformation.patterns import matches


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"\d+\.\d+/\d+", "10.0/16", True),
        (r"\d+\.\d+/\d+", "10.0", False),
        ("abc", "xabc", False),
        ("^abc$", "abc", True),
        ("abc$", "abc\n", False),
        ("^$|^(ab|c)$", "c", True),
        ("", "", True),
        (".*", "a\nb", False),
        (r"(?=.*[A-Z])(?=.*\d)[a-zA-Z0-9]{8,41}", "Passw0rd", True),
        (r"(?=.*[A-Z])(?=.*\d)[a-zA-Z0-9]{8,41}", "passw0rd", False),
        (r"(?!admin)[a-z]+", "admin", False),
        (r"(?!admin)[a-z]+", "other", True),
        ("(?i)prod", "PROD", True),
        ("a{2,3}?", "aaaa", False),
        (r"[\w-.]+", "a-b.c", True),
        (r"[a-z-]+", "a-b", True),
        (r"\p{Alpha}+", "ab1", False),
        (r"[^\s]+", "a b", False),
        (r"[\x20-\x7E]*", "a b", True),
    ],
)
def test_matches_the_whole_as_java_does(pattern: str, text: str, expected: bool) -> None:  # noqa: FBT001
    assert matches(pattern, text) is expected


@pytest.mark.parametrize("text", ["٣", "é"])
def test_knows_digits_and_words_of_ascii_only(text: str) -> None:
    assert matches(r"[\w\d]", text) is False


@pytest.mark.parametrize(
    "pattern",
    [
        "[a-z&&[^b]]",
        "x*+",
        r"(a)\1",
        r"\Qa\E",
        "(?<name>a)",
        "(?s).",
        "(a",
        "a)",
        "[a",
        "[]",
        "a{2",
        "*",
        r"\k",
        "(?<=a)b",
    ],
)
def test_says_nothing_of_what_it_does_not_know(pattern: str) -> None:
    assert matches(pattern, "a") is None


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|a)*b", "((a{0,1000}){0,1000}){0,1000}b", "(" * 49 + "a*" + ")*" * 49, "(.*)*(.*)*x"]
)
def test_ends_on_patterns_that_backtrack_for_ever(pattern: str) -> None:
    assert matches(pattern, "a" * 4000 + "!") is not True


@settings(max_examples=300, deadline=None)
@given(
    st.recursive(
        st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\w", r"\d", "^", "$"]),
        lambda parts: st.one_of(
            st.tuples(parts, parts).map("".join),
            st.tuples(parts, parts).map(lambda two: f"(?:{two[0]}|{two[1]})"),
            st.tuples(parts, st.sampled_from(["*", "+", "?", "{1,2}", "*?"])).map(lambda two: f"(?:{two[0]}){two[1]}"),
            parts.map(lambda one: f"(?={one})"),
            parts.map(lambda one: f"(?!{one})"),
        ),
        max_leaves=8,
    ),
    st.text("ab1", max_size=6),
)
def test_agrees_with_python_where_the_dialects_do(pattern: str, text: str) -> None:
    assert matches(pattern, text) is (re.fullmatch(pattern, text, re.ASCII) is not None)
