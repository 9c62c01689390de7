"""Stacks as they would be deployed: a root template with what it is given, and below it every nested stack.

A template is a text, a stack is one use of it: with values for its parameters, in the cases in which it exists. Values
carry what was assumed on the way, also across the levels of a tree, so that two of them are only taken together where
both can be.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple

from validator.cloudformation.constraints import is_looked_up, is_plural, refusal
from validator.cloudformation.parameters import ParameterLink
from validator.cloudformation.template import Parameter, Template, reads
from validator.cloudformation.tree import Child, Missing, StackLink
from validator.document import Node
from validator.values import (
    Case,
    Cases,
    Scope,
    When,
    choices,
    consistent,
    constant,
    text_of,
    unknown,
)

# More stacks than these below one root are not looked at; nor are those that exist in more ways than these.
MAX_STACKS = 1_000
MAX_DEPTH = 100
# More choices of parameters than these are not tried below one root.
MAX_TRIES = 10_000
# A value that comes from more places than these is not followed.
MAX_SOURCES = 64
_MOST_WAYS = 256
_NO_VALUE = {"Ref": "AWS::NoValue"}
_REFERENCE = re.compile(r"\$\{([^!{}.][^{}.]*)\}")
_ALWAYS: tuple[When, ...] = (frozenset(),)

# Where a value comes from: a text in a template, or in a parameter file; a parameter that nobody gives a value, which
# has its Default, or can be any of its AllowedValues, or anything; or a choice.
Kind = Literal["literal", "file", "default", "allowed", "free", "chosen"]
_MILDEST: tuple[Kind, ...] = ("allowed", "default", "file", "chosen", "literal")

# A choice of values for some parameters of a root, and for pseudo parameters.
Choice = Mapping[str, Cases]


class Given(NamedTuple):
    """What a parameter is given: by the template above, or by a parameter file.

    Attributes:
        node: Where: the value in `Parameters`, or in the file.
        cases: What that can be.
    """

    node: Node
    cases: Cases


class Source(NamedTuple):
    """One place that a parameter's value can come from.

    Attributes:
        at: Where it is handed over wrong, if it is: the text, or the first place that passes a parameter on; for a
            parameter of the stack itself that is given nothing, its own key.
        cases: What it can be, where it is used.
        route: What it comes through from there: where it is passed on, downwards; before them, for `default`,
            `allowed` and `free`, the parameter that is given nothing.
        through: The parameters that hand it on as it is, downwards.
        standing: The root's parameters that the value depends on though nobody gives them one, with the text that
            they have then, if it is always the same.
    """

    kind: Kind
    at: Node
    cases: tuple[Case, ...]
    route: tuple[Node, ...] = ()
    through: tuple[Parameter, ...] = ()
    standing: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, eq=False)
class Stack:
    """A template as it is deployed in one place of a tree.

    Attributes:
        scope: Evaluates what stands in the template, with what is known of its parameters there.
        given: What its parameters are given, by name.
        links: The nested stacks of each template.
        exists: The ways in which it comes to be, each a set of assumptions; one that is empty if it always does.
        above: The stack that it is nested in; None for a root, as are link and child.
        unique: Whether no other template, known or not, can stand in its place.
        file: What a root is deployed with; None if nothing is known of that.
        choice: What was chosen for parameters of the root, to see what becomes of it.
        path: The logical ids from the root down; empty for the root.
        tries: How many choices may still be tried below a root.
        truths: What conditions of a root come to, by what is chosen of all that conditions refer to.
    """

    template: Template
    scope: Scope
    given: Mapping[str, Given]
    links: Mapping[Template, Sequence[StackLink]] = field(default_factory=dict)
    exists: tuple[When, ...] = _ALWAYS
    above: "Stack | None" = None
    link: StackLink | None = None
    child: Child | None = None
    unique: bool = True
    file: ParameterLink | None = None
    choice: Choice = field(default_factory=dict)
    path: tuple[str, ...] = ()
    tries: list[int] = field(default_factory=lambda: [MAX_TRIES], repr=False)
    truths: dict[frozenset[tuple[str, Cases]], dict[str, Cases]] = field(default_factory=dict, repr=False)
    _known: dict[str, tuple[Source, ...]] = field(default_factory=dict, repr=False)

    # --- the tree --------------------------------------------------------------------------------------------------

    @property
    def root(self) -> "Stack":
        """The stack at the top of its tree."""
        stack = self
        while stack.above is not None:
            stack = stack.above
        return stack

    @cached_property
    def sure(self) -> bool:
        """Whether each link from the root to here is surely to this template, and the root is surely deployed so."""
        if self.above is None or self.child is None:
            return self.file is None or self.file.certain
        return self.unique and self.child.certainty != "basename" and self.above.sure

    @property
    def always(self) -> bool:
        """Whether it exists whatever is chosen."""
        return frozenset() in self.exists

    @cached_property
    def below(self) -> tuple["Stack", ...]:
        """The stacks nested in it, one for each template that a nested stack can be."""
        if len(self.path) >= MAX_DEPTH:
            return ()
        return tuple(nested for link in self.links.get(self.template, ()) for nested in nested_in(self, link))

    def nested(self, logical_id: str) -> tuple["Stack", ...]:
        """Give the stacks that one resource can be."""
        return tuple(stack for stack in self.below if stack.path[-1] == logical_id)

    # --- values ----------------------------------------------------------------------------------------------------

    def ways(self, node: Node) -> tuple[When, ...]:
        """Give the ways in which what stands at a node of the template is used: it, its resource and the stack exist.

        Nothing if it is never used, or if there are more ways than can be told.
        """
        found = self.exists
        path = node.path
        if path[:1] in {("Resources",), ("Outputs",)} and len(path) > 1:
            condition = self.template.root.get(*path[:2], "Condition")
            if condition is not None and isinstance(condition.value, str):
                found = self._when(found, condition.value, truth=True)
        for at, (step, branch) in enumerate(pairwise(path)):
            if step == "Fn::If" and branch in {1, 2}:
                condition = self.template.root.get(*path[: at + 1], 0)
                if condition is not None and isinstance(condition.value, str):
                    found = self._when(found, condition.value, truth=branch == 1)
        return found

    def evaluate(self, node: Node) -> list[Case]:
        """Say what the value at a node can be where it is used."""
        return _feasible(self.scope.evaluate(node), self.ways(node))

    def values(self, name: str) -> list[Case]:
        """Say what a parameter can be given; nothing if it is given nothing."""
        given = self.given.get(name)
        return _feasible(given.cases, self.exists) if given is not None else []

    def sources(self, name: str) -> tuple[Source, ...]:
        """Say where the value of a parameter can come from; nothing if there are too many places.

        Lists, and what is read from SSM, come from nowhere.
        """
        if name not in self._known:
            found = [one._replace(cases=tuple(_feasible(one.cases, self.exists))) for one in self._sources(name)]
            found = [one for one in found if one.cases]
            self._known[name] = tuple(found) if len(found) <= MAX_SOURCES else ()
        return self._known[name]

    def _sources(self, name: str) -> Iterator[Source]:
        given = self.given.get(name)
        if given is None or name in self.choice:
            yield from self._own(name)
        elif self.above is None:
            yield Source("file", given.node, given.cases)
        else:
            for leaf, when in self.above.leaves(given.node):
                found = self._own(name) if leaf.value == _NO_VALUE else self.above.origins(leaf)
                for source in found:
                    yield source._replace(cases=tuple(_assuming(source.cases, when)))

    def _own(self, name: str) -> Iterator[Source]:
        """Yield what a parameter can be that is given nothing."""
        parameter = self.template.parameters.get(name)
        if parameter is None or (self.link is not None and self.link.is_open):
            return
        at, root = parameter.node.key, self.above is None
        if root and name in self.choice:
            yield Source("chosen", at, self.choice[name])
            return
        default = text_of(parameter.default.value) if parameter.default is not None else None
        if default is not None:
            standing = ((name, default),) if root and self.file is None else ()
            yield Source("default", at, (Case(default, self._assumed(name, default)),), standing=standing)
        if not root or (self.file is not None and default is not None):
            return
        allowed = parameter.allowed if not is_plural(parameter) else None
        if allowed is None:
            yield Source("free", at, unknown("nobody gives it a value"), standing=((name, None),))
        else:
            cases = tuple(Case(text, self._assumed(name, text)) for text in dict.fromkeys(allowed))
            yield Source("allowed", at, cases, standing=((name, None),))

    def _assumed(self, name: str, text: str) -> When:
        """Give what the scope assumes where a parameter has a text: nothing, unless it tells several cases apart."""
        cases = self.scope.parameter(name)
        return next((case.when for case in cases if case.known and text_of(case.value) == text), frozenset())

    def leaves(self, node: Node, when: When = frozenset()) -> Iterator[tuple[Node, When]]:
        """Yield what an expression can be once its Fn::If are decided, with what decides them so."""
        branches = node.get("Fn::If") if isinstance(node.value, dict) and len(node.value) == 1 else None
        name = branches.get(0) if branches is not None else None
        if branches is None or name is None or not isinstance(name.value, str) or branches.get(2) is None:
            yield node, when
            return
        for case in self.scope.condition(name.value):
            branch = branches.get(1 if case.value is True else 2)
            if branch is not None and consistent(when, case.when):
                yield from self.leaves(branch, when | case.when)

    def origins(self, leaf: Node) -> Iterator[Source]:
        """Yield where the value of an expression can come from that has no Fn::If at its top."""
        parameter = self.template.parameters.get(sole_reference(leaf))
        if parameter is None:
            yield from self._mixed(leaf)
            return
        if is_looked_up(parameter) or is_plural(parameter):
            return
        for source in self.sources(parameter.name):
            if source.kind == "free" and (allowed := parameter.allowed) is not None:
                # Whoever gives it the value is held to what is allowed here, and on the way.
                texts = [
                    text for text in dict.fromkeys(allowed) if not any(refusal(one, text) for one in source.through)
                ]
                cases = tuple(Case(text, case.when) for text in texts for case in source.cases)
                own = Source("allowed", parameter.node.key, cases, standing=source.standing)
            else:
                own = source
            through = (*own.through, parameter)
            if own.through or own.kind in {"literal", "file"}:
                yield own._replace(route=(*own.route, leaf.key), through=through)
            else:
                yield own._replace(at=leaf.key, route=(own.at,), through=through)

    def _mixed(self, leaf: Node) -> Iterator[Source]:
        """Yield what an expression comes to that is more than a reference; parameters may play a part in it."""
        names = [name for name in dict.fromkeys(references(leaf)) if name in self.template.parameters]
        # What is free has no known text, so it plays no part in one.
        parts = [source for name in names for source in self.sources(name) if source.kind != "free"]
        cases = tuple(case for case in self.scope.evaluate(leaf) if case.known)
        kind = min((part.kind for part in parts), key=_MILDEST.index, default="literal")
        first = next((part for part in parts if part.kind == kind), None)
        # Where the value is known though a parameter is free, its Default stands in.
        standing = tuple(dict.fromkeys(one for part in parts for one in part.standing if one[1] is not None))
        # What a mapping holds is a text of the template, whoever chooses it.
        if first is None or kind in {"literal", "chosen"} or leaf.get("Fn::FindInMap") is not None:
            yield Source("literal", leaf, cases, standing=standing)
        elif kind == "file":
            yield Source("file", first.at, cases, (*first.route, leaf.key))
        else:
            declared = (first.route or (first.at,))[:1]
            yield Source("default" if standing else "allowed", leaf.key, cases, declared, standing=standing)

    def _when(self, ways: Iterable[When], condition: str, *, truth: bool) -> tuple[When, ...]:
        cases = tuple(case for case in self.scope.condition(condition) if case.value is truth)
        return _joined(ways, [case.when for case in cases])


def grow(
    template: Template, links: Mapping[Template, Sequence[StackLink]], file: ParameterLink | None
) -> Iterator[Stack]:
    """Yield a root and all stacks below it, each after the one above it.

    Nothing below a template that contains itself, and no more than MAX_STACKS.

    Args:
        template: The root.
        links: The nested stacks of each template.
        file: What the root is deployed with, if that is known.
    """
    waiting = [root_of(template, links, file, {})]
    count = 0
    while waiting and count < MAX_STACKS:
        stack = waiting.pop()
        count += 1
        yield stack
        waiting += reversed(stack.below)


def root_of(
    template: Template,
    links: Mapping[Template, Sequence[StackLink]],
    file: ParameterLink | None,
    choice: Choice,
    truths: dict[str, Cases] | None = None,
) -> Stack:
    """Give a root with what it is given by a file, and by a choice that comes before it.

    Args:
        template: The root.
        links: The nested stacks of each template.
        file: What the root is deployed with, if that is known.
        choice: Values for some parameters.
        truths: What conditions are known to come to by that; more is added.
    """
    given = dict(_from_file(file)) if file is not None else {}
    values = {name: one.cases for name, one in given.items()} | dict(choice)
    scope = Scope(template.root, values, _pseudo(choice), decide=file is not None, truths=truths)
    return Stack(template, scope, given, links, file=file, choice=choice)


def _from_file(file: ParameterLink) -> Iterator[tuple[str, Given]]:
    """Yield what a root is given by a file, or besides it: then that may be anything."""
    for name, node in file.file.values.items():
        text = text_of(node.value)
        if file.file.form == "overrides" and text is not None:
            text = text.partition("=")[2]
        yield name, Given(node, constant(text) if text is not None else unknown("it is no text"))
    besides = file.template.parameters if file.overridden is None else file.overridden
    for name in (*besides, *(file.file.names.keys() - file.file.values.keys())):
        at = file.file.names.get(name) or file.via or file.file.heading
        yield name, Given(at, unknown("the deployment gives it a value"))


def _pseudo(choice: Choice) -> dict[str, Cases]:
    return {name: cases for name, cases in choice.items() if "::" in name}


def nested_in(above: Stack, link: StackLink, only: frozenset[str] | None = None) -> Iterator[Stack]:
    """Yield the stacks that a nested stack can be, one for each template, with some of their parameters or all."""
    if link.is_stack_set:
        return
    ancestors = set[Template]()
    stack: Stack | None = above
    while stack is not None:
        ancestors.add(stack.template)
        stack = stack.above
    existing = above.ways(link.resource.node)
    alternatives: tuple[Child | Missing, ...] = (*link.children, *link.missing)
    found = [(one, _translated(above, one.when)) for one in alternatives]
    possible = [
        (one, theirs) for one, theirs in found if any(consistent(way, other) for way in existing for other in theirs)
    ]
    unique = len({one.template if isinstance(one, Child) else one for one, _ in possible}) == 1
    for child, theirs in possible:
        ways = _joined(existing, theirs)
        if ways and isinstance(child, Child) and child.template not in ancestors:
            passed = dict(link.parameters.items()) if link.parameters is not None else {}
            passed = {name: node for name, node in passed.items() if only is None or name in only}
            yield _stack(above, link, child, ways, passed, unique=unique)


def _stack(
    above: Stack, link: StackLink, child: Child, ways: tuple[When, ...], passed: Mapping[str, Node], *, unique: bool
) -> Stack:
    path = (*above.path, link.resource.logical_id)
    label = ".".join((*path, ""))
    pseudo = _pseudo(above.root.choice)
    if link.is_open:
        values = dict.fromkeys(child.template.parameters, unknown("a macro may pass it"))
        scope = Scope(child.template.root, values, pseudo, label=label)
        return Stack(child.template, scope, {}, above.links, ways, above, link, child, unique, path=path)
    given = {name: Given(node, above.scope.evaluate(node)) for name, node in passed.items()}
    certain = {name: above.scope.conditions.evaluate(node) for name, node in passed.items()}
    conditions = Scope(child.template.root, certain, pseudo, label=label)
    values = {name: one.cases for name, one in given.items()}
    scope = Scope(child.template.root, values, pseudo, conditions=conditions, label=label)
    return Stack(child.template, scope, given, above.links, ways, above, link, child, unique, path=path)


def _translated(stack: Stack, when: When) -> list[When]:
    """Say under which assumptions of the tree those of a template hold."""
    levels: list[Cases] = []
    for assumed in when:
        if assumed.kind == "condition":
            cases = stack.scope.condition(assumed.name)
            levels.append(tuple(case for case in cases if case.value is assumed.value))
        else:
            cases = stack.scope.parameter(assumed.name)
            levels.append(tuple(case for case in cases if not case.known or text_of(case.value) == assumed.value))
    return [choice.when for choice in choices(levels)]


def _joined(ways: Iterable[When], others: Iterable[When]) -> tuple[When, ...]:
    """Combine ways in which one thing and another come to be; none if there are too many."""
    found = dict.fromkeys(one | other for one in ways for other in others if consistent(one, other))
    return tuple(found) if len(found) <= _MOST_WAYS else ()


def _feasible(cases: Iterable[Case], ways: Sequence[When]) -> list[Case]:
    return [case for case in cases if any(consistent(case.when, way) for way in ways)]


def _assuming(cases: Iterable[Case], when: When) -> Iterator[Case]:
    return (Case(case.value, case.when | when) for case in cases if consistent(case.when, when))


def sole_reference(node: Node) -> str:
    """Give the name that an expression is nothing but a reference to; empty for any other."""
    value = node.value
    if isinstance(value, dict) and len(value) == 1:
        [(function, argument)] = value.items()
        if function == "Ref" and isinstance(argument, str):
            return argument
        if function == "Fn::Sub" and isinstance(argument, str) and (match := _REFERENCE.fullmatch(argument)):
            return match[1].strip()
    return ""


def references(expression: Node) -> Iterator[str]:
    """Yield the names that an expression refers to."""
    return (read.logical_id for read in reads(expression) if not read.attribute)
