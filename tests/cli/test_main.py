import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from validator.cli import check

COMMAND = [sys.executable, "-m", "validator"]

Run = Callable[..., Any]
Folder = Callable[[Mapping[str, str]], Path]


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_help_lists_the_commands(stackproof: Run, arguments: tuple[str, ...]) -> None:
    ran = stackproof(*arguments)
    assert (ran.code, ran.err) == (0, "")
    assert "check     proofread files and folders" in ran.out


def test_version(stackproof: Run) -> None:
    assert stackproof("--version").out.startswith("stackproof 0.")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chekc"], "there is no command 'chekc'; did you mean 'check'?"),
        (["frobnicate"], "there is no command 'frobnicate'; expected check, rules, explain, schema, baseline"),
        (["check", "--fromat", "json"], "unknown argument '--fromat'; did you mean '--format'?"),
        (["check", "--format=jsn"], "argument --format: found 'jsn'; did you mean 'json'?"),
        (["check", "--format"], "argument --format: expected one argument"),
        (["check", "--report", "json"], "found 'json', expected FORMAT:FILE"),
        (["check", "--report", "jsn:x"], "found 'jsn'; did you mean 'json'?"),
        (["check", "--today", "1.1.2026"], "found '1.1.2026', expected a date such as 2026-12-31"),
        (["check", "--jobs", "0"], "found '0', expected a number from 1"),
        (["check", "--fail-on", "eror"], "found 'eror'; did you mean 'error'?"),
        (["check", "--select", "iam-shpae"], "there is no rule or family 'iam-shpae'; did you mean 'iam-shape'?"),
        (["check", "--ignore", "iam-shape, imo"], "there is no rule or family 'imo'"),
        (["check", "--select", "cfn-lint/E12"], "there is no rule 'cfn-lint/E12'; cfn-lint's codes look like"),
        (["check", "--ignore", "cfn-lint/"], "there is no rule 'cfn-lint/'; cfn-lint's codes look like"),
        (["check", ""], "found an empty path, expected a file or folder"),
        (["check", "--fix", "--diff"], "argument --diff: not allowed with argument --fix"),
        (["check", "--config", "gone.toml"], "gone.toml: No such file or directory"),
        (["check", "--baseline", "gone.json"], "gone.json: No such file or directory"),
        (["check", "--baseline", "buildspec.yml"], "buildspec.yml: this is no baseline"),
        (["explain", "iam-shpae"], "there is no rule or family 'iam-shpae'; did you mean 'iam-shape'?"),
        (["explain", "iam"], "'iam' is a family; `stackproof rules` lists its rules"),
        (["explain", "cfn-lint/E0815"], "cfn-lint has no rule 'E0815'"),
        (["schema", "reprot"], "found 'reprot'; did you mean 'report'?"),
    ],
)
def test_bad_arguments_end_with_2_and_what_was_meant(
    stackproof: Run, folder: Folder, arguments: list[str], said: str
) -> None:
    folder({"buildspec.yml": "version: 0.2\nphases: {build: {commands: [make]}}\n"})
    ran = stackproof(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("stackproof: ")
    assert said in ran.err


def test_a_named_path_that_is_not_there_ends_with_2_and_the_others_are_checked(stackproof: Run, folder: Folder) -> None:
    folder({"buildspec.yml": "version: 0.2\nphases: {build: {comands: [make]}}\n"})
    ran = stackproof("check", "--format", "concise", "buildpsec.yml", "buildspec.yml")
    assert ran.code == 2
    assert ran.err == "stackproof: buildpsec.yml: does not exist; did you mean 'buildspec.yml'?\n"
    assert "[buildspec-unknown-key]" in ran.out


def test_a_bad_configuration_ends_with_2(stackproof: Run, folder: Folder) -> None:
    folder({"stackproof.toml": "aproved-regions = []"})
    ran = stackproof("check")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "stackproof: stackproof.toml:1: unknown key 'aproved-regions'; did you mean 'approved-regions'?\n"


def test_what_a_message_quotes_cannot_act_on_the_terminal(stackproof: Run) -> None:
    assert "\x1b" not in stackproof("check", "--select", "\x1b[2J").err


def interrupt(*_: object) -> int:
    raise KeyboardInterrupt


def crash(*_: object) -> int:
    raise LookupError("gone\nand more")


def test_an_interrupt_ends_with_130(stackproof: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "run", interrupt)
    ran = stackproof("check")
    assert (ran.code, ran.out, ran.err) == (130, "", "stackproof: interrupted; nothing was reported\n")


def test_an_internal_error_ends_with_2_and_one_line(stackproof: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "run", crash)
    monkeypatch.delenv("STACKPROOF_DEBUG", raising=False)
    ran = stackproof("check")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("stackproof: internal error: LookupError: gone; please report it")
    assert ran.err.count("\n") == 1


def test_whoever_asks_gets_the_traceback(stackproof: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "run", crash)
    monkeypatch.setenv("STACKPROOF_DEBUG", "1")
    with pytest.raises(LookupError):
        stackproof("check")


def test_a_reader_that_has_enough_is_no_error(folder: Folder) -> None:
    folder({f"{number}/buildspec.yml": "version: [\n" for number in range(400)})
    with subprocess.Popen([*COMMAND, "check"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


def test_the_same_input_gives_the_same_bytes(folder: Folder) -> None:
    names = ["b/buildspec.yml", "a/policy.json", "c/stack.yml", "a/buildspec.yml"]
    texts = [
        "version: [\n",
        '{"Statement": [{"Efect": 1, "Action": "s3:Gt"}]}',
        "Resources: {A: 1, B: 2}\n",
        "a: &a [*a]\n",
    ]
    outputs = set()
    for seed in ("1", "2"):
        for name, text in zip(names, texts, strict=True):
            folder({name: text})
        command = [*COMMAND, "check", "--format", "json"]
        environment = os.environ | {"PYTHONHASHSEED": seed}
        outputs.add(subprocess.run(command, env=environment, capture_output=True, check=False).stdout)
        names.reverse()
        texts.reverse()
    assert len(outputs) == 1


def test_behind_two_dashes_there_are_no_options(stackproof: Run, folder: Folder) -> None:
    folder({"-x/buildspec.yml": "version: [\n", "--fix.yml": "version: [\n"})
    out = stackproof("check", "--format", "concise", "--", "-x", "--fix.yml").out
    assert [line.partition(":")[0] for line in out.splitlines()] == ["--fix.yml", "-x/buildspec.yml"]


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_change_no_exit_code(folder: Folder, closed: str) -> None:
    folder({"buildspec.yml": "version: [\n"})
    command = f"{sys.executable} -m validator check gone.yml {closed}"
    ran = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "internal error" not in ran.stderr


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"findings": 5}',
        '{"findings": [5]}',
        '{"findings": [{"path": [], "rule": "x", "fingerprint": "x"}]}',
        '{"findings": [{"path": "x", "rule": "x", "fingerprint": {}}]}',
        "[" * 5000,
    ],
)
def test_a_baseline_of_another_shape_ends_with_2_and_one_line(stackproof: Run, folder: Folder, text: str) -> None:
    folder({"base.json": text})
    ran = stackproof("check", "--baseline", "base.json")
    said = "stackproof: base.json: this is no baseline; write one with `stackproof baseline`\n"
    assert (ran.code, ran.out, ran.err) == (2, "", said)
