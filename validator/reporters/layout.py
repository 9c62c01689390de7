"""How a finding is laid out for people: its line, the source with the span underlined, related places, help."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from validator.document import Span
from validator.engine.report import Reported
from validator.reporters.visible import cells, visible

_LINE_END = re.compile(r"\r\n|\n|\r")
_CUT = "..."
_MOST_LINES = 3


class Piece(NamedTuple):
    """A stretch of a line: visible text, and what it is, for whoever adds colours and links.

    Attributes:
        style: A severity, `strong`, `label`, `gutter`, or nothing.
        link: Path of the file that the text names, as in the report; empty if it names none.
    """

    text: str
    style: str = ""
    link: str = ""


Line = tuple[Piece, ...]


def plain(line: Line) -> str:
    """Give a line's text alone."""
    return "".join(piece.text for piece in line)


@dataclass
class Layout:
    """Lays findings out for one stream.

    Attributes:
        texts: The files that excerpts are taken from, by path; without its file, a place has no excerpt.
        width: Columns of the terminal, at least 40; longer source lines are cropped around the span.
        encoding: Of the stream; None means UTF-8.
    """

    texts: Mapping[str, str]
    width: int = 120
    encoding: str | None = None
    _lines: dict[str, list[str]] = field(default_factory=dict, init=False, repr=False)

    def visible(self, text: str) -> str:
        """Make a text fit to be shown on this stream."""
        return visible(text, self.encoding)

    def finding(self, finding: Reported) -> Iterator[Line]:
        """Yield the lines of one finding."""
        places = [(finding.span, _MOST_LINES), *((related.span, 1) for related in finding.related)]
        margin = max(len(str(min(span.end_line, span.line + most - 1))) for span, most in places)
        severity = finding.severity.value
        title = f"{severity}[{self.visible(finding.rule)}]"
        yield Piece(title, severity), Piece(f": {self.visible(finding.message)}", "strong")
        yield self._arrow(finding.span, margin)
        yield from self._excerpt(finding.span, margin, Piece("^", severity), _MOST_LINES)
        for related in finding.related:
            yield Piece("note", "label"), Piece(f": {self.visible(related.message)}")
            yield self._arrow(related.span, margin)
            yield from self._excerpt(related.span, margin, Piece("-", "gutter"), 1)
        if finding.help:
            first, *others = finding.help.split("\n")
            yield Piece("help", "label"), Piece(f": {self.visible(first)}")
            for other in others:
                yield (Piece(f"      {self.visible(other)}".rstrip()),)

    def place(self, span: Span) -> Piece:
        """Name a place: `path:line:column`."""
        return Piece(f"{self.visible(span.path)}:{span.line}:{span.column}", link=span.path)

    def _arrow(self, span: Span, margin: int) -> Line:
        return Piece(" " * margin + "--> ", "gutter"), self.place(span)

    def _excerpt(self, span: Span, margin: int, mark: Piece, most: int) -> Iterator[Line]:
        lines = self._source(span.path)
        if span.line > len(lines):
            return
        gutter = Piece(" " * margin + " |", "gutter")
        yield (gutter,)
        # A span that takes in a line break ends at column 1 of the line behind it.
        last = min(max(span.line, span.end_line - (span.end_column == 1)), len(lines))
        for number in range(span.line, min(last, span.line + most - 1) + 1):
            line = lines[number - 1]
            start = span.column - 1 if number == span.line else len(line) - len(line.lstrip())
            end = span.end_column - 1 if number == span.end_line else len(line.rstrip())
            before, marked, after = self._crop(line, start, end, self.width - margin - 3)
            yield Piece(f"{number:{margin}} |", "gutter"), Piece(f" {before}{marked}{after}".rstrip())
            if marked or number == span.line:
                under = mark.text * max(1, cells(marked))
                yield gutter, Piece(" " * (1 + cells(before))), mark._replace(text=under)
        if most > 1 and (more := last - span.line + 1 - most) > 0:
            yield gutter, Piece(f" {_CUT} {more} more line{'' if more == 1 else 's'}", "gutter")

    def _source(self, path: str) -> list[str]:
        if path not in self._lines:
            # A byte order mark has no column.
            text = self.texts.get(path, "").removeprefix("\ufeff")
            self._lines[path] = _LINE_END.split(text) if text else []
        return self._lines[path]

    def _crop(self, line: str, start: int, end: int, room: int) -> tuple[str, str, str]:
        """Split a line into what stands before, in and after the span, as shown, within so many cells in all."""
        # No more than `room` characters of any part can be needed: one minified line may be the whole file.
        before = self._shown(line[max(0, start - room - 1) : start])
        marked = self._shown(line[start : min(end, start + room + 1)])
        after = self._shown(line[max(start, end) : end + room + 1])
        if cells(before + marked + after) > room:
            if cells(marked) > (most := room * 3 // 4):
                marked, after = _head(marked, most), ""
            left = room - cells(marked)
            before = _head(before[::-1], max(left // 2, left - cells(after)))[::-1]
            after = _head(after, left - cells(before))
        return before, marked, after

    def _shown(self, text: str) -> str:
        return self.visible(text.replace("\t", "    "))


def _head(text: str, room: int) -> str:
    if cells(text) <= room:
        return text
    while text and cells(text) > room - len(_CUT):
        text = text[:-1]
    return text + _CUT
