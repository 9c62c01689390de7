"""Scripts and Makefiles as far as they can be read: what they call, with which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.buildspec.calls import Call
from validator.parse import plain
from validator.project.commands import script


def calls(text: str, path: str = "run.sh") -> list[Call]:
    return script(plain(path, text.encode())).flow.calls


def words(text: str, path: str = "run.sh") -> list[list[str]]:
    return [["|".join(word) for word in call.words] for call in calls(text, path)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#!/bin/sh\nset -e\na b # c\n", [["set", "-e"], ["a", "b"]]),
        ("X=1\na $X ${X} '$X' \"$X\"\n", [["a", "1", "1", "$X", "1"]]),
        ("a \\\r\n  b\r\nc\r\n", [["a", "b"], ["c"]]),
    ],
)
def test_scripts(text: str, expected: list[list[str]]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("all: a\n\t@b $(X) $$Y d$$Y\n", [["b", "*", "*", "d*"]]),
        ("X := 1\nall:\n\tb $(X) ${X}\n", [["b", "1", "1"]]),
        ("X ?= 1\nall:\n\tb $(X)\n", [["b", "*"]]),
        ("X = 1\nX = 2\nall:\n\tb $(X)\n", [["b", "*"]]),
        ("all:\n\tb \\\n  c\n\td\n", [["b", "c"], ["d"]]),
        ("all:\n\t-b\nc\n", [["b"]]),
    ],
)
def test_recipes(text: str, expected: list[list[str]]) -> None:
    assert words(text, "Makefile") == expected


def test_a_word_knows_where_it_stands() -> None:
    [call] = calls("a 'b c'")
    assert (call.parts[1].node.text, call.node.text) == ("'b c'", "a 'b c'")


def test_a_word_of_a_recipe_knows_where_it_stands() -> None:
    [call] = calls("X = 1\nall:\n\t@b $(X) 'c d'\n", "Makefile")
    assert call.parts[1].node.text == "$(X)"
    assert call.parts[2].node.span.column == 10


@given(st.text(alphabet="ab \t\n\\'\"$(){}`<>|;&#=*EOF0", max_size=80))
def test_any_text_is_read_and_every_word_lies_within_it(text: str) -> None:
    for path in ("run.sh", "Makefile"):
        for call in calls(text, path):
            assert all(0 <= part.start <= part.end <= len(text) for part in call.parts)
