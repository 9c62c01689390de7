"""Rule environment-include-missing."""

from collections.abc import Iterator

from validator.environment import Suite
from validator.rule import Finding, Severity, Undecided, rule


@rule("environment-include-missing", Severity.ERROR)
def check(suite: Suite) -> Iterator[Finding | Undecided]:
    """A spec includes a file that is not there, or that is no spec.

    The path is relative to the file that it stands in.

    Bad:

    ```yaml title="specs/test.yml"
    envspec: 1
    include: [specs/common.yml]
    checks:
    - {id: web, resource: Web}
    ```

    ```yaml title="specs/common.yml"
    envspec: 1
    checks:
    - {id: database, resource: Database}
    ```

    Good:

    ```yaml title="specs/test.yml"
    envspec: 1
    include: [common.yml]
    checks:
    - {id: web, resource: Web}
    ```

    ```yaml title="specs/common.yml"
    envspec: 1
    checks:
    - {id: database, resource: Database}
    ```
    """
    for one in suite.inclusions:
        if one.spec is None and one.reason:
            advice = "the path is relative to the file that it stands in"
            yield Finding(one.at, f"{one.at.value!r} {one.reason}", advice)
        elif one.spec is None:
            yield Undecided(one.at, f"{one.at.value!r} is not among the files that are checked")
