"""Scalars, character by character: which source characters stand for each character of the value.

A style's rules are those of YAML 1.1 as libyaml reads it, or of RFC 8259.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import overload

from validator.document import Region

_LINES = r"(?P<blanks>[ \t]+)|(?P<end>\r\n|[\n\r\x85\u2028\u2029])"
_ESCAPED_END = r"(?P<joint>\\(?:\r\n|[\n\r\x85\u2028\u2029]))"
_PIECES = {
    "plain": re.compile(rf"{_LINES}|[^ \t\n\r\x85\u2028\u2029]+"),
    "'": re.compile(rf"{_LINES}|(?P<escape>'')|[^' \t\n\r\x85\u2028\u2029]+"),
    '"': re.compile(rf"{_LINES}|{_ESCAPED_END}|(?P<escape>\\(?:x..|u.{{4}}|U.{{8}}|.))|[^\\ \t\n\r\x85\u2028\u2029]+"),
}
_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_INDENT = re.compile(r"(?:\A|(?<=[\n\r\x85\u2028\u2029]))( *)[^ \n\r\x85\u2028\u2029]")
_PAIR = r"\\u[dD][89abAB]..\\u[dD][c-fC-F].."
_JSON_PIECE = re.compile(rf"(?P<escape>{_PAIR}|\\u.{{4}}|\\.)|[^\\]+")


class Characters(Sequence[Region]):
    """One region for each character, kept as runs of neighbours of one width."""

    def __init__(self) -> None:
        """Start with none."""
        self._runs: list[tuple[int, int]] = []
        self._first: list[int] = []
        self._length = self._next = 0

    def add(self, start: int, width: int = 1, count: int = 1) -> None:
        """Add characters, each of which stands for the next `width` source characters."""
        if count < 1:
            return
        if not self._runs or self._runs[-1][1] != width or self._next != start:
            self._runs.append((start, width))
            self._first.append(self._length)
        self._length += count
        self._next = start + width * count

    def __len__(self) -> int:
        """Count the characters."""
        return self._length

    @overload
    def __getitem__(self, index: int) -> Region: ...
    @overload
    def __getitem__(self, index: slice) -> list[Region]: ...
    def __getitem__(self, index: int | slice) -> Region | list[Region]:
        """Give the region of a character, or of each in a slice."""
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(self._length))]
        at = index + self._length if index < 0 else index
        if not 0 <= at < self._length:
            raise IndexError(index)
        run = bisect_right(self._first, at) - 1
        start, width = self._runs[run]
        start += (at - self._first[run]) * width
        return Region(start, start + width)


# Many a finding asks for a place in one long scalar.
@lru_cache(maxsize=8)
def yaml_characters(text: str, region: Region, value: str) -> Characters:
    """Map each character of a YAML scalar's decoded text; `value` tells how a block was indented and where it ends."""
    first = text[region.start : region.start + 1] if region.end > region.start else ""
    if first in {"|", ">"}:
        return _block(text, region, value)
    if first in {"'", '"'}:
        return _flow(text, Region(region.start + 1, region.end - 1), first)
    return _flow(text, region, "plain")


@lru_cache(maxsize=8)
def json_characters(text: str, region: Region) -> Characters:
    """Map each character of a JSON string's value; of any other scalar, its source text as it is."""
    found = Characters()
    if text[region.start] != '"':
        found.add(region.start, count=region.end - region.start)
        return found
    for piece in _JSON_PIECE.finditer(text, region.start + 1, region.end - 1):
        _add(found, piece)
    return found


def _add(found: Characters, piece: re.Match[str]) -> None:
    """Add an escape as one character, any other piece as it is."""
    width = piece.end() - piece.start()
    if piece.lastgroup == "escape":
        found.add(piece.start(), width)
    else:
        found.add(piece.start(), count=width)


def _flow(text: str, region: Region, style: str) -> Characters:
    """Take white space around line ends away, and fold the line ends."""
    found = Characters()
    blanks: re.Match[str] | None = None
    ends: list[Region] = []
    joined = False
    for piece in _PIECES[style].finditer(text, region.start, region.end):
        if piece.lastgroup == "blanks":
            blanks = None if ends or joined else piece
        elif piece.lastgroup == "end":
            ends.append(Region(*piece.span()))
            blanks = None
        else:
            _add_gap(found, text, blanks, ends, fold=not joined)
            blanks, ends, joined = None, [], piece.lastgroup == "joint"
            if not joined:
                _add(found, piece)
    _add_gap(found, text, blanks, ends, fold=not joined)
    return found


def _add_gap(found: Characters, text: str, blanks: re.Match[str] | None, ends: list[Region], *, fold: bool) -> None:
    """Add line ends: folded, one becomes a space, and of several the first goes."""
    folds = fold and len(ends) > 1 and text[ends[0].start] not in "\u2028\u2029"
    for start, end in ends[1:] if folds else ends:
        found.add(start, end - start)
    if blanks is not None:
        _add(found, blanks)


def _block(text: str, region: Region, value: str) -> Characters:
    """Map a literal or folded scalar; line ends and blank lines behind the region are empty regions at its end."""
    found = Characters()
    header = _END.search(text, region.start, region.end)
    above, below = _INDENT.search(text, header.end(), region.end) if header else None, _INDENT.search(value)
    if header and above and below:
        # The indentation may rest on a parent that the region does not hold: the value shows what was taken away.
        indent = len(above[1]) - len(below[1])
        _add_lines(found, text, Region(header.end(), region.end), indent, folded=text[region.start] == ">")
    found.add(region.end, 0, len(value) - len(found))
    return found


def _add_lines(found: Characters, text: str, region: Region, indent: int, *, folded: bool) -> None:
    ends: list[Region] = []
    deeper = True  # nothing folds before the first line
    at = region.start
    while at < region.end:
        match = _END.search(text, at, region.end)
        stop, after = match.span() if match else (region.end, region.end)
        if stop - at > indent:
            was_deeper, deeper = deeper, text[at + indent] in " \t"
            _add_gap(found, text, None, ends, fold=folded and not was_deeper and not deeper)
            ends = []
            found.add(at + indent, count=stop - at - indent)
        ends.append(Region(stop, after))
        at = after
