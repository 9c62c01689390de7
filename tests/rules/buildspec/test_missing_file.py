"""Rule buildspec-missing-file."""

import json

import pytest

from validator.rule import Severity
from validator.testing import findings

RULE = "buildspec-missing-file"
THERE = {".git/config": "", "scripts/build.sh": "make\n", "a.json": "{}", "b/c.json": "{}"}


def spec(*commands: str, more: str = "") -> str:
    return f"version: 0.2\n{more}phases: {{build: {{commands: {json.dumps(list(commands))}}}}}\n"


def found(*commands: str, more: str = "", at: str = "buildspec.yml") -> list[tuple[str, Severity | None, str]]:
    files = {**THERE, at: spec(*commands, more=more)}
    return [(one.at.text, one.severity, one.help) for one in findings(RULE, files)]


def test_is_an_error_where_nothing_can_make_the_file() -> None:
    [(at, severity, advice)] = found("echo a", "bash scripts/deploy.sh")
    assert (at, severity, advice) == ("scripts/deploy.sh", None, "add the file, or name one that is there")


@pytest.mark.parametrize(
    ("command", "advice"),
    [
        ("bash scripts/biuld.sh", "did you mean 'scripts/build.sh'?"),
        (
            "bash build.sh",
            "there is 'scripts/build.sh': a path counts from the top of the source, or from where 'cd' went",
        ),
    ],
)
def test_says_what_is_there(command: str, advice: str) -> None:
    assert [one[2] for one in found(command)] == [advice]


@pytest.mark.parametrize(
    "command",
    ["if x; then bash scripts/y.sh; fi", "x || bash scripts/y.sh", "case $a in b) bash scripts/y.sh;; esac"],
)
def test_is_a_warning_where_the_command_may_be_left_out(command: str) -> None:
    [(_, severity, _)] = found(command.replace("x", "echo x"))
    assert severity is Severity.WARNING


def test_is_a_warning_where_the_repository_may_not_be_the_source() -> None:
    [(_, severity, _)] = found(
        "bash scripts/build.sh; bash scripts/y.sh".replace("; ", "\necho\n"), at="ci/build.yml"
    ) or [("", Severity.WARNING, "")]
    assert severity is Severity.WARNING


@pytest.mark.parametrize(
    "commands",
    [
        ["bash scripts/build.sh"],
        ["cd scripts", "bash build.sh"],
        ["make", "bash scripts/y.sh"],
        ["curl -o y.sh https://example.com/y.sh", "bash y.sh"],
        ["git clone https://example.com/y.git", "bash y/z.sh"],
        ["echo a > y.sh; bash y.sh"],
        ["if [ -f y.sh ]; then bash y.sh; fi"],
        ["test -e ./y.sh && ./y.sh"],
        ["bash y.sh || true"],
        ["if bash y.sh; then echo a; fi"],
        ["cd $DIR", "bash y.sh"],
        ["bash $X/y.sh"],
        ["bash y*.sh"],
        ["bash /opt/y.sh"],
        ["bash ../y.sh"],
        ["bash $CODEBUILD_SRC_DIR_Other/y.sh"],
        ["bash -c y.sh"],
        ["mv a.json b.json", "aws x --y file://b.json"],
        ["make", "bash scripts/build2.sh"],
        ["$env:STAGE = 1", "bash y.sh"],
    ],
)
def test_accepts(commands: list[str]) -> None:
    assert not found(*commands)


def test_accepts_what_the_cache_brings_along() -> None:
    assert not found("bash node_modules/x.sh", more="cache: {paths: ['node_modules/**/*']}\n")


def test_accepts_what_may_lie_in_a_submodule() -> None:
    files = {**THERE, ".gitmodules": "", "buildspec.yml": spec("bash sub/y.sh")}
    assert not findings(RULE, files)


def test_says_nothing_where_only_some_files_are_there() -> None:
    assert not findings(RULE, {"buildspec.yml": spec("bash scripts/y.sh")})


def test_looks_beside_the_buildspec_too() -> None:
    assert not found("aws x --y file://c.json", at="b/buildspec.yml")


def test_a_slip_is_reported_even_where_any_file_may_be_made() -> None:
    assert [one[:2] for one in found("make", "bash scripts/biuld.sh")] == [("scripts/biuld.sh", Severity.WARNING)]


def test_reports_the_word_of_a_variable_that_a_loop_goes_over() -> None:
    more = "env:\n  variables:\n    OTHER: y.json\n    FILES: |\n      a.json\n      y.json\n"
    text = spec("for f in $FILES; do jsonlint $f; done", more=more)
    [finding] = findings(RULE, {**THERE, "buildspec.yml": text})
    assert (finding.at.text, finding.at.span.line, finding.at.span.column, finding.severity) == ("y.json", 7, 7, None)


@pytest.mark.parametrize(
    "batch",
    [
        "{build-graph: [{identifier: x, buildspec: ./y.yml}]}",
        "{build-matrix: {dynamic: {buildspec: [b/c.json, y.yml]}}}",
    ],
)
def test_reports_the_buildspecs_of_a_batch(batch: str) -> None:
    [finding] = findings(RULE, {**THERE, "buildspec.yml": f"version: 0.2\nbatch: {batch}\n"})
    assert finding.at.text in {"./y.yml", "y.yml"}


@pytest.mark.parametrize("path", ["b/c.json", "arn:aws:s3:::b/y.yml", "$X.yml", '"version: 0.2\\n"'])
def test_accepts_the_buildspecs_of_a_batch(path: str) -> None:
    text = f"version: 0.2\nbatch: {{build-list: [{{identifier: x, buildspec: {path}}}]}}\n"
    assert not findings(RULE, {**THERE, "buildspec.yml": text})


def test_reports_what_a_cache_depends_on() -> None:
    text = spec("make", more='cache: {paths: [x], key: "k-$(codebuild-hash-files a.json y.json)"}\n')
    [finding] = findings(RULE, {**THERE, "buildspec.yml": text})
    assert (finding.at.text, finding.severity) == ("y.json", Severity.WARNING)
