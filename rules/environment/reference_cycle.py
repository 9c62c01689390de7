"""Rule environment-reference-cycle."""

from collections.abc import Iterator

from validator.environment import Suite, joined
from validator.environment.references import cycles, found_in
from validator.rule import Finding, Severity, rule
from validator.suggest import listed


@rule("environment-reference-cycle", Severity.ERROR)
def check(suite: Suite) -> Iterator[Finding]:
    """A variable or a target's value refers to itself, over others perhaps.

    It can never have a value.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    vars: {stack: "web-${var.env}", env: "${var.stack}"}
    checks:
    - {id: web, resource: Web, expect: {Name: "${var.stack}"}}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    vars: {stack: "web-${var.env}", env: test}
    checks:
    - {id: web, resource: Web, expect: {Name: "${var.stack}"}}
    ```
    """
    spec = joined(suite)
    seen = set()
    for target in (None, *spec.targets.values()):
        definitions = spec.definitions(target)
        for circle in cycles(definitions):
            first, then = circle[0], [*circle[1:], circle[0]][0]
            at, _ = next(
                (place, one) for place, one in found_in(definitions[first]) if f"{one.kind}.{one.name}" == then
            )
            if at in seen or at.value is None:
                continue
            seen.add(at)
            over = f", over {listed(circle[1:])}" if len(circle) > 1 else ""
            yield Finding(at, f"{first} refers to itself{over}", "give one of them a value of its own")
