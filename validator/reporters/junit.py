"""The JUnit format, for build services: a suite per file, a case per finding and per clean family of rules."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO
from xml.etree import ElementTree as ET

from validator.document import Span
from validator.engine.report import Doubt, Report, Reported
from validator.reporters.layout import Layout, plain
from validator.reporters.visible import visible

# CodeBuild keeps this many cases of a report.
_MOST_CASES = 500


@dataclass(frozen=True, slots=True)
class _Case:
    """One test case: of a file, with a name that stays when lines move.

    Attributes:
        outcome: `failure`, `error` or `skipped`; empty for a case that passed.
        type: What failed: a rule's id or a word.
        text: What to show below; on a case that passed, as its output.
    """

    path: str
    name: str
    outcome: str = ""
    type: str = ""
    message: str = ""
    text: str = ""


def write(report: Report, out: TextIO) -> None:
    """Write the report as XML that is valid against Jenkins's `junit-10.xsd`, in ASCII.

    The same report gives the same bytes, so there is no time in it. Beyond CodeBuild's limit of cases, those of clean
    families are folded to one per file, then left out.
    """
    cases = _cases(report)
    suites: dict[str, list[_Case]] = {file.path: [] for file in report.files}
    for case in cases:
        suites.setdefault(case.path, []).append(case)
    root = ET.Element("testsuites", {"name": "stackproof", "time": "0", **_counters(cases)})
    for path, members in suites.items():
        if members:
            _suite(root, path, members)
    ET.indent(root)
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "us-ascii").decode("ascii") + "\n")


def _cases(report: Report) -> list[_Case]:
    said = [*_found(report), *_left_open(report), *_broken(report)]
    clean = _clean(report, said)
    each = [_Case(path, family) for path, families in clean.items() for family in families]
    folded = [_Case(path, ", ".join(families)) for path, families in clean.items()]
    passed = next((some for some in (each, folded) if len(said) + len(some) <= _MOST_CASES), [])
    # A report without cases is refused.
    return said + passed or [_Case("stackproof", "no findings")]


def _found(report: Report) -> Iterator[_Case]:
    layout = Layout(report.texts)
    for finding in report.findings:
        message = f"{_at(finding.span)}: {finding.severity}: {finding.message}"
        text = "\n".join(plain(line) for line in layout.finding(finding))
        outcome = "failure" if report.fails(finding) else ""
        yield _Case(finding.span.path, _name(finding), outcome, finding.rule, message, text)


def _left_open(report: Report) -> Iterator[_Case]:
    for accepted in report.suppressed:
        finding = accepted.finding
        text = f"{_at(finding.span)}: {finding.severity}: {finding.message}"
        yield _Case(finding.span.path, _name(finding), "skipped", finding.rule, accepted.reason, visible(text))
    for doubt in report.undecided:
        message = f"undecided: {doubt.reason}"
        yield _Case(doubt.span.path, _name(doubt), "skipped", doubt.rule, message, visible(_at(doubt.span)))


def _broken(report: Report) -> Iterator[_Case]:
    for doubt in report.unchecked:
        message = f"not checked: {doubt.reason}"
        yield _Case(doubt.span.path, _name(doubt), "error", doubt.rule, message, visible(_at(doubt.span)))
    for file in report.files:
        if file.unreadable:
            yield _Case(file.path, "unreadable", "error", "unreadable", "nothing in this file was checked")
    for fault in report.faults:
        text = "\n".join(visible(line) for line in fault.details.split("\n"))
        yield _Case("stackproof", fault.where, "error", "fault", fault.message, text)


def _clean(report: Report, said: list[_Case]) -> dict[str, list[str]]:
    """Tell which families ran over which files and had nothing at all to say."""
    rules = defaultdict(set)
    for case in said:
        rules[case.path].add(case.type)
    clean = {
        file.path: [family for family in file.families if not any(_belongs(rule, family) for rule in rules[file.path])]
        for file in report.files
        if not file.unreadable
    }
    return {path: families for path, families in clean.items() if families}


def _belongs(rule: str, family: str) -> bool:
    # cfn-lint is the one rule whose id does not start with its family.
    return rule.startswith(f"{family}-") or (family == "cloudformation" and rule.partition("/")[0] == "cfn-lint")


def _name(finding: Reported | Doubt) -> str:
    inner = f"!{finding.inner}" if finding.inner else ""
    return f"{finding.rule} {finding.pointer}{inner}".rstrip()


def _at(span: Span) -> str:
    return f"{span.path}:{span.line}:{span.column}"


def _suite(root: ET.Element, path: str, cases: list[_Case]) -> None:
    shown = visible(path)
    skipped = str(_count(cases, "skipped"))
    suite = ET.SubElement(root, "testsuite", {"name": shown, "time": "0", **_counters(cases), "skipped": skipped})
    used: Counter[str] = Counter()
    for case in cases:
        name = _unique(visible(case.name), used)
        element = ET.SubElement(suite, "testcase", classname=shown, name=name, time="0")
        if case.outcome:
            result = ET.SubElement(element, case.outcome, type=visible(case.type), message=visible(case.message))
            result.text = case.text
        elif case.text:
            ET.SubElement(element, "system-out").text = case.text


def _counters(cases: list[_Case]) -> dict[str, str]:
    return {
        "tests": str(len(cases)),
        "failures": str(_count(cases, "failure")),
        "errors": str(_count(cases, "error")),
    }


def _count(cases: list[_Case], outcome: str) -> int:
    return sum(case.outcome == outcome for case in cases)


def _unique(name: str, used: Counter[str]) -> str:
    # GitLab shows only the first of several cases with one name.
    used[name] += 1
    return name if used[name] == 1 else _unique(f"{name} #{used[name]}", used)
