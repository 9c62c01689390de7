"""What `verify` would ask AWS, in order, worked out without asking."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from validator.cloudformation.stacks import Stack
from validator.document import Value
from validator.environment.checks import Check, Expected, Spec, Target
from validator.environment.forecast import made
from validator.environment.references import found_in, is_open
from validator.environment.resources import row
from validator.environment.stack_paths import resources_at, steps

_STACKS = "cloudformation"


@dataclass(frozen=True, slots=True)
class Read:
    """One call, or one that cannot be known.

    Attributes:
        operation: Empty where it is not known which one it is; `reason` says why.
        parameters: As far as they are known; `${resource:…}` stands for what only the stack knows.
        type: For a read through Cloud Control, the type of the resource; empty if it is not known.
        checks: The ids of the checks that need it.
    """

    service: str
    operation: str
    parameters: Mapping[str, Value] = field(default_factory=dict)
    type: str = ""
    reason: str = ""
    checks: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The call in one line."""
        if not self.operation:
            return f"unknown: {self.reason}"
        given = json.dumps(self.parameters, ensure_ascii=False) if self.parameters else ""
        return f"{self.service}.{self.operation} {given}".rstrip()


@dataclass(frozen=True, slots=True)
class Plan:
    """The calls for one target in one region.

    Attributes:
        region: Empty if nobody says where.
    """

    target: str
    region: str
    reads: tuple[Read, ...]


def plans(
    spec: Spec, checks: Mapping[str, Sequence[Check]], roots: Mapping[str, Stack], region: str = ""
) -> Iterator[Plan]:
    """Yield what would be asked, target by target and region by region.

    Args:
        spec: The spec, with all that it includes.
        checks: By the name of each target, or nothing for none, its checks, with values in place of references.
        roots: By the name of a target the stack that it is about, where that is known.
        region: In place of what targets say.
    """
    for target in spec.targets.values() or (None,):
        name = target.name if target is not None else ""
        regions = (region,) if region else (target.regions if target is not None else ()) or ("",)
        for each in regions:
            wanted = [one for one in checks.get(name, ()) if not one.regions or each in one.regions]
            asked = [*_guard(target), *_reads(wanted, target, roots.get(name))]
            yield Plan(name, "" if is_open(each) else each, tuple(_merged(asked)))


def _guard(target: Target | None) -> Iterator[Read]:
    if target is not None and target.settings.get("role_arn"):
        yield Read("sts", "assume_role", {"RoleArn": target.settings["role_arn"]})
    if target is not None and target.account:
        yield Read("sts", "get_caller_identity")


def _merged(reads: Iterable[Read]) -> list[Read]:
    """Put calls together that are made once for several checks."""
    found: dict[str, Read] = {}
    for one in reads:
        known = found.get(one.text)
        ids = tuple(dict.fromkeys((*(known.checks if known is not None else ()), *one.checks)))
        found[one.text] = Read(one.service, one.operation, one.parameters, one.type, one.reason, ids)
    return list(found.values())


def _reads(checks: Iterable[Check], target: Target | None, root: Stack | None) -> Iterator[Read]:
    for one in checks:
        stack = one.root or (target.stack if target is not None else "") or "${target.stack}"
        for read in (*_references(one, stack), *_of(one, stack, root)):
            yield Read(read.service, read.operation, read.parameters, read.type, read.reason, (one.id,))
        if one.also is not None and (call := one.also.call) is not None:
            yield Read(call.service, call.operation, call.parameters, checks=(one.id,))


def _references(one: Check, stack: str) -> Iterator[Read]:
    """Yield the calls that give what only the stack knows."""
    for _, reference in found_in(one.at) if not one.literal else ():
        *around, _own = steps(reference.name) or [""]
        if reference.kind == "resource":
            yield from _walk(stack, around, last=True)
        elif reference.is_live:
            yield from _walk(stack, around, last=False)
            yield Read(_STACKS, "describe_stacks", {"StackName": _name(stack, around)})
            if reference.kind == "param":
                yield Read(_STACKS, "get_template_summary", {"StackName": _name(stack, around)})


def _of(one: Check, stack: str, root: Stack | None) -> Iterator[Read]:
    """Yield the calls that a check looks with."""
    if one.call is not None:
        yield Read(one.call.service, one.call.operation, one.call.parameters)
        return
    if one.members is not None:
        yield from _of_members(one, stack, root)
        return
    path = steps(one.path)
    if one.kind == "resource":
        yield from _walk(stack, path[:-1], last=True)
        yield from _properties(one, one.path, one.type or _type(one.path, root), one.expected)
        return
    around = path if one.kind == "stack" else path[:-1]
    yield from _walk(stack, around, last=False)
    yield Read(_STACKS, "describe_stacks", {"StackName": _name(stack, around)})
    if any(_head(each.path) == "Parameters" for each in one.expected):
        yield Read(_STACKS, "get_template_summary", {"StackName": _name(stack, around)})


def _of_members(one: Check, stack: str, root: Stack | None) -> Iterator[Read]:
    members = one.members
    assert members is not None
    around = steps(members.under)
    yield from _walk(stack, around, last=True)
    wanted = bool(one.expected or members.tags)
    if root is None:
        reason = "which nested stacks there are is not known: no template is linked with the spec"
        yield Read(_STACKS, "", reason=reason)
        if wanted and members.type:
            yield from _properties(one, "*", members.type, one.expected)
        elif wanted:
            yield Read("", "", reason="of which types the resources are is not known")
        return
    for each, resource in made(root):
        path = "/".join((*each.path, resource.logical_id))
        if members.under and not path.startswith("/".join((*around, ""))):
            continue
        if resource.type == "AWS::CloudFormation::Stack":
            yield Read(_STACKS, "list_stack_resources", {"StackName": f"${{resource:{path}}}"})
        matching = members.type in {"", resource.type}
        if wanted and matching and (not members.logical or fnmatchcase(resource.logical_id, members.logical)):
            yield from _properties(one, path, resource.type, one.expected)


def _properties(one: Check, path: str, kind: str, expected: Sequence[Expected]) -> Iterator[Read]:
    names = {_head(each.path) for each in expected}
    names |= {"Tags"} if one.members is not None and one.members.tags else set()
    physical = f"${{resource:{path}}}"
    known = row(kind) if one.via != "cloudcontrol" else None
    if not kind or is_open(kind):
        yield Read("", "", reason=f"of which type {path} is, is not known: say `type` in the check")
        return
    if known is not None:
        parts = {"id": physical} | dict.fromkeys(known.pattern.groupindex, physical)
        for read in known.reads_for(names):
            yield Read(read.service, read.operation, read.given(parts))
    if one.via != "table" and (known is None or names - known.properties):
        yield Read("cloudcontrol", "get_resource", {"TypeName": kind, "Identifier": physical}, kind)
    elif known is None:
        yield Read("", "", reason=f"{kind} is not in the table of types, and Cloud Control is not to be asked")


def _type(path: str, root: Stack | None) -> str:
    found = resources_at(root, path) if root is not None else None
    kinds = {resource.type for _, resource in found or ()}
    return kinds.pop() if len(kinds) == 1 else ""


def _walk(stack: str, around: Sequence[str], *, last: bool) -> Iterator[Read]:
    """Yield the calls that lead from the root to a nested stack; `last` for what is in that, too."""
    for number in range(len(around) + last):
        yield Read(_STACKS, "list_stack_resources", {"StackName": _name(stack, around[:number])})


def _name(stack: str, around: Sequence[str]) -> str:
    return f"${{resource:{'/'.join(around)}}}" if around else stack


def _head(path: str) -> str:
    """Give the first name of a path."""
    return path.lstrip('"').split(".")[0].split("[")[0].rstrip('"')
