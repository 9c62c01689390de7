"""Rule buildspec-old-version."""

import pytest

from validator.testing import findings

RULE = "buildspec-old-version"
PHASES = "phases: {build: {commands: [make]}}\n"


@pytest.mark.parametrize("version", ["0.1", "'0.1'"])
def test_points_at_the_version(version: str) -> None:
    [finding] = findings(RULE, {"buildspec.yml": f"version: {version}\n{PHASES}"})
    assert (finding.at.span.line, finding.at.span.column) == (1, 10)


@pytest.mark.parametrize("text", [f"version: 0.2\n{PHASES}", PHASES, f"version: [0.1]\n{PHASES}"])
def test_accepts(text: str) -> None:
    assert not findings(RULE, {"buildspec.yml": text})
