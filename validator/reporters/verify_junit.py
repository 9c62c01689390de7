"""The JUnit format of a live run: a suite per target and region, a case per expectation."""

from collections import Counter
from collections.abc import Sequence
from typing import TextIO
from xml.etree import ElementTree as ET

from validator.live import Outcome, Report
from validator.reporters.verify_layout import difference, place, said
from validator.reporters.visible import visible


def write(report: Report, out: TextIO) -> None:
    """Write the report as XML that is valid against Jenkins's `junit-10.xsd`, in ASCII.

    What differs is a failure, what could not be checked an error, what was not checked is skipped. The same report
    gives the same bytes, so there is no time in it.
    """
    suites: dict[str, list[Outcome]] = {}
    for outcome in report.outcomes:
        suites.setdefault(_suite_of(outcome), []).append(outcome)
    root = ET.Element("testsuites", {"name": "stackproof verify", "time": "0", **_counters(report.outcomes)})
    for name, outcomes in suites.items():
        _suite(root, name, outcomes)
    if not suites:
        # A report without cases is refused.
        suite = ET.SubElement(root, "testsuite", {"name": "stackproof", "time": "0", **_counters(()), "skipped": "0"})
        suite.set("tests", "1")
        root.set("tests", "1")
        ET.SubElement(suite, "testcase", classname="stackproof", name="no checks", time="0")
    ET.indent(root)
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "us-ascii").decode("ascii") + "\n")


def _suite_of(outcome: Outcome) -> str:
    return " ".join(filter(None, [outcome.target, outcome.region])) or outcome.span.path


def _suite(root: ET.Element, name: str, outcomes: Sequence[Outcome]) -> None:
    skipped = str(sum(outcome.kind == "skipped" for outcome in outcomes))
    suite = ET.SubElement(
        root, "testsuite", {"name": visible(name), "time": "0", **_counters(outcomes), "skipped": skipped}
    )
    used: Counter[str] = Counter()
    for outcome in outcomes:
        subject = f" {outcome.subject}" if outcome.subject else ""
        shown = _unique(visible(f"{outcome.check} {outcome.path}".rstrip()), used)
        case = ET.SubElement(
            suite, "testcase", classname=visible(f"{outcome.span.path}{subject}"), name=shown, time="0"
        )
        _result(case, outcome)


def _result(case: ET.Element, outcome: Outcome) -> None:
    lines = [place(outcome), *(difference(outcome, one) for one in outcome.differences)]
    text = "\n".join(visible(line) for line in lines)
    if outcome.kind == "conforms":
        return
    if outcome.kind == "differs" and not outcome.fails:
        ET.SubElement(case, "system-out").text = f"warning: {visible(said(outcome))}\n{text}"
        return
    kind = {"differs": "failure", "error": "error", "skipped": "skipped"}[outcome.kind]
    element = ET.SubElement(case, kind, type=visible(outcome.rule), message=visible(said(outcome)))
    if outcome.kind != "skipped":
        element.text = text


def _counters(outcomes: Sequence[Outcome]) -> dict[str, str]:
    return {
        "tests": str(len(outcomes)),
        "failures": str(sum(outcome.fails for outcome in outcomes)),
        "errors": str(sum(outcome.kind == "error" for outcome in outcomes)),
    }


def _unique(name: str, used: Counter[str]) -> str:
    # GitLab shows only the first of several cases with one name.
    used[name] += 1
    return name if used[name] == 1 else _unique(f"{name} #{used[name]}", used)
