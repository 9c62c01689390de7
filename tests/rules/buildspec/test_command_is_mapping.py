"""Rule buildspec-command-is-mapping."""

import pytest

from validator.rule import Finding
from validator.testing import findings

TEXT = """\
version: 0.2
phases:
  build:
    commands:
      - {}
    finally:
      - clean
"""


def single(command: str) -> Finding:
    [finding] = findings("buildspec-command-is-mapping", {"buildspec.yml": TEXT.replace("{}", command)})
    return finding


def test_points_at_the_colon() -> None:
    finding = single("echo Version: 1")
    assert (finding.at.span.line, finding.at.span.column, finding.at.span.end_column) == (5, 21, 22)


@pytest.mark.parametrize(
    ("command", "fixed"),
    [
        ("echo Version: 1", "'echo Version: 1'"),
        ('echo "Version: $A"', "'echo \"Version: $A\"'"),
        ("echo it's: here", "'echo it''s: here'"),
        ('echo a: "b"', "'echo a: \"b\"'"),
        ("echo a:", "'echo a:'"),
        ("echo a: ~", "'echo a: ~'"),
        ("echo a: null", "'echo a: null'"),
        ("echo a: b  # why", "'echo a: b'"),
        ("echo a: b: c".replace("b: c", "b:c"), "'echo a: b:c'"),
    ],
)
def test_quotes_what_was_meant_as_it_stands(command: str, fixed: str) -> None:
    [edit] = single(command).fix
    text = TEXT.replace("{}", command)
    assert text[: edit.span.start] + edit.text + text[edit.span.end :] == text.replace(
        command.partition("  #")[0], fixed
    )


@pytest.mark.parametrize(
    "command",
    [
        "{a: b}",
        "[ -f a ]",
        "- cd a",
        '"echo a": b',
        "echo a: b\n        c: d",
        "echo a:\n          b",
        "echo a: {b: c}",
        "echo a: !Ref b",
        "echo a: |\n          b",
        "? echo a\n        : b",
        "? echo a",
        "!Ref A",
        "echo a: &b  # why",
    ],
)
def test_offers_no_fix_where_it_is_not_certain_what_was_meant(command: str) -> None:
    assert not single(command).fix


@pytest.mark.parametrize("element", ["*a", "echo b: *b"])
def test_offers_no_fix_for_an_alias(element: str) -> None:
    text = "a: &a\n  echo a: 1\nb: &b 1\n" + TEXT.replace("{}", element)
    [finding] = findings("buildspec-command-is-mapping", {"buildspec.yml": text})
    assert not finding.fix


@pytest.mark.parametrize("command", ["!Ref A", "!Sub 'a'", "!Base64 {a: b}", "!GetAtt a.b", "!Join [a, [b]]"])
def test_blames_a_tag_where_one_stands(command: str) -> None:
    finding = single(command)
    tag = command.partition(" ")[0]
    assert finding.message == f"this command starts with {tag!r}, a tag that CodeBuild does not know"
    assert (finding.at.span.line, finding.at.span.column) == (5, 9)


def test_blames_no_colon_that_is_not_there() -> None:
    finding = single("? echo a")
    assert finding.message == "this command is a mapping, since it starts with '? '"
    assert (finding.at.span.line, finding.at.span.column) == (5, 9)


def test_looks_at_finally_too() -> None:
    text = TEXT.replace("{}", "make").replace("clean", "echo done: yes")
    assert [each.at.pointer for each in findings("buildspec-command-is-mapping", {"buildspec.yml": text})] == [
        "/phases/build/finally/0"
    ]


@pytest.mark.parametrize(
    "command", ["make", "'a: b'", "echo a:b", "|\n        echo a: b", "true", "~", "1.0", ">-\n        a: b"]
)
def test_accepts(command: str) -> None:
    assert not findings("buildspec-command-is-mapping", {"buildspec.yml": TEXT.replace("{}", command)})


TEMPLATE = """\
Resources:
  Project:
    Type: AWS::CodeBuild::Project
    Properties:
      Source:
        Type: CODEPIPELINE
        BuildSpec: {}
"""


def test_quotes_inside_a_block_of_a_template() -> None:
    inline = "|\n          version: 0.2\n          phases: {build: {commands: }}\n"
    inline = inline.replace(
        "{build: {commands: }}", "\n            build:\n              commands:\n                - echo a: b"
    )
    text = TEMPLATE.replace("{}", inline)
    [finding] = findings("buildspec-command-is-mapping", {"t.yml": text})
    [edit] = finding.fix
    assert text[edit.span.start : edit.span.end] == "echo a: b"


def test_offers_no_fix_inside_another_kind_of_string() -> None:
    inline = '"version: 0.2\\nphases:\\n  build:\\n    commands:\\n      - echo a: b\\n"'
    [finding] = findings("buildspec-command-is-mapping", {"t.yml": TEMPLATE.replace("{}", inline)})
    assert not finding.fix


def test_a_function_in_an_object_is_a_command() -> None:
    inline = "{version: 0.2, phases: {build: {commands: [!Sub 'make ${A}']}}}"
    assert not findings("buildspec-command-is-mapping", {"t.yml": TEMPLATE.replace("{}", inline)})


def test_json_has_no_quotes_to_forget() -> None:
    text = '{"version": 0.2, "phases": {"build": {"commands": [{"echo a": "b"}, ["c"]]}}}'
    found = findings("buildspec-command-is-mapping", {"buildspec.json": text})
    assert [each.message for each in found] == ["this command is a mapping", "this command is a list"]
