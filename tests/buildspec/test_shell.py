"""Shell programs as trees: parts and the places that they stand at."""

import json
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.buildspec import Buildspec
from validator.buildspec.shell import LONGEST, MOST_ARRAYS, MOST_PIPES, Part, Script
from validator.cloudformation.template import Template
from validator.parse import load
from validator.project.inside import inline_buildspecs

# What can stand in each style of a scalar; what they cannot hold as it is, they are not asked to.
_WORDS = st.lists(
    st.sampled_from(
        ["a", "é", "$B", '"c d"', "'e'", "|", "&&", ";", "x=1", "$(f)", "\\", "😀", "# g", "<h", "{", "i\tj"]
    ),
    min_size=1,
    max_size=6,
).map(" ".join)
_TEXTS = st.lists(_WORDS, min_size=1, max_size=4).map("\n".join)


def script(source: str) -> Script:
    """Give the first command of a buildspec, which `source` is after `commands:` and an indent."""
    root = load("buildspec.yml", source.encode()).root
    found = next(Buildspec(root).commands()).script
    assert found is not None
    return found


def listed(scalar: str) -> str:
    return f"version: 0.2\nphases:\n  build:\n    commands:\n      - {scalar}\n"


def block(text: str, mark: str, indent: int) -> str:
    return listed(f"{mark}{indent}\n" + textwrap.indent(text, " " * (6 + indent), lambda _: True))


def test_parts_are_where_they_are_written() -> None:
    found = script(listed("make all | tee 'l o g'"))
    assert [
        (part.kind, part.text, part.node.text) for part in found.root.walk() if part.kind in {"word", "raw_string"}
    ] == [
        ("word", "make", "make"),
        ("word", "all", "all"),
        ("word", "tee", "tee"),
        ("raw_string", "'l o g'", "'l o g'"),
    ]


def test_a_part_has_a_line_and_a_column() -> None:
    found = script(listed("|\n        # nothing\n        echo é; make all"))
    place = next(part.node.span for part in found.root.walk() if part.text == "make all")
    assert (place.line, place.column, place.end_line, place.end_column) == (7, 17, 7, 25)


@pytest.mark.parametrize(
    ("scalar", "wanted", "source"),
    [
        ("echo a; make all", "make all", "make all"),
        ("'echo ''a''; make all'", "make all", "make all"),
        ("'echo ''a''; make all'", "'a'", "''a''"),
        ('"echo \\"a\\"; make \\u0061ll"', "make all", "make \\u0061ll"),
        ('"echo \\"a\\"; make all"', '"a"', '\\"a\\"'),
        ("echo a;\n        make all", "make all", "make all"),
        ("echo a; make\n        all", "make all", "make\n        all"),
        (">-\n        echo a; make\n        all", "make all", "make\n        all"),
        ("|+2\n        echo a; make all\n\n", "make all", "make all"),
        ("&x !!str echo a; make all", "make all", "make all"),
    ],
)
def test_a_part_is_found_in_every_style(scalar: str, wanted: str, source: str) -> None:
    found = script(listed(scalar))
    assert next(part.node.text for part in found.root.walk() if part.text == wanted) == source


def shown(part: Part) -> str:
    """Give the text that stands at a part's place in a literal scalar, without the indent of its lines."""
    lines = part.node.text.replace("\r\n", "\n").split("\n")
    return "\n".join([lines[0], *(line.removeprefix(" " * 8) for line in lines[1:])])


@given(_TEXTS, st.sampled_from(["\n", "\r\n"]))
def test_every_part_of_a_literal_scalar_is_its_text(text: str, line_end: str) -> None:
    found = script(block(text, "|", 2).replace("\n", line_end))
    assert all(
        shown(part).rstrip("\n") == part.text.rstrip("\n") for part in found.root.walk() if part.end > part.start
    )


@given(_TEXTS)
def test_every_part_of_a_quoted_scalar_decodes_to_its_text(text: str) -> None:
    found = script(listed(json.dumps(text, ensure_ascii=False)))
    for part in found.root.walk():
        if part.end > part.start:
            assert json.loads(f'"{part.node.text}"', strict=False) == part.text


@given(_WORDS)
def test_every_part_of_a_single_quoted_scalar_is_its_text(text: str) -> None:
    found = script(listed("'" + text.replace("'", "''") + "'"))
    assert all(part.node.text.replace("''", "'") == part.text for part in found.root.walk() if part.end > part.start)


@given(_TEXTS, st.sampled_from(["!Sub ", ""]), st.sampled_from(["\n", "\r\n"]))
def test_every_part_of_a_buildspec_inside_a_template_is_its_text(text: str, function: str, line_end: str) -> None:
    inner = block(text, "|", 2)
    source = (
        "Resources:\n  P:\n    Type: AWS::CodeBuild::Project\n    Properties:\n      Source:\n"
        f"        BuildSpec: {function}|\n{textwrap.indent(inner, ' ' * 10)}"
    )
    template = Template(load("t.yml", source.replace("\n", line_end).encode()).root)
    [root] = inline_buildspecs(template.resources["P"])
    found = next(Buildspec(root).commands()).script
    assert found is not None
    lines = source.replace("\n", line_end)
    for part in found.root.walk():
        if part.end > part.start and "\n" not in part.text:
            assert lines[part.node.span.start : part.node.span.end] == part.text


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("push $A.dkr.ecr.$B.amazonaws.com/x", "$A.dkr.ecr.$B.amazonaws.com/x"),
        ("ls $A/$B/$C/$D.e", "$A/$B/$C/$D.e"),
        ("ls $A-$B-c$D+e", "$A-$B-c$D+e"),
        ("ls $Aé", "$Aé"),
        ("ls a/$A*", "a/$A*"),
    ],
)
def test_variables_with_text_between_them_are_one_word(text: str, word: str) -> None:
    [command] = script(listed(text)).root.parts
    assert command.parts[1].text == word


@pytest.mark.parametrize("text", ["[ $A/$B/c = d ]", "X=$A/$B/c", "for i in $A/$B/c; do x; done", "x $(( $A-$B/2 ))"])
def test_variables_with_text_between_them_are_no_fault(text: str) -> None:
    root = script(listed(json.dumps(text))).root
    assert (root.syntax.has_error, len(root.parts)) == (False, 1)


def test_a_name_ends_where_a_foreign_letter_begins() -> None:
    names = [part.text for part in script(listed("echo $Aé")).root.walk() if part.kind == "variable_name"]
    assert names == ["A"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a" * (LONGEST + 1), "longer than"),
        ("a " + "| a " * (MOST_PIPES + 1), "pipes"),
        ("a=(b) " * (MOST_ARRAYS + 1), "arrays"),
    ],
)
def test_what_is_too_big_is_not_read(text: str, why: str) -> None:
    found = Script(load("b.yml", json.dumps(text).encode()).root, text)
    assert why in found.unread
    assert found.root.parts == ()


@pytest.mark.parametrize(
    "text",
    [
        "$(" * 100_000,
        "(" * 100_000,
        "`" * 99_999,
        '"' * 99_999,
        "${" * 100_000,
        "<<A " * 50_000,
        "cat <<A\n" * 20_000,
        "if true; then " * 20_000,
        "case x in " * 20_000,
        "{ " * 100_000,
        "\x00\x01\x7f\x1b[31m" * 20_000,
        "a\\\n" * 100_000,
        "a=(" * 50_000,
        "[[ " * 50_000,
        "$((" * 50_000,
        "\u2028\x85\ud7ff" * 50_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_bad_input_is_read_or_given_up(text: str) -> None:
    found = Script(load("b.yml", json.dumps(text).encode()).root, text)
    ends = [part.end for part in found.root.walk()]
    assert max(ends) <= len(text)


@given(st.text(alphabet=st.sampled_from("ab \n\t\r\"'`$(){}[];|&<>\\#=*!?é😀\x00\x0b\u2028XY1-./"), max_size=60))
def test_any_text_has_parts_that_lie_within_one_another(text: str) -> None:
    for part in Script(load("b.yml", b"x").root, text).root.walk():
        assert 0 <= part.start <= part.end <= len(text)
        assert part.parent is None or part.parent.start <= part.start <= part.end <= part.parent.end
