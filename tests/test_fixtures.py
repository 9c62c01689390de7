"""Whole projects, each with all that is found in it: read a changed expected.txt as if a stranger had sent it."""

from pathlib import Path

import pytest

from validator.cli import main

FIXTURES = Path(__file__).parents[1] / "fixtures"
VALID = sorted(FIXTURES.glob("valid/*/"))
INVALID = sorted(FIXTURES.glob("invalid/*/*/"))
TODAY = "2026-12-01"


def found(case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.chdir(case)
    code = main(["check", "--format", "concise", "--today", TODAY])
    captured = capsys.readouterr()
    assert captured.err == ""
    assert code == int(": error: " in captured.out)
    return captured.out


@pytest.mark.parametrize(
    "case", [*VALID, *INVALID, FIXTURES / "delivery"], ids=lambda case: case.relative_to(FIXTURES).as_posix()
)
def test_finds_what_is_expected(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, update: bool
) -> None:
    output = found(case, monkeypatch, capsys)
    if update:
        (case / "expected.txt").write_text(output)
    assert (case / "expected.txt").read_text() == output


@pytest.mark.parametrize("case", VALID, ids=lambda case: case.name)
def test_a_valid_case_expects_nothing(case: Path) -> None:
    assert (case / "expected.txt").read_text() == ""


@pytest.mark.parametrize("case", INVALID, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_an_invalid_case_expects_its_rule(case: Path) -> None:
    assert f" [{case.parent.name}]\n" in (case / "expected.txt").read_text()
