"""Rule buildspec-pipe-masks-failure."""

import pytest

from validator.testing import findings

RULE = "buildspec-pipe-masks-failure"
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


def test_points_at_the_program_before_the_pipe() -> None:
    [finding] = findings(RULE, buildspec("echo a\nmvn -B test 2>&1 | tee out"))
    assert (finding.at.span.line, finding.at.span.column, finding.at.span.end_column) == (7, 9, 20)
    assert finding.message == "the build goes on when 'mvn' fails: the pipe ends as 'tee' does"


@pytest.mark.parametrize(
    "program",
    [
        "set -o pipefail; pytest | tee a",
        "set -euo pipefail\npytest | tee a",
        'pytest | tee a; exit "${PIPESTATUS[0]}"',
        "pytest | grep passed",
        "aws s3 ls | sort | python x.py",
        "x=$(terraform plan | tail -1)",
        "echo a | tee b",
        "aws ecr get-login-password | docker login --password-stdin a",
    ],
)
def test_accepts(program: str) -> None:
    assert not findings(RULE, buildspec(program))


@pytest.mark.parametrize("kept", ["echo $? > rc", 'printf %s "$?" >rc'])
def test_a_status_that_is_kept_is_not_lost(kept: str) -> None:
    text = f"version: 0.2\nphases:\n  build:\n    commands:\n      - (make; {kept}) | tee log; exit $(cat rc)\n"
    for name in ("buildspec-pipe-masks-failure", "buildspec-block-masks-failure"):
        assert not findings(name, {"buildspec.yml": text})
