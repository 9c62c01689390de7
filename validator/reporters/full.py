"""The full format, for a person at a terminal: findings with their source, then all that was not decided or checked."""

import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from validator.engine.report import Report
from validator.reporters.layout import Layout, Line, Piece, plain
from validator.rule import Severity

# The eight colours of every terminal: its owner chose them to be readable.
_STYLES = {
    "": "",
    "error": "bold red",
    "warning": "bold yellow",
    "note": "bold cyan",
    "strong": "bold",
    "gutter": "blue",
    "label": "bold",
}


def write(report: Report, out: TextIO) -> None:
    """Write each finding with its source, then what is undecided or not checked, faults of the run, a line of counts.

    On a terminal in colour, with links to the files; elsewhere the same text alone. `NO_COLOR`, `FORCE_COLOR` and
    `COLUMNS` are heeded.
    """
    terminal = out.isatty()
    width = max(40, shutil.get_terminal_size().columns) if terminal else 120
    lines = _lines(report, Layout(report.texts, width, out.encoding))
    if coloured(terminal):
        show(lines, out, links=terminal)
    else:
        out.writelines(plain(line) + "\n" for line in lines)


def _lines(report: Report, layout: Layout) -> Iterator[Line]:
    for finding in report.findings:
        yield from layout.finding(finding)
        yield ()
    for doubt in report.undecided:
        said = f": {layout.visible(doubt.reason)} [{layout.visible(doubt.rule)}]"
        yield layout.place(doubt.span), Piece(": "), Piece("undecided", "note"), Piece(said)
    yield from _unchecked(report, layout)
    for fault in report.faults:
        said = f": {layout.visible(fault.where)}: {layout.visible(fault.message)}"
        yield Piece("fault", "error"), Piece(said)
    if report.undecided or report.unchecked or report.faults:
        yield ()
    yield (Piece(_summary(report), "strong"),)


def _unchecked(report: Report, layout: Layout) -> Iterator[Line]:
    """Yield one line for each reason, at the first place that it holds for."""
    places = defaultdict(list)
    for doubt in report.unchecked:
        places[doubt.rule, doubt.reason].append(doubt.span)
    for (rule, reason), [first, *others] in places.items():
        more = f", and {len(others)} more alike" if others else ""
        said = f": {layout.visible(reason)}{more} [{layout.visible(rule)}]"
        yield layout.place(first), Piece(": "), Piece("not checked", "error"), Piece(said)


def _summary(report: Report) -> str:
    found = [_counted(n, severity.value) for severity in Severity if (n := report.count(severity))]
    marks = {
        "undecided": len(report.undecided),
        "not checked": len(report.unchecked),
        "suppressed": len(report.suppressed),
        "unreadable": sum(file.unreadable for file in report.files),
    }
    counts = [*(found or ["no findings"]), *(f"{n} {what}" for what, n in marks.items() if n)]
    if report.faults:
        counts.append(_counted(len(report.faults), "fault"))
    others = len(report.files) - report.checked
    looked = _counted(report.checked, "file") + (f" ({_counted(others, 'other')})" if others else "")
    return f"{looked}: {', '.join(counts)}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def coloured(terminal: bool) -> bool:  # noqa: FBT001  # a fact, not a switch
    """Say whether colours are wanted, given whether the output is a terminal."""
    # The order is Python's own for its tracebacks.
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (terminal and os.environ.get("TERM") != "dumb")


def show(lines: Iterable[Line], out: TextIO, *, links: bool) -> None:
    """Write lines in colour, with links if the terminal can open them."""
    from rich.console import Console  # noqa: PLC0415  # heavy, and of use on a terminal only
    from rich.style import Style  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=out, force_terminal=True, color_system="standard")
    for line in lines:
        # A Text is shown as it is; in a plain string, rich would look for markup, emoji and numbers.
        text = Text()
        for piece in line:
            style = Style.parse(_STYLES[piece.style])
            if links and piece.link:
                style += Style(link=Path(piece.link).absolute().as_uri())
            text.append(piece.text, style)
        console.print(text, soft_wrap=True)
