"""The region cases that decide whether a proof is worth its name, if they are at hand."""

import json
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from validator.iam import catalogue, regions
from validator.iam.policy import Policy
from validator.iam.proof import Proof, layer, prove
from validator.parse import parse
from validator.settings import Exempt

from .generate import ACTIONS, REGIONS
from .oracle import Oracle

FOLDER = Path(__file__).parents[3] / "shared" / "cases" / "iam"
EXPECTED = json.loads((FOLDER / "EXPECTED.json").read_text("utf-8")) if FOLDER.is_dir() else {"cases": {}}
APPROVED: list[str] = EXPECTED.get("approved", [])
CASES: dict[str, Any] = EXPECTED["cases"]

pytestmark = pytest.mark.skipif(not CASES, reason="no cases beside the repository")


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.json").read_text("utf-8")


def proof_of(name: str) -> Proof:
    case = CASES[name]
    policy = Policy(parse(f"{name}.json", text_of(name)).root, case["kind"])
    return prove([layer([policy])], APPROVED, exempt=Exempt(services=tuple(case.get("exempt", ()))))


def fits(region: str, described: str) -> bool:
    """Say whether a region is as a case describes it: by name, as any but some, or by how it starts."""
    if found := re.fullmatch(r"any region but (.+)", described):
        return region not in found[1].split(", ")
    if found := re.fullmatch(r"a region that starts with (\S+) and is not approved", described):
        return region.startswith(found[1]) and region not in APPROVED
    return region == described


@pytest.mark.parametrize("name", CASES)
def test_verdict(name: str) -> None:
    proof = proof_of(name)
    assert proof.verdict == CASES[name]["verdict"]
    assert bool(proof.reason) == (proof.verdict == "undecided")
    assert set(proof.exempt) >= set(CASES[name].get("exempt", ()))


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "witness" in case])
def test_first_witness(name: str) -> None:
    expected = CASES[name]["witness"]
    first = proof_of(name).witnesses[0]
    assert first.action == expected["action"]
    assert fits(first.region, expected["region"]), first.region
    assert dict(first.decision.context) == expected.get("if", {})


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["verdict"].startswith("escapes")])
def test_every_witness_is_allowed(name: str) -> None:
    oracle = Oracle([[json.loads(text_of(name))]])
    for witness in proof_of(name).witnesses:
        context = oracle.plain(witness.decision.context)
        assert witness.region not in APPROVED
        assert oracle.resources(witness.action, witness.region, context, witness.decision.resource)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["verdict"] == "confined"])
def test_nothing_escapes_what_is_confined(name: str) -> None:
    oracle = Oracle([[json.loads(text_of(name))]])
    tolerated = {"sts", *CASES[name].get("exempt", ())}
    for action, region in product(ACTIONS, REGIONS):
        known = catalogue.details(action)
        assert known is not None
        service = action.partition(":")[0]
        may = known.level & catalogue.READS or service in tolerated or regions.home(service) is not None
        if not may and region not in APPROVED:
            assert oracle.reachable(action, region) is None
