"""Rule buildspec-glob-stray-quote."""

import pytest

from validator import fix
from validator.rule import Severity
from validator.testing import findings

RULE = "buildspec-glob-stray-quote"
TEXT = "version: 0.2\nphases: {build: {commands: [make]}}\nartifacts:\n  files:\n    - {}\n"


def fixed(text: str) -> str:
    plan = fix.plan([finding.fix for finding in findings(RULE, {"buildspec.yml": text})], {"buildspec.yml": text})
    return fix.edited(text, plan.edits.get("buildspec.yml", ()))


@pytest.mark.parametrize(
    ("glob", "left"),
    [
        ("'params/*.yml\"'", "'params/*.yml'"),
        ("'\"**/*\"'", "'**/*'"),
        ('"\\"**/*\\""', '"**/*"'),
        ("a.yml'", "'a.yml'"),
        ("\u201c**/*\u201d", "'**/*'"),
        ("'''a'", "'a'"),
        ("'$DIR/*.yml\"'", "'$DIR/*.yml'"),
        ("' a.yml'", "'a.yml'"),
        ("'a.yml '", "'a.yml'"),
    ],
)
def test_takes_the_quote_away(glob: str, left: str) -> None:
    assert fixed(TEXT.replace("{}", glob)) == TEXT.replace("{}", left)


def test_points_at_the_quote() -> None:
    [finding] = findings(RULE, {"buildspec.yml": TEXT.replace("{}", "'params/*.yml\"'")})
    assert (finding.at.span.line, finding.at.span.column, finding.at.span.end_column) == (5, 20, 21)


def test_is_not_sure_that_blanks_count() -> None:
    assert [one.severity for one in findings(RULE, {"buildspec.yml": TEXT.replace("{}", "'a '")})] == [Severity.WARNING]


@pytest.mark.parametrize(
    "part",
    [
        "artifacts: {files: [a], exclude-paths: 'b\"'}",
        "artifacts: {files: [a], base-directory: 'b\"'}",
        "artifacts: {files: [a], secondary-artifacts: {x: {files: 'b\"'}}}",
        "reports: {x: {files: ['b\"']}}",
        "cache: {paths: ['b\"']}",
    ],
)
def test_looks_at_all_that_names_files(part: str) -> None:
    assert (
        len(findings(RULE, {"buildspec.yml": f"version: 0.2\nphases: {{build: {{commands: [make]}}}}\n{part}\n"})) == 1
    )


@pytest.mark.parametrize(
    "glob", ["'**/*'", "it's.txt", "'\"$DIR\"/x'", "'\"$DIR/x\"'", "'a \"b\" c'", "|\n      a", "'\"'"]
)
def test_accepts(glob: str) -> None:
    assert not findings(RULE, {"buildspec.yml": TEXT.replace("{}", glob)})


def test_what_sub_fills_in_may_hold_the_other_quote() -> None:
    inline = '!Sub "version: 0.2\\nartifacts: {files: [\'${A}\\"\']}\\n"'
    template = f"Resources: {{P: {{Type: AWS::CodeBuild::Project, Properties: {{Source: {{BuildSpec: {inline}}}}}}}}}"
    assert not findings(RULE, {"t.yml": template})
