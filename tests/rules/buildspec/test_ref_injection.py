"""Names of branches in texts that are run."""

import pytest

from validator.testing import check_rule, findings

RULE = "buildspec-ref-injection"
SPEC = """\
version: 0.2
phases:
  build:
    commands:
      - BRANCH=${{CODEBUILD_WEBHOOK_HEAD_REF#refs/heads/}}
      - CLEAN=${{CODEBUILD_WEBHOOK_HEAD_REF//[^a-z]/}}
      - |
        {}
"""


def reported(command: str) -> list[str]:
    return [one.at.text for one in findings(RULE, {"buildspec.yml": SPEC.format(command)})]


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ('eval "deploy $CODEBUILD_WEBHOOK_HEAD_REF"', "$CODEBUILD_WEBHOOK_HEAD_REF"),
        ('sh -c "deploy $BRANCH"', "$BRANCH"),
        ('docker run app bash -lc "git checkout ${BRANCH}"', "${BRANCH}"),
        ("python3 -c \"print('$CODEBUILD_WEBHOOK_BASE_REF')\"", "$CODEBUILD_WEBHOOK_BASE_REF"),
        ('timeout 9 /bin/sh -ec "x $CODEBUILD_WEBHOOK_TRIGGER"', "$CODEBUILD_WEBHOOK_TRIGGER"),
    ],
)
def test_points_at_the_name(command: str, expected: str) -> None:
    assert reported(command) == [expected]


@pytest.mark.parametrize(
    "command",
    [
        *('git checkout "$BRANCH"', "git checkout $BRANCH", "sh -c 'echo $CODEBUILD_WEBHOOK_HEAD_REF'"),
        *('sh -c \'git checkout "$1"\' x "$BRANCH"', 'eval "$CLEAN"', 'eval "x ${#BRANCH}"', "eval $(ssh-agent)"),
        *(
            'sh -c "echo \\$BRANCH"',
            'sh -c "x $CODEBUILD_BUILD_ID"',
            'echo "eval $BRANCH"',
            'sh -c "x $(clean $BRANCH)"',
        ),
    ],
)
def test_accepts(command: str) -> None:
    assert not reported(command)
