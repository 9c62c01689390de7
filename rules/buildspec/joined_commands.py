"""Rule buildspec-joined-commands."""

import re
from collections.abc import Iterator, Sequence
from itertools import dropwhile, pairwise
from typing import NamedTuple

from validator.buildspec.spec import Command
from validator.document import Region
from validator.rule import Finding, Severity, rule

# Programs that hardly anybody passes as an argument at the start of a line.
_PROGRAMS = frozenset(
    {
        *("apk", "apt-get", "aws", "cdk", "cfn-lint", "chmod", "cp", "curl", "docker", "dnf", "dotnet", "echo", "eval"),
        *("export", "gem", "git", "go", "gradle", "helm", "kubectl", "ls", "make", "mkdir", "mv", "mvn", "npm", "npx"),
        *("pip", "pip3", "pnpm", "poetry", "printf", "pytest", "python", "python3", "rm", "sam", "sed", "set"),
        *("source", "tar", "terraform", "unzip", "wget", "yarn", "yum", "zip", "cd"),
    }
)
# Words that start a compound command.
_KEYWORDS = frozenset({"if", "for", "while", "case", "until"})
# What may stand in a sentence that is printed.
_ENGLISH = _KEYWORDS | {"cd", "go", "helm", "make", "sam", "set", "source", "export"}
# What takes the names of programs as arguments: it runs them, installs them, or tells of them.
_TAKERS = frozenset(
    {
        *("--", "-c", "add", "alias", "bash", "command", "concurrently", "env", "eval", "exec", "find", "hash"),
        *("install", "man", "nice", "nohup", "npx", "parallel", "run", "sh", "ssh", "su", "sudo", "time", "timeout"),
        *("trap", "type", "watch", "which", "xargs", "zsh", "entrypoint", "--entrypoint", "in", "remove", "dlx"),
    }
)
_LONGEST = 20_000  # characters; what is longer is no text that anybody folds
_OPEN_ENDS = ("\\", "&&", "||", "|", ";", "&", "(", "{", ",", "=")
_OPEN_WORDS = frozenset({"then", "do", "else", "elif", "if", "while", "until", "!", "in"})
_ENDS = re.compile(r"[;&|\n]")
_SCRIPT = re.compile(r"\b(?:npm|yarn|pnpm)\s+run\b")
_SETTING = re.compile(r"[A-Za-z_]\w*=")
_WORD = re.compile(r"[^\s;&|()]+")


@rule("buildspec-joined-commands", Severity.WARNING)
def check(command: Command) -> Iterator[Finding]:
    """Lines of a command that look like commands of their own are joined into one.

    Only behind `|` does YAML keep the ends of lines. In all other texts it puts a blank for each, and the second line
    becomes arguments of the first, or part of its comment.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - >
            cd app
            npm ci
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - |
            cd app
            npm ci
    ```
    """
    value = command.node.value
    if not isinstance(value, str) or command.node.style == "|" or value.startswith("-") or len(value) > _LONGEST:
        return
    characters = command.node.characters
    for line, following in _joins(value, characters, command.node.document.text):
        at = command.node.pin(Region(characters[following.start].start, characters[following.end - 1].end))
        if value[line.start : line.end].lstrip().startswith("#") and not _is_unfinished(value[: line.start]):
            message = "YAML joins this line to the comment before it, so that it does not run"
            yield Finding(at, message, "write '|' instead, or take the comment out of the text")
            return
        if _are_apart(value[: line.end], value[following.start : following.end]):
            first = _WORD.search(value, following.start, following.end)
            what = f"{first[0]!r} is" if first else "this is"
            message = f"{what} an argument of the line before it: YAML joins the lines of this text"
            advice = "write '|' before the text to keep its lines, or give each command a '- ' of its own"
            yield Finding(at, message, advice)
            return


class _Line(NamedTuple):
    """A line of the source, as offsets in the value that YAML makes of it."""

    start: int
    end: int


def _joins(value: str, characters: Sequence[Region], source: str) -> Iterator[tuple[_Line, _Line]]:
    """Yield each two lines of the source that one blank of the value stands between."""
    if len(characters) != len(value):
        return
    folds = [
        at
        for at, character in enumerate(value)
        if character == " " and any(end in source[slice(*characters[at])] for end in "\r\n")
    ]
    bounds = sorted({-1, len(value), *folds, *(at for at, character in enumerate(value) if character == "\n")})
    lines = [_Line(start + 1, end) for start, end in pairwise(bounds)]
    for line, following in pairwise(lines):
        if value[line.end] == " " and following.start < following.end:
            yield line, following


def _are_apart(before: str, after: str) -> bool:
    """Say whether a line looks like a command of its own behind the text before it."""
    # Variables that are set before a command belong to it.
    words = [*dropwhile(_SETTING.match, _SCRIPT.sub("npm", _ENDS.split(before)[-1]).split())]
    following = after.split()
    if not words or len(following) < 2 or before.rstrip().endswith(_OPEN_ENDS) or words[-1] in _OPEN_WORDS:
        return False
    if _is_unfinished(before) or following[0] not in _PROGRAMS | _KEYWORDS:
        return False
    if words[0] == "echo" and following[0] in _ENGLISH:
        return False
    return _TAKERS.isdisjoint(words) and not words[-1].startswith("-")


def _is_unfinished(text: str) -> bool:
    """Say whether a quote or a parenthesis is open at the end of a text."""
    return any(text.count(quote) % 2 for quote in "\"'`") or text.count("(") != text.count(")")
