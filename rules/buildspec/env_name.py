"""Rule buildspec-env-name."""

import re
from collections.abc import Iterator

from validator.buildspec.spec import Buildspec
from validator.document import Node
from validator.rule import Finding, Severity, rule

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@rule("buildspec-env-name", Severity.WARNING)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A variable has a name that it cannot have.

    Names that start with `CODEBUILD_` are CodeBuild's own. What starts with `AWS_` is not exported, so that the next
    action of the pipeline finds it unset; nor is what a project takes from Parameter Store or Secrets Manager. A shell
    can only expand names of letters, digits and underscores: to it `$MY-NAME` is `$MY` and some more text. The build
    runs all the same.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      variables:
        CODEBUILD_TARGET: test
      exported-variables:
        - AWS_REGION
    phases: {build: {commands: [make]}}
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      variables:
        TARGET: test
      exported-variables:
        - REGION
    phases: {build: {commands: [make, 'export REGION=$AWS_REGION']}}
    ```
    """
    kept: dict[str, Node] = {}
    for variable in buildspec.variables():
        if variable.source != "plaintext":
            kept.setdefault(variable.name, variable.node)
        yield from _names(buildspec, variable.name, variable.node.key)
    for variables in _of_batch(buildspec):
        for name, node in variables.items():
            yield from _names(buildspec, name, node.key)
    exported = buildspec.node.get("env", "exported-variables")
    for node in exported.elements() if exported is not None else ():
        if isinstance(node.value, str) and not buildspec.is_open(node):
            yield from _exported(node, node.value, kept.get(node.value))


def _names(buildspec: Buildspec, name: str, key: Node) -> Iterator[Finding]:
    if buildspec.is_open(key) or name == "<<":
        return
    if name.startswith("CODEBUILD_"):
        message = f"{name!r}: CodeBuild keeps names that start with 'CODEBUILD_' to itself"
        yield Finding(key, message, "rename it")
    elif not _NAME.fullmatch(name):
        message = f"{name!r} is no name that a shell can expand"
        yield Finding(key, message, "use letters, digits and underscores, a letter first")


def _exported(node: Node, name: str, kept: Node | None) -> Iterator[Finding]:
    if name.startswith("AWS_"):
        advice = "export it under another name"
        yield Finding(node, f"CodeBuild does not export {name!r}, nor any name that starts with 'AWS_'", advice)
    elif kept is not None:
        # The reference says so of what the project takes from there; of what a buildspec does, it says nothing.
        message = f"CodeBuild may not export {name!r}, which comes from where secrets are kept"
        related = ((kept.key, "where it comes from"),)
        advice = "let the action that needs it read it from where it is kept"
        yield Finding(node, message, advice, severity=Severity.NOTE, related=related)
    elif not _NAME.fullmatch(name):
        bare = name.strip("${} ")
        advice = f"write {bare!r}" if _NAME.fullmatch(bare) else "use letters, digits and underscores, a letter first"
        yield Finding(node, f"{name!r} is no name of a variable", advice)


def _of_batch(buildspec: Buildspec) -> Iterator[Node]:
    """Yield the variables that a batch sets for its tasks."""
    matrix = [buildspec.node.get("batch", "build-matrix", part) for part in ("static", "dynamic")]
    for holder in (*buildspec.tasks(), *matrix):
        variables = holder.get("env", "variables") if holder is not None else None
        if variables is not None and not buildspec.is_open(variables):
            yield variables
