"""The reports of live runs."""

import io
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from lxml import etree

from validator.document import Span
from validator.environment import Difference
from validator.live import Outcome, Report
from validator.reporters import FORMATS
from validator.reporters.verify import writer

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas/verification.json").read_text("utf-8"))
XSD = etree.XMLSchema(etree.parse(Path(__file__).parents[1] / "data/junit-10.xsd"))
AT = Span("env.yml", 0, 1, 7, 3, 7, 9)
HOSTILE = "\x1b[31m\u202e]]>&<[bold]\x00"


def conforming(check: str = "group", path: str = "GroupName") -> Outcome:
    return Outcome(check, AT, "test", "eu-west-1", "Stack/Group", path, "conforms", expected="web")


DIFFERS = Outcome(
    "group",
    AT,
    "test",
    "eu-west-1",
    "Stack/Group",
    "Ingress",
    "differs",
    "environment-value",
    "Ingress differs",
    [{"FromPort": 80}],
    (Difference("[0].FromPort", 80, 8080, "equals"), Difference("[1]", None, {"FromPort": 22}, "same")),
    why="nobody else gets in",
    attempts=3,
)
DENIED = Outcome(
    "role", AT, "test", "eu-west-1", "Role", "Path", "error", "environment-access-denied", "AWS denies iam:GetRole"
)
SKIPPED = Outcome("uat", AT, "test", "eu-west-1", "Url", "", "skipped", "environment-when", "it is for another env")
REPORT = Report((conforming(), DIFFERS, DENIED, SKIPPED))


def written(name: str, report: Report) -> str:
    out = io.StringIO()
    writer(name)(report, out)
    return out.getvalue()


def test_full() -> None:
    assert (
        written("full", REPORT)
        == """\
differs   group Stack/Group (test eu-west-1) after 3 attempts
          env.yml:7:3: Ingress differs [environment-value]
            Ingress[0].FromPort: expected 80, found 8080
            Ingress[1]: expected nothing, found {"FromPort": 22}
          why: nobody else gets in
error     role Role (test eu-west-1)
          env.yml:7:3: AWS denies iam:GetRole [environment-access-denied]
skipped   uat Url (test eu-west-1)
          it is for another env

4 expectations: 1 conform, 1 differ, 1 could not be checked, 1 skipped
"""
    )


def test_concise() -> None:
    assert (
        written("concise", REPORT)
        == """\
env.yml:7:3: differs: group (Stack/Group): Ingress[0].FromPort: expected 80, found 8080, and 1 more [environment-value]
env.yml:7:3: error: role (Role): AWS denies iam:GetRole [environment-access-denied]
"""
    )


def test_json() -> None:
    found = json.loads(written("json", REPORT))
    assert found["summary"] == {"conforms": 1, "differs": 1, "error": 1, "skipped": 1}
    assert found["checks"][1] == {
        "id": "group",
        "spec": "env.yml",
        "line": 7,
        "target": "test",
        "region": "eu-west-1",
        "resource": "Stack/Group",
        "property": "Ingress",
        "outcome": "differs",
        "severity": "error",
        "rule": "environment-value",
        "expected": [{"FromPort": 80}],
        "actual": None,
        "differences": [
            {"property": "[0].FromPort", "operator": "equals", "expected": 80, "actual": 8080},
            {"property": "[1]", "operator": "same", "expected": None, "actual": {"FromPort": 22}},
        ],
        "message": "Ingress differs",
        "attempts": 3,
    }


@pytest.mark.parametrize(
    "report", [REPORT, Report(), Report((DIFFERS,), interrupted=True)], ids=["whole", "nothing", "interrupted"]
)
def test_json_is_as_its_schema_says(report: Report) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(json.loads(written("json", report)))


@pytest.mark.parametrize(
    ("name", "value"),
    [("outcome", "passed"), ("severity", "note"), ("rule", ""), ("attempts", 0), ("line", 0), ("differences", [{}])],
)
def test_the_schema_of_json_says_what_cannot_be(name: str, value: object) -> None:
    found = json.loads(written("json", REPORT))
    found["checks"][1][name] = value
    assert not Draft202012Validator(SCHEMA).is_valid(found)


def test_junit_keeps_three_outcomes_apart() -> None:
    tree = etree.fromstring(written("junit", REPORT).encode())
    XSD.assertValid(tree)
    assert [tree.get(name) for name in ("tests", "failures", "errors")] == ["4", "1", "1"]
    cases = [(case.get("name"), [str(child.tag) for child in case]) for case in tree.iter("testcase")]
    assert cases == [
        ("group GroupName", []),
        ("group Ingress", ["failure"]),
        ("role Path", ["error"]),
        ("uat", ["skipped"]),
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_hostile_gets_through(name: str) -> None:
    outcome = Outcome(
        HOSTILE, AT, HOSTILE, HOSTILE, HOSTILE, HOSTILE, "differs", "environment-value", HOSTILE, HOSTILE,
        (Difference(HOSTILE, HOSTILE, {HOSTILE: HOSTILE}, "equals"),), title=HOSTILE, why=HOSTILE,
    )  # fmt: skip
    text = written(name, Report((outcome,)))
    assert not {"\x1b", "\u202e", "\x00"} & set(text)
    if name == "junit":
        XSD.assertValid(etree.fromstring(text.encode()))


@pytest.mark.parametrize("name", FORMATS)
def test_a_run_of_nothing_is_reported(name: str) -> None:
    text = written(name, Report())
    assert name == "concise" or text
    if name == "junit":
        XSD.assertValid(etree.fromstring(text.encode()))


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (Report((conforming(),)), 0),
        (Report((conforming(), SKIPPED)), 0),
        (Report((DENIED,)), 3),
        (Report((DENIED, DIFFERS)), 1),
        (Report((DIFFERS,), interrupted=True), 130),
    ],
)
def test_the_exit_code_follows_from_the_worst(report: Report, code: int) -> None:
    assert report.code == code
