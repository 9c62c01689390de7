"""Patterns as in `.gitignore`, which hold below the folder that they are written for."""

# Paths are strings here: pathlib would take most of the time over a large tree.
# ruff: noqa: PTH116, PTH118, PTH123

import os
import re
import stat
from collections.abc import Iterable, Iterator

_LARGEST = 2**20


class Patterns:
    """The patterns of one ignore file or of the configuration."""

    def __init__(self, folder: str, lines: Iterable[str]) -> None:
        """Read patterns; a line that is no pattern holds nothing, as in git.

        Args:
            folder: Absolute path of the folder that the patterns are relative to.
            lines: In gitignore's language: comments, `!`, `**` and all.
        """
        from pathspec import GitIgnoreSpec  # noqa: PLC0415  # 50 ms, and most runs need none

        self._prefix = os.path.join(folder, "")
        self._spec = GitIgnoreSpec.from_lines(_legible(lines), backend="simple")

    def verdict(self, path: str, *, folder: bool = False) -> bool | None:
        """Say whether an absolute path is left out; None if no pattern speaks of it."""
        if not path.startswith(self._prefix):
            return None
        return self._spec.check_file(path[len(self._prefix) :] + ("/" if folder else "")).include


def ignore_file(folder: str) -> Patterns | None:
    """Read a folder's `.gitignore`; None if there is none that can be read, or it is no file or of no sensible size."""
    path = os.path.join(folder, ".gitignore")
    try:
        about = os.stat(path)
        if not stat.S_ISREG(about.st_mode) or about.st_size > _LARGEST:
            return None
        with open(path, encoding="utf-8-sig", errors="surrogateescape") as file:
            return Patterns(folder, file)
    except OSError:
        return None


def left_out(path: str, patterns: Iterable[Patterns], *, folder: bool = False) -> bool:
    """Ask patterns in order, those of the innermost folder last: the last that speaks of the path decides."""
    verdict = False
    for some in patterns:
        answer = some.verdict(path, folder=folder)
        verdict = verdict if answer is None else answer
    return verdict


def _legible(lines: Iterable[str]) -> Iterator[str]:
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern  # noqa: PLC0415

    for line in lines:
        pattern = line.rstrip("\r\n")
        try:
            GitIgnoreSpecPattern(pattern)
        except (ValueError, re.error):
            continue
        yield pattern
