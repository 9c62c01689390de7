"""Rule environment-include-cycle."""

from collections.abc import Iterator

from validator.environment import Suite
from validator.rule import Finding, Severity, rule
from validator.suggest import listed


@rule("environment-include-cycle", Severity.ERROR)
def check(suite: Suite) -> Iterator[Finding]:
    """A spec includes itself, or another that includes it.

    Bad:

    ```yaml title="one.yml"
    envspec: 1
    include: [two.yml]
    checks:
    - {id: web, resource: Web}
    ```

    ```yaml title="two.yml"
    envspec: 1
    include: [one.yml]
    checks:
    - {id: database, resource: Database}
    ```

    Good:

    ```yaml title="one.yml"
    envspec: 1
    include: [two.yml]
    checks:
    - {id: web, resource: Web}
    ```

    ```yaml title="two.yml"
    envspec: 1
    checks:
    - {id: database, resource: Database}
    ```
    """
    for one in suite.inclusions:
        if one.circle:
            between = [path for path in one.circle[1:-1] if path != one.at.document.path]
            over = f", over {listed(between)}" if between else ""
            message = f"{one.at.value!r} includes this file again{over}"
            if len(one.circle) == 2:
                message = f"{one.at.value!r} is this file itself"
            yield Finding(one.at, message, "remove one of the includes")
