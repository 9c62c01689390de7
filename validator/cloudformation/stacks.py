"""Stacks as they would be deployed: a root template with what it is given, and below it every nested stack.

A template is a text, a stack is one use of it: with values for its parameters, in the cases in which it exists. Values
carry what was assumed on the way, also across the levels of a tree, so that two of them are only taken together where
both can be.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple

from validator.cloudformation.parameters import ParameterLink
from validator.cloudformation.template import Template
from validator.cloudformation.tree import Child, StackLink
from validator.document import Node
from validator.values import Case, Cases, Scope, When, choices, consistent, constant, text_of, unknown

# More stacks than these below one root are not looked at; nor are those that exist in more ways than values have cases.
MAX_STACKS = 1_000
MAX_DEPTH = 100
_ALWAYS: tuple[When, ...] = (frozenset(),)

# Where a value comes from: a text in a template, or in a parameter file; or a parameter of the root that nobody gives a
# value, which has its Default or one of its AllowedValues then.
Source = Literal["literal", "file", "default", "allowed"]


class Given(NamedTuple):
    """What a parameter is given: by the template above, or by a parameter file.

    Attributes:
        node: Where: the value in `Parameters`, or in the file.
        cases: What that can be.
    """

    node: Node
    cases: Cases


class Origin(NamedTuple):
    """Where the value of a parameter comes from.

    Attributes:
        at: Where it is handed over wrong, if it is: the text, or the first place that passes a parameter on.
        route: What it comes through from there: where it is passed on, downwards; before them, for `default` and
            `allowed`, the root's parameter.
    """

    source: Source
    at: Node
    route: tuple[Node, ...] = ()


@dataclass(frozen=True, eq=False)
class Stack:
    """A template as it is deployed in one place of a tree.

    Attributes:
        scope: Evaluates what stands in the template, with what is known of its parameters there.
        given: What its parameters are given, by name.
        exists: The ways in which it comes to be, each a set of assumptions; one that is empty if it always does.
        above: The stack that it is nested in; None for a root, as are link and child.
        file: What a root is deployed with; None if nothing is known of that.
        path: The logical ids from the root down; empty for the root.
    """

    template: Template
    scope: Scope
    given: Mapping[str, Given]
    exists: tuple[When, ...] = _ALWAYS
    above: "Stack | None" = None
    link: StackLink | None = None
    child: Child | None = None
    file: ParameterLink | None = None
    path: tuple[str, ...] = ()

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
        if self.above is None or self.link is None or self.child is None:
            return self.file is None or self.file.certain
        return self.above.sure and self.child.certainty != "basename" and len(self.link.children) == 1

    def ways(self, node: Node) -> tuple[When, ...]:
        """Give the ways in which what stands at a node of the template is used: it, its resource and the stack exist.

        None if it is never used, or if there are more ways than can be told.
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
        ways = self.ways(node)
        return [case for case in self.scope.evaluate(node) if any(consistent(case.when, way) for way in ways)]

    def values(self, name: str) -> list[Case]:
        """Say what a parameter can be given; nothing if it is given nothing."""
        given = self.given.get(name)
        cases = given.cases if given is not None else ()
        return [case for case in cases if any(consistent(case.when, way) for way in self.exists)]

    def origin(self, name: str) -> Origin | None:
        """Say where what a parameter is given comes from; None if it is given nothing."""
        stack: Stack = self
        route: list[Node] = []
        while (given := stack.given.get(name)) is not None:
            if stack.above is None:
                return Origin("file", given.node, tuple(route))
            passed = _sole_reference(given.node)
            declared = stack.above.template.parameters.get(passed) if passed else None
            if declared is None:
                return self._mixed(stack.above, given.node, route)
            route.insert(0, given.node)
            stack, name = stack.above, declared.name
        if not route:
            return None
        declared = stack.template.parameters[name]
        source: Source = "allowed" if _is_open(stack) and declared.node.get("AllowedValues") is not None else "default"
        return Origin(source, route[0], (declared.node.key, *route[1:]))

    def _mixed(self, above: "Stack", node: Node, route: Sequence[Node]) -> Origin:
        """Tell a text from an expression with parameters in it that have a Default and nothing else."""
        names = [name for name in _references(node) if name in above.template.parameters]
        for name in names:
            inner = above.origin(name)
            if inner is None or inner.source in {"default", "allowed"}:
                return Origin("default", node, (above.template.parameters[name].node.key, *route))
        return Origin("literal", node, tuple(route))

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
    waiting = [_root(template, file)]
    count = 0
    while waiting and count < MAX_STACKS:
        stack = waiting.pop()
        count += 1
        yield stack
        if len(stack.path) < MAX_DEPTH:
            below = [nested for link in links.get(stack.template, ()) for nested in _nested(stack, link)]
            waiting += reversed(below)


def _root(template: Template, file: ParameterLink | None) -> Stack:
    if file is None:
        return Stack(template, Scope(template.root, decide=False), {})
    given = {
        name: Given(node, constant(text) if (text := text_of(node.value)) is not None else unknown("it is no text"))
        for name, node in file.file.values.items()
        if file.overridden is not None and name not in file.overridden
    }
    # What the deployment gives besides the file may be anything.
    others = template.parameters if file.overridden is None else file.overridden
    values = {name: unknown("the deployment gives it another value") for name in others}
    scope = Scope(template.root, {**values, **{name: one.cases for name, one in given.items()}})
    return Stack(template, scope, given, file=file)


def _nested(above: Stack, link: StackLink) -> Iterator[Stack]:
    """Yield the stacks that a nested stack can be, one for each template."""
    ancestors = set[Template]()
    stack: Stack | None = above
    while stack is not None:
        ancestors.add(stack.template)
        stack = stack.above
    existing = above.ways(link.resource.node)
    passed = dict(link.parameters.items()) if link.parameters is not None and not link.is_open else {}
    for child in link.children if not link.is_stack_set else ():
        ways = _joined(existing, _translated(above, child.when))
        if child.template in ancestors or not ways:
            continue
        path = (*above.path, link.resource.logical_id)
        label = ".".join(path) + "."
        given = {name: Given(node, above.scope.evaluate(node)) for name, node in passed.items()}
        certain = {name: above.scope.conditions.evaluate(node) for name, node in passed.items()}
        open_ = unknown("a macro may pass it") if link.is_open else None
        if open_ is not None:
            certain = dict.fromkeys(child.template.parameters, open_)
        conditions = Scope(child.template.root, certain, label=label)
        values = certain if open_ is not None else {name: one.cases for name, one in given.items()}
        scope = Scope(child.template.root, values, conditions=conditions, label=label)
        yield Stack(child.template, scope, given, ways, above, link, child, path=path)


def _translated(stack: Stack, when: When) -> list[When]:
    """Say under which assumptions of the tree those of a template hold."""
    levels: list[Cases] = []
    for assumed in when:
        if assumed.kind == "condition":
            cases = stack.scope.condition(assumed.name)
            levels.append(tuple(case for case in cases if case.value is assumed.value))
        else:
            cases = stack.scope.parameter(assumed.name)
            same = [case for case in cases if not case.known or text_of(case.value) == assumed.value]
            levels.append(tuple(same))
    return [choice.when for choice in choices(levels)]


def _joined(ways: Iterable[When], others: Iterable[When]) -> tuple[When, ...]:
    """Combine ways in which one thing and another come to be; none if there are too many."""
    found = dict.fromkeys(one | other for one in ways for other in others if consistent(one, other))
    return tuple(found) if len(found) <= _MOST_WAYS else ()


_MOST_WAYS = 256


def _is_open(stack: Stack) -> bool:
    return stack.above is None and stack.file is None


def _sole_reference(node: Node) -> str:
    """Give the name that an expression is nothing but a reference to; empty for any other."""
    value = node.value
    if isinstance(value, dict) and len(value) == 1:
        [(function, argument)] = value.items()
        if function == "Ref" and isinstance(argument, str):
            return argument
        if function == "Fn::Sub" and isinstance(argument, str) and argument[:2] == "${" and argument[-1:] == "}":
            return argument[2:-1]
    return ""


def _references(node: Node) -> Iterator[str]:
    """Yield the names that an expression refers to."""
    for one in node.walk():
        if isinstance(one.value, dict) and isinstance(name := one.value.get("Ref"), str):
            yield name
        text = one.get("Fn::Sub", 0) or one.get("Fn::Sub")
        if text is not None and isinstance(text.value, str):
            yield from (part.partition("}")[0] for part in text.value.split("${")[1:])
