"""The cfn-lint adapter: what it finds, and what becomes of templates and workers that go wrong."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from validator.cloudformation import cfnlint
from validator.cloudformation.cfnlint import _COMMAND, Failure, Match, Run, _environment, _Worker

TEMPLATE = """\
Parameters:
  Unused:
    Type: String
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: soon
"""
SCRIPT = """
import json, os, pathlib, sys, time
pathlib.Path(f"{os.getpid()}.worker").touch()
for request in map(json.loads, sys.stdin):
    name = str(request).rpartition("/")[2]
    if name == "hang":
        time.sleep(600)
    if name == "exit":
        os._exit(3)
    if name == "kill":
        os.kill(os.getpid(), 9)
    print("[[], []]", flush=True)
"""

Found = tuple[tuple[Match, ...], tuple[Failure, ...]]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AWS_REGION", "moon-north-1")  # is not what decides


def lint(files: dict[str, str], *, workers: int = 1) -> Found:
    """Write files and have those judged whose names begin with no dot."""
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    with cfnlint.start([name for name in files if name[0] != "."], workers=workers, seconds=100) as run:
        return run.collect()


def script(source: str, paths: list[str], *, seconds: float = 100) -> Run:
    """Start a run whose workers run a script in place of cfn-lint."""
    command = [sys.executable, "-c", source]
    return Run(paths, 1, seconds, lambda: _Worker(command, None, {"limit": 60, "regions": []}))


def codes(found: Found) -> list[tuple[str, str]]:
    assert found[1] == ()
    return [(match.path, match.code) for match in found[0]]


def test_finds_errors_and_warnings_at_their_places() -> None:
    warning, error = lint({"a.yml": TEMPLATE})[0]
    assert (warning.code, warning.level, warning.line, warning.column) == ("W2001", "warning", 2, 3)
    assert error == Match(
        path="a.yml",
        code="E3012",
        level="error",
        message="'soon' is not of type 'integer'",
        line=8,
        column=7,
        end_line=8,
        end_column=19,
        pointer=("Resources", "Queue", "Properties", "DelaySeconds"),
        summary=error.summary,
        url=error.url,
    )


def test_same_result_for_any_order_and_number_of_workers() -> None:
    quiet = "Metadata: {cfn-lint: {config: {ignore_checks: [E0000, W]}}}\n" + TEMPLATE
    files = {"a.yml": TEMPLATE, "b/b.yml": quiet, "c.yml": "Resources: {A: ", "d.json": "{}"}
    found = lint(files)
    assert found == lint(dict(reversed(files.items())), workers=2)
    # What b.yml ignores, E0000 too, is not ignored in the template after it.
    expected = [("a.yml", "W2001"), ("a.yml", "E3012"), ("b/b.yml", "E3012"), ("c.yml", "E0000"), ("d.json", "E1001")]
    assert codes(found) == expected


def test_honours_ignore_checks_of_a_resource() -> None:
    resource = "    Metadata: {cfn-lint: {config: {ignore_checks: [E3012]}}}\n"
    assert codes(lint({"a.yml": TEMPLATE + resource})) == [("a.yml", "W2001")]


def test_honours_cfnlintrc_but_neither_its_templates_nor_its_code() -> None:
    rc = "ignore_checks: [W2001]\ntemplates: [absent/*.yml]\nappend_rules: [.code]\n"
    code = "from pathlib import Path\nPath('ran').touch()\n"
    assert codes(lint({"a.yml": TEMPLATE, ".cfnlintrc": rc, ".code/rule.py": code})) == [("a.yml", "E3012")]
    assert not Path("ran").exists()


def test_a_broken_cfnlintrc_fails_every_template() -> None:
    _, failures = lint({"a.yml": TEMPLATE, "b.yml": TEMPLATE, ".cfnlintrc": "ignore: [W]"}, workers=2)
    [reason] = {failure.reason for failure in failures}
    assert reason.startswith("cfn-lint failed: ConfigFileError: Invalid configuration key 'ignore' in .cfnlintrc")
    assert [failure.path for failure in failures] == ["a.yml", "b.yml"]


def test_a_child_is_found_under_the_root_wherever_one_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = "{Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yml}}"
    parent = f"Resources:\n  Child: {child}\nOutputs:\n  Out: {{Value: !GetAtt Child.Outputs.Nope}}\n"
    lint({"repository/parent.yml": parent, "repository/child.yml": TEMPLATE})
    Path("link").symlink_to("repository")
    Path("elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    run = cfnlint.start(["../link/parent.yml"], workers=1, seconds=100, root=str(tmp_path / "link"))
    assert ("../link/parent.yml", "E6101") in codes(run.collect())


def test_a_template_that_cannot_be_read_is_a_failure() -> None:
    Path("folder").mkdir()
    _, failures = cfnlint.start(["nowhere.yml", "folder"], workers=1, seconds=100).collect()
    assert failures == (
        Failure("folder", "cannot be read: Is a directory"),
        Failure("nowhere.yml", "cannot be read: No such file or directory"),
    )


def test_a_template_that_cfn_lint_fails_on_is_a_failure() -> None:
    deep = "Resources: " + "[" * 500 + "]" * 500
    _, failures = lint({"null.yml": "Metadata:\n" + TEMPLATE, "deep.yml": deep, "fine.yml": TEMPLATE})
    assert failures == (
        Failure("deep.yml", "cfn-lint failed: Template could not be parsed: maximum recursion depth exceeded"),
        Failure("null.yml", "cfn-lint failed: AttributeError: 'NoneType' object has no attribute 'get'"),
    )


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux only")
def test_a_name_that_is_not_text() -> None:
    name = os.fsdecode(b"caf\xe9.yml")
    [failure] = lint({name: TEMPLATE})[1]
    assert failure.path == name
    assert failure.reason.startswith("cfn-lint failed: UnicodeEncodeError")


def test_modules_in_the_root_are_not_imported() -> None:
    for name in ("json.py", "yaml.py", "cfnlint.py", "sitecustomize.py"):
        Path(name).write_text("raise SystemExit", encoding="utf-8")
    assert codes(lint({"a.yml": TEMPLATE})) == [("a.yml", "W2001"), ("a.yml", "E3012")]


def test_workers_that_hang_or_die_are_replaced() -> None:
    run = script(SCRIPT, ["exit", "fine", "hang", "kill", "well"], seconds=2)
    assert run.collect() == (
        (),
        (
            Failure("exit", "the worker ended with exit code 3"),
            Failure("hang", "no answer within 2 s"),
            Failure("kill", "the worker ended by signal 9"),
        ),
    )
    assert len(workers()) == 4
    assert not any(map(lives, workers()))


def test_workers_that_do_not_start_are_not_tried_again() -> None:
    _, failures = script("raise SystemExit(1)", ["a", "b"]).collect()
    assert failures == tuple(Failure(path, "the worker ended with exit code 1") for path in "ab")


def test_whatever_is_printed_or_raised_stays_out_of_the_answers() -> None:
    source = """
import os
from validator.cloudformation import cfnlint

def lint(path):
    print("noise", flush=True)
    os.system("echo noise")
    if path.endswith("leave"):
        raise SystemExit(1)
    return [], ["done"]

cfnlint._linter = lambda regions: lint
cfnlint.work()
"""
    _, failures = script(source, ["leave", "stay"]).collect()
    assert failures == (Failure("leave", "cfn-lint failed: SystemExit: 1"), Failure("stay", "done"))


def test_cancelling_ends_the_workers() -> None:
    run = script(SCRIPT, ["hang", "fine"])
    while not workers():
        time.sleep(0.01)
    run.cancel()
    assert run.collect() == ((), (Failure("fine", "cancelled"), Failure("hang", "cancelled")))
    assert not any(map(lives, workers()))


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
@pytest.mark.parametrize("meanwhile", ["run.collect()", "time.sleep(600)"])
def test_ctrl_c_ends_the_workers(meanwhile: str) -> None:
    source = f"""
import sys, time
from validator.cloudformation.cfnlint import Run, _Worker
run = Run(["hang"], 1, 600, lambda: _Worker([sys.executable, "-c", {SCRIPT!r}], None, {{}}))
{meanwhile}
"""
    with subprocess.Popen([sys.executable, "-c", source], stderr=subprocess.DEVNULL, env=_environment()) as parent:
        while not workers():
            time.sleep(0.01)
        parent.send_signal(signal.SIGINT)
    assert parent.returncode == -signal.SIGINT
    assert not any(map(lives, workers()))


def test_a_worker_ends_with_its_input() -> None:
    settings = b'{"limit": 60, "regions": ["us-east-1"]}\n'
    ended = subprocess.run(_COMMAND, input=settings, capture_output=True, check=True, env=_environment())
    assert (ended.stdout, ended.stderr) == (b"[[], []]\n", b"")


def test_no_templates_no_workers() -> None:
    run = Run([], 2, 1, pytest.fail)
    assert run.collect() == ((), ())


def test_cfn_lint_is_not_imported_here() -> None:
    Path("a.yml").write_text(TEMPLATE, encoding="utf-8")
    source = """
import sys
from validator.cloudformation import cfnlint
assert cfnlint.start(["a.yml"], workers=1, seconds=100).collect()[0]
print({"cfnlint", "yaml", "asyncio"} & set(sys.modules))
"""
    ended = subprocess.run([sys.executable, "-c", source], capture_output=True, check=True, env=_environment())
    assert ended.stdout == b"set()\n"


def test_explains_its_rules() -> None:
    explanation = cfnlint.explain("E3012")
    assert explanation
    assert (explanation.code, explanation.level) == ("E3012", "error")
    assert "type" in explanation.description
    assert cfnlint.explain("E9999") is None


def workers() -> list[int]:
    """Give the process ids of the scripts that were started, after `script` or like it."""
    return [int(path.stem) for path in Path().glob("*.worker")]


def lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
