"""The JSON format, version 1; its schema is `schemas/report.json`."""

import json
from typing import Any, TextIO

from validator.document import Span
from validator.engine.report import Doubt, Report, Reported
from validator.rule import Severity


def write(report: Report, out: TextIO) -> None:
    """Write the report as one JSON object, in ASCII, with its keys in a fixed order."""
    value = {
        "version": 1,
        "findings": [_finding(finding) for finding in report.findings],
        "undecided": [_doubt(doubt) for doubt in report.undecided],
        "unchecked": [_doubt(doubt) for doubt in report.unchecked],
        "suppressed": [_finding(accepted.finding) | {"reason": accepted.reason} for accepted in report.suppressed],
        "summary": {
            "files": report.checked,
            **{severity.value: report.count(severity) for severity in Severity},
            "undecided": len(report.undecided),
            "unchecked": len(report.unchecked),
            "suppressed": len(report.suppressed),
            "unreadable": sum(file.unreadable for file in report.files),
        },
    }
    out.write(json.dumps(value, indent=2) + "\n")


def _finding(finding: Reported) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "help": finding.help,
        **_place(finding.span, finding.pointer, finding.inner),
        "related": [
            {"path": related.span.path, "line": related.span.line, "message": related.message}
            for related in finding.related
        ],
        "fix": [
            {"path": edit.span.path, "start": edit.span.start, "end": edit.span.end, "text": edit.text}
            for edit in finding.fix
        ],
        "fingerprint": finding.fingerprint,
    }


def _doubt(doubt: Doubt) -> dict[str, Any]:
    return {"rule": doubt.rule, "reason": doubt.reason, **_place(doubt.span, doubt.pointer, doubt.inner)}


def _place(span: Span, pointer: str, inner: str) -> dict[str, Any]:
    return {
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "pointer": pointer,
        "inner": inner,
    }
