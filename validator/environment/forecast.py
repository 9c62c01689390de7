"""What a resource will be once its template is deployed, as far as that can be told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from validator.cloudformation.stacks import Stack, references
from validator.cloudformation.template import Resource
from validator.document import Node, Value
from validator.environment.checks import Members
from validator.environment.shown import fate
from validator.environment.stack_paths import steps
from validator.lazy import kept
from validator.shape import is_function
from validator.values import NoValue, Partial, Unknown

_STEP = re.compile(r"\.?([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]{1,4})\]")
_NOT_TOLD = Unknown("the template does not tell")


@dataclass(frozen=True, slots=True)
class OneOf:
    """Several things that a value can be."""

    of: tuple["Prospect", ...]


Known = str | int | float | bool | list["Prospect"] | dict[str, "Prospect"] | None


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a value will be.

    Attributes:
        at: Where the template says so.
        stack: The stack that the value is for.
        more: Whether a list may get further elements than those that the template gives it there.
    """

    value: Known | OneOf | Partial | Unknown | NoValue
    at: Node
    stack: Stack
    more: bool = False

    def get(self, name: str) -> "Prospect":
        """Give a member; what the template does not set, AWS may."""
        if isinstance(self.value, dict) and name in self.value:
            return self.value[name]
        return Prospect(_NOT_TOLD, self.at, self.stack)

    @property
    def elements(self) -> list["Prospect"]:
        """The elements of a list; none of what is none."""
        return self.value if isinstance(self.value, list) else []

    @property
    def is_told(self) -> bool:
        """Whether it is known, as far as its own level goes."""
        return not isinstance(self.value, OneOf | Partial | Unknown | NoValue)

    @property
    def text(self) -> str | None:
        """The text, if it is one and known."""
        return self.value if isinstance(self.value, str) else None


def foresee(stack: Stack, node: Node) -> Prospect:
    """Say what will stand where a node of the stack's template does."""
    value = node.value
    if isinstance(value, dict) and is_function(value):
        return _made(stack, node)
    if isinstance(value, dict):
        return Prospect({name: foresee(stack, member) for name, member in node.items()}, node, stack)
    if isinstance(value, list):
        found = [foresee(stack, element) for element in node.elements()]
        return Prospect([one for one in found if not isinstance(one.value, NoValue)], node, stack)
    return _evaluated(stack, node)


def properties(stack: Stack, resource: Resource) -> Prospect:
    """Say what the properties of a resource will be."""
    known = _foreseen(stack)
    if resource.logical_id not in known:
        known[resource.logical_id] = _properties(stack, resource)
    return known[resource.logical_id]


@kept
def _foreseen(_: Stack) -> dict[str, Prospect]:
    """Keep what is known of the resources of a stack: checks of one resource are many."""
    return {}


def _properties(stack: Stack, resource: Resource) -> Prospect:
    node = resource.property()
    found = foresee(stack, node) if node is not None else Prospect({}, resource.node, stack)
    # A macro may make anything of it.
    if not isinstance(found.value, dict) or stack.template.is_rewritten:
        return replace(found, value=_NOT_TOLD)
    own, there = frozenset(found.value), _types(stack.root)
    members = {}
    for name, one in found.value.items():
        becomes = fate(resource.type, name, own, there)
        members[name] = replace(one, value=_NOT_TOLD) if becomes == "other" else replace(one, more=becomes == "more")
    return replace(found, value=members)


def at_path(resource: Prospect, path: str) -> Prospect:
    """Give what stands at a path below; not told for a path that is more than names and numbers."""
    found, end = resource, 0
    while end < len(path):
        match = _STEP.match(path, end)
        if match is None:
            return Prospect(_NOT_TOLD, resource.at, resource.stack)
        end = match.end()
        if match[1]:
            found = found.get(match[1])
        else:
            number = int(match[2])
            listed = found.elements
            # In which order AWS lists things is its own affair, but for one.
            alone = len(listed) == 1 and number == 0 and not found.more
            found = listed[0] if alone else Prospect(_NOT_TOLD, found.at, found.stack)
    return found


def _made(stack: Stack, node: Node) -> Prospect:
    """Say what a function makes."""
    branches = node.get("Fn::If")
    name = branches.get(0) if branches is not None else None
    if branches is not None and name is not None and isinstance(name.value, str):
        truths = dict.fromkeys(case.value is True for case in stack.scope.condition(name.value))
        found = [foresee(stack, one) for truth in truths if (one := branches.get(1 if truth else 2)) is not None]
        return found[0] if len(found) == 1 else Prospect(OneOf(tuple(found)) if found else _NOT_TOLD, node, stack)
    return _evaluated(stack, node)


def _evaluated(stack: Stack, node: Node) -> Prospect:
    parameters = stack.template.parameters
    if any(parameters[name].no_echo for name in references(node) if name in parameters):
        return Prospect(Unknown("it is a secret"), node, stack)
    cases = stack.evaluate(node)
    found = [_plain(case.value, node, stack) for case in cases]
    if len(found) == 1:
        return found[0]
    return Prospect(OneOf(tuple(found)) if found else _NOT_TOLD, node, stack)


def _plain(value: object, node: Node, stack: Stack) -> Prospect:
    if isinstance(value, dict):
        return Prospect({name: _plain(member, node, stack) for name, member in value.items()}, node, stack)
    if isinstance(value, list):
        return Prospect([_plain(element, node, stack) for element in value], node, stack)
    if isinstance(value, str | int | float | Partial | Unknown | NoValue) or value is None:
        return Prospect(value, node, stack)
    return Prospect(_NOT_TOLD, node, stack)


def trees(root: Stack) -> Iterator[Stack]:
    """Yield a stack and all stacks below it."""
    waiting = [root]
    while waiting:
        stack = waiting.pop()
        yield stack
        waiting += reversed(stack.below)


def made(root: Stack, *types: str) -> Iterator[tuple[Stack, Resource]]:
    """Yield the resources of some types, or of all, that can come to be in a tree."""
    for stack in trees(root):
        for resource in stack.template.resources.values():
            if (not types or resource.type in types) and stack.ways(resource.node):
                yield stack, resource


def is_member(members: Members, stack: Stack, resource: Resource) -> bool:
    """Say whether a resource is of a set, as far as its type and its path tell."""
    path = "/".join((*stack.path, resource.logical_id))
    return (
        members.type in {"", resource.type}
        and (not members.under or path.startswith(f"{'/'.join(steps(members.under))}/"))
        and (not members.logical or fnmatchcase(resource.logical_id, members.logical))
    )


def most(root: Stack, members: Members) -> int | None:
    """Say how many resources of a set there can be at most; None if that cannot be told."""
    for stack in trees(root):
        template = stack.template
        if template.is_open("Resources") or template.root.get("Transform") is not None:
            return None
        nested = (one for one in template.resources.values() if one.type == "AWS::CloudFormation::Stack")
        if any(stack.ways(one.node) and not stack.nested(one.logical_id) for one in nested):
            return None
    return sum(is_member(members, stack, resource) for stack, resource in made(root))


@kept
def _types(root: Stack) -> frozenset[str]:
    """List the types of the resources that can come to be in a tree."""
    return frozenset(resource.type for _, resource in made(root))


def told(value: Prospect) -> Value | Unknown:
    """Give a value that is known all through."""
    found = value.value
    if isinstance(found, dict):
        members = {name: told(one) for name, one in found.items() if not isinstance(one.value, NoValue)}
        return _NOT_TOLD if any(isinstance(one, Unknown) for one in members.values()) else members  # type: ignore[return-value]  # those that are not left
    if isinstance(found, list):
        elements = [told(one) for one in found]
        return _NOT_TOLD if any(isinstance(one, Unknown) for one in elements) else elements  # type: ignore[return-value]  # those that are not left
    return found if not isinstance(found, OneOf | Partial | Unknown | NoValue) else _NOT_TOLD
