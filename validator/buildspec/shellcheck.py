"""Run the program `shellcheck` over the commands of a buildspec, in one process."""

import json
import shutil
import subprocess
import sys
import tempfile
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from validator.buildspec.shell import LONGEST, Script
from validator.buildspec.spec import Buildspec
from validator.buildspec.syntax import fault
from validator.document import Node

Level = Literal["error", "warning", "note"]

_LEVELS: dict[str, Level] = {"error": "error", "warning": "warning", "info": "note", "style": "note"}
# What says nothing here: words are split on purpose, and variables and files come from outside of the commands.
_OFF = "SC2086,SC2034,SC2154,SC1090,SC1091"
# It asks for `|| exit` behind `cd`.
_CD = 2164


class ShellcheckError(Exception):
    """Why shellcheck has not looked at a buildspec, in words for a reader."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that shellcheck found."""

    at: Node
    code: str
    level: Level
    message: str


class _Piece(NamedTuple):
    """A command within a program that shellcheck reads, from an offset on."""

    start: int
    script: Script


def remarks(buildspec: Buildspec, *, seconds: float) -> list[Remark]:
    """Ask shellcheck about the commands of a buildspec that are for a shell of Unix.

    The commands of version 0.2 are one program, those of version 0.1 a program each. What is none is left out: it is
    reported as such.

    Raises:
        ShellcheckError: It is not installed, takes longer, or gives another answer than it should.
    """
    shell = buildspec.dialect
    if shell not in {"sh", "bash"}:
        return []
    scripts = [
        script
        for command in buildspec.commands()
        if (script := command.script) is not None and script.text.strip() and fault(script.text) is None
    ]
    groups = [[script] for script in scripts] if buildspec.version == "0.1" else [scripts] if scripts else []
    programs = [_joined(group) for group in groups]
    if not programs:
        return []
    if sum(len(text) for text, _ in programs) > LONGEST:
        raise ShellcheckError(f"the commands are longer than {LONGEST:,} characters")
    found = []
    for number, line, column, end_line, end_column, code, level, message in _asked(
        [text for text, _ in programs], shell, seconds
    ):
        text, pieces = programs[number]
        start, end = _offset(text, line, column), _offset(text, end_line, end_column)
        piece = pieces[max(bisect_right([one.start for one in pieces], start) - 1, 0)]
        start, end = start - piece.start, max(end - piece.start, start - piece.start + 1)
        if code == _CD and not piece.script.text[end:].strip():
            continue
        at = piece.script.at(start, min(end, len(piece.script.text)))
        found.append(Remark(at, f"SC{code}", _LEVELS.get(level, "note"), message))
    return found


def _program() -> str:
    """Find shellcheck on the PATH, or beside the Python that runs, where the extra puts it.

    Raises:
        ShellcheckError: It is in neither place.
    """
    found = shutil.which("shellcheck") or shutil.which("shellcheck", path=str(Path(sys.executable).parent))
    if found is None:
        raise ShellcheckError("shellcheck is not installed: pip install 'stackproof[shellcheck]'")
    return found


def _joined(scripts: Sequence[Script]) -> tuple[str, list[_Piece]]:
    text, pieces = "", []
    for script in scripts:
        pieces.append(_Piece(len(text), script))
        text += script.text if script.text.endswith("\n") else script.text + "\n"
    return text, pieces


_Answer = tuple[int, int, int, int, int, int, str, str]


def _asked(texts: Sequence[str], shell: str, seconds: float) -> list[_Answer]:
    program = _program()
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            Path(folder, str(number)).write_bytes(text.encode(errors="replace"))
        # Without --norc a file in the folder that is checked could change what is found.
        command = [program, "--norc", "--format=json1", f"--shell={shell}", f"--exclude={_OFF}"]
        command += [str(number) for number in range(len(texts))]
        try:
            run = subprocess.run(command, check=False, cwd=folder, capture_output=True, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise ShellcheckError(f"shellcheck takes longer than {seconds:g} seconds") from None
        except OSError as error:
            raise ShellcheckError(f"shellcheck cannot be run: {error.strerror}") from None
    with suppress(ValueError, KeyError, TypeError):
        return [
            (
                int(one["file"]),
                int(one["line"]),
                int(one["column"]),
                int(one["endLine"]),
                int(one["endColumn"]),
                int(one["code"]),
                str(one["level"]),
                str(one["message"]),
            )
            for one in json.loads(run.stdout)["comments"]
            if 0 <= int(one["file"]) < len(texts)
        ]
    raise ShellcheckError(f"shellcheck gives no answer that can be read, and ends with {run.returncode}")


def _offset(text: str, line: int, column: int) -> int:
    """Give the offset of a 1-based line and column, within the text."""
    at = 0
    for _ in range(line - 1):
        following = text.find("\n", at)
        if following < 0:
            return len(text)
        at = following + 1
    return min(at + column - 1, len(text))
