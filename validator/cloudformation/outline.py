"""The outline of a stack tree: each stack once, with what reaches it in every deployment of the root."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from typing import Literal

from validator.cloudformation.parameters import ParameterLink
from validator.cloudformation.stacks import MAX_DEPTH, MAX_STACKS, Stack, grow
from validator.cloudformation.template import Parameter, Read, Template
from validator.cloudformation.tree import Absence, Certainty, StackLink
from validator.document import Node
from validator.values import Abstract, Assumption, Case, When, consistent

# Where the value of a parameter comes from: it stands where it is passed; it is that of a parameter above, or of an
# output beside; it is made of several things; it stands in a parameter file; nobody gives it, so it has its Default or
# one of its AllowedValues, or nothing; the deployment gives it besides the file; a macro may pass it.
Source = Literal[
    "literal", "parameter", "output", "expression", "file", "default", "allowed", "nothing", "deployment", "macro"
]

# Why a nested stack is not in the tree: its template is missing; it is a stack set, whose instances are no part of the
# tree; its template is one of those above it; it never comes to be with the values given; the tree is too large.
Reason = Absence | Literal["stack-set", "recursive", "never", "limit"]

# The way from the root: for each level the number of the nested stack in its template, and that of the alternative.
Key = tuple[tuple[int, int], ...]
# What has to hold: all of one of them; empty if nothing has to.
Conditions = tuple[tuple[Assumption, ...], ...]

_WORST: tuple[Certainty, ...] = ("exact", "suffix", "basename")
_REFERENCE = re.compile(r"\$\{([^!{}][^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Received:
    """One thing that a parameter can be in some deployments.

    Attributes:
        at: Where it is given; the parameter itself if it is not.
        names: What the value is made of, as written there: parameters, outputs, conditions, mappings.
        files: The parameter files that the root is deployed with then; empty if it is deployed with none.
    """

    value: Abstract
    when: When
    source: Source
    at: Node
    names: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """A place that reads an output of a nested stack.

    Attributes:
        by: Who reads it: `WebStack.SubnetId` for a parameter, `output Url`, or the logical id of another resource.
    """

    at: Node
    by: str


@dataclass(frozen=True)
class Branch:
    """A nested stack, or the root, in all deployments in which it exists.

    Attributes:
        stacks: It, once for each of these deployments.
    """

    key: Key
    stacks: tuple[Stack, ...]

    @property
    def template(self) -> Template:
        """What it is made of."""
        return self.stacks[0].template

    @property
    def path(self) -> tuple[str, ...]:
        """The logical ids from the root down; empty for the root."""
        return self.stacks[0].path

    @property
    def link(self) -> StackLink | None:
        """The nested stack that it is; None for the root."""
        return self.stacks[0].link

    @property
    def certainty(self) -> Certainty | None:
        """How sure it is that this is the template, at worst; None for the root."""
        found = {stack.child.certainty for stack in self.stacks if stack.child is not None}
        return max(found, key=_WORST.index, default=None)

    @property
    def conditions(self) -> Conditions:
        """What has to hold for it, beside what has to for the stack above."""
        whens = [stack.child.when for stack in self.stacks if stack.child is not None]
        return _conditions(self.link, whens) if self.link is not None else ()

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The parameter files with which it exists; empty if the root is deployed with none."""
        files = (stack.root.file for stack in self.stacks)
        return tuple(dict.fromkeys(name_of(file) for file in files if file is not None))

    def received(self, parameter: Parameter) -> list[Received]:
        """Say what reaches a parameter."""
        found: dict[tuple[object, ...], Received] = {}
        for stack in self.stacks:
            for one in _received(stack, parameter):
                key = repr(one.value), one.when, one.source, one.names
                same = found.setdefault(key, one)
                found[key] = replace(same, files=tuple(dict.fromkeys(same.files + one.files)))
        return list(found.values())

    def uses(self, output: str) -> list[Use]:
        """Say who reads an output: nobody that can be told, for one of the root's."""
        if self.link is None:
            return []
        reads = self.link.parent.reads.get(self.path[-1], ())
        return [Use(read.at, by) for read in reads if read.attribute == f"Outputs.{output}" and (by := _user(read))]


@dataclass(frozen=True, slots=True)
class Absent:
    """A nested stack, or an alternative of one, that is not in the tree.

    Attributes:
        locations: Where its template should be, as far as that is known; the template's path if it is found.
        near: The path of a template that may have been meant; empty if there is none.
    """

    key: Key
    above: Branch
    link: StackLink
    reason: Reason
    locations: tuple[str, ...]
    near: str
    conditions: Conditions

    @property
    def path(self) -> tuple[str, ...]:
        """The logical ids from the root down."""
        return (*self.above.path, self.link.resource.logical_id)

    @property
    def file(self) -> str:
        """The path of the file that its location leads to, if it is a path."""
        location = self.locations[0]
        if self.reason not in {"absent", "unknown"} or "://" in location or "*" in location:
            return ""
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.above.template.path), location))


@dataclass(frozen=True)
class Outline:
    """A tree of stacks.

    Attributes:
        files: What the root is deployed with; empty if nothing is known of that.
        members: All that is in the tree, and what is not in it and could be: each behind the one above it.
    """

    template: Template
    files: tuple[ParameterLink, ...]
    members: tuple[Branch | Absent, ...] = field(repr=False)

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The stacks."""
        return tuple(one for one in self.members if isinstance(one, Branch))

    @property
    def paths(self) -> frozenset[str]:
        """The files that it is made of: templates, those that should be one, and what the root is deployed with."""
        found = {one.template.path if isinstance(one, Branch) else one.file for one in self.members}
        return frozenset(found | {link.file.document.path for link in self.files}) - {""}


def name_of(file: ParameterLink) -> str:
    """Name what a root is deployed with: a file, or a place in one, such as a command."""
    span = file.file.heading.span
    return f"{span.path}:{span.line}" if file.file.form == "written" else span.path


def outline(
    template: Template, links: Mapping[Template, Sequence[StackLink]], files: Sequence[ParameterLink]
) -> Outline:
    """Outline the tree below a template.

    Args:
        template: The root.
        links: The nested stacks of each template.
        files: Each parameter file that the root is deployed with.
    """
    stacks: dict[Key, list[Stack]] = defaultdict(list)
    full = False
    every: Sequence[ParameterLink | None] = files or [None]
    for file in every:
        keys: dict[Stack, Key] = {}
        for stack in grow(template, links, file):
            keys[stack] = key = _key(stack, keys, links)
            stacks[key].append(stack)
        full = full or len(keys) >= MAX_STACKS
    members: list[Branch | Absent] = [Branch(key, tuple(found)) for key, found in stacks.items()]
    for branch in tuple(members):
        if isinstance(branch, Branch):
            members += _absent(branch, links.get(branch.template, ()), stacks.keys(), full=full)
    return Outline(template, tuple(files), tuple(sorted(members, key=lambda one: one.key)))


def _key(stack: Stack, keys: Mapping[Stack, Key], links: Mapping[Template, Sequence[StackLink]]) -> Key:
    if stack.above is None or stack.link is None:
        return ()
    link = next(at for at, one in enumerate(links[stack.above.template]) if one is stack.link)
    return (*keys[stack.above], (link, _number(stack.link, stack.template)))


def _number(link: StackLink, template: Template) -> int:
    """Give the number of the alternatives that are a template, which are one."""
    return next(at for at, child in enumerate(link.children) if child.template == template)


def _absent(above: Branch, links: Sequence[StackLink], grown: Iterable[Key], *, full: bool) -> Iterator[Absent]:
    """Yield the stacks below one that are not in the tree, and say why."""
    for at, link in enumerate(links):
        lacking: dict[tuple[Reason, str, str], list[tuple[str, When]]] = defaultdict(list)
        for child in link.children:
            if (*above.key, (at, _number(link, child.template))) not in grown:
                path = child.template.path if child.template.root.document.outer is None else "TemplateBody"
                lacking[_reason(above, link, child.template, full=full), "", path].append((path, child.when))
        for missing in link.missing:
            near = missing.near.path if missing.near is not None else ""
            name = posixpath.basename(missing.text)
            lacking[missing.reason, near, name].append((missing.text, missing.when))
        for number, ((reason, near, _), found) in enumerate(lacking.items(), len(link.children)):
            locations = tuple(dict.fromkeys(location for location, _ in found))
            conditions = _conditions(link, [when for _, when in found])
            yield Absent((*above.key, (at, number)), above, link, reason, locations, near, conditions)


def _reason(above: Branch, link: StackLink, template: Template, *, full: bool) -> Reason:
    if link.is_stack_set:
        return "stack-set"
    stack: Stack | None = above.stacks[0]
    while stack is not None:
        if stack.template == template:
            return "recursive"
        stack = stack.above
    return "limit" if full or len(above.path) >= MAX_DEPTH else "never"


def _conditions(link: StackLink, whens: Iterable[When]) -> Conditions:
    own = link.resource.condition
    needed = frozenset({Assumption("condition", own, value=True)} if own else ())
    ways = _merged(when | needed for when in whens)
    return () if frozenset() in ways else tuple(tuple(ordered(way)) for way in ways)


def _merged(ways: Iterable[When]) -> list[When]:
    """Put ways together that differ only in whether one condition holds."""
    found = set(ways)
    while True:
        for one, other in combinations(sorted(found, key=ordered), 2):
            differing = one ^ other
            if len(differing) == 2 and len({assumed[:2] for assumed in differing if assumed.kind == "condition"}) == 1:
                found = (found - {one, other}) | {one & other}
                break
        else:
            return sorted(found, key=ordered)


def ordered(when: When) -> list[Assumption]:
    """Give assumptions in the order in which they are shown."""
    return sorted(when, key=lambda one: (one.kind, one.name, str(one.value)))


# --- what reaches a parameter --------------------------------------------------------------------------------------


def _received(stack: Stack, parameter: Parameter) -> Iterator[Received]:
    """Say what a parameter can be in one deployment."""
    file = stack.root.file
    files = (name_of(file),) if file is not None else ()
    source, at, names = _source(stack, parameter)
    for case in stack.scope.parameter(parameter.name):
        if any(consistent(case.when, way) for way in stack.exists):
            yield Received(case.value, case.when, _refined(source, parameter, case, stack), at, names, files)


def _source(stack: Stack, parameter: Parameter) -> tuple[Source, Node, tuple[str, ...]]:
    name, file, given = parameter.name, stack.file, stack.given.get(parameter.name)
    if file is not None and (file.overridden is None or name in file.overridden):
        return "deployment", file.via or file.file.heading, ()
    if given is not None and stack.above is None:
        return "file", given.node, ()
    if given is not None and stack.above is not None:
        names = tuple(dict.fromkeys(references(given.node)))
        return _handed(given.node, names, stack.above.template), given.node, names
    if stack.link is not None and stack.link.is_open:
        return "macro", stack.link.resource.node, ()
    default = parameter.default
    return ("default" if default is not None else "nothing"), default or parameter.node, ()


def _refined(source: Source, parameter: Parameter, case: Case, stack: Stack) -> Source:
    """Tell a parameter that may be any of its AllowedValues from one that has its Default, or nothing."""
    own = Assumption("parameter", stack.scope.label + parameter.name, str(case.value))
    return "allowed" if source in {"default", "nothing"} and own in case.when else source


def _handed(node: Node, names: Sequence[str], above: Template) -> Source:
    if not names:
        return "literal"
    whole = {"Fn::Sub": "${" + names[0] + "}"}
    if node.value in ({"Ref": names[0]}, whole) and names[0] in above.parameters:
        return "parameter"
    logical_id, _, attribute = names[0].partition(".")
    reads = node.value == whole or node.get("Fn::GetAtt") is not None
    return "output" if reads and logical_id in above.resources and attribute.startswith("Outputs.") else "expression"


def references(node: Node) -> Iterator[str]:
    """Yield the names that an expression is made of: of parameters, resources, attributes, conditions, mappings."""
    for one in node.walk():
        if not isinstance(one.value, dict) or len(one.value) != 1:
            continue
        [(function, argument)] = one.items()
        first = argument.get(0)
        if function == "Fn::GetAtt":
            parts = argument.value if isinstance(argument.value, list) else [argument.value]
            yield ".".join(part for part in parts if isinstance(part, str))
        elif function == "Fn::Sub":
            text = first.value if first is not None else argument.value
            local = argument.get(1)
            for name in _REFERENCE.findall(text) if isinstance(text, str) else ():
                if local is None or local.get(name.strip()) is None:
                    yield name.strip()
        elif function in {"Fn::If", "Fn::FindInMap"} and first is not None and isinstance(first.value, str):
            yield first.value
        elif function in {"Ref", "Fn::ImportValue"} and argument.value != "AWS::NoValue":
            yield from [argument.value] if isinstance(argument.value, str) else ()


# --- who reads an output -------------------------------------------------------------------------------------------


def _user(read: Read) -> str:
    match read.at.path:
        case ("Resources", str(logical_id), "Properties", "Parameters", str(parameter), *_):
            return f"{logical_id}.{parameter}"
        case ("Resources", str(logical_id), *_):
            return logical_id
        case ("Outputs", str(name), *_):
            return f"output {name}"
    return ""
