"""The full format of a live run, for a person at a terminal: every check, and every way in which one differs."""

from collections.abc import Iterator
from typing import TextIO

from validator.live import Outcome, Report
from validator.reporters.full import coloured, show
from validator.reporters.layout import Line, Piece, plain
from validator.reporters.verify_layout import BY_VALUE, difference, grouped, place, where
from validator.reporters.visible import visible

_STYLES = {"conforms": "note", "differs": "error", "error": "warning", "skipped": "gutter"}
# A check that was skipped for one of these is not worth a line of its own.
_QUIET = frozenset({"environment-not-asked", "environment-other-target", "environment-other-region"})


def write(report: Report, out: TextIO) -> None:
    """Write a line for each check, below it what does not conform, at the end a line of counts."""
    lines = _lines(report, out.encoding)
    terminal = out.isatty()
    if coloured(terminal):
        show(lines, out, links=terminal)
    else:
        out.writelines(plain(line) + "\n" for line in lines)


def _lines(report: Report, encoding: str | None) -> Iterator[Line]:
    def text(shown: str) -> str:
        return visible(shown, encoding)

    for group in grouped(report.outcomes):
        worst = _worst(group)
        if worst.rule in _QUIET:
            continue
        first = group[0]
        title = f"{first.check}: {first.title}" if first.title else first.check
        about = f" {first.subject}" if first.subject not in {"", first.check} else ""
        yield (
            Piece(f"{worst.kind:9}", _style(worst)),
            Piece(f" {text(title)}", "strong"),
            Piece(f"{text(about)} ({text(where(first))})" if where(first) else text(about)),
            Piece(f" after {worst.attempts} attempts" if worst.attempts > 1 else "", "gutter"),
        )
        told: set[str] = set()
        for outcome in group:
            if outcome.kind != "conforms" and outcome.message not in told:
                # What holds for all of a check is said once.
                told |= {outcome.message} if not outcome.differences else set()
                yield from _below(outcome, text)
        if worst.kind == "differs" and worst.why:
            yield Piece("          why: ", "label"), Piece(text(worst.why))
    yield ()
    yield (Piece(text(_summary(report)), "strong"),)


def _below(outcome: Outcome, text: object) -> Iterator[Line]:
    assert callable(text)
    at = Piece(f"          {text(place(outcome))}", "gutter", link=outcome.span.path)
    if outcome.kind == "skipped":
        yield (Piece(f"          {text(outcome.message)}"),)
        return
    if not outcome.differences:
        yield at, Piece(f": {text(outcome.message)}"), Piece(f" [{text(outcome.rule)}]", "gutter")
        return
    if len(outcome.differences) == 1 and outcome.rule in BY_VALUE:
        said = difference(outcome, outcome.differences[0])
        yield at, Piece(f": {text(said)}"), Piece(f" [{text(outcome.rule)}]", "gutter")
        return
    yield at, Piece(f": {text(outcome.message)}"), Piece(f" [{text(outcome.rule)}]", "gutter")
    for one in outcome.differences:
        yield (Piece(f"            {text(difference(outcome, one))}"),)


def _style(outcome: Outcome) -> str:
    return "warning" if outcome.kind == "differs" and not outcome.fails else _STYLES[outcome.kind]


def _worst(group: list[Outcome]) -> Outcome:
    order = ("differs", "error", "skipped", "conforms")
    return min(group, key=lambda outcome: order.index(outcome.kind))


def _summary(report: Report) -> str:
    words = {"conforms": "conform", "differs": "differ", "error": "could not be checked", "skipped": "skipped"}
    counts = [f"{number} {words[kind]}" for kind, number in report.counts.items() if number]
    total = len(report.outcomes)
    end = "; interrupted" if report.interrupted else ""
    return f"{total} expectation{'' if total == 1 else 's'}: {', '.join(counts) or 'nothing was checked'}{end}"
