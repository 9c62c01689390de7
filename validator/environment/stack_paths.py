"""Paths of resources, outputs and stacks, as specs write them, followed down a tree of stacks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from validator.cloudformation.stacks import Stack
from validator.cloudformation.template import Resource, Template
from validator.document import Node
from validator.environment.checks import Check
from validator.environment.references import as_written, is_open, place


@dataclass(frozen=True, slots=True)
class Lost:
    """A path that leads nowhere.

    Attributes:
        step: The step that is not there, by its number.
        known: What there is instead.
        kind: What it was looked for among: `resource`, `output`, `parameter` or `stack`.
    """

    step: int
    known: tuple[str, ...]
    template: Template
    kind: str


def steps(path: str) -> list[str]:
    """Split a path; a dot, or nothing, is the stack itself."""
    return [step for step in path.split("/") if step not in {"", "."}]


def stacks_at(root: Stack, path: list[str]) -> tuple[Stack, ...] | Lost | None:
    """Give the stacks that a path can lead to, or where it ends; None if that cannot be told."""
    found: tuple[Stack, ...] = (root,)
    for number, step in enumerate(path):
        lost = [_lost(stack, step, number, "stack") for stack in found]
        if any(isinstance(one, Lost) for one in lost):
            first = next(one for one in lost if isinstance(one, Lost))
            return first if all(isinstance(one, Lost) for one in lost) else None
        if any(one is None for one in lost):
            return None
        found = tuple(nested for stack in found for nested in stack.nested(step))
        if not found:
            return None
    return found


def resources_at(root: Stack, path: str) -> tuple[tuple[Stack, Resource], ...] | None:
    """Give the resources that a path can lead to; None if it leads nowhere, or that cannot be told."""
    *around, own = steps(path) or [""]
    found = stacks_at(root, around)
    if found is None or isinstance(found, Lost):
        return None
    every = [(stack, stack.template.resources.get(own)) for stack in found]
    return tuple((stack, one) for stack, one in every if one is not None) if all(one for _, one in every) else None


def lost(root: Stack, path: str, kind: str) -> Lost | None:
    """Say where a path ends, of a `kind` as Lost has them; None if it leads somewhere, or that cannot be told."""
    every = steps(path)
    if not every:
        return None
    around = every if kind == "stack" else every[:-1]
    found = stacks_at(root, around)
    if found is None or isinstance(found, Lost):
        return found
    if kind == "stack":
        return None
    missing = [_lost(stack, every[-1], len(every) - 1, kind) for stack in found]
    return missing[0] if all(isinstance(one, Lost) for one in missing) else None  # type: ignore[return-value]  # all are


def _lost(stack: Stack, step: str, number: int, kind: str) -> Lost | bool | None:
    """Say whether a template lacks what a step names: None where it may have it all the same."""
    template = stack.template
    section, known = "Resources", tuple(template.resources)
    if kind == "output":
        section, known = "Outputs", tuple(template.outputs)
    elif kind == "parameter":
        section, known = "Parameters", tuple(template.parameters)
    if kind == "stack":
        known = tuple(link.resource.logical_id for link in stack.links.get(template, ()) if not link.is_stack_set)
    if step in known:
        return True
    # A transform makes resources of its own.
    if template.is_open(section) or template.root.get("Transform") is not None:
        return None
    if kind == "stack" and step in template.resources and template.resources[step].type == "AWS::CloudFormation::Stack":
        return None
    return Lost(number, known, template, kind)


def members_of(check: Check, section: str) -> Iterator[tuple[Node, str]]:
    """Yield the paths of the parameters, or of the outputs, that a check of a stack expects something of.

    Args:
        check: Of whatever kind.
        section: `Parameters` or `Outputs`.
    """
    for one in check.expected if check.kind == "stack" and not is_open(check.path) else ():
        found = re.match(rf'{section}\."?([A-Za-z0-9]+)', one.path)
        if found is not None:
            yield place(as_written(one.at), *found.span(1)), f"{check.path}/{found[1]}"
        elif one.path == section and one.matcher.operator == "members":
            names = ((name, one.matcher.at.get(name)) for name in one.matcher.names)
            yield from ((as_written(node.key), f"{check.path}/{name}") for name, node in names if node is not None)
