from hypothesis import given

from validator.engine.report import Report
from validator.rule import Severity

from .reports import reports, single, written


def test_writes_place_severity_message_and_rule() -> None:
    report = single("Effect: allow\n", "allow", severity=Severity.WARNING)
    assert written("concise", report) == "a.yml:1:9: warning: IAM does not know the Effect 'allow' [iam-effect-case]\n"


def test_keeps_a_file_name_from_forging_a_line() -> None:
    report = single("x", "x", path="a\nb\x1b[2J\u202e.yml")
    assert written("concise", report).startswith(r"a\nb\x1b[2J\u202e.yml:1:1: error: ")


@given(report=reports())
def test_writes_one_line_per_finding(report: Report) -> None:
    assert len(written("concise", report).splitlines()) == len(report.findings)
