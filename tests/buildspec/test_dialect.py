"""Which shell the commands of a buildspec are for."""

import pytest

from validator import parse
from validator.buildspec import Buildspec
from validator.testing import findings

HEAD = "version: 0.2\n"


def dialect(text: str) -> str:
    return Buildspec(parse.load("buildspec.yml", text.encode()).root).dialect


def of(command: str, *, shell: str = "") -> str:
    env = f"env: {{shell: {shell}}}\n" if shell else ""
    lines = "".join(f"          {line}\n" for line in command.split("\n"))
    return dialect(f"{HEAD}{env}phases:\n  build:\n    commands:\n      - npm ci\n      - |\n{lines}")


@pytest.mark.parametrize(
    ("shell", "expected"),
    [("bash", "bash"), ("/bin/sh", "sh"), ("powershell.exe", "powershell"), ("cmd.exe", "cmd"), ("zsh", "sh")],
)
def test_is_what_the_buildspec_says(shell: str, expected: str) -> None:
    assert of("make", shell=shell) == expected


@pytest.mark.parametrize(
    "command",
    [
        '$env:TARGET="test"; npm run test',
        "if(-Not($Env:TOKEN -eq $null)) {\n  choco install -y codecov\n}",
        "Get-ChildItem -Recurse",
        "cd app; Write-Host done",
        "$files = Get-Item *.zip",
        "[System.IO.File]::Exists('a')",
        r".\tests\ci\run.bat",
        r"& .\build.ps1",
        r"C:\tools\make.exe",
        "if ($LASTEXITCODE -ne 0) { exit 1 }",
    ],
)
def test_knows_the_signs_of_powershell(command: str) -> None:
    assert of(command) == "powershell"


@pytest.mark.parametrize("command", ["@echo off", "if not exist out mkdir out", "call build.cmd", "xcopy a b"])
def test_knows_the_signs_of_cmd(command: str) -> None:
    assert of(command) == "cmd"


@pytest.mark.parametrize(
    "command",
    [
        "docker build -t $env:latest .",
        '[ $A = "b" || $B = "c" ]',
        "docker tag app $image:$env:$tag",
        "echo 'Get-ChildItem'",
        "sed -i 's/%TAG%/1/' a.yml",
        "date +%Y%m%d",
        "if (make); then echo yes; fi",
        r"grep -E 'https:\/\/.+?_x' a | sed 's/\\/x/'",
        "for f in *.ps1; do echo $f; done",
        "if [ $a = $true ]; then\n  . ./set-env.sh\nfi",
        "[[ $a =~ [[:alpha:]]::b ]]",
        "aws ssm put-parameter --name Get-It --value x",
    ],
)
def test_takes_all_else_for_sh(command: str) -> None:
    assert of(command) == "sh"


TEMPLATE = """\
Resources:
  Project:
    Type: AWS::CodeBuild::Project
    Properties:
      Source: {{Type: CODEPIPELINE, BuildSpec: buildspec.yml}}
      Artifacts: {{Type: CODEPIPELINE}}
      ServiceRole: build
      Environment: {{Type: {}, ComputeType: BUILD_GENERAL1_SMALL, Image: aws/codebuild/standard:7.0}}
"""


@pytest.mark.parametrize(
    ("kind", "count"), [("WINDOWS_SERVER_2022_CONTAINER", 0), ("LINUX_CONTAINER", 1), ("!Ref Kind", 1)]
)
def test_a_project_on_windows_runs_no_shell_of_unix(kind: str, count: int) -> None:
    files = {
        "buildspec.yml": "version: 0.2\nphases: {build: {commands: [echo 'a]}}\n",
        "project.yml": TEMPLATE.format(kind),
    }
    assert len(findings("buildspec-shell-syntax", files)) == count
