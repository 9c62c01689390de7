"""Terms of expressions: each stands where it is written."""

from collections.abc import Iterator

import pytest

from validator.environment.terms import RefusedError, Term, read

EXPRESSIONS = [
    "a",
    "a.b . c",
    'a."b c".d',
    "a[0].b[-1]",
    "a[].b[*].c[1:3].d",
    "a.*.b",
    "a[?b=='c' && !d || e<=`5`].f | [0]",
    "sort_by(a[], &b.c)[*].{x: y, 'z': w}".replace("'z'", '"z"'),
    "[a, b.c, length(d)][]",
    "a[?contains(b[].c, 'd')] | [?@ == `\"e\"`]",
    "  a  \n | b ",
]


def below(term: Term) -> Iterator[Term]:
    yield term
    for child in term.children:
        yield from below(child)


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_a_part_stands_within_the_whole(text: str) -> None:
    for term in below(read(text)):
        assert 0 <= term.start <= term.end <= len(text)
        # What nobody wrote has no place.
        assert all(term.start <= child.start and child.end <= term.end for child in term.children if child.end)


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_a_field_stands_where_its_name_does(text: str) -> None:
    fields = [term for term in below(read(text)) if term.type == "field"]
    assert fields
    assert all(text[term.start : term.end].strip('"') == term.value for term in fields)


def test_the_mark_is_what_makes_it_what_it_is() -> None:
    text = "sort_by(a[], &b) [?c]"
    marks = {term.type: text[slice(*term.mark)] for term in below(read(text))}
    assert (marks["function_expression"], marks["flatten"], marks["filter_projection"]) == ("sort_by", "[]", "[?c]")


@pytest.mark.parametrize(
    ("text", "at"), [("", ""), ("a.", "."), ("a[", "["), ("a = b", "="), ("a..b", "."), ("'a", "'a")]
)
def test_says_where_it_cannot_be_read(text: str, at: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read(text)
    fault = refused.value.fault
    assert (fault.code, text[fault.start : fault.end]) == ("syntax", at)
