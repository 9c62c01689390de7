"""The concise format of a live run: one line per expectation that does not conform."""

from typing import TextIO

from validator.live import Report
from validator.reporters.verify_layout import place, said
from validator.reporters.visible import visible


def write(report: Report, out: TextIO) -> None:
    """Write one `path:line:column: outcome: check: message [rule-id]` line for what differs or could not be checked."""
    for outcome in report.outcomes:
        if outcome.kind in {"differs", "error"}:
            line = f"{place(outcome)}: {outcome.kind}: {said(outcome)} [{outcome.rule}]"
            out.write(visible(line, out.encoding) + "\n")
