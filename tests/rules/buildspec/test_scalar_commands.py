"""Rule buildspec-scalar-commands."""

import pytest

from validator.testing import findings

RULE = "buildspec-scalar-commands"


@pytest.mark.parametrize(("part", "says"), [("commands", "commands of build"), ("finally", "finally of build")])
def test_points_at_the_text(part: str, says: str) -> None:
    [finding] = findings(RULE, {"buildspec.yml": f"version: 0.2\nphases: {{build: {{{part}: make all}}}}\n"})
    assert finding.at.text == "make all"
    assert finding.message == f"the {says} are a text, expected a list"


@pytest.mark.parametrize("commands", ["[make]", "", "[]", "{a: b}"])
def test_accepts(commands: str) -> None:
    assert not findings(RULE, {"buildspec.yml": f"version: 0.2\nphases: {{build: {{commands: {commands}}}}}\n"})
