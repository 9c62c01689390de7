"""From version 0.1 to 0.2 with the same meaning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator import fix, parse
from validator.buildspec import Buildspec
from validator.buildspec.syntax import fault
from validator.shape import problems
from validator.testing import findings

RULE = "buildspec-old-version"


def upgraded(text: str) -> str:
    """Apply the fix to a buildspec; the same text if there is none."""
    found = findings(RULE, {"buildspec.yml": text})
    return fix.edited(text, [edit for one in found for edit in one.fix])


def test_keeps_comments_and_changes_what_the_version_needs() -> None:
    text = """\
version: 0.1  # old
environment_variables:
  plaintext:
    A: b  # kept
phases:
  build:
    commands:
      # first
      - make
      - cd app && make  # there
      - export B=c
      - 'set -x; make'
      - "cd \\"a b\\""
      - |
        cd app
        make
      - >-
        cd app &&
        make
artifacts:
  type: zip
  files:
    - out/*
"""
    assert (
        upgraded(text)
        == """\
version: 0.2  # old
env:
  variables:
    A: b  # kept
phases:
  build:
    commands:
      # first
      - make
      - ( cd app && make )  # there
      - ( export B=c )
      - '( set -x; make )'
      - "( cd \\"a b\\" )"
      - |
        (
        cd app
        make
        )
      - >-
        (
        cd app &&
        make
        )
artifacts:
  files:
    - out/*
"""
    )


@pytest.mark.parametrize(
    "command",
    [
        "make",
        "A=b make && npm test | tee out",
        "if [ -d a ]; then make; fi",
        "(cd a && make)",
        'echo "$(cd a && ls)"',
        "docker build -t $TAG .",
        "[ -f a ] || exit_code",
    ],
)
def test_a_command_that_leaves_nothing_behind_stays(command: str) -> None:
    text = f"version: 0.1\nphases:\n  build:\n    commands:\n      - |\n        {command}\n"
    assert upgraded(text) == text.replace("0.1", "0.2")


@pytest.mark.parametrize(
    "command",
    [
        "cd a", "A=b", "export A", "source x", ". x", "set -e", "f() { a; }", "a; exit 0", "eval x", "$PROGRAM",
        "read a",
        "for x in a; do b; done", "server &", "trap a EXIT", "umask 0", "{ cd a; }", "if a; then cd b; fi", "unset A",
        "echo ${A:=b}", "((x++))",
        "exec a", "a && export B=c", "alias a=b", "command cd x", "printf -v a b",
        "\\cd a",
    ],
)  # fmt: skip
def test_a_command_that_may_change_its_shell_gets_one_of_its_own(command: str) -> None:
    text = f"version: 0.1\nphases:\n  build:\n    commands:\n      - |\n        {command}\n"
    assert upgraded(text).endswith(f"      - |\n        (\n        {command}\n        )\n")


@pytest.mark.parametrize(
    "text",
    [
        "version: 0.1\nenv: {variables: {A: b}}\nphases: {build: {commands: [make]}}\n",  # would begin to have effect
        "version: 0.1\nphases: {build: {commands: [make]}}\nartifacts: {type: zip, files: [a]}\n",
        "version: 0.1\nphases: {build: {commands: ['if a; then', fi]}}\n",
        "version: 0.1\nphases: {build: {commands: ['exit $?']}}\n",
        "version: 0.1\nphases: {build: {commands: ['$env:PATH = 1']}}\n",
        "version: 0.1\nphases: {build: {commands: ['cd a # there']}}\n",
    ],
)
def test_offers_nothing_where_it_is_not_sure(text: str) -> None:
    [finding] = findings(RULE, {"buildspec.yml": text})
    assert not finding.fix
    assert "not sure enough" in finding.help


def test_mends_json() -> None:
    text = '{"version": 0.1, "phases": {"build": {"commands": ["cd \\"a\\"", "make"]}}}\n'
    assert upgraded(text) == text.replace("0.1", "0.2").replace('cd \\"a\\"', '( cd \\"a\\" )')


def test_keeps_line_ends() -> None:
    head = "phases:\r\n  build:\r\n    commands:\r\n      - |\r\n"
    old, new = "        cd a\r\n", "        (\r\n        cd a\r\n        )\r\n"
    assert upgraded(f"version: 0.1\r\n{head}{old}") == f"version: 0.2\r\n{head}{new}"


COMMANDS = st.sampled_from(
    ["make", "cd app", "cd app && make", "export A=b", "echo it is", "set -e; make", "f() { a; }", "A=1 make", "exit 0"]
)
STYLES = st.sampled_from(["- {0}\n", "- '{0}'\n", '- "{0}"\n', "- |\n  {0}\n", "- >-\n  {0}\n  && b\n", "- {0}  # c\n"])


@given(
    st.lists(st.tuples(COMMANDS, STYLES), min_size=1, max_size=5),
    st.dictionaries(st.sampled_from(["A", "B"]), st.sampled_from(["x", "1", "'y z'"])),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(0, 3),
)
def test_meaning_is_kept(
    commands: list[tuple[str, str]], variables: dict[str, str], line_end: str, indent: int
) -> None:
    lead = " " * (4 + indent)
    listed = "".join(
        f"{lead}{line}\n" for command, style in commands for line in style.format(command).splitlines() if line
    )
    named = "".join(f"    {name}: {value}\n" for name, value in variables.items())
    head = f"environment_variables:\n  plaintext:\n{named}" if named else ""
    text = f"version: 0.1\n{head}phases:\n  build:\n    commands:\n{listed}".replace("\n", line_end)
    before, after = (Buildspec(parse.load("b.yml", one.encode()).root) for one in (text, upgraded(text)))
    assert (after.version, upgraded(upgraded(text))) == ("0.2", upgraded(text))
    assert not list(problems(after.node, after.schema))
    assert [(one.name, one.text) for one in before.variables()] == [(one.name, one.text) for one in after.variables()]
    old, new = ([one.text or "" for one in spec.commands()] for spec in (before, after))
    assert len(old) == len(new)
    for was, now in zip(old, new, strict=True):
        assert now == was or now.split() == ["(", *was.split(), ")"]
        assert fault(now) is None
        changes = was.startswith(("cd", "export", "set", "f()", "exit"))
        assert (now != was) == changes
