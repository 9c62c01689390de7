"""Rule environment-duplicate-id."""

from collections.abc import Iterator

from validator.document import Node
from validator.environment import Suite, joined
from validator.rule import Finding, Severity, rule


@rule("environment-duplicate-id", Severity.ERROR)
def check(suite: Suite) -> Iterator[Finding]:
    """Two checks have one id, in one file or in files that are included together.

    Reports and filters go by the id, so that one would stand for the other.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: web, resource: Web}
    - {id: web, resource: WebGroup}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: web, resource: Web}
    - {id: web-group, resource: WebGroup}
    ```
    """
    seen: dict[str, Node] = {}
    for one in joined(suite).checks:
        at = one.at.get("id")
        if at is None or not one.id:
            continue
        first = seen.setdefault(one.id, at)
        if first != at:
            yield Finding(
                at,
                f"another check has the id {one.id!r}",
                "give each an id of its own",
                related=((first, "the first"),),
            )
