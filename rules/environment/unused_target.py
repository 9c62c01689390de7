"""Rule environment-unused-target."""

from collections.abc import Iterator

from validator.document import Node
from validator.environment import joined
from validator.project import Project
from validator.rule import Finding, Severity, rule


@rule("environment-unused-target", Severity.WARNING)
def check(project: Project) -> Iterator[Finding]:
    """No check of a spec is for one of its targets.

    Looking at that environment finds nothing wrong, whatever is there.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    targets:
      test: {region: eu-west-1, stack: web-test}
      uat: {region: eu-west-1, stack: web-uat}
    checks:
    - {id: web, resource: Web, targets: [test]}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    targets:
      test: {region: eu-west-1, stack: web-test}
      uat: {region: eu-west-1, stack: web-uat}
    checks:
    - {id: web, resource: Web, targets: [test, uat]}
    ```
    """
    used: dict[Node, bool] = {}
    for suite in project.suites:
        spec = joined(suite)
        for name, target in spec.targets.items():
            # A file of targets alone is there to be included; what is not at hand may check it.
            unclear = not spec.checks or not suite.complete
            used[target.at] = (
                used.get(target.at, False)
                or unclear
                or any(not one.targets or name in one.targets for one in spec.checks)
            )
    for node, anywhere in used.items():
        if not anywhere:
            yield Finding(
                node.key,
                f"no check is for the target {node.name!r}",
                "name it in `targets` of the checks, or remove it",
            )
