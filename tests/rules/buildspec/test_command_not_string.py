"""Rule buildspec-command-not-string."""

import pytest

from validator.testing import findings

RULE = "buildspec-command-not-string"
TEXT = "version: 0.2\nphases:\n  build:\n    commands:\n      - make\n    finally:\n      - {}\n"


@pytest.mark.parametrize(
    ("command", "fixed"),
    [("true", "'true'"), ("Yes", "'Yes'"), ("1.0", "'1.0'"), ("0755", "'0755'"), ("12", "'12'"), ("!!bool no", "'no'")],
)
def test_quotes_the_command_as_it_is_written(command: str, fixed: str) -> None:
    [finding] = findings(RULE, {"buildspec.yml": TEXT.replace("{}", command)})
    assert (finding.at.span.line, [edit.text for edit in finding.fix]) == (7, [fixed])


def test_json_has_other_quotes() -> None:
    text = '{"version": 0.2, "phases": {"build": {"commands": [true]}}}'
    [finding] = findings(RULE, {"buildspec.json": text})
    assert [edit.text for edit in finding.fix] == ['"true"']


@pytest.mark.parametrize("command", ["12:30", "-1"])
def test_offers_no_fix_where_it_is_no_word(command: str) -> None:
    assert [finding.fix for finding in findings(RULE, {"buildspec.yml": TEXT.replace("{}", command)})] == [()]


@pytest.mark.parametrize("command", ["'true'", "make", "~", "[true]", "{a: 1}", "!!str true", "|\n        1"])
def test_accepts(command: str) -> None:
    assert not findings(RULE, {"buildspec.yml": TEXT.replace("{}", command)})
