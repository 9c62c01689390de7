"""Rule buildspec-bashism-in-sh."""

import pytest

from validator import fix
from validator.rule import Severity
from validator.testing import findings

RULE = "buildspec-bashism-in-sh"
PROJECT = """Resources:
  Project:
    Type: AWS::CodeBuild::Project
    Properties:
      Source: {{Type: CODEPIPELINE, BuildSpec: buildspec.yml}}
      Artifacts: {{Type: CODEPIPELINE}}
      ServiceRole: build
      Environment: {{Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL, Image: "{}"}}
"""


def buildspec(command: str, env: str = "") -> str:
    return f"version: 0.2\n{env}phases:\n  build:\n    commands:\n      - |\n        {command}\n"


@pytest.mark.parametrize(
    ("image", "severities"),
    [("aws/codebuild/standard:7.0", [None]), ("aws/codebuild/amazonlinux2-x86_64-standard:5.0", [])],
)
def test_asks_which_shell_the_image_has(image: str, severities: list[Severity | None]) -> None:
    files = {"buildspec.yml": buildspec("[[ a ]]"), "project.yml": PROJECT.format(image)}
    assert [one.severity for one in findings(RULE, files)] == severities


def test_is_a_note_where_no_image_is_known() -> None:
    [finding] = findings(RULE, {"buildspec.yml": buildspec("[[ a ]] && source b")})
    assert (finding.severity, finding.at.span.line, finding.at.span.column) == (Severity.NOTE, 6, 9)
    assert finding.message == "the sh of the Ubuntu images does not know '[[', one of 2 things here that need bash"


@pytest.mark.parametrize("env", ["", "env:\n  variables:\n    A: b\n", "env:\n  # c\n  exported-variables: [A]\n"])
def test_writes_the_shell_below_env(env: str) -> None:
    text = buildspec("[[ a ]]", env)
    [finding] = findings(RULE, {"buildspec.yml": text})
    mended = fix.edited(text, finding.fix)
    assert "env:\n" in mended
    assert mended.replace("  shell: bash\n", "").replace("env:\n", "") == text.replace("env:\n", "")
    assert not findings(RULE, {"buildspec.yml": mended})


@pytest.mark.parametrize(
    "command",
    [
        "source a",
        "a &> b",
        "a |& b",
        "a=(b)",
        'cat <<< "a"',
        "echo ${a//b/c}",
        "echo ${a:1}",
        "diff <(a) b",
        "((a > 1))",
    ],
)
def test_reports(command: str) -> None:
    assert len(findings(RULE, {"buildspec.yml": buildspec(command)})) == 1


@pytest.mark.parametrize(
    "command", ["[ a ]", ". a", "a > b 2>&1", "echo ${a:-b} ${a%b} ${#a} $((1+2))", "bash -c '[[ a ]]'"]
)
def test_accepts(command: str) -> None:
    assert not findings(RULE, {"buildspec.yml": buildspec(command)})


def test_what_cloudformation_writes_so_is_plain_to_the_shell() -> None:
    text = """\
Resources:
  Project:
    Type: AWS::CodeBuild::Project
    Properties:
      ServiceRole: build
      Artifacts: {Type: NO_ARTIFACTS}
      Environment: {Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL, Image: aws/codebuild/standard:8.0}
      Source:
        Type: NO_SOURCE
        BuildSpec: !Sub |
          version: 0.2
          phases: {build: {commands: ['P=1; echo ${!P:-x}']}}
"""
    assert not findings("buildspec-bashism-in-sh", {"t.yml": text})


def test_sh_by_its_name_is_sh() -> None:
    text = "version: 0.2\nenv: {shell: /bin/sh}\nphases: {build: {commands: ['[[ a == b ]]']}}\n"
    [finding] = findings("buildspec-bashism-in-sh", {"buildspec.yml": text})
    assert not finding.fix
