"""The properties that a check of a resource speaks of, as paths of CloudFormation's schemas."""

import re
from collections.abc import Iterable, Iterator

from validator.cloudformation.schemas import Schema
from validator.cloudformation.stacks import Stack
from validator.document import Node
from validator.environment.checks import Check, Spec
from validator.environment.matchers import Matcher
from validator.environment.references import as_written, is_open, place
from validator.environment.stack_paths import resources_at

_STEP = re.compile(r"\.?(?P<name>[A-Za-z_][A-Za-z0-9_]*)|\[(?:[0-9]+|\*|)\]")
_OF_ELEMENTS = frozenset({"same", "contains_all", "exactly", "some", "each", "none", "contains"})

# A path, `*` for any element, and where its last name stands.
Named = tuple[tuple[str, ...], Node]


def named(check: Check, schema: Schema) -> Iterator[Named]:
    """Yield the names of properties in what a check expects, outer ones first."""
    for one in check.expected:
        path: tuple[str, ...] = ()
        found: list[Named] = []
        end = 0
        while end < len(one.path) and (match := _STEP.match(one.path, end)) is not None:
            end = match.end()
            path = (*path, match["name"] or "*")
            if match["name"] is not None:
                found.append((path, place(one.at, match.start("name"), match.end("name"))))
        # Of other expressions nobody says here what they read.
        if end == len(one.path):
            yield from found
            yield from _within(one.matcher, path, schema)


def _within(matcher: Matcher, path: tuple[str, ...], schema: Schema) -> Iterator[Named]:
    if matcher.operator == "members":
        for name, each in zip(matcher.names, matcher.inner, strict=True):
            yield (*path, name), as_written(_key(matcher.at, name))
            yield from _within(each, (*path, name), schema)
        return
    if matcher.operator in {"json", "length", "policy"}:
        return
    below = (*path, "*") if matcher.operator in _OF_ELEMENTS and schema.is_list(*path) else path
    for each in matcher.inner:
        yield from _within(each, below, schema)


def _key(at: Node, name: str) -> Node:
    member = at.get(name)
    return member.key if member is not None else at


def checked(spec: Spec) -> Iterator[tuple[Check, str]]:
    """Yield the checks of resources that say of which type these are, with the type."""
    for one in spec.checks:
        kind = one.type or (one.members.type if one.members is not None else "")
        if kind and one.kind in {"resource", "resources"} and not is_open(kind):
            yield one, kind


def of_tree(checks: Iterable[Check], roots: Iterable[Stack]) -> Iterator[tuple[Check, str]]:
    """Yield the other checks of resources, with the type that the templates give these."""
    every = tuple(roots)
    for one in checks:
        if one.kind == "resource" and not one.type:
            found = [resources_at(root, one.path) or () for root in every]
            types = {resource.type for each in found for _, resource in each}
            if all(found) and len(types) == 1:
                yield one, types.pop()
