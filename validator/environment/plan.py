"""What `verify` would ask AWS, in order, worked out without asking."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from validator.cloudformation.stacks import Stack
from validator.document import Node, Value
from validator.environment.checks import Check, Spec, Target
from validator.environment.forecast import made
from validator.environment.references import Lookup, UnresolvedError, found_in, is_open, settle, substitute
from validator.environment.resources import Row, row
from validator.environment.stack_paths import resources_at, steps

_STACKS = "cloudformation"
_HEAD = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([A-Za-z_][A-Za-z0-9_]*))')


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


def plans(spec: Spec, roots: Mapping[str, Stack], region: str = "") -> Iterator[Plan]:
    """Yield what would be asked, target by target and region by region.

    Args:
        spec: The spec, with all that it includes.
        roots: By the name of a target, or nothing for none, the stack that it is about, where that is known.
        region: In place of what targets say.
    """
    for target in spec.targets.values() or (None,):
        name = target.name if target is not None else ""
        regions = (region,) if region else (target.regions if target is not None else ()) or ("",)
        for written in regions:
            where = _text(written, _known(spec, target, written))
            each = "" if is_open(where) else where
            lookup = _known(spec, target, each)
            wanted = [_filled(one, lookup) for one in spec.checks if _is_for(one, name, each, lookup)]
            settings = target.settings if target is not None else {}
            texts = {key: _text(value, lookup) for key, value in settings.items()}
            stack = texts.get("stack") or "${target.stack}"
            yield Plan(name, each, tuple(_merged([*_guard(texts), *_reads(wanted, stack, roots.get(name))])))


def _known(spec: Spec, target: Target | None, region: str) -> Lookup:
    """Make the lookup of what is known before anything is asked; what only the stack knows stays as it is."""
    definitions = dict(spec.definitions(target, region))
    if target is not None and region:
        definitions["target.region"] = Node(spec.at.document, (), region)
    return settle(definitions, lambda reference: reference.text)


def _text(written: str, lookup: Lookup) -> str:
    try:
        return str(substitute(written, lookup))
    except UnresolvedError:
        return written


def _is_for(one: Check, target: str, region: str, lookup: Lookup) -> bool:
    if (one.targets and target not in one.targets) or (one.regions and region not in one.regions):
        return False
    try:
        return one.when is None or one.when.holds(lookup)
    except UnresolvedError:
        return True


def _filled(one: Check, lookup: Lookup) -> Check:
    try:
        return one.fill(lookup)
    except UnresolvedError:
        return one


# --- what verify goes by, too ----------------------------------------------------------------------------------------


def names(check: Check) -> frozenset[str]:
    """List the properties of resources that a check needs."""
    tagged = check.members is not None and bool(check.members.tags)
    found = {name for one in check.expected if (name := head(one.path))}
    return frozenset(found | ({"Tags"} if tagged else set()))


def head(path: str) -> str:
    """Give the first name of a path; nothing if it does not start with one."""
    match = _HEAD.match(path)
    return (match[1] or match[2]) if match else ""


def ways(kind: str, wanted: Collection[str], via: str) -> tuple[Row | None, bool]:
    """Say how properties of resources are read.

    Args:
        kind: The resources' type.
        wanted: The properties that are needed.
        via: `table` or `cloudcontrol` for that alone; `auto` for both.

    Returns:
        The row of the table of types, if they are read by that, and whether they are read by Cloud Control.
    """
    known = row(kind) if via != "cloudcontrol" else None
    return known, via != "table" and (known is None or not known.properties.issuperset(wanted))


# --- the calls -------------------------------------------------------------------------------------------------------


def _guard(settings: Mapping[str, str]) -> Iterator[Read]:
    if settings.get("role_arn"):
        yield Read("sts", "assume_role", {"RoleArn": settings["role_arn"]})
    if settings.get("account"):
        yield Read("sts", "get_caller_identity")


def _merged(reads: Iterable[Read]) -> list[Read]:
    """Put calls together that are made once for several checks."""
    found: dict[str, Read] = {}
    for one in reads:
        known = found.get(one.text)
        ids = tuple(dict.fromkeys((*(known.checks if known is not None else ()), *one.checks)))
        found[one.text] = Read(one.service, one.operation, one.parameters, one.type, one.reason, ids)
    return list(found.values())


def _reads(checks: Iterable[Check], stack: str, root: Stack | None) -> Iterator[Read]:
    for one in checks:
        for read in (*_references(one, stack), *_of(one, one.root or stack, root)):
            yield Read(read.service, read.operation, read.parameters, read.type, read.reason, (one.id,))
        if one.also is not None and (call := one.also.call) is not None:
            yield Read(call.service, call.operation, call.parameters, checks=(one.id,))


def _references(one: Check, stack: str) -> Iterator[Read]:
    """Yield the calls that give what only the stack knows."""
    for _, reference in found_in(one.at) if not one.literal else ():
        *around, _own = steps(reference.name) or [""]
        if reference.is_live:
            yield _state(stack)
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
    if one.kind != "stack":
        yield _state(stack)
    if one.kind == "resource":
        yield from _walk(stack, path[:-1], last=True)
        if not one.absent:
            yield from _properties(one, one.path, one.type or _type(one.path, root))
        return
    around = path if one.kind == "stack" else path[:-1]
    yield from _walk(stack, around, last=False)
    yield Read(_STACKS, "describe_stacks", {"StackName": _name(stack, around)})
    if "Parameters" in names(one):
        yield Read(_STACKS, "get_template_summary", {"StackName": _name(stack, around)})


def _of_members(one: Check, stack: str, root: Stack | None) -> Iterator[Read]:
    members = one.members
    assert members is not None
    around = steps(members.under)
    yield _state(stack)
    yield from _walk(stack, around, last=True)
    wanted = bool(names(one))
    if root is None:
        reason = "which nested stacks there are is not known: no template is linked with the spec"
        yield Read(_STACKS, "", reason=reason)
        if wanted and members.type:
            yield from _properties(one, "*", members.type)
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
            yield from _properties(one, path, resource.type)


def _properties(one: Check, path: str, kind: str) -> Iterator[Read]:
    if not kind or is_open(kind):
        yield Read("", "", reason=f"of which type {path} is, is not known: say `type` in the check")
        return
    wanted = names(one)
    physical = f"${{resource:{path}}}"
    known, by_cloud_control = ways(kind, wanted, one.via)
    if known is not None:
        parts = {"id": physical} | dict.fromkeys(known.pattern.groupindex, physical)
        for read in known.reads_for(wanted):
            yield Read(read.service, read.operation, read.given(parts))
    if by_cloud_control:
        yield Read("cloudcontrol", "get_resource", {"TypeName": kind, "Identifier": physical}, kind)
    elif known is None:
        yield Read("", "", reason=f"{kind} is not in the table of types, and Cloud Control is not to be asked")


def _type(path: str, root: Stack | None) -> str:
    found = resources_at(root, path) if root is not None else None
    kinds = {resource.type for _, resource in found or ()}
    return kinds.pop() if len(kinds) == 1 else ""


def _state(stack: str) -> Read:
    """Give the call that tells whether the root stack is being changed."""
    return Read(_STACKS, "describe_stacks", {"StackName": stack})


def _walk(stack: str, around: Sequence[str], *, last: bool) -> Iterator[Read]:
    """Yield the calls that lead from the root to a nested stack; `last` for what is in that, too."""
    for number in range(len(around) + last):
        yield Read(_STACKS, "list_stack_resources", {"StackName": _name(stack, around[:number])})


def _name(stack: str, around: Sequence[str]) -> str:
    return f"${{resource:{'/'.join(around)}}}" if around else stack
