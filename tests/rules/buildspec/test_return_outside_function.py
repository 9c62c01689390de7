"""Rule buildspec-return-outside-function."""

import pytest

from validator.testing import findings

RULE = "buildspec-return-outside-function"
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


def test_points_at_the_return() -> None:
    [finding] = findings(RULE, buildspec("f() { return 1; }\nf || return 0"))
    assert (finding.at.span.line, finding.at.span.column, finding.at.span.end_column) == (7, 14, 22)


@pytest.mark.parametrize("program", ["f() { if a; then return; fi; }", "echo return", "bash -c 'return 0'"])
def test_accepts(program: str) -> None:
    assert not findings(RULE, buildspec(program))
