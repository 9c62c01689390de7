"""Trees of stacks as JSON, for programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

from validator.cloudformation.outline import Absent, Branch, Key, Outline, Received, name_of, ordered
from validator.engine.report import Reported
from validator.reporters.tree import REASONS, Shown, condition_of, plain_value
from validator.values import Assumption, NoValue, Partial, Unknown


def write(shown: Shown, out: TextIO) -> None:
    """Write version 1 of the JSON form, whose schema is `schemas/tree.json`, in ASCII."""
    numbers = {finding: number for number, finding in enumerate(shown.findings)}
    trees = [_tree(shown, tree, placed, numbers) for tree, placed in zip(shown.outlines, shown.placed, strict=True)]
    value = {"version": 1, "trees": trees, "findings": [_finding(finding) for finding in shown.findings]}
    out.write(json.dumps(value, indent=2) + "\n")


def _tree(
    shown: Shown, tree: Outline, placed: Mapping[Key, Sequence[Reported]], numbers: Mapping[Reported, int]
) -> dict[str, Any]:
    ids = {branch.key: number for number, branch in enumerate(tree.branches)}

    def common(one: Branch | Absent) -> dict[str, Any]:
        return {
            "parent": ids[one.key[:-1]] if one.key else None,
            "path": list(one.path),
            "line": one.link.resource.node.key_span.line if one.link is not None else None,
            "conditions": [_assumptions(shown, way) for way in one.conditions],
            "findings": [numbers[finding] for finding in placed.get(one.key, ())],
        }

    return {
        "template": tree.template.path,
        "files": [
            {"name": name_of(link), "path": link.file.document.path, "certain": link.certain} for link in tree.files
        ],
        "stacks": [{"id": ids[one.key], **common(one), **_branch(shown, one)} for one in tree.branches],
        "absent": [
            common(one)
            | {
                "locations": [shown.mask.message(location) for location in one.locations],
                "reason": one.reason,
                "message": REASONS[one.reason],
                "near": one.near,
            }
            for one in tree.members
            if isinstance(one, Absent)
        ],
    }


def _branch(shown: Shown, branch: Branch) -> dict[str, Any]:
    return {
        "template": branch.template.path,
        "certainty": branch.certainty,
        "files": list(branch.files),
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "line": parameter.node.key_span.line,
                "values": [
                    _value(shown, one, hidden=shown.hides(parameter, one)) for one in branch.received(parameter)
                ],
            }
            for parameter in branch.template.parameters.values()
        ],
        "outputs": [
            {
                "name": name,
                "line": node.key_span.line,
                "condition": condition_of(node),
                "used": [
                    {"by": use.by, "path": use.at.span.path, "line": use.at.span.line} for use in branch.uses(name)
                ],
            }
            for name, node in branch.template.outputs.items()
        ],
    }


def _value(shown: Shown, one: Received, *, hidden: bool) -> dict[str, Any]:
    kind, value, reason = "known", None, ""
    mask = shown.mask.message
    parts: list[str | None] = []
    if isinstance(one.value, Unknown):
        kind, reason = "unknown", mask(one.value.reason)
    elif isinstance(one.value, NoValue):
        kind = "absent"
    elif hidden:
        kind = "hidden"
    elif isinstance(one.value, Partial):
        kind = "partial"
        parts = [mask(part) if isinstance(part, str) else None for part in one.value.parts]
        reason = mask(next(part.reason for part in one.value.parts if isinstance(part, Unknown)))
    else:
        known = plain_value(one.value)
        value = mask(known) if isinstance(known, str) else [mask(text) for text in known]
    span = one.at.span
    return {
        "kind": kind,
        "value": parts if kind == "partial" else value,
        "reason": reason,
        "source": one.source,
        "names": list(one.names),
        "path": span.path,
        "line": span.line,
        "if": _assumptions(shown, ordered(one.when)),
        "files": list(one.files),
    }


def _assumptions(shown: Shown, assumed: Iterable[Assumption]) -> list[dict[str, Any]]:
    return [{"kind": one.kind, "name": one.name, "value": shown.assumed(one)} for one in assumed]


def _finding(finding: Reported) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "help": finding.help,
        "path": finding.span.path,
        "line": finding.span.line,
        "column": finding.span.column,
        "pointer": finding.pointer,
        "fingerprint": finding.fingerprint,
    }
