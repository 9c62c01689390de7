"""Rule buildspec-exit-status-noop."""

import pytest

from validator import fix
from validator.rule import Severity
from validator.testing import findings

RULE = "buildspec-exit-status-noop"


def buildspec(last: str, version: str = "0.1") -> dict[str, str]:
    return {"buildspec.yml": f"version: {version}\nphases:\n  build:\n    commands:\n      - make\n      - {last}\n"}


def test_points_at_the_command_and_takes_it_out() -> None:
    files = buildspec("exit $?")
    [finding] = findings(RULE, files)
    assert (finding.at.span.line, finding.at.span.column) == (6, 9)
    assert fix.edited(files["buildspec.yml"], finding.fix) == files["buildspec.yml"].replace("      - exit $?\n", "")


def test_a_comment_on_its_line_keeps_it() -> None:
    [finding] = findings(RULE, buildspec("exit $?  # or else"))
    assert not finding.fix


def test_in_version_0_2_leaving_the_shell_may_matter() -> None:
    [finding] = findings(RULE, buildspec("exit $?", "0.2"))
    assert not finding.fix


def test_is_a_note_at_the_end_of_a_longer_command() -> None:
    [finding] = findings(RULE, buildspec("make; exit $?"))
    assert (finding.severity, finding.at.span.column) == (Severity.NOTE, 15)


@pytest.mark.parametrize("last", ["exit 1", "make || exit $?", "if make; then exit $?; fi", "echo 'a; exit $?'"])
def test_accepts(last: str) -> None:
    assert not findings(RULE, buildspec(last))
