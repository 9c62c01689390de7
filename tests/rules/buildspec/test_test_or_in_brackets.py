"""Rule buildspec-test-or-in-brackets."""

import pytest

from validator.testing import findings

RULE = "buildspec-test-or-in-brackets"
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


def test_points_at_the_operator() -> None:
    [finding] = findings(RULE, buildspec('if [ $A = "b" || $A = "c" ]; then make; fi'))
    assert (finding.at.span.line, finding.at.span.column, finding.at.span.end_column) == (6, 23, 25)


@pytest.mark.parametrize(
    "program", ["[ a ] || [ b ]", "[[ a || b ]]", "[ a -o b ]", '[ "a || b" = c ]', '[ "$(a || b)" = c ]', "[ a ] && b"]
)
def test_accepts(program: str) -> None:
    assert not findings(RULE, buildspec(program))
