"""Rule environment-unbounded-wait."""

from collections.abc import Iterator

from validator.document import Node
from validator.environment import EnvironmentSpec, read
from validator.environment.checks import seconds
from validator.rule import Finding, Severity, rule


@rule("environment-unbounded-wait", Severity.WARNING)
def check(spec: EnvironmentSpec, *, longest: str = "1h") -> Iterator[Finding]:
    """A check may wait for more than an hour.

    Builds have time limits of their own, and end without a report. `longest` is how long a wait may be.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: ready, resource: Database, expect: {Status: available}, wait: {timeout: 120m, interval: 1m}}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: ready, resource: Database, expect: {Status: available}, wait: {timeout: 40m, interval: 1m}}
    ```
    """
    most = seconds(longest)
    seen: set[Node] = set()
    for one in read(spec)[0].checks:
        at = one.wait.at.get("timeout") if one.wait is not None else None
        if one.wait is None or at is None or at in seen or most is None:
            continue
        seen.add(at)
        if one.wait.timeout is not None and one.wait.timeout > most:
            yield Finding(at, f"this waits for up to {one.wait.timeout / 3600:g} hours", f"write {longest} or less")
