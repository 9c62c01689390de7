import json
from pathlib import Path
from typing import Any

from hypothesis import given
from jsonschema import Draft202012Validator

from validator.document import Span
from validator.engine.report import Doubt, Looked, Related, Report, Suppressed
from validator.rule import Edit, Severity

from .reports import finding, reports, written

SCHEMA = Draft202012Validator(json.loads((Path(__file__).parents[2] / "schemas/report.json").read_text("utf-8")))


def test_writes_all_that_the_format_promises() -> None:
    at = Span("a.yml", 9, 14, 2, 3, 2, 8)
    found = finding(at, Severity.NOTE, related=(Related(at, "here"),), fix=(Edit(at, "Allow"),), inner="/0")
    report = Report(
        findings=(found,),
        undecided=(Doubt("iam-region-escape", "no regions approved", at, "/Statement", ""),),
        unchecked=(Doubt("aws-validate-policy", "AWS throttles the calls", at, "/Statement", ""),),
        suppressed=(Suppressed(finding(at), "known"),),
        files=(Looked("a.yml", "policy", ""), Looked("b.yml", "other", "", unreadable=True)),
    )
    place = {"path": "a.yml", "line": 2, "column": 3, "end_line": 2, "end_column": 8}
    both = {
        "rule": "iam-effect-case",
        "message": "IAM does not know the Effect 'allow'",
        "help": "",
        "pointer": "/Statement/0/Effect",
        "fingerprint": "4f2c",
        **place,
    }
    assert json.loads(written("json", report)) == {
        "version": 1,
        "findings": [
            {
                **both,
                "severity": "note",
                "inner": "/0",
                "related": [{"path": "a.yml", "line": 2, "message": "here"}],
                "fix": [{"path": "a.yml", "start": 9, "end": 14, "text": "Allow"}],
            }
        ],
        "undecided": [
            {
                "rule": "iam-region-escape",
                "reason": "no regions approved",
                "pointer": "/Statement",
                "inner": "",
                **place,
            }
        ],
        "unchecked": [
            {
                "rule": "aws-validate-policy",
                "reason": "AWS throttles the calls",
                "pointer": "/Statement",
                "inner": "",
                **place,
            }
        ],
        "suppressed": [{**both, "severity": "error", "inner": "", "related": [], "fix": [], "reason": "known"}],
        "summary": {
            "files": 2,
            "error": 0,
            "warning": 0,
            "note": 1,
            "undecided": 1,
            "unchecked": 1,
            "suppressed": 1,
            "unreadable": 1,
        },
    }


@given(report=reports())
def test_is_valid_and_loses_nothing(report: Report) -> None:
    value: Any = json.loads(written("json", report))
    SCHEMA.validate(value)
    assert [item["message"] for item in value["findings"]] == [found.message for found in report.findings]


@given(report=reports())
def test_is_ascii_that_ends_its_last_line(report: Report) -> None:
    text = written("json", report)
    assert text.isascii()
    assert text.endswith("}\n")
