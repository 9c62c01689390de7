"""Rule environment-unused-include."""

from collections import Counter
from collections.abc import Iterator

from validator.document import Node
from validator.environment import EnvironmentSpec, Suite, read
from validator.rule import Finding, Severity, rule


@rule("environment-unused-include", Severity.WARNING)
def check(suite: Suite) -> Iterator[Finding]:
    """A spec includes a file that brings nothing, or brings what has been included before.

    Checks, targets and variables of an included file count. Its `defaults` are for its own checks, not for those of the
    file that includes it.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    include: [defaults.yml]
    checks:
    - {id: web, resource: Web}
    ```

    ```yaml title="defaults.yml"
    envspec: 1
    defaults: {wait: {timeout: 10m}}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    include: [targets.yml]
    defaults: {wait: {timeout: 10m}}
    checks:
    - {id: web, resource: Web}
    ```

    ```yaml title="targets.yml"
    envspec: 1
    targets:
      test: {region: eu-west-1, stack: web-test}
    ```
    """
    seen: Counter[tuple[str, str]] = Counter()
    for one in suite.inclusions:
        if one.spec is None or one.circle:
            continue
        path = one.spec.node.document.path
        seen[one.at.document.path, path] += 1
        if seen[one.at.document.path, path] > 1:
            yield Finding(one.at, f"{path} is included here before", "remove it")
        elif not _brings(one.spec):
            defaults = one.spec.node.get("defaults")
            related: tuple[tuple[Node, str], ...] = ()
            if defaults is not None:
                related = ((defaults.key, "these are for checks of its own"),)
            message = f"{path} has no checks, targets or variables to bring"
            yield Finding(one.at, message, "remove it, or write its defaults here", related=related)


def _brings(spec: EnvironmentSpec) -> bool:
    found = read(spec)[0]
    return any((found.checks, found.targets, found.variables, found.sensitive, found.allowed, found.includes))
