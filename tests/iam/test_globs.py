"""The algebra of globs."""

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from validator.iam.automata import GivenUp, Token, Wild
from validator.iam.globs import Glob, glob, literal, progress, witness

# All texts of up to five characters: two that patterns name, the colon, and one that they do not name.
TEXTS = ["".join(text) for length in range(6) for text in product("ab:x", repeat=length)]
TOKENS: list[Token] = ["a", "b", ":", *(Wild(many, colons) for many in (True, False) for colons in (True, False))]

anything = st.lists(st.sampled_from(TOKENS), max_size=5).map(lambda tokens: Glob(tuple(tokens)))
plain = st.text("aab*?", max_size=12).map(glob)
groups = st.lists(anything, min_size=1, max_size=3)


def fits(tokens: tuple[Token, ...], text: str) -> bool:
    """Match as a reader would, to compare with."""
    if not tokens:
        return not text
    first, rest = tokens[0], tokens[1:]
    if not isinstance(first, Wild):
        return text[:1] == first and fits(rest, text[1:])
    taken = bool(text) and (first.colons or text[0] != ":")
    if first.many:
        return fits(rest, text) or (taken and fits(tokens, text[1:]))
    return taken and fits(rest, text[1:])


def matched(*patterns: Glob) -> set[str]:
    return {text for text in TEXTS if any(fits(one.tokens, text) for one in patterns)}


# Laws


@given(anything)
def test_matches_as_a_reader_would(pattern: Glob) -> None:
    assert {text for text in TEXTS if pattern.matches(text)} == matched(pattern)


@given(plain, plain)
@example(glob("?*b"), glob("*ab"))
@example(glob("*?"), glob("?*"))
@example(glob("*a??*"), glob("*a*a?*"))
def test_inclusion_is_exact(outer: Glob, inner: Glob) -> None:
    found = witness([[inner]], [outer])
    assert outer.includes(inner) == (found is None)
    if found is None:
        assert matched(inner) <= matched(outer)


@given(anything, anything)
def test_inclusion_is_certain_where_wildcards_exclude_colons(outer: Glob, inner: Glob) -> None:
    assert not outer.includes(inner) or matched(inner) <= matched(outer)


@given(anything, anything)
def test_intersection_is_exact(one: Glob, other: Glob) -> None:
    found = witness([[one], [other]])
    assert one.intersects(other) == other.intersects(one) == (found is not None)
    if found is None:
        assert not matched(one) & matched(other)


@given(anything, anything)
def test_patterns_that_look_apart_share_no_text(one: Glob, other: Glob) -> None:
    assert not one.apart(other) or not one.intersects(other)


@pytest.mark.parametrize(
    ("one", "other"), [("a:b*", "a:c*"), ("*:a", "*:b"), ("a", "ab*"), ("arn:aws:s3:::a", "arn:aws:s3:::b/*")]
)
def test_patterns_of_other_ends_look_apart(one: str, other: str) -> None:
    assert glob(one).apart(glob(other))
    assert not glob(one).apart(glob("*"))


@given(st.lists(anything, max_size=3), st.sampled_from(["a:", "b:", "ab:"]))
def test_what_has_made_the_same_progress_ends_alike(patterns: list[Glob], head: str) -> None:
    texts = ("a", "b", "ab", "x")
    made = progress(tuple(patterns), head, texts)
    for (one, mine), (other, yours) in product(zip(texts, made, strict=True), repeat=2):
        if mine == yours:
            for end in TEXTS[:150]:
                matching = [[pattern.matches(f"{head}{text}:{end}") for pattern in patterns] for text in (one, other)]
                assert matching[0] == matching[1]


@given(st.lists(groups, min_size=1, max_size=3), st.lists(anything, max_size=3))
def test_a_witness_is_sound_and_never_missed(inside: Sequence[Sequence[Glob]], outside: Sequence[Glob]) -> None:
    found = witness(inside, outside)
    assert not isinstance(found, GivenUp)
    if found is None:
        assert not set.intersection(*(matched(*group) for group in inside)) - matched(*outside)
    else:
        assert all(any(fits(one.tokens, found) for one in group) for group in inside)
        assert not any(fits(one.tokens, found) for one in outside)


@given(st.text("ab*?${}:", max_size=10))
def test_what_is_written_reads_the_same(text: str) -> None:
    assert glob(str(glob(text))) == glob(text)
    assert glob(str(glob(text, escapes=False))) == glob(text, escapes=False)


# Cases


@pytest.mark.parametrize("text", ["*", "?", "$", "${*}", "[a]", "\\*", "a\nb", "é", "\U0001f600"])
def test_a_literal_matches_itself_alone(text: str) -> None:
    assert literal(text).matches(text)
    assert not literal(text).matches(text + text)
    assert not literal(text).matches("x" * len(text))


def test_escapes_stand_for_the_characters_themselves() -> None:
    assert glob("a${*}${?}${$}*").matches("a*?$b")
    assert not glob("a${*}").matches("ab")
    assert glob("a${*}", escapes=False).matches("a${xyz}")


def test_case_counts_unless_told_otherwise() -> None:
    assert not glob("eu-*").matches("EU-west-1")
    assert glob("eu-*").matches("EU-west-1", ignore_case=True)
    assert glob("A*").includes(glob("ab*"), ignore_case=True)
    assert glob("A*").intersects(glob("*B"), ignore_case=True)
    assert not glob("A*").intersects(glob("b*"), ignore_case=True)
    assert witness([[glob("A*")]], [glob("a")], ignore_case=True) == "ax"


def test_a_witness_is_one_of_the_likely_texts_if_one_fits() -> None:
    likely = ["us-east-1", "eu-west-1", "eu-north-1"]
    assert witness([[glob("eu-*")]], [glob("*-west-*")], likely=likely) == "eu-north-1"
    assert witness([[glob("ap-*")]], likely=likely) == "ap-"


@pytest.mark.parametrize(
    ("inside", "outside", "text"),
    [
        ([["a*", "b*"], ["*z"]], [], "az"),
        ([["a*", "b*"], ["*z"]], ["a*"], "bz"),
        ([["*"]], ["", "?"], "xx"),
        ([["??"]], ["x?", "?a"], "ax"),
    ],
)
def test_a_witness_is_short(inside: list[list[str]], outside: list[str], text: str) -> None:
    found = witness([[glob(one) for one in group] for group in inside], [glob(one) for one in outside])
    assert isinstance(found, str)
    assert len(found) == len(text)


def test_several_patterns_outside_may_cover_what_none_of_them_does() -> None:
    assert witness([[glob("*")]], [glob(""), glob("?*")]) is None
    assert witness([[glob("a?")]], [glob("*b"), glob("*c"), glob("a?")]) is None


def test_nothing_matches_a_group_without_patterns() -> None:
    assert witness([[]]) is None
    assert witness([]) == ""


# Bounds

STARS = [glob("*".join(letters) + end) for letters in ("a" * 1000, "ab" * 500, "b" * 1000) for end in ("*", "b")]


@pytest.mark.parametrize("one", STARS)
def test_a_thousand_stars_take_no_time(one: Glob) -> None:
    one.matches("ab" * 2000)
    for other in STARS:
        one.includes(other)
        one.intersects(other)


def test_a_search_that_grows_too_long_is_given_up() -> None:
    found = witness([[STARS[0]], [STARS[2]]], [STARS[4]])
    assert isinstance(found, GivenUp)
    assert 0 < found.states <= 20_000


def test_thousands_of_patterns_are_searched_at_once() -> None:
    many = [glob(f"arn:aws:s3:::bucket-{number}/*") for number in range(5000)]
    assert isinstance(witness([[glob("arn:aws:s3:::bucket-77?/*")]], many), str)
    assert witness([[glob("arn:aws:s3:::bucket-777/a*")]], many) is None
    witness([many], many)
