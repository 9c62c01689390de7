"""The concise format: one line per finding, for editors and grep."""

from typing import TextIO

from validator.engine.report import Report
from validator.reporters.visible import visible


def write(report: Report, out: TextIO) -> None:
    """Write one `path:line:column: severity: message [rule-id]` line per finding."""
    for f in report.findings:
        line = f"{f.span.path}:{f.span.line}:{f.span.column}: {f.severity}: {f.message} [{f.rule}]"
        out.write(visible(line, out.encoding) + "\n")
