"""Rule shellcheck, with a stand-in for the program: what it is asked, and what becomes of its answers."""

import json
import os
import sys
from pathlib import Path

import pytest

from validator.rule import Severity
from validator.testing import findings, undecided

RULE = "shellcheck"
BUILDSPEC = """\
version: {}
phases:
  build:
    commands:
      - echo "é"
      - 'cd ''a b'' && rm $x'
      - |
        cd /tmp
        ls *.txt
"""


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    file = folder / "shellcheck"
    file.write_text(f"#!{sys.executable}\n{program}\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def answering(*comments: tuple[str, int, int, int, int, int, str]) -> str:
    names = ("file", "line", "column", "endLine", "endColumn", "code", "level")
    rows = [dict(zip(names, one, strict=True)) | {"message": "a message"} for one in comments]
    return f"print({json.dumps({'comments': rows})!r})\nraise SystemExit(1)"


def test_places_of_its_answers_are_those_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [("0", 2, 13, 2, 18, 1, "error"), ("0", 4, 4, 4, 9, 2, "info")]
    install(tmp_path, monkeypatch, answering(*answers))
    found = findings(RULE, {"buildspec.yml": BUILDSPEC.format("0.2")})
    assert [(one.code, one.severity, one.at.text) for one in found] == [
        ("SC1", Severity.ERROR, "rm $x"),
        ("SC2", Severity.NOTE, "*.txt"),
    ]


def test_in_version_0_1_each_command_is_a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, answering(("2", 2, 4, 2, 9, 1, "warning")))
    [finding] = findings(RULE, {"buildspec.yml": BUILDSPEC.format("0.1")})
    assert (finding.at.span.line, finding.at.span.column, finding.at.text) == (9, 12, "*.txt")


def test_a_folder_that_ends_a_command_is_left_in_peace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, answering(("0", 1, 1, 1, 3, 2164, "warning")))
    text = "version: 0.2\nphases: {build: {commands: [cd, make]}}\n"
    assert not findings(RULE, {"buildspec.yml": text})


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("print('oh')", "shellcheck gives no answer that can be read, and ends with 0"),
        ("import time; time.sleep(60)", "shellcheck takes longer than 0.5 seconds"),
    ],
)
def test_what_it_does_not_answer_is_undecided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, reason: str
) -> None:
    install(tmp_path, monkeypatch, program)
    [found] = undecided(RULE, {"buildspec.yml": BUILDSPEC.format("0.2")}, seconds=0.5)
    assert found.reason == reason


def test_is_not_asked_about_powershell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, "raise SystemExit('asked')")
    text = "version: 0.2\nenv: {shell: powershell.exe}\nphases: {build: {commands: [make]}}\n"
    assert not undecided(RULE, {"buildspec.yml": text})
