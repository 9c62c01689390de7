"""Rule buildspec-block-masks-failure."""

import pytest

from validator.testing import findings

RULE = "buildspec-block-masks-failure"
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


def test_points_at_the_program_whose_failure_is_lost() -> None:
    [finding] = findings(RULE, buildspec("cd app\nnpm test -- --ci\nnpm run lint\necho done"))
    assert (finding.at.span.line, finding.at.span.column, finding.at.span.end_column) == (7, 9, 25)
    assert finding.message == "this command goes on when 'npm test -- --ci' fails"


@pytest.mark.parametrize("program", ["pytest; echo a", "make | tee a\nls", "if a; then make; fi\nls", "{ make; }\nls"])
def test_reports(program: str) -> None:
    assert len(findings(RULE, buildspec(program))) == 1


@pytest.mark.parametrize(
    "program",
    [
        "set -e\npytest\necho a",
        "pytest && echo a",
        "pytest || exit 1\necho a",
        "pytest\nif [ $? -ne 0 ]; then exit 1; fi",
        "echo a\npytest",
        "make | tee a\nexit ${PIPESTATUS[0]}",
        "if pytest; then echo a; fi\necho b",
        "docker --version\nls",
        "make &\nls",
        "x=$(make)\nls",
        "for a in b c; do make; done\nls",
    ],
)
def test_accepts(program: str) -> None:
    assert not findings(RULE, buildspec(program))
