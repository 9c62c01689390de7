"""Rule buildspec-empty-command."""

import pytest

from validator import fix
from validator.testing import findings

RULE = "buildspec-empty-command"
HEAD = "version: 0.2\nphases:\n  build:\n    commands:\n"


def fixed(text: str, path: str = "buildspec.yml") -> str:
    plan = fix.plan([finding.fix for finding in findings(RULE, {path: text})], {path: text})
    return fix.edited(text, plan.edits.get(path, ()))


def test_points_at_the_dash() -> None:
    [finding] = findings(RULE, {"buildspec.yml": f"{HEAD}      - make\n      -   # test\n"})
    assert (finding.at.span.line, finding.at.span.column, finding.at.span.end_column) == (6, 7, 8)


@pytest.mark.parametrize(
    ("items", "left"),
    [
        ("      -\n      - make\n", "      - make\n"),
        ("      - make\n      - \n", "      - make\n"),
        ("      - make\n      -", "      - make"),
        ("      - make\r\n      -\r\n      - test\r\n", "      - make\r\n      - test\r\n"),
        ("      - ~\n      - make\n", "      - make\n"),
        ("      - null\n      - make\n", "      - make\n"),
        ("      - # test\n      - make\n", "      # test\n      - make\n"),
        ("      -\n      -\n      - make\n", "      - make\n"),
        ("      -\n", ""),  # a list of nothing is one, too
    ],
)
def test_removes_the_item_and_keeps_a_comment(items: str, left: str) -> None:
    assert fixed(HEAD + items) == HEAD + left


@pytest.mark.parametrize("items", ["      - ''\n      - make\n", "      - &a\n      - make\n"])
def test_offers_no_fix_where_it_is_not_certain_what_is_left(items: str) -> None:
    assert [finding.fix for finding in findings(RULE, {"buildspec.yml": HEAD + items})] == [()]


def test_looks_at_finally_and_at_lists_in_brackets() -> None:
    text = "version: 0.2\nphases: {build: {commands: [make, ~], finally: [null, ' ']}}\n"
    assert len(findings(RULE, {"buildspec.yml": text})) == 3


def test_removes_the_item_inside_a_template() -> None:
    template = (
        "Resources:\n  P:\n    Type: AWS::CodeBuild::Project\n    Properties:\n      Source:\n        BuildSpec: |\n"
    )
    lines = [*HEAD.splitlines(), "      - make", "      -", "      - test"]
    text = template + "".join(f"          {line}\n" for line in lines)
    assert fixed(text, "t.yml") == text.replace("                -\n", "")


def test_a_function_may_be_any_command() -> None:
    inline = "{version: 0.2, phases: {build: {commands: [!Ref A, !If [B, make, !Ref AWS::NoValue]]}}}"
    template = f"Resources: {{P: {{Type: AWS::CodeBuild::Project, Properties: {{Source: {{BuildSpec: {inline}}}}}}}}}"
    assert not findings(RULE, {"t.yml": template})


@pytest.mark.parametrize("phase", ["{commands: }", "{commands: []}", "{commands: [make]}", "", "{commands: make}"])
def test_accepts(phase: str) -> None:
    assert not findings(RULE, {"buildspec.yml": f"version: 0.2\nphases: {{build: {phase}}}\n"})
