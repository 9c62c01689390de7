"""Rule environment-when-never-holds."""

from collections.abc import Iterator

from validator.document import Node
from validator.environment import Check, Spec, Suite, joined
from validator.environment.references import is_open
from validator.rule import Finding, Severity, rule
from validator.suggest import nearest


@rule("environment-when-never-holds", Severity.WARNING)
def check(suite: Suite) -> Iterator[Finding]:
    """The condition of a check waits for a value that is nearly, but not quite, one that its variable has.

    The check is skipped, and nobody misses it. A value that is like none of them may come from the command line.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    targets:
      test: {region: eu-west-1, stack: web-test, vars: {stage: testing}}
      prod: {region: eu-west-1, stack: web-prod, vars: {stage: production}}
    checks:
    - {id: alarms, resource: Alarm, when: {var: stage, equals: prodction}}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    targets:
      test: {region: eu-west-1, stack: web-test, vars: {stage: testing}}
      prod: {region: eu-west-1, stack: web-prod, vars: {stage: production}}
    checks:
    - {id: alarms, resource: Alarm, when: {var: stage, equals: production}}
    ```
    """
    if not suite.complete:
        return
    spec = joined(suite)
    for one in spec.checks:
        known = _values(one, spec)
        if not known or any(is_open(value) for value in known):
            continue
        for node in _awaited(one):
            if isinstance(node.value, str) and not is_open(node.value) and node.value not in known:
                yield from _unlike(node, known)


def _unlike(node: Node, known: dict[str, Node]) -> Iterator[Finding]:
    # Two stages may well be called so that a digit makes the difference.
    near = [] if any(map(str.isdigit, str(node.value))) else nearest(str(node.value), known)
    for meant in near:
        related = ((known[meant], f"this one is {meant!r}"),)
        yield Finding(node, f"no target has the value {node.value!r}", f"did you mean {meant!r}?", related=related)


def _awaited(one: Check) -> Iterator[Node]:
    if one.when is not None:
        alone, several = one.when.at.get("equals"), one.when.at.get("in")
        yield from [alone] if alone is not None else []
        yield from several.elements() if several is not None else ()


def _values(one: Check, spec: Spec) -> dict[str, Node]:
    """Give the texts that the variable of a check's condition has, each with where it is given."""
    if one.when is None:
        return {}
    name = one.when.variable
    targets = [target for target in spec.targets.values() if not one.targets or target.name in one.targets]
    given = [target.variables.get(name) or spec.variables.get(name) for target in targets] or [spec.variables.get(name)]
    return {node.value: node for node in given if node is not None and isinstance(node.value, str)}
