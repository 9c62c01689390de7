"""Rule environment-contradicts-template."""

from collections.abc import Iterator

from validator.cloudformation.stacks import Stack
from validator.document import Node
from validator.environment import Check
from validator.environment.forecast import (
    Conflict,
    at_path,
    candidates,
    conflicts,
    foresee,
    legacy_conflicts,
    nearest_of,
    properties,
)
from validator.environment.matchers import written
from validator.environment.references import as_written
from validator.environment.stack_paths import resources_at, stacks_at, steps
from validator.project.environments import EnvironmentLink
from validator.rule import Finding, Severity, rule
from validator.values import Partial


@rule("environment-contradicts-template", Severity.WARNING)
def check(link: EnvironmentLink) -> Iterator[Finding]:
    """A spec expects what the template cannot give.

    The template, with what it is deployed with, sets another value, so that the check will fail on an environment that
    is as it was meant to be. What only AWS knows before deployment contradicts nothing. Of a spec of the first format
    no resource that its entry can be about conforms.

    Bad:

    ```yaml title="template.yml"
    Parameters:
      Type: {Type: String, Default: t3.small}
    Resources:
      Web: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0f3a5b7c9d1e2f468, InstanceType: !Ref Type}}
    ```

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: web, resource: Web, expect: {InstanceType: t3.large}}
    ```

    Good:

    ```yaml title="template.yml"
    Parameters:
      Type: {Type: String, Default: t3.small}
    Resources:
      Web: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0f3a5b7c9d1e2f468, InstanceType: !Ref Type}}
    ```

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: web, resource: Web, expect: {InstanceType: t3.small}}
    ```
    """
    checks = [one for one in link.checks if not one.absent]
    roots = _likely(link.roots, checks)
    for one in checks:
        every = [_against(one, root) for root in roots]
        if every and all(every):
            yield from map(_finding, every[0])


def _likely(roots: tuple[Stack, ...], checks: list[Check]) -> list[Stack]:
    """Choose the roots that have most of what the first format names: names often end in an environment's."""
    named = [one for one in checks if one.literal]
    if len(roots) < 2 or not named:
        return list(roots)
    scores = [sum(any(candidates(one, root)) for one in named) for root in roots]
    return [root for root, score in zip(roots, scores, strict=True) if score == max(scores)]


def _against(one: Check, root: Stack) -> tuple[Conflict, ...]:
    """Say why no resource of a tree can be what a check asks for."""
    if one.literal:
        every = [legacy_conflicts(one, candidate) for candidate in candidates(one, root)]
        return nearest_of(every) if all(every) else ()
    if one.kind == "output":
        return _output(one, root)
    if one.kind != "resource":
        return ()
    found = resources_at(root, one.path)
    every = []
    for stack, resource in found or ():
        if not stack.ways(resource.node):
            return ()
        value = properties(stack, resource)
        every.append(
            tuple(each for part in one.expected for each in conflicts(part.matcher, at_path(value, part.path)))
        )
    return nearest_of(every) if every and all(every) else ()


def _output(one: Check, root: Stack) -> tuple[Conflict, ...]:
    *around, own = steps(one.path) or [""]
    found = stacks_at(root, around)
    if not isinstance(found, tuple):
        return ()
    values = [(stack, stack.template.root.get("Outputs", own, "Value")) for stack in found]
    every = [
        tuple(each for part in one.expected for each in conflicts(part.matcher, foresee(stack, value)))
        if value is not None and stack.ways(value)
        else ()
        for stack, value in values
    ]
    return every[0] if every and all(every) else ()


def _finding(conflict: Conflict) -> Finding:
    at, value = as_written(conflict.matcher.at), conflict.value
    name = next((step for step in reversed(at.path) if isinstance(step, str) and step not in _OPERATORS), "it")
    file = value.stack.root.file
    given = _shown(value.value)
    path = value.stack.template.path
    message = f"{name!r} is to be {_shown(written(conflict.matcher))}, and {path} makes it {given}"
    sources = [source for source in value.stack.origins(value.at) if source.kind in {"file", "default"}]
    related: list[tuple[Node, str]] = [(value.at, f"the template gives {given}")]
    for source in sources:
        words = "is given here" if source.kind == "file" else "is the Default"
        related.append((source.at, f"{given} {words}"))
    if file is not None:
        message += f" with {file.file.document.path}"
        if not any(source.kind == "file" for source in sources):
            related.append((file.file.heading, "deployed with these parameters"))
    advice = "make them agree: the check fails once this is deployed"
    return Finding(at, message, advice, related=tuple(dict.fromkeys(related)))


_OPERATORS = frozenset({"equals", "in", "matches", "exactly", "contains", "any_of", "all_of", "expect", "Properties"})


def _shown(value: object) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, Partial):
        value = "".join(part if isinstance(part, str) else "*" for part in value.parts)
    text = repr(value)
    return text if isinstance(value, str | int | float | bool) and len(text) <= 80 else "something else"
