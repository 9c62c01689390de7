"""Capabilities: what a tree of stacks needs acknowledged before CloudFormation deploys it."""

import json
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from validator.cloudformation.stacks import Stack
from validator.cloudformation.template import Resource, Template
from validator.document import Node
from validator.values import Case, NoValue

IAM = "CAPABILITY_IAM"
NAMED_IAM = "CAPABILITY_NAMED_IAM"
AUTO_EXPAND = "CAPABILITY_AUTO_EXPAND"


class Need(NamedTuple):
    """A capability that something in a tree needs.

    Attributes:
        at: What needs it.
        why: In words: `'Role' is an IAM role`.
        always: Whether it does so whatever the parameters are, in a template that surely is the one.
        nested: Whether it stands below the root.
    """

    capability: str
    at: Node
    why: str
    always: bool
    nested: bool


def needs(stacks: Sequence[Stack]) -> list[Need]:
    """List what a tree needs, a root and all stacks below it; what needs it without doubt comes first."""
    found = [need for stack in stacks for need in _needs(stack)]
    return sorted(found, key=lambda need: not need.always)


def missing(found: Sequence[Need], given: Collection[str], *, change_set: bool) -> list[Need]:
    """Give, of each capability that is needed and not given, the need that is surest.

    Who gives names to IAM resources needs CAPABILITY_NAMED_IAM, which is enough for those without. The macros of a root
    that is deployed by a change set need nothing.
    """
    lacking: dict[str, Need] = {}
    for need in found:
        enough = {need.capability, NAMED_IAM} if need.capability == IAM else {need.capability}
        idle = need.capability == AUTO_EXPAND and change_set and not need.nested
        if not idle and enough.isdisjoint(given):
            lacking.setdefault(need.capability, need)
    if NAMED_IAM in lacking and IAM in lacking and lacking[NAMED_IAM].always >= lacking[IAM].always:
        del lacking[IAM]
    return list(lacking.values())


def known() -> tuple[str, ...]:
    """Give the names of all capabilities."""
    return tuple(_data()["known"])


def is_readable(stacks: Sequence[Stack]) -> bool:
    """Whether all is known that a tree needs: every nested template is at hand, and no macro adds anything."""
    for stack in stacks:
        if stack.template.is_open("Resources"):
            return False
        nested = {one.link.resource.logical_id for one in stacks if one.above is stack and one.link is not None}
        for name, resource in stack.template.resources.items():
            if resource.type.startswith(("Custom::", "AWS::CloudFormation::Macro")) or "::MODULE" in resource.type:
                continue
            if resource.type in {"AWS::CloudFormation::Stack", "AWS::Serverless::Application"} and name not in nested:
                return False
            if resource.type.startswith(("AWS::IAM::", "AWS::Serverless::")) and resource.type not in _data()["iam"]:
                return False
    return True


def _needs(stack: Stack) -> Iterator[Need]:
    nested = stack.above is not None
    for macro in _macros(stack.template):
        name = macro.value if isinstance(macro.value, str) else "AWS::Include"
        if name in _data()["no_macros"]:
            continue
        documented = name in _data()["documented_macros"] or not name.startswith("AWS::")
        sure = stack.sure and frozenset() in stack.exists and documented
        yield Need(AUTO_EXPAND, macro, f"{name} is a macro", sure, nested)
    for resource in stack.template.resources.values():
        ways = stack.ways(resource.node)
        if not ways:
            continue
        always = stack.sure and frozenset() in ways
        if resource.type == "AWS::Serverless::Application":
            at = resource.node.get("Type") or resource.node
            yield Need(AUTO_EXPAND, at, f"{resource.logical_id} is an application", always, nested=True)
        else:
            yield from _iam(stack, resource, always=always, nested=nested)


def _iam(stack: Stack, resource: Resource, *, always: bool, nested: bool) -> Iterator[Need]:
    at = resource.node.get("Type") or resource.node
    role = _data()["makes_role_without"].get(resource.type)
    if role is not None:
        from_globals = stack.template.root.get("Globals", resource.type.rpartition("::")[2], role)
        given = resource.property(role) or from_globals
        if given is None and not stack.template.is_rewritten:
            yield Need(IAM, at, f"a role is made for {resource.logical_id}", always, nested)
        return
    name = _data()["iam"].get(resource.type)
    if name is None:
        return
    yield Need(IAM, at, f"{resource.logical_id} is an {resource.type}", always, nested)
    named = resource.property(name) if name else None
    cases: Sequence[Case] = stack.evaluate(named) if named is not None else ()
    present = [case for case in cases if not isinstance(case.value, NoValue)]
    if named is not None and present:
        always = always and len(present) == len(cases)
        yield Need(NAMED_IAM, named.key, f"{resource.logical_id} has a name of its own", always, nested)


def _macros(template: Template) -> Iterator[Node]:
    """Yield what names a macro: in the Transform of the template, or in a Fn::Transform or Transform within it."""
    transform = template.root.get("Transform")
    if transform is not None:
        yield from transform.elements() if isinstance(transform.value, list) else (transform,)
    for section in ("Mappings", "Conditions", "Resources", "Outputs", "Parameters"):
        node = template.root.get(section)
        for one, members in node.mappings() if node is not None else ():
            name = one.get("Fn::Transform", "Name") if "Fn::Transform" in members else None
            if name is not None:
                yield name


@cache
def _data() -> Any:
    return json.loads((files("validator.cloudformation") / "data" / "capabilities.json").read_text("utf-8"))
