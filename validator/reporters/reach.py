"""What `stackproof reach` shows: verdict, witnesses, and a picture of services and regions; or all of it as JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from validator.iam.policy import PolicySet
from validator.iam.proof import Proof, Witness
from validator.iam.reach import Reach
from validator.iam.regions import label, rank_region
from validator.reporters.visible import visible
from validator.settings import Settings
from validator.suggest import listed

_CELLS = {"always": "#", "if": "/", "unknown": "?", "never": "."}
_READ_CELLS = _CELLS | {"always": "r"}
_LEGEND = "# can be called   r can be called, only reads   / under a condition   ? not known   . cannot be called"
_VERDICTS = {
    "confined": "is confined to {}",
    "escapes": "escapes from {}",
    "escapes-if": "escapes from {} under a condition",
    "undecided": "may escape from {}, which could not be decided",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Policies that act together, with what was proved of them."""

    policies: PolicySet
    proof: Proof
    reach: Sequence[Reach]


def write_text(shown: Sequence[Shown], settings: Settings, out: TextIO) -> None:
    """Write a picture for people."""
    approved = listed(settings.approved_regions)
    for one in shown:
        lines = [f"{_called(one.policies)} {_VERDICTS[one.proof.verdict].format(approved)}"]
        if one.proof.reason:
            lines.append(f"  since {one.proof.reason}")
        for witness in one.proof.witnesses:
            lines += _witness(witness)
        if one.proof.exempt:
            lines.append(f"  tolerated elsewhere: {listed(one.proof.exempt, most=12)}")
        lines += ["", *_picture(one.reach, settings), ""]
        out.write("".join(visible(line, out.encoding) + "\n" for line in lines))


def _called(policies: PolicySet) -> str:
    """Name policies by their places and kinds."""
    places = [f"{one.node.span.path}:{one.node.span.line} ({one.kind})" for one in policies.policies]
    if policies.full is not None:
        span = policies.full.span
        places.append(f"{span.path}:{span.line} (full access)")
    return f"{places[0]} with {listed(places[1:])}" if len(places) > 1 else places[0]


def _witness(witness: Witness) -> list[str]:
    needed = [
        f"{name} is {'absent' if value is None else repr(value)}" for name, value in witness.decision.context.items()
    ]
    where = f" where {' and '.join(needed)}" if needed else ""
    by = f", allowed in line {witness.at.span.line}" if witness.at is not None else ""
    because = [f"      line {node.span.line}: {why}" for node, why in witness.because[:5]]
    return [f"  {witness.action} in {label(witness.region)}{where}{by}", *because]


def _picture(table: Sequence[Reach], settings: Settings) -> list[str]:
    """Draw actions against regions, those regions together that look alike."""
    approved = list(settings.approved_regions)
    others = sorted(
        {region for one in table for region in one.regions} - set(approved), key=lambda one: (rank_region(one), one)
    )
    columns: dict[tuple[str, ...], list[str]] = {}
    for region in [*approved, *others]:
        cells = tuple(_cell(one, region) for one in table)
        columns.setdefault(("approved" if region in approved else "", *cells), []).append(region)
    width = max((len(one.action) for one in table), default=0)
    lines = [f"  {chr(ord('A') + number)} = {listed(found, most=4)}" for number, found in enumerate(columns.values())]
    heading = " ".join(chr(ord("A") + number) for number in range(len(columns)))
    rows = [f"  {one.action:{width}}  {' '.join(key[1 + at] for key in columns)}" for at, one in enumerate(table)]
    return [*lines, f"  {'':{width}}  {heading}", *rows, f"  {_LEGEND}"]


def _cell(one: Reach, region: str) -> str:
    kind = one.regions.get(region)
    return " " if kind is None else (_READ_CELLS if one.reads else _CELLS)[kind]


def write_json(shown: Sequence[Shown], settings: Settings, out: TextIO) -> None:  # noqa: ARG001  # as write_text
    """Write version 1 of the JSON form, in ASCII."""
    out.write(json.dumps({"version": 1, "policies": [_policy(one) for one in shown]}, indent=2) + "\n")


def _policy(one: Shown) -> dict[str, Any]:
    node, others = one.policies.node, one.policies.policies[1:]
    return {
        "path": node.span.path,
        "pointer": node.pointer,
        "kind": one.policies.policies[0].kind if one.policies.policies else "identity",
        "with": [{"path": each.node.span.path, "pointer": each.node.pointer, "kind": each.kind} for each in others],
        "verdict": one.proof.verdict,
        "reason": one.proof.reason,
        "exempt": list(one.proof.exempt),
        "witnesses": [_json_witness(witness) for witness in one.proof.witnesses],
        "reach": {
            row.action: {
                "unconditional": [region for region, kind in row.regions.items() if kind == "always"],
                "conditional": [region for region, kind in row.regions.items() if kind == "if"],
                "unknown": [region for region, kind in row.regions.items() if kind == "unknown"],
            }
            for row in one.reach
        },
    }


def _json_witness(witness: Witness) -> dict[str, Any]:
    allow = witness.allow
    statement = {"sid": allow.statement.sid, "line": allow.statement.node.span.line} if allow is not None else None
    return {
        "action": witness.action,
        "region": label(witness.region),
        "statement": statement,
        "if": dict(witness.decision.context),
        "because": [why for _, why in witness.because],
    }
