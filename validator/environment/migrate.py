"""A spec of the first format, written in format 1."""

import re

from validator.document import Node, Value
from validator.environment.checks import Check, Spec
from validator.environment.matchers import written
from validator.environment.references import escaped
from validator.environment.yaml_lines import yaml_lines

_COMMENT = re.compile(r"\s*(#.*)")
_SUPPRESSION = re.compile(r"#\s*stackproof:")


def migrated(spec: Spec) -> str:
    """Write a spec of the first format in format 1.

    Comments that stand on lines of their own go before the check of what they stood in, or before; suppressions are
    left out, since what they are about is.
    """
    comments = _comments(spec)
    lines = [*comments.pop(-1, ()), "envspec: 1", "checks:"]
    for number, check in enumerate(spec.checks):
        lines += comments.get(number, ())
        lines += yaml_lines([_check(check)])
    return "\n".join([*lines, *comments.get(len(spec.checks), ())]) + "\n"


def _check(check: Check) -> dict[str, Value]:
    assert check.call is not None
    found: dict[str, Value] = {"id": check.id, "call": f"{check.call.service}.{check.call.operation}"}
    if check.call.parameters:
        found["with"] = dict(check.call.parameters)
    found["select"] = check.call.select
    found["expect"] = {one.path: written(one.matcher) for one in check.expected}
    return {key: escaped(value) for key, value in found.items()}


def _comments(spec: Spec) -> dict[int, list[str]]:
    """Collect comments by the number of the check that they belong to: -1 those before the first, last those behind."""
    document = spec.at.document
    if document.format != "yaml":
        return {}
    starts = [_start(check.at) for check in spec.checks]
    ends = [check.at.span.end_line for check in spec.checks]
    found: dict[int, list[str]] = {}
    for line, text in enumerate(document.text.splitlines(), 1):
        match = _COMMENT.fullmatch(text)
        if match is None or _SUPPRESSION.match(match[1]):
            continue
        number = sum(line > end for end in ends)
        before = not starts or (number == 0 and line < starts[0])
        found.setdefault(-1 if before else number, []).append(match[1])
    return found


def _start(node: Node) -> int:
    """Give the line on which a check starts, with the key that leads to it."""
    return node.key_span.line
