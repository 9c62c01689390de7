"""Fixing: edits applied to texts, and texts written back as they were found."""

import difflib
import errno
import os
import re
import shutil
import tempfile
from bisect import bisect, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from validator import parse
from validator.rule import Edit

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Plan:
    """Edits that go together, in one pass.

    Attributes:
        edits: By path, in order, none overlapping another.
        applied: The fixes that they make up.
        refused: Paths that a fix would have made unreadable, so that it is not in the plan.
    """

    edits: dict[str, list[Edit]]
    applied: tuple[Sequence[Edit], ...]
    refused: tuple[str, ...] = ()


def plan(fixes: Sequence[Sequence[Edit]], texts: Mapping[str, str]) -> Plan:
    """Choose fixes that do not get in each other's way; one that overlaps an earlier one waits for the next pass.

    Args:
        fixes: In order of preference; each is taken whole or not at all.
        texts: Of all files that may be edited, by path, as the edits' spans know them.
    """
    named = {edit.span.path for fix in fixes for edit in fix}
    readable = {path for path in named & texts.keys() if _reads(path, texts[path])}
    refused: set[str] = set()

    def sound(before: list[Sequence[Edit]], some: Sequence[Sequence[Edit]]) -> list[Sequence[Edit]]:
        """Choose of some fixes those that leave the files readable, after others that do; by halves, as most do."""
        broken = {
            path
            for path, edits in _together([*before, *some], texts).edits.items()
            if path in readable and not _reads(path, edited(texts[path], edits))
        }
        if not broken:
            return list(some)
        if len(some) == 1:
            refused.update(broken)
            return []
        first = sound(before, some[: len(some) // 2])
        return first + sound(before + first, some[len(some) // 2 :])

    return replace(_together(sound([], fixes), texts), refused=tuple(sorted(refused)))


def _together(fixes: Iterable[Sequence[Edit]], texts: Mapping[str, str]) -> Plan:
    edits: dict[str, list[Edit]] = defaultdict(list)
    taken: set[Edit] = set()
    applied: list[Sequence[Edit]] = []
    for fix in fixes:
        new = [edit for edit in dict.fromkeys(fix) if edit not in taken]
        if fix and all(edit.span.path in texts and _fits(edit, edits[edit.span.path]) for edit in new):
            applied.append(fix)
            taken.update(new)
            for edit in new:
                insort(edits[edit.span.path], edit, key=_place)
    return Plan({path: some for path, some in edits.items() if some}, tuple(applied))


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Apply edits that do not overlap."""
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits, key=_place):
        pieces += text[done : edit.span.start], edit.text
        done = edit.span.end
    return "".join(pieces) + text[done:]


def write(file: Path, old: str, new: str) -> None:
    """Put a new text in place of a file's old one, all at once; mode and links stay, and so does every other byte.

    Raises:
        OSError: It cannot be written, or has changed since it was read.
    """
    target = Path(os.path.realpath(file))
    if not os.access(target, os.W_OK):  # putting another file in its place would take no leave to write it
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))
    if target.read_bytes() != old.encode():
        raise OSError(0, "the file has changed since it was read")
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        os.close(handle)
        Path(name).write_bytes(new.encode())
        shutil.copymode(target, name)
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def diff(path: str, old: str, new: str) -> Iterable[str]:
    """Yield the lines of a unified diff, as git would write them."""
    for line in difflib.unified_diff(_LINE.findall(old), _LINE.findall(new), f"a/{path}", f"b/{path}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _place(edit: Edit) -> tuple[int, int]:
    return edit.span.start, edit.span.end


def _fits(edit: Edit, others: Sequence[Edit]) -> bool:
    """Whether an edit overlaps none of others, which are in order; two at one point would come in no certain order."""
    at = bisect(others, _place(edit), key=_place)
    before, after = others[at - 1 : at] if at else (), others[at : at + 1]
    free_before = not before or before[0].span.end <= edit.span.start > before[0].span.start
    free_after = not after or edit.span.end <= after[0].span.start > edit.span.start
    return free_before and free_after


def _reads(path: str, text: str) -> bool:
    return not parse.load(path, text.encode()).broken
