"""Rule environment-resource-not-in-template."""

from collections.abc import Iterator

from validator.cloudformation.stacks import Stack
from validator.cloudformation.template import Resource
from validator.document import Node
from validator.environment import Check
from validator.environment.forecast import LEGACY, candidates, made, properties
from validator.environment.references import as_written, found_in, is_open, place
from validator.environment.stack_paths import Lost, lost, resources_at, steps
from validator.project.environments import EnvironmentLink
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean, listed, nearest


@rule("environment-resource-not-in-template", Severity.ERROR)
def check(link: EnvironmentLink) -> Iterator[Finding]:
    """A spec names a resource or a nested stack that the templates do not make.

    There is none of that path, or of that type, or its condition is false with all that it is deployed with. Where the
    spec does not say which stack it is about, or a build may change the template before, it is a warning. So it is in
    the first format, where a name of a thing is nearly, but not quite, what the template calls one.

    Bad:

    ```yaml title="template.yml"
    Resources:
      Queue: {Type: AWS::SQS::Queue}
    ```

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: jobs, resource: Qeue, expect: {DelaySeconds: 0}}
    ```

    Good:

    ```yaml title="template.yml"
    Resources:
      Queue: {Type: AWS::SQS::Queue}
    ```

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: jobs, resource: Queue, expect: {DelaySeconds: 0}}
    ```
    """
    severity = None if link.certain and all(root.sure for root in link.roots) else Severity.WARNING
    for one in link.checks:
        if one.literal:
            yield from _misnamed(one, link)
            continue
        for node, start, path, kind in _paths(one):
            found = [lost(root, path, kind) for root in link.roots]
            if found[0] is not None and all(found):
                yield _nowhere(_step(node, start, path, found[0].step), path, found[0], severity)
        if one.kind == "resource" and not one.absent and not is_open(one.path):
            yield from _other(one, link, severity)


def _paths(one: Check) -> Iterator[tuple[Node, int, str, str]]:
    """Yield the paths of resources and stacks in a check, with the texts that they stand in, and where."""
    if one.absent is False:
        for key in ("resource", "stack"):
            node = one.at.get(key) if one.kind == key else None
            if node is not None and isinstance(node.value, str) and not is_open(node.value):
                yield node, 0, node.value, key
    if one.members is not None and one.members.under and not is_open(one.members.under):
        under = one.members.at.get("under")
        if under is not None:
            yield under, 0, one.members.under, "stack"
    for node, reference in found_in(as_written(one.at)):
        if reference.kind == "resource":
            start = reference.start + reference.text.index(reference.name)
            yield Node(node.document, node.path, node.value), start, reference.name, "resource"


def _nowhere(node: Node, path: str, found: Lost, severity: Severity | None) -> Finding:
    step = steps(path)[found.step]
    what = "nested stack" if found.kind == "stack" else "resource"
    advice = did_you_mean(step, found.known) or f"there: {listed(map(repr, found.known))}"
    return Finding(
        node,
        f"{found.template.path} has no {what} {step!r}",
        advice,
        severity=severity,
        related=((found.template.heading("Resources"), "looked for here"),),
    )


def _step(node: Node, start: int, path: str, number: int) -> Node:
    """Pin a text that holds a path to one step of it; not one that a variable is in."""
    source = as_written(node)
    if source.value != node.value:
        return source
    for step in steps(path)[: number + 1]:
        found = path.index(step)
        start, end, path = start + found, start + found + len(step), path[found + len(step) :]
        node, start = place(node, start, end), end
    return node


def _other(one: Check, link: EnvironmentLink, severity: Severity | None) -> Iterator[Finding]:
    """Say what of a resource that is there is not as the check has it: its type, or that it is ever made."""
    found = [(root, resources_at(root, one.path) or ()) for root in link.roots]
    every = [(root, stack, resource) for root, each in found for stack, resource in each]
    if not all(each for _, each in found):
        return
    root, _, first = every[0]
    wanted = one.at.get("type")
    if wanted is not None and all(resource.type and resource.type != wanted.value for _, _, resource in every):
        at = first.node.get("Type") or first.node
        message = f"{one.path!r} is of the type {first.type}, not {wanted.value}"
        yield Finding(
            as_written(wanted), message, f"write {first.type!r}", severity=severity, related=((at, "its type"),)
        )
    never = all(_is_never_made(stack, resource) for _, stack, resource in every)
    node, condition = one.at.get("resource"), first.node.get("Condition")
    if never and node is not None and condition is not None:
        file = f" with {root.file.file.document.path}" if root.file is not None else ""
        message = f"{one.path!r} is not made{file}: the condition {condition.value!r} is false"
        advice = "say `absent: true`, or deploy with parameters that make it"
        yield Finding(as_written(node), message, advice, severity=severity, related=((condition, "its condition"),))


def _is_never_made(stack: Stack, resource: Resource) -> bool:
    return bool(resource.condition) and stack.scope.possible(resource.condition) == frozenset({False})


def _misnamed(one: Check, link: EnvironmentLink) -> Iterator[Finding]:
    """Say that a name of the first format is nearly that of a resource of the template."""
    name = one.at.get("Name")
    form = LEGACY.get(one.call.operation) if one.call is not None else None
    if form is None or name is None or not isinstance(name.value, str):
        return
    if any(next(candidates(one, root), None) is not None for root in link.roots):
        return
    known: dict[str, Node] = {}
    for root in link.roots:
        for stack, resource in made(root, form.type):
            given = properties(stack, resource).get(form.names)
            known[given.text or resource.logical_id] = given.at if given.text else resource.node.key
    if near := nearest(name.value, known):
        message = f"no {form.type} of the stack can be called {name.value!r}"
        related = ((known[near[0]], "this one is called nearly so"),)
        yield Finding(name, message, f"did you mean {near[0]!r}?", severity=Severity.WARNING, related=related)
