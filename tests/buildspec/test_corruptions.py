"""One slip of the pen in a buildspec that is right: it is found on its line, and told once."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from validator.cli import main

BUILD = """\
version: 0.2
run-as: root
env:
  shell: bash
  variables:
    STAGE: test
  parameter-store:
    TOKEN: /app/token
  secrets-manager:
    PASSWORD: app/db:password
  exported-variables:
    - STAGE
proxy:
  logs: yes
phases:
  install:
    runtime-versions:
      python: 3.13
    commands:
      - make tools
  pre_build:
    commands:
      - make lint
  build:
    on-failure: ABORT
    commands:
      - make all
      - make test
    finally:
      - make clean
  post_build:
    commands:
      - make dist
reports:
  unit:
    files:
      - unit.xml
    file-format: JUNITXML
artifacts:
  files:
    - 'dist/**/*'
  discard-paths: no
cache:
  key: tools-1
  action: restore
  paths:
    - .cache/**/*
"""
BATCH = """\
version: 0.2
batch:
  fast-fail: true
  build-graph:
    - identifier: base
      buildspec: task.yml
    - identifier: app
      buildspec: task.yml
      env:
        compute-type: BUILD_GENERAL1_SMALL
      depend-on:
        - base
    - identifier: ship
      buildspec: task.yml
      depend-on:
        - app
"""
OLD = """\
version: 0.1
environment_variables:
  plaintext:
    STAGE: test
phases:
  build:
    commands:
      - make all
artifacts:
  files:
    - dist.zip
"""
TASK = "version: 0.2\nphases: {build: {commands: [make]}}\n"


@dataclass(frozen=True)
class Slip:
    """One edit of one line: the lines that come in place of it, of which one is to be reported."""

    what: str
    line: str
    becomes: tuple[str, ...]
    reported: int = 0  # the line among those that is reported; below 0 is above them
    text: str = BUILD


SLIPS = [
    Slip("a version that there is not", "version: 0.2", ("version: 0.3",)),
    Slip("a version that is a word", "version: 0.2", ("version: two",)),
    Slip("a key misspelt at the top", "artifacts:", ("artefacts:",)),
    Slip("a phase misspelt", "  build:", ("  biuld:",)),
    Slip("a phase with a dash", "  pre_build:", ("  pre-build:",)),
    Slip("commands misspelt", "    finally:", ("    finaly:",)),
    Slip("commands in upper case", "    runtime-versions:", ("    Runtime-Versions:",)),
    Slip("one commands too few", "    runtime-versions:", ("    runtime-version:",)),
    Slip("a language misspelt", "      python: 3.13", ("      pyhton: 3.13",)),
    Slip("the old word for env", "env:", ("environment_variables:",)),
    Slip("the old word for variables", "  variables:", ("  plaintext:",)),
    Slip("the new word in the old format", "environment_variables:", ("env:",), text=OLD),
    Slip("a batch in the old format", "phases:", ("batch: {}", "phases:"), text=OLD),
    Slip(
        "runtimes in another phase",
        "      - make lint",
        ("      - make lint", "    runtime-versions: {python: 3.13}"),
        1,
    ),
    Slip("a phase in a phase", "      - make dist", ("      - make dist", "    build: {commands: [make]}"), 1),
    Slip("variables in a phase", "      - make dist", ("      - make dist", "    env: {variables: {A: b}}"), 1),
    Slip("a list for a mapping", "      python: 3.13", ("      - python: 3.13",)),
    Slip("a text for a mapping", "  logs: yes", ("  logs",)),
    Slip("a mapping for a list", "    - STAGE", ("    STAGE: yes",)),
    Slip("a text for a list of names", "    - STAGE", ("    STAGE",)),
    Slip("no blank behind a colon", "  logs: yes", ("  logs:yes",)),
    Slip("no blank behind a colon, and more keys", "  fast-fail: true", ("  fast-fail:true",), text=BATCH),
    Slip("no blank behind the colon of a version", "version: 0.2", ("version:0.2",)),
    Slip("no blank behind a dash", "      - make lint", ("      -make lint",)),
    Slip("a tab", "      - make lint", ("\t- make lint",)),
    Slip("a colon and a blank", "      - make all", ("      - echo Stage: $STAGE",)),
    Slip("a bracket at the start", "      - make all", ("      - [ -f Makefile ] && make",)),
    Slip("a brace at the start", "      - make all", ("      - { make all; }",)),
    Slip("a quote that is not closed", "    - 'dist/**/*'", ("    - 'dist/**/*",)),
    Slip("a quote that is left over", "    - 'dist/**/*'", ("    - 'dist/**/*\"'",)),
    Slip("an empty item", "      - make all", ("      -",)),
    Slip("an item that is a comment", "      - make all", ("      - # make all",)),
    Slip("a boolean for a command", "      - make all", ("      - true",)),
    Slip("another word for a failure", "    on-failure: ABORT", ("    on-failure: STOP",)),
    Slip("another shell", "  shell: bash", ("  shell: zsh",)),
    Slip("another format of a report", "    file-format: JUNITXML", ("    file-format: JUNIT",)),
    Slip("another action of a cache", "  action: restore", ("  action: load",)),
    Slip("neither yes nor no", "  discard-paths: no", ("  discard-paths: never",)),
    Slip("a key twice", "  action: restore", ("  action: restore", "  action: save"), 1),
    Slip("a phase twice", "  post_build:", ("  build:",)),
    Slip("a name that is CodeBuild's", "    STAGE: test", ("    CODEBUILD_STAGE: test", "    STAGE: test")),
    Slip("a name that is not exported", "    - STAGE", ("    - STAGE", "    - AWS_REGION"), 1),
    Slip("a secret of five parts", "    PASSWORD: app/db:password", ("    PASSWORD: app/db:password:a:b:c",)),
    Slip("a task that depends on nobody", "        - app", ("        - apps",), text=BATCH),
    Slip("a task that depends on itself", "        - app", ("        - ship",), text=BATCH),
    Slip("tasks in a circle", "        - base", ("        - ship",), text=BATCH),
    Slip("a task without a name", "    - identifier: app", ("    - debug-session: no",), 0, text=BATCH),
    Slip("two tasks of one name", "    - identifier: ship", ("    - identifier: app",), text=BATCH),
    Slip("a name with a dash", "    - identifier: ship", ("    - identifier: ship-it",), text=BATCH),
    Slip("a fleet and a compute type", "      env:", ("      env:", "        fleet: mine"), 2, text=BATCH),
    Slip("a list of tasks that can depend", "  build-graph:", ("  build-list:",), 7, text=BATCH),
]
random.Random(5).shuffle(SLIPS)  # noqa: S311  # any order will do, as long as it is the same


def found(files: Mapping[str, str], capsys: pytest.CaptureFixture[str]) -> list[tuple[int, str, str]]:
    for path, text in files.items():
        Path(path).write_text(text, encoding="utf-8")
    main(["check", "--format", "json", "--select", "buildspec,document", "--today", "2026-01-01"])
    report = json.loads(capsys.readouterr().out)
    return [
        (one["line"], one["rule"], one["message"])
        for one in report["findings"]
        if one["rule"] != "buildspec-old-version"
    ]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("text", [BUILD, BATCH, OLD], ids=["a build", "a batch", "the old format"])
def test_what_is_right_is_left_alone(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert found({"buildspec.yml": text, "task.yml": TASK}, capsys) == []


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.what)
def test_a_slip_is_found_where_it_is_and_told_once(slip: Slip, capsys: pytest.CaptureFixture[str]) -> None:
    lines = slip.text.splitlines()
    at = lines.index(slip.line)
    changed = [*lines[:at], *slip.becomes, *lines[at + 1 :]]
    told = found({"buildspec.yml": "\n".join(changed) + "\n", "task.yml": TASK}, capsys)
    assert at + 1 + slip.reported in [line for line, _, _ in told], told
    assert len(told) <= 2, told


def test_there_are_at_least_forty() -> None:
    assert len({slip.what for slip in SLIPS}) >= 40
