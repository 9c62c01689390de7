"""The JSON format of a live run: for programs, complete and stable."""

import json
from typing import Any, TextIO

from validator.document import Value
from validator.live import Outcome, Report

# A value that takes more room is given as text, and cut: it is there to be recognised.
_MOST = 10_000


def write(report: Report, out: TextIO) -> None:
    """Write the report as one JSON object, version 1, in ASCII."""
    value = {
        "version": 1,
        "checks": [_check(outcome) for outcome in report.outcomes],
        "summary": dict(report.counts),
        "interrupted": report.interrupted,
    }
    out.write(json.dumps(value, indent=2, default=str) + "\n")


def _check(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.check,
        "spec": outcome.span.path,
        "line": outcome.span.line,
        "target": outcome.target,
        "region": outcome.region,
        "resource": outcome.subject,
        "property": outcome.path,
        "outcome": outcome.kind,
        "severity": outcome.severity,
        "rule": outcome.rule,
        "expected": _bounded(outcome.expected),
        # Where there is one way only in which it differs, that is what was found.
        "actual": _bounded(outcome.differences[0].got) if len(outcome.differences) == 1 else None,
        "differences": [
            {
                "property": one.path,
                "operator": one.operator,
                "expected": _bounded(one.wanted),
                "actual": _bounded(one.got),
            }
            for one in outcome.differences
        ],
        "message": outcome.message,
        "attempts": outcome.attempts,
    }


def _bounded(value: Value) -> Value:
    text = json.dumps(value, default=str)
    return value if len(text) <= _MOST else f"{text[:_MOST]}..."
