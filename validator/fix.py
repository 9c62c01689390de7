"""Fixing: edits applied to texts, and texts written back as they were found."""

import difflib
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
        applied: How many of the fixes they make up.
        refused: Paths that a fix would have made unreadable, so that none of theirs is in the plan.
    """

    edits: dict[str, list[Edit]]
    applied: int
    refused: tuple[str, ...] = ()


def plan(fixes: Sequence[Sequence[Edit]], texts: Mapping[str, str]) -> Plan:
    """Choose fixes that do not get in each other's way; one that overlaps an earlier one waits for the next pass.

    Args:
        fixes: In order of preference; each is taken whole or not at all.
        texts: Of all files that may be edited, by path, as the edits' spans know them.
    """
    edits: dict[str, list[Edit]] = defaultdict(list)
    applied = 0
    for fix in fixes:
        new = [edit for edit in dict.fromkeys(fix) if edit not in edits[edit.span.path]]
        if fix and all(edit.span.path in texts and _fits(edit, edits[edit.span.path]) for edit in new):
            applied += 1
            for edit in new:
                insort(edits[edit.span.path], edit, key=_place)
    edits = {path: some for path, some in edits.items() if some}
    broken = {
        path
        for path, some in edits.items()
        if _reads(path, texts[path]) and not _reads(path, edited(texts[path], some))
    }
    if not broken:
        return Plan(edits, applied)
    rest = plan([fix for fix in fixes if broken.isdisjoint(edit.span.path for edit in fix)], texts)
    return replace(rest, refused=tuple(sorted(broken.union(rest.refused))))


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Apply edits that do not overlap, the last first, so that the places of the others hold."""
    for edit in sorted(edits, key=_place, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def write(file: Path, old: str, new: str) -> None:
    """Put a new text in place of a file's old one, all at once; mode and links stay, and so does every other byte.

    Raises:
        OSError: It cannot be written, or has changed since it was read.
    """
    target = Path(os.path.realpath(file))
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
