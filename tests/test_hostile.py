"""A folder full of bad files and one good one, through the command: bounded, each reported, the good one still checked.

None of this may crash, hang or fill the memory; the limits here are guards, far above what a run takes.
"""

import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

MEMORY = 4 * 2**30
SECONDS = 240
FORMATS = ("full", "concise", "json", "junit")
# Whatever can move a cursor, end a line or a tag, or hide text; line feeds are the reports' own.
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")

LIMITS = "[rules.cfn-lint]\nseconds = 2.0\n"
GOOD = """\
version: 0.2
phases:
  biuld:
    commands: [make]
"""
CLIMBING = """\
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ../../../../../../../../../../../../etc/passwd
"""
# The first ends a CDATA section and switches the terminal to its other screen; the second is rich's markup.
KEYS = (
    '{"version": 0.2, "phases": {"build": {"]]>\\u001b[?1049h\\u0007\\u0085\\u202e": 1, "[red]bold[/red]\\r\\n": 2}}}'
)


def laughs(width: int = 10, depth: int = 30) -> str:
    lines = ["l0: &l0 [ha, ha]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * width)}]" for n in range(1, depth)]
    return "\n".join([*lines, "version: 0.2", f"phases: *l{depth - 1}", ""])


def large_json(size: int = 50_000_000) -> str:
    entry = '    {"Sid": "A", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},\n'
    many = entry * (size // len(entry))
    return '{"Version": "2012-10-17", "Statement": [\n' + many.removesuffix(",\n") + "\n]}\n"


def many_resources(count: int = 10_000) -> str:
    return "Resources:\n" + "".join(
        f"  Topic{n}:\n    Type: AWS::SNS::Topic\n    Properties: {{TopicName: topic-{n}}}\n" for n in range(count)
    )


HOSTILE: dict[str, Callable[[], str | bytes]] = {
    "deep-10000.json": lambda: '{"Resources": ' + "[" * 10_000 + "]" * 10_000 + "}",
    "deep-100000.json": lambda: '{"Resources": ' + '{"a":' * 100_000 + "1" + "}" * 100_001,
    "deep-10000.yml": lambda: "Resources: " + "[" * 10_000 + "]" * 10_000,
    "deep-100000.yml": lambda: "Resources: " + "{a: " * 100_000 + "}" * 100_000,
    "deep-block.yml": lambda: "Resources:\n" + "".join(" " * n + "a:\n" for n in range(1, 1_500)),
    "open-100000.yml": lambda: "[" * 100_000,
    "laughs/buildspec.yml": laughs,
    "latin/buildspec.yml": lambda: GOOD.encode() + b"# caf\xe9\n",
    "nul/buildspec.yml": lambda: GOOD.encode() + b"# \x00\n",
    "keys/buildspec.json": lambda: KEYS,
    "integer/policy.json": lambda: '{"Version": "2012-10-17", "Statement": ' + "9" * 100_000 + "}",
    "integer/buildspec.yml": lambda: "version: 0.2\nphases: " + "9" * 100_000 + "\n",
    "climbing/template.yml": lambda: CLIMBING,
    "empty/buildspec.yml": lambda: "",
    "large/policy.json": large_json,
    "dense/policy.json": lambda: large_json(20_000_000),
    "many/template.yml": many_resources,
}
# Beside them, made where the tree is: a loop of links, a pipe, a file larger than the memory, names that are no text.
# What is said of each file, at least; of the large template, only that it took too long.
SAID = {
    **dict.fromkeys([*HOSTILE, "sparse.json"], "document-syntax"),
    "keys/buildspec.json": "buildspec-unknown-key",
    "climbing/template.yml": "cloudformation-template-not-found",
    "empty/buildspec.yml": "buildspec-shape",
    "many/template.yml": "",
}


class Run:
    def __init__(self, tree: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "validator", "check", *arguments]
        ended = subprocess.run(command, cwd=tree, check=False, capture_output=True, timeout=SECONDS, preexec_fn=limited)
        self.code = ended.returncode
        self.errors = ended.stderr.decode()
        self.reports = {"standard output": ended.stdout.decode()}

    def read(self, files: dict[str, Path]) -> "Run":
        assert all(file.is_file() for file in files.values()), self.errors
        self.reports |= {name: file.read_bytes().decode() for name, file in files.items()}
        return self

    @property
    def findings(self) -> list[dict[str, object]]:
        found = json.loads(self.reports["json"])["findings"]
        assert isinstance(found, list)
        return found


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree")
    for path, text in {"good/buildspec.yml": lambda: GOOD, "stackproof.toml": lambda: LIMITS, **HOSTILE}.items():
        made = text()
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(made if isinstance(made, bytes) else made.encode())
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "circle.yml").symlink_to("circle.yml")
    os.mkfifo(folder / "pipe.yml")
    # All holes, so that it takes no place on the disk.
    (folder / "sparse.json").touch()
    os.truncate(folder / "sparse.json", 2 * MEMORY)
    # Names that are an escape sequence and no text at all, with findings in them.
    (folder / "\x1b[31m]]>&.buildspec.yml").write_text(GOOD)
    (folder / os.fsdecode(b"\xff.buildspec.yml")).write_text(GOOD)
    return folder


@pytest.fixture(scope="module")
def run(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    out = tmp_path_factory.mktemp("out")
    files = {name: out / f"report.{name}" for name in FORMATS}
    asked = [argument for name, file in files.items() for argument in ("--report", f"{name}:{file}")]
    return Run(tree, *asked).read(files)


@pytest.fixture(scope="module")
def given(tree: Path) -> Run:
    """Name one file, so that all others are looked through for what is connected with it."""
    return Run(tree, "--format", "concise", "good/buildspec.yml")


def test_ends_with_findings(run: Run) -> None:
    assert (run.code, run.errors) == (1, "")


def test_keeps_the_finding_of_the_good_file(run: Run) -> None:
    [finding] = (one for one in run.findings if one["path"] == "good/buildspec.yml")
    assert (finding["rule"], finding["line"], finding["column"]) == ("buildspec-unknown-key", 3, 3)


def test_finds_the_same_in_the_good_file_alone(given: Run) -> None:
    assert (given.code, given.errors) == (1, "")
    assert given.reports["standard output"].startswith("good/buildspec.yml:3:3: error: ")


@pytest.mark.parametrize("path", [path for path, rule in SAID.items() if rule])
def test_reports_each_bad_file(run: Run, path: str) -> None:
    assert SAID[path] in {one["rule"] for one in run.findings if one["path"] == path}


def test_reports_what_could_not_be_read_as_such(run: Run) -> None:
    summary = json.loads(run.reports["json"])["summary"]
    assert summary["unreadable"] >= sum(rule == "document-syntax" for rule in SAID.values())


def test_leaves_off_a_template_that_takes_too_long(run: Run) -> None:
    undecided = json.loads(run.reports["json"])["undecided"]
    assert [one["rule"] for one in undecided if one["path"] == "many/template.yml"] == ["cfn-lint"]


def test_says_nothing_of_a_file_outside(run: Run) -> None:
    assert not any("root:" in text for text in run.reports.values())


def test_meets_no_file_twice(run: Run) -> None:
    assert not any(str(one["path"]).startswith("loop") for one in run.findings)


@pytest.mark.parametrize("name", [*FORMATS, "standard output"])
def test_writes_no_control_character(run: Run, name: str) -> None:
    assert CONTROL.findall(run.reports[name]) == []


def test_writes_xml_that_can_be_read(run: Run) -> None:
    suites = etree.fromstring(run.reports["junit"].encode())
    assert "biuld" in str(etree.tostring(suites))


@pytest.mark.parametrize("name", ["full", "concise"])
def test_names_the_good_finding_to_people(run: Run, name: str) -> None:
    assert "good/buildspec.yml:3:3" in run.reports[name]


def test_keeps_reports_of_a_bounded_size(run: Run) -> None:
    assert all(len(text) < 5_000_000 for text in run.reports.values())
