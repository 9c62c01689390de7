"""The calls in a build's commands."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.buildspec import Buildspec
from validator.buildspec.calls import Call
from validator.parse import load


def made(*commands: str, variables: str = "{}") -> list[Call]:
    listed = json.dumps(list(commands))
    text = f"version: 0.2\nenv: {{variables: {variables}}}\nphases: {{build: {{commands: {listed}}}}}\n"
    return Buildspec(load("buildspec.yml", text.encode()).root).flow.calls


def words(*commands: str, variables: str = "{}") -> list[list[str]]:
    return [["|".join(word) for word in call.words] for call in made(*commands, variables=variables)]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("a b c", [["a", "b", "c"]]),
        ("a 'b c' \"d e\" f\\ g", [["a", "b c", "d e", "f g"]]),
        ("a && b || c; d | e & f\ng", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"], ["g"]]),
        ("a \\\n  b # c\nd", [["a", "b"], ["d"]]),
        ("a b#c", [["a", "b#c"]]),
        ("if [ -f x ]; then a; else b; fi", [["a"], ["b"]]),
        ("while true; do a; done", [["true"], ["a"]]),
        ("(a; b) && { c; }", [["a"], ["b"], ["c"]]),
        ("X=1 Y=2 a", [["a"]]),
        ("sudo a", [["a"]]),
        ("a 2>&1 <in", [["a"]]),
        ("a <<EOF\nb c\nEOF\nd", [["a"], ["d"]]),
        ("a '' \"\"", [["a", "", ""]]),
        ("", []),
    ],
)
def test_words(command: str, expected: list[list[str]]) -> None:
    assert words(command) == expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("a $X ${X}", ["a", "1", "2", "1", "2"]),
        ('a "$X"', ["a", "1 2"]),
        ("a x$X", ["a", "x1 2"]),
        ("a '$X'", ["a", "$X"]),
        ("a $Y ${X:-z} $((1 + 2)) $1 $", ["a", "*", "*", "*", "*", "$"]),
    ],
)
def test_variables_are_put_in_as_far_as_they_are_known(command: str, expected: list[str]) -> None:
    assert words(command, variables="{X: 1 2}") == [expected]


def test_a_loop_sets_its_variable_to_each_word() -> None:
    assert words("for f in $X b; do a d/$f.yml; done", variables="{X: 1 2}") == [["a", "d/1.yml|d/2.yml|d/b.yml"]]


def test_a_loop_over_what_is_unknown_sets_it_to_anything() -> None:
    assert words("for f in $(ls); do a $f; done", "ls | while read l; do b $l; done") == [
        ["ls"],
        ["a", "*"],
        ["ls"],
        ["read", "l"],
        ["b", "*"],
    ]


def test_programs_whose_output_is_put_in_are_called_first() -> None:
    assert words('a "x-$(cat "y z")-w" `date`') == [["cat", "y z"], ["date"], ["a", "x-*-w", "*"]]


def test_assignments_last_and_add_up() -> None:
    assert words("X=1", "if c; then X=2; fi", "a $X", "export Y=3", 'b "$Y"') == [["c"], ["a", "1|2"], ["b", "3"]]


def test_what_is_written() -> None:
    [call] = made('a b > c 2>>"d e"')
    assert call.writes == ("c", "d e")


def test_options() -> None:
    [call] = made("aws --region r cloudformation deploy --template-file=a.yml --capabilities A B --no-x --body c")
    assert call.starts("aws", "cloudformation", "deploy")
    assert not call.starts("aws", "s3")
    assert (call.option("--template-file"), call.option("--body"), call.option("--z")) == (("a.yml",), ("c",), None)
    assert (call.listed("--capabilities"), call.listed("--z")) == (("A", "B"), None)


def test_options_that_are_not_known_may_be_any() -> None:
    [call] = made("a $OPTIONS")
    assert (call.option("--x"), call.listed("--x")) == (("*",), ("*",))


@pytest.mark.parametrize("variables", ["{X: [a]}", "{X: {Ref: Y}}"])
def test_variables_that_are_no_text_are_unknown(variables: str) -> None:
    assert words("a $X", variables=variables) == [["a", "*"]]


@given(st.text(alphabet="ab \n\t\"'`$(){};|&<>\\#=*XY1-", max_size=80))
def test_any_text_has_calls(text: str) -> None:
    for call in made(text):
        assert all(word for word in call.words)


@pytest.mark.parametrize(
    "text", ["$(" * 20000, '"' * 20000, "${" * 20000, "X=$X$X$X\n" * 2000, "for i in $i $i; do a $i; done\n" * 500]
)
def test_takes_little_time(text: str) -> None:
    assert len(made(text)) <= 500
