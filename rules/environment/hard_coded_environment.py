"""Rule environment-hard-coded-environment."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from validator.environment import Check, Spec, Suite, Target, joined
from validator.environment.references import is_open, place
from validator.rule import Finding, Severity, rule

# What is said about a check, and where it is for.
_ABOUT = frozenset({"id", "title", "why", "tags", "targets", "regions", "when", "severity"})
_STAGES = frozenset({"env", "environment", "stage"})


@rule("environment-hard-coded-environment", Severity.WARNING)
def check(suite: Suite) -> Iterator[Finding]:
    """A check is for several targets, and writes out what only one of them has.

    It is an account, a region, a stack or the name of an environment; in the others the check cannot hold.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    targets:
      test: {region: eu-west-1, stack: web-test}
      uat: {region: eu-central-1, stack: web-uat}
    checks:
    - {id: url, output: Url, expect: {contains: ".eu-west-1."}}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    targets:
      test: {region: eu-west-1, stack: web-test}
      uat: {region: eu-central-1, stack: web-uat}
    checks:
    - {id: url, output: Url, expect: {contains: ".${target.region}."}}
    ```
    """
    spec = joined(suite)
    for one in spec.checks:
        targets = [target for name, target in spec.targets.items() if not one.targets or name in one.targets]
        if len(targets) > 1 and not one.literal:
            yield from _written_out(one, _values(targets, one), spec)


@dataclass(frozen=True, slots=True)
class _Value:
    """A value that not all targets have: of which target, and the reference that gives each its own."""

    target: Target
    reference: str


def _values(targets: list[Target], one: Check) -> Mapping[str, _Value]:
    """Give the values that one target has and another has not."""
    found: dict[str, _Value] = {}
    held: dict[str, set[str]] = {}
    for target in targets:
        regions = one.regions or target.regions
        own = {
            "target.account": target.account,
            "target.stack": target.stack,
            "target.region": regions[0] if len(regions) == 1 else "",
        }
        for name, node in target.variables.items():
            if isinstance(node.value, str) and (name.lower() in _STAGES or node.value == target.name):
                own[f"var.{name}"] = node.value
        for reference, text in own.items():
            if text and not is_open(text) and len(text) > 2:
                found.setdefault(text, _Value(target, reference))
                held.setdefault(text, set()).add(target.name)
    return {text: value for text, value in found.items() if len(held[text]) == 1}


def _written_out(one: Check, values: Mapping[str, _Value], spec: Spec) -> Iterator[Finding]:
    if not values or not spec.targets:
        return
    longest = sorted(values, key=lambda text: (-len(text), text))
    pattern = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, longest))})(?![A-Za-z0-9])")
    for key, part in one.at.items():
        for node in part.walk() if key not in _ABOUT else ():
            for match in pattern.finditer(node.value) if isinstance(node.value, str) else ():
                value = values[match[0]]
                message = f"{match[0]!r} is target {value.target.name!r} only, and the check is for others too"
                advice = f"write '${{{value.reference}}}', or say in `targets` what the check is for"
                at = place(node, *match.span())
                yield Finding(at, message, advice, related=((value.target.at.key, "the target that has it"),))
