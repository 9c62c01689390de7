"""Rule buildspec-v01-lost-state."""

import pytest

from validator.rule import Severity
from validator.testing import findings

RULE = "buildspec-v01-lost-state"


def of(*commands: str, version: str = "0.1", head: str = "") -> list[tuple[int, Severity | None, str]]:
    lines = "".join(f"      - {one}\n" for one in commands)
    text = f"version: {version}\n{head}phases:\n  build:\n    commands:\n{lines}"
    return [(one.at.span.line, one.severity, one.message) for one in findings(RULE, {"buildspec.yml": text})]


def test_a_variable_that_a_later_command_uses() -> None:
    message = "'A' is set for this command only: in version 0.1 the next has its own shell"
    assert of("export A=$(cat b)", "echo $A") == [(5, None, message)]


def test_a_folder_that_the_next_command_is_not_in() -> None:
    message = "'cd app' has no effect: in version 0.1 the next command starts in the first folder again"
    assert of("cd app", "make") == [(5, None, message)]


@pytest.mark.parametrize("command", ["set -e", "source x", ". x"])
def test_options_are_a_warning(command: str) -> None:
    assert [severity for _, severity, _ in of(command, "make")] == [Severity.WARNING]


@pytest.mark.parametrize(
    "commands",
    [("cd app && make", "ls"), ("make", "cd app"), ("A=b", "echo $B"), ("A=b", "A=c; echo a"), ("make", "ls")],
)
def test_accepts(commands: tuple[str, ...]) -> None:
    assert not of(*commands)


def test_accepts_a_variable_that_is_in_the_environment_as_well() -> None:
    assert not of("export A=b", "echo $A", head="environment_variables: {plaintext: {A: c}}\n")


def test_accepts_all_in_version_0_2() -> None:
    assert not of("cd app", "make", version="0.2")
