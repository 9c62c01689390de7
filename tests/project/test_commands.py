"""Shell programs as far as they can be read: commands, words, what is known of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.parse import plain
from validator.project.commands import Program, script


def program(text: str, path: str = "run.sh") -> Program:
    return script(plain(path, text.encode()))


def words(text: str, path: str = "run.sh") -> list[list[str]]:
    return [[word.text.replace("\0", "?") for word in command.words] for command in program(text, path).commands]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b c", [["a", "b", "c"]]),
        ("a; b\nc && d || e | f & g", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"], ["g"]]),
        ("a 'b c' \"d e\" f\\ g h'i'\"j\"", [["a", "b c", "d e", "f g", "hij"]]),
        ("a \\\n  b", [["a", "b"]]),
        ("a # b\nc", [["a"], ["c"]]),
        ("a b#c", [["a", "b#c"]]),
        ("a > out 2>&1 < in", [["a"]]),
        ("a <<EOF\nb\nEOF\nc", [["a"], ["c"]]),
        ("a <<'X'\nb\n  X\nc", [["a"], ["c"]]),
        ("if a; then b; else c; fi", [["a"], ["b"], ["c"], ["fi"]]),
        ("X=1 a", [["a"]]),
        ("X=1\na $X ${X} '$X' \"$X\"", [["a", "1", "1", "$X", "1"]]),
        ("export X=1; a $X", [["export", "X=1"], ["a", "1"]]),
        ("X=1; X=2; a $X", [["a", "?"]]),
        ("X=$(b c); a $X", [["a", "?"]]),
        ("X=1 b; a $X", [["b"], ["a", "?"]]),
        ("read X; a $X", [["read", "X"], ["a", "?"]]),
        ("for X in 1 2; do a $X; done", [["for", "X", "in", "1", "2"], ["a", "?"], ["done"]]),
        ("a $(b $(c)) `d` $1 $@ ${X:-y} $X", [["a", "?", "?", "?", "?", "?", "?"]]),
        ("a b$X/c", [["a", "b?/c"]]),
        ("a 'b", [["a", "b"]]),
        ('a "b', [["a", "b"]]),
        ("a $(b", [["a", "?"]]),
        ("a \\", [["a", "\\"]]),
    ],
)
def test_words(text: str, expected: list[list[str]]) -> None:
    assert [one for one in words(text) if one] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("all: a\n\t@b $(X) $$Y $(shell c)\n", [["b", "?", "?", "?"]]),
        ("X := 1\nall:\n\tb $(X) ${X}\n", [["b", "1", "1"]]),
        ("X ?= 1\nall:\n\tb $(X)\n", [["b", "?"]]),
        ("X = 1\nX = 2\nall:\n\tb $(X)\n", [["b", "?"]]),
        ("all:\n\tb \\\n  c\n\td\n", [["b", "c"], ["d"]]),
    ],
)
def test_recipes(text: str, expected: list[list[str]]) -> None:
    assert words(text, "Makefile") == expected


def test_a_word_knows_where_it_stands() -> None:
    [command] = program("a 'b c'").commands
    word = command.words[1]
    assert command.piece.at(word.start, word.end).text == "'b c'"


@given(st.text(alphabet="ab \t\n\\'\"$(){}`<>|;&#=*EOF0", max_size=80))
def test_any_text_is_read_and_every_word_lies_within_it(text: str) -> None:
    for path in ("run.sh", "Makefile"):
        for command in program(text, path).commands:
            assert all(0 <= word.start <= word.end <= len(text) for word in command.words)


@pytest.mark.parametrize("text", ["(" * 100_000, "$(" * 100_000, "'" * 100_001, "<<A\n" * 20_000, '"$X' * 50_000])
def test_nothing_takes_long(text: str) -> None:
    assert program(text).commands is not None
