"""Rule buildspec-loop-masks-failure."""

import pytest

from validator.testing import findings

RULE = "buildspec-loop-masks-failure"
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


def test_points_at_the_command_that_is_the_loop_and_names_what_is_lost() -> None:
    [finding] = findings(RULE, buildspec("for a in $FILES; do\n  echo $a\n  yamllint $a\ndone"))
    assert (finding.at.span.line, finding.related[0][0].span.line) == (5, 8)
    assert finding.message == "the loop goes on when 'yamllint $a' fails, and the build with it"


def test_points_at_the_loop_in_a_longer_command() -> None:
    [finding] = findings(RULE, buildspec("echo a\nfor a in b c; do make $a; done"))
    assert (finding.at.span.line, finding.at.span.column) == (7, 9)


@pytest.mark.parametrize(
    "program",
    [
        "for a in b c; do if [ $a = b ]; then make x; else make y; fi; done",
        "while read -r a; do aws s3 cp $a s3://b/; done < files",
        "for a in *.zip; do unzip $a && rm $a; done",
        "for a in b c; do case $a in b) make b;; esac; done",
    ],
)
def test_reports(program: str) -> None:
    assert len(findings(RULE, buildspec(program))) == 1


@pytest.mark.parametrize(
    "program",
    [
        "set -e\nfor a in b c; do make $a; done",
        "set -euo pipefail; for a in b c; do make $a; done",
        "for a in b c; do make $a || exit 1; done",
        "for a in b c; do make $a || failed=1; done; exit $failed",
        "for a in b c; do if ! make $a; then exit 1; fi; done",
        "for a in b c; do echo $a; rm -f $a; done",
        "for a in b; do make $a; done",
        "until curl -sf localhost; do sleep 1; done",
        "while ! docker info; do sleep 1; done",
        "for a in b c; do make $a & done; wait",
        "x=$(for a in b c; do make $a; done)",
        "for a in b c; do make $a; r=$?; done",
        "trap 'exit 1' ERR\nfor a in b c; do make $a; done",
        "for a in b c; do\n  set -e\n  make $a\ndone",
        ". ./setup.sh\nfor a in b c; do make $a; done",
    ],
)
def test_accepts(program: str) -> None:
    assert not findings(RULE, buildspec(program))


def test_takes_the_options_of_an_earlier_command_in_version_0_2_only() -> None:
    text = "phases:\n  build:\n    commands:\n      - set -e\n      - for a in b c; do make $a; done\n"
    counts = [len(findings(RULE, {"buildspec.yml": f"version: {one}\n{text}"})) for one in ("0.1", "0.2")]
    assert counts == [1, 0]
