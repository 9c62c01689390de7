"""Rule buildspec-shell-syntax."""

import pytest

from validator.rule import Severity
from validator.testing import findings

RULE = "buildspec-shell-syntax"
HEAD = "version: 0.2\nphases:\n  build:\n    commands:\n"


def of(*lines: str) -> list[tuple[int, int, str, str]]:
    text = HEAD + "".join(f"      {line}\n" for line in lines)
    return [
        (one.at.span.line, one.at.span.column, one.at.document.text[slice(*one.at.region)], one.message)
        for one in findings(RULE, {"buildspec.yml": text})
    ]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("- echo 'é' \"x", 18),
        ("- 'echo ''é'' \"x'", 21),
        ('- "echo \'é\' \\"x"', 19),
        ("- >-\n        echo 'é' \"x", 18),
    ],
)
def test_points_at_the_quote_in_every_style(line: str, column: int) -> None:
    [(_, at, text, message)] = of(line)
    assert text in {'"', '\\"'}
    assert at == column
    assert message == "'\"' is never closed, so the shell runs nothing of this command"


def test_a_split_construct_is_one_finding_at_its_beginning() -> None:
    text = HEAD + "      - if a; then\n      - b\n      - else\n      - c\n      - fi\n      - d\n"
    [finding] = findings(RULE, {"buildspec.yml": text})
    assert (finding.at.span.line, finding.at.span.column, finding.at.span.end_column) == (5, 9, 11)
    assert finding.message == ("'if' begins here and ends in another command, and each command is a program of its own")
    assert [(node.span.line, what) for node, what in finding.related] == [(9, "'fi' is in this command")]


def test_two_constructs_that_are_never_closed_are_two_findings() -> None:
    assert [line for line, *_ in of("- if a; then b", "- make", "- for x in y; do c")] == [5, 7]


def test_what_is_not_on_the_closed_list_is_a_warning() -> None:
    [finding] = findings(RULE, {"buildspec.yml": HEAD + "      - make && fi\n"})
    assert (finding.severity, finding.message) == (
        Severity.WARNING,
        "the shell does not expect 'fi' here, and runs nothing of this command",
    )


@pytest.mark.parametrize("command", ["if($env:A) { b", "$env:PATH_X = 'a", ".\\build.ps1 'a"])
def test_leaves_windows_alone(command: str) -> None:
    assert not of(f"- |\n        {command}")


@pytest.mark.parametrize("shell", ["powershell.exe", "cmd.exe"])
def test_leaves_alone_what_says_that_it_is_for_windows(shell: str) -> None:
    assert not findings(RULE, {"buildspec.yml": f"env: {{shell: {shell}}}\n{HEAD}      - if a ( then\n"})


def test_in_a_template_the_place_is_the_outer_files() -> None:
    text = """\
Resources:
  Project:
    Type: AWS::CodeBuild::Project
    Properties:
      Source:
        Type: CODEPIPELINE
        BuildSpec: |
          version: 0.2
          phases:
            build:
              commands:
                - make $(cat version
"""
    [finding] = findings(RULE, {"t.yml": text})
    assert (finding.at.span.line, finding.at.span.column) == (12, 24)
