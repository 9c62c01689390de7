"""What looks odd in buildspecs and is right: no rule has anything to say of it."""

import json
from pathlib import Path

import pytest

from validator.cli import main

ODD = {
    "commands as one text": "version: 0.2\nphases:\n  build:\n    commands: make all\n",
    "commands of nothing": "version: 0.2\nphases:\n  install:\n    commands:\n  build:\n    commands:\n      - make\n",
    "a phase of nothing": "version: 0.2\nphases:\n  install:\n  build:\n    commands: [make]\n",
    "install that only chooses runtimes": """\
version: 0.2
phases:
  install:
    runtime-versions:
      java: corretto21
  build:
    commands:
      - make
""",
    "files as one text": """\
version: 0.2
phases:
  build:
    commands:
      - make
artifacts:
  files: '**/*'
  exclude-paths: .git/**/*
""",
    "variables in what names files": """\
version: 0.2
phases:
  build:
    commands:
      - make
artifacts:
  base-directory: $OUT_DIR/app-$STAGE
  files:
    - $INFRASTRUCTURE_ROOT_DIR/params/*.yml
    - 'config-${STAGE}.json'
""",
    "JSON, which is YAML": '{"version": 0.2, "phases": {"build": {"commands": ["make"], "finally": ["make clean"]}}}\n',
    "a version in quotes at the end": "phases:\n  build:\n    commands:\n      - make\nversion: '0.2'\n",
    "phases in any order": "version: 0.2\nphases:\n  post_build: {commands: [make c]}\n  build: {commands: [make b]}\n",
    "a file that only splits a batch": """\
version: 0.2
batch:
  fast-fail: true
  build-graph:
    - identifier: base
      buildspec: ci/base.yml
      env:
        compute-type: BUILD_GENERAL1_LARGE
        privileged-mode: true
        variables:
          TARGET: base
    - identifier: app
      buildspec: ./ci/app.yml
      depend-on:
        - base
""",
    "a batch that runs this very file": """\
version: 0.2
batch:
  build-list:
    - env: {variables: {PYTHON: '3.13'}}
    - env: {variables: {PYTHON: '3.14'}}
      ignore-failure: true
phases:
  build:
    commands:
      - tox -e $PYTHON
""",
    "a secret-like name with a path for its value": """\
version: 0.2
env:
  variables:
    DEPLOY_PRIVATE_KEY: /tmp/private-key
phases:
  build:
    commands:
      - make
""",
    "a runtime that a variable names": """\
version: 0.2
phases:
  install:
    runtime-versions:
      java: $JAVA_ENV_VERSION
  build:
    commands:
      - make
""",
    "a command in a variable": """\
version: 0.2
env:
  variables:
    CANARY: 'canary --all | tee canary.log'
phases:
  build:
    commands:
      - eval "$CANARY"
""",
    "numbers and booleans as values": """\
version: 0.2
env:
  variables:
    RETRIES: 3
    VERBOSE: yes
    NOTHING:
  git-credential-helper: yes
phases:
  build:
    commands:
      - make
""",
    "the words for a failed phase": """\
version: 0.2
phases:
  build:
    on-failure: Retry-3-.*timed out.*
    commands:
      - make
    finally:
      - make clean
""",
    "a report group from a variable": """\
version: 0.2
phases:
  build:
    commands:
      - make test
reports:
  $REPORT_GROUP:
    files: '**/*.xml'
    file-format: JunitXml
    discard-paths: yes
""",
    "a long command over several lines": """\
version: 0.2
phases:
  build:
    commands:
      - >
        aws s3 sync dist s3://$BUCKET/dist
        --delete
        --only-show-errors
""",
    "anchors for what is repeated": """\
version: 0.2
.steps: &steps
  commands:
    - make
phases:
  pre_build: *steps
  build: *steps
""",
    "a fan-out": """\
version: 0.2
batch:
  build-fanout:
    parallelism: 4
    ignore-failure: false
phases:
  build:
    commands:
      - make
""",
    "PowerShell that nobody announces": """\
version: 0.2
phases:
  build:
    commands:
      - $env:PATH += ";C:\\tools"
      - .\\ci\\run.bat
""",
    "the old format": """\
version: 0.1
environment_variables:
  plaintext:
    STAGE: test
phases:
  build:
    commands:
      - make
artifacts:
  type: zip
  files:
    - '**/*'
""",
}
NEIGHBOURS = {
    "Device Farm": """\
version: 0.1
phases:
  install: {commands: [make]}
  pre_test: {commands: [make]}
  test: {commands: [make]}
""",
    "Image Builder": """\
name: tools
schemaVersion: 1.0
phases:
  - name: build
    steps: [{name: install, action: ExecuteBash}]
""",
    "Amplify": """\
version: 1
frontend:
  phases:
    preBuild: {commands: [npm ci]}
    build: {commands: [npm run build]}
""",
    "buildtest": """\
version: "1.0"
buildspecs:
  hello: {type: script, executor: generic.local.bash, run: make}
""",
}
TASK = "version: 0.2\nphases: {build: {commands: [make]}}\n"


def found(text: str, name: str, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str]]:
    Path("ci").mkdir()
    for path, written in {"ci/base.yml": TASK, "ci/app.yml": TASK, name: text}.items():
        Path(path).write_text(written, encoding="utf-8")
    main(["check", "--format", "json", "--select", "buildspec,document", "--today", "2026-01-01"])
    report = json.loads(capsys.readouterr().out)
    return [(one["rule"], one["message"]) for one in report["findings"]]


@pytest.mark.parametrize("what", ODD)
def test_nothing_is_said_of(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    said = found(ODD[what], "buildspec.yml", capsys)
    # The old format is right, too; that there is a new one is worth a note.
    assert [one for one in said if one[0] != "buildspec-old-version"] == []


@pytest.mark.parametrize("what", NEIGHBOURS)
def test_no_other_tools_file_is_taken_for_a_buildspec(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert found(NEIGHBOURS[what], "build.yml", capsys) == []
