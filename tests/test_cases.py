"""The cases of the seams between files: exactly what is expected is found."""

import json
from pathlib import Path
from typing import Any

import pytest

from validator import discover
from validator.project import load
from validator.registry import Registry
from validator.rule import Finding, Rule
from validator.settings import Layout, StackFiles

CASES = Path(__file__).parents[1] / "../shared/cases/cloudformation"
RULES = (
    "cloudformation-missing-nested-parameter",
    "cloudformation-template-not-found",
    "cloudformation-undeclared-output",
    "cloudformation-unknown-nested-parameter",
    "parameters-missing",
    "parameters-unknown",
)


def _expected() -> dict[str, Any]:
    path = CASES / "EXPECTED.json"
    return json.loads(path.read_text()) if path.exists() else {}


def _rule(name: str) -> Rule:
    rule = Registry().rule(name)
    assert rule is not None
    return rule


@pytest.mark.parametrize("case", sorted(_expected()))
def test_case(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = _expected()[case]
    monkeypatch.chdir(CASES / case)
    stacks = tuple(StackFiles(template, (file,)) for file, template in expected.get("pairing", {}).items())
    project = load(discover.files(["."]), layout=Layout(stacks=stacks))
    found = []
    for rule in map(_rule, RULES):
        for subject in project.subjects(rule.targets):
            for result in rule.check(subject):
                if isinstance(result, Finding):
                    at = result.at.span
                    related = {f"{node.span.path}:{node.span.line}" for node, _ in result.related}
                    found.append((rule.id, str(result.severity or rule.severity), at.path, at.line, sorted(related)))
    wanted = [
        (one["rule"], one["severity"], one["path"], one["line"], sorted(one["related"]))
        for one in expected.get("findings", [])
        if one["rule"] in RULES
    ]
    assert sorted(found) == sorted(wanted)
