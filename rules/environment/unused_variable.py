"""Rule environment-unused-variable."""

import re
from collections.abc import Iterator

from validator.document import Node
from validator.environment import Suite, joined
from validator.environment.references import found_in
from validator.project import Project
from validator.rule import Finding, Severity, rule
from validator.suggest import nearest


@rule("environment-unused-variable", Severity.WARNING)
def check(project: Project) -> Iterator[Finding]:
    """A variable of a spec is never referred to.

    What was meant to depend on it, does not.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    vars: {env: test, size: 2}
    checks:
    - {id: web, resource: Web, expect: {Name: "web-${var.env}"}}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    vars: {env: test, size: 2}
    checks:
    - {id: web, resource: Web, expect: {Name: "web-${var.env}", Size: "${var.size}"}}
    ```
    """
    used: dict[Node, bool] = {}
    for suite in project.suites:
        names = _used(suite)
        for node in _variables(suite):
            # What is not at hand may use it.
            used[node] = used.get(node, False) or node.name in names or not suite.complete
    for node, anywhere in used.items():
        if not anywhere:
            yield Finding(
                node.key,
                f"nothing refers to the variable {node.name!r}",
                f"use it as '${{var.{node.name}}}', or remove it",
            )


def _used(suite: Suite) -> set[str]:
    names = {one.when.variable for one in joined(suite).checks if one.when is not None}
    for spec in suite.specs:
        if spec.format != "legacy":
            found = (reference for _, reference in found_in(spec.node))
            # Of what is no reference, such as ${env}, the end is most likely the name.
            names |= {re.split(r"[.:]", one.name)[-1] if not one.kind else one.name for one in found if not one.is_live}
    # What a misspelt reference was meant to be is used; that it is misspelt, environment-undefined-reference says.
    defined = {node.name for node in _variables(suite)}
    return names | {near for name in names - defined for near in nearest(name, map(str, defined))}


def _variables(suite: Suite) -> Iterator[Node]:
    for spec in suite.specs:
        holders = [spec.node.get("vars")]
        targets = spec.node.get("targets")
        holders += [target.get("vars") for _, target in (targets.items() if targets is not None else ())]
        for holder in holders:
            for _, node in holder.items() if holder is not None else ():
                yield node
