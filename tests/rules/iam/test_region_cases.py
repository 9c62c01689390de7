"""Every case that the region rules were made for is reported by the rules that it names."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from validator.rule import Finding
from validator.testing import findings, rule_ids

CASES = Path(__file__).parents[4] / "shared" / "cases" / "iam"
EXPECTED = CASES / "EXPECTED.json"
# The rules on how a condition on the region is written, which report nothing that a case does not name.
WRITING = {
    "iam-region-case-sensitive-value",
    "iam-region-denylist",
    "iam-region-empty-list",
    "iam-region-ifexists-redundant",
    "iam-region-key-misspelled",
    "iam-region-operator-type",
    "iam-region-set-operator",
    "iam-region-unknown-value",
    "iam-region-variable-unresolved",
    "iam-region-wildcard-too-wide",
    "iam-region-wildcard-without-like",
    "iam-region-wrong-partition",
}

pytestmark = pytest.mark.skipif(not EXPECTED.is_file(), reason="the cases are not there")
NAMES = sorted(json.loads(EXPECTED.read_text(encoding="utf-8"))["cases"]) if EXPECTED.is_file() else []


@cache
def region_rules() -> frozenset[str]:
    return frozenset(name for name in rule_ids("stackproof") if name.startswith("iam-region-"))


@cache
def expected() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return found


def reported(name: str, rules: frozenset[str]) -> dict[str, list[Finding]]:
    files = {
        "policy.json": (CASES / f"{name}.json").read_text(encoding="utf-8"),
        "stackproof.toml": f"approved-regions = {json.dumps(expected()['approved'])}\n",
    }
    every = {rule: findings(rule, files) for rule in sorted(rules)}
    return {rule: found for rule, found in every.items() if found}


@pytest.mark.parametrize("name", NAMES)
def test_a_case_is_reported_by_the_rules_that_it_names(name: str) -> None:
    wanted = region_rules() & {*expected()["cases"][name]["rules"]}
    assert reported(name, wanted).keys() == wanted


@pytest.mark.parametrize("name", NAMES)
def test_no_other_rule_finds_fault_with_how_the_condition_is_written(name: str) -> None:
    others = region_rules() & WRITING - {*expected()["cases"][name]["rules"]}
    assert not reported(name, others)
