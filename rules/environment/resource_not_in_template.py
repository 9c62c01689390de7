"""Rule environment-resource-not-in-template."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from validator.cloudformation.schemas import types
from validator.cloudformation.stacks import Stack
from validator.cloudformation.template import Resource
from validator.document import Node
from validator.environment import Check
from validator.environment.candidates import LEGACY, candidates
from validator.environment.checks import Members
from validator.environment.forecast import made, most, properties
from validator.environment.references import as_written, found_in, is_open, place
from validator.environment.shown import differs
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
        if one.members is not None and (one.count is None or differs(one.count, 0)):
            yield from _empty(one.members, link)
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


def _empty(members: Members, link: EnvironmentLink) -> Iterator[Finding]:
    """Say of a set that it has no resources: one at least must be there where nobody says how many."""
    if any(map(is_open, (members.type, members.logical, members.under))):
        return
    if any(lost(root, members.under, "stack") or most(root, members) != 0 for root in link.roots):
        return
    key = "type" if most(link.roots[0], replace(members, logical="")) == 0 else "logical"
    node = members.at.get(key)
    # Of what is nearly a type of CloudFormation's, environment-unknown-type says so.
    if node is None or (key == "type" and members.type not in types() and nearest(members.type, types())):
        return
    there = {resource.type if key == "type" else resource.logical_id for _, resource in made(link.roots[0])}
    what = "of the type" if key == "type" else "that is called"
    message = f"the templates make no resource {what} {node.value!r}"
    advice = did_you_mean(str(node.value).strip("*?"), there) or f"there: {listed(map(repr, sorted(there)))}"
    yield Finding(as_written(node), message, advice, severity=Severity.WARNING)


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
    # Of what is nearly a type of CloudFormation's, environment-unknown-type says so.
    misspelt = wanted is not None and wanted.value not in types() and bool(nearest(str(wanted.value), types()))
    if (
        wanted is not None
        and not misspelt
        and all(_is_of_another(wanted.value, stack, resource) for _, stack, resource in every)
    ):
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


def _is_of_another(wanted: object, stack: Stack, resource: Resource) -> bool:
    # SAM makes a resource of another type of its own, and a macro whatever it likes.
    is_made_over = stack.template.is_rewritten or resource.type.startswith("AWS::Serverless::")
    return bool(resource.type) and resource.type != wanted and not is_made_over


def _is_never_made(stack: Stack, resource: Resource) -> bool:
    return bool(resource.condition) and stack.scope.possible(resource.condition) == frozenset({False})


def _misnamed(one: Check, link: EnvironmentLink) -> Iterator[Finding]:
    """Say that a name of the first format is nearly that of a resource of the template."""
    name = one.at.get("Name")
    if one.call is None or name is None:
        return
    if not any(next(candidates(one, root), None) is not None for root in link.roots):
        yield from _nearly(name, one.call.operation, link)
    for key, operation in _NAMED_BY.get(one.call.operation, {}).items():
        if (given := one.at.get("Properties", key)) is not None:
            for node in given.elements() if isinstance(given.value, list) else (given,):
                if not any(_is_in_name(str(node.value), known) for known in _names(operation, link)):
                    yield from _nearly(node, operation, link)


# The properties that name other resources, by the operation that these would be looked for with.
_NAMED_BY: Mapping[str, Mapping[str, str]] = {
    "describe_auto_scaling_groups": {
        "LaunchConfigurationName": "describe_launch_configurations",
        "LoadBalancerNames": "describe_load_balancers",
    },
}


def _nearly(name: Node, operation: str, link: EnvironmentLink) -> Iterator[Finding]:
    known = _names(operation, link)
    for meant in nearest(name.value, known) if isinstance(name.value, str) else ():
        message = f"no {LEGACY[operation].type} of the stack can be called {name.value!r}"
        related = ((known[meant], "this one is called nearly so"),)
        yield Finding(name, message, f"did you mean {meant!r}?", severity=Severity.WARNING, related=related)


def _names(operation: str, link: EnvironmentLink) -> dict[str, Node]:
    """Give what an operation's resources are called: a name, a Name tag, or the logical id that a made-up name has."""
    form = LEGACY[operation]
    known: dict[str, Node] = {}
    for stack, resource in (each for root in link.roots for each in made(root, form.type)):
        found = properties(stack, resource)
        given = [found.get(form.names)]
        if form.tagged:
            given += [tag.get("Value") for tag in found.get("Tags").elements if tag.get("Key").text == "Name"]
        texts = {each.text: each.at for each in given if each.text}
        known |= texts or {resource.logical_id: resource.node.key}
    return known


def _is_in_name(part: str, known: str) -> bool:
    return part in known or known in part
