"""Rule buildspec-or-true."""

import pytest

from validator.rule import Severity
from validator.testing import findings

RULE = "buildspec-or-true"
BUILDSPEC = """\
version: {version}
phases:
  build:
    commands:
      - |
{lines}
      - echo behind
"""


def buildspec(program: str, version: str = "0.2") -> dict[str, str]:
    lines = "\n".join(f"        {line}" for line in program.split("\n"))
    return {"buildspec.yml": BUILDSPEC.format(version=version, lines=lines)}


def test_points_at_what_hides_the_failure() -> None:
    [finding] = findings(RULE, buildspec("npm test || true"))
    assert (finding.at.span.line, finding.at.span.column, finding.at.span.end_column) == (6, 18, 25)
    assert (finding.severity, finding.message) == (None, "'|| true' hides that 'npm' failed")


def test_is_a_note_for_other_programs() -> None:
    [finding] = findings(RULE, buildspec("codecov -t a || :"))
    assert finding.severity is Severity.NOTE


@pytest.mark.parametrize(
    "program",
    ["rm a || true", "docker rm -f a || true", "mkdir a || :", "docker pull a || true", "grep a b || true", "a || b"],
)
def test_accepts(program: str) -> None:
    assert not findings(RULE, buildspec(program))
