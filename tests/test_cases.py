"""The cases of the seams between files: exactly what is expected is found."""

import json
from pathlib import Path
from typing import Any

import pytest

from validator import discover
from validator.project import load
from validator.registry import Registry
from validator.rule import Finding, Rule
from validator.settings import Layout, Settings, StackFiles

CASES = Path(__file__).parents[1] / "../shared/cases/cloudformation"
FAMILIES = ("cloudformation", "parameters", "pipeline")


def _expected() -> dict[str, Any]:
    path = CASES / "EXPECTED.json"
    return json.loads(path.read_text()) if path.exists() else {}


def _rules() -> list[Rule]:
    """Give all rules on seams, those that run only when selected too; cfn-lint is tried elsewhere."""
    registry = Registry()
    names = [name for family in FAMILIES for name in registry.families[family].modules if name != "cfn-lint"]
    return [rule for name in names if (rule := registry.rule(name))]


@pytest.mark.parametrize("case", sorted(_expected()))
def test_case(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = _expected()[case]
    monkeypatch.chdir(CASES / case)
    stacks = tuple(StackFiles(template, (file,)) for file, template in expected.get("pairing", {}).items())
    project = load(discover.files(["."]), layout=Layout(stacks=stacks))
    found: set[tuple[object, ...]] = set()
    counted = []
    for rule in _rules():
        options = {rule.settings_parameter: Settings()} if rule.settings_parameter else {}
        for subject in project.subjects(rule.targets):
            for result in rule.check(subject, **options):
                if isinstance(result, Finding) and (result.at, result.message) not in found:
                    found.add((result.at, result.message))  # one defect, however many trees it is met in
                    at = result.at.span
                    related = {f"{node.span.path}:{node.span.line}" for node, _ in result.related}
                    counted.append((rule.id, str(result.severity or rule.severity), at.path, at.line, sorted(related)))
    wanted = [_told(one) for one in expected.get("findings", [])]
    optional = {one["rule"] for one in expected.get("optional", [])}
    assert sorted(one for one in counted if one in wanted or one[0] not in optional) == sorted(wanted)


def _told(one: dict[str, Any]) -> tuple[Any, ...]:
    return one["rule"], one["severity"], one["path"], one["line"], sorted(one["related"])
