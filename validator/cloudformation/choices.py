"""Choices: a stack of a tree as it would be for every choice of what decides about it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from math import prod
from typing import NamedTuple

from validator.cloudformation.constraints import is_looked_up, is_plural, refusal
from validator.cloudformation.stacks import Choice, Stack, nested_in, references, root_of
from validator.cloudformation.template import Template
from validator.document import Node
from validator.values import Case, Cases, Other, conditions_in, constant, text_of, unknown

# More choices of the parameters that conditions depend on are not tried one by one.
MAX_CHOICES = 1_000
# Pseudo parameters that are the same in all stacks of a tree.
_SHARED = frozenset({"AWS::AccountId", "AWS::Partition", "AWS::Region"})


def variants(stack: Stack, name: str, fixed: Mapping[str, str]) -> Iterator[Stack | None] | None:
    """Yield the same stack for every choice of what decides whether it exists and what a parameter is given.

    Where a choice makes another stack in its place, or none, there is None. Only this one parameter is right in them.

    Args:
        stack: The stack.
        name: The parameter.
        fixed: Values for parameters of the root that are not to be chosen.

    Returns:
        None if there are too many choices.
    """
    root, decisive = stack.root, _decisive(stack, name)
    texts = decisive.texts | frozenset(fixed.values())
    domains: dict[str, list[Cases]] = {one: [constant(text)] for one, text in fixed.items()}
    for one in sorted(decisive.parameters - fixed.keys()):
        domains[one] = _domain(root, one, texts)
    for one in sorted(decisive.pseudo & _SHARED):
        domains[one] = [*map(constant, sorted(texts)), _other(one, texts)]
    domains = {one: domain for one, domain in domains.items() if domain}
    number = prod(map(len, domains.values()))
    if number > min(MAX_CHOICES, root.tries[0]):
        return None
    root.tries[0] -= number
    return (
        _under(stack, dict(zip(domains, values, strict=True)), decisive.passed) for values in product(*domains.values())
    )


def _under(stack: Stack, choice: Choice, passed: Sequence[frozenset[str]]) -> Stack | None:
    """Give the same stack under a choice; `passed` are the parameters to look at, here first, then above."""
    if stack.above is None or stack.link is None:
        deciding = frozenset((one, cases) for one, cases in choice.items() if one in stack.template.deciding)
        truths = stack.truths.setdefault(deciding, {})
        return root_of(stack.template, stack.links, stack.file, choice, truths)
    above = _under(stack.above, choice, passed[1:])
    if above is None:
        return None
    return next((one for one in nested_in(above, stack.link, passed[0]) if one.child == stack.child), None)


class _Decisive(NamedTuple):
    """What decides whether a stack exists, and what a parameter of it is given.

    Attributes:
        parameters: Parameters of the root.
        pseudo: Pseudo parameters.
        texts: What they are compared with.
        passed: The parameters that are passed on, of the stack first, then of those above.
    """

    parameters: frozenset[str]
    pseudo: frozenset[str]
    texts: frozenset[str]
    passed: tuple[frozenset[str], ...]


# Whoever asks about a parameter asks for one value after the other.
@lru_cache(maxsize=8)
def _decisive(stack: Stack, name: str) -> _Decisive:
    names, pseudo, texts = {name}, set[str](), set[str]()
    passed: list[frozenset[str]] = []
    while stack.above is not None and stack.link is not None:
        passed.append(frozenset(names))
        waiting = [stack.given[one].node for one in sorted(names) if one in stack.given]
        waiting.append(stack.link.location)
        condition = stack.link.resource.condition
        stack = stack.above
        conditions = stack.template.root.get("Conditions")
        opened, named = set[str](), [condition]
        names = set()
        while waiting or named:
            for condition in named:
                definition = conditions.get(condition) if conditions is not None else None
                if condition not in opened and definition is not None:
                    opened.add(condition)
                    waiting.append(definition)
                    texts |= {text for node in definition.walk() if (text := text_of(node.value)) is not None}
            named = []
            if waiting:
                expression = waiting.pop()
                names |= set(references(expression))
                named += conditions_in(expression)
                texts |= set(_mapped(stack.template, expression))
        pseudo |= {one for one in names if "::" in one}
    parameters = frozenset(names & stack.template.parameters.keys())
    return _Decisive(parameters, frozenset(pseudo), frozenset(texts), tuple(passed))


def _mapped(template: Template, expression: Node) -> Iterator[str]:
    """Yield the keys and values of the mappings, if an expression looks anything up in them."""
    mappings = template.root.get("Mappings")
    if mappings is not None and any(node.name == "Fn::FindInMap" for node in expression.walk()):
        for node in mappings.walk():
            yield from (text for text in (text_of(node.value), node.name) if isinstance(text, str))


def _domain(root: Stack, name: str, texts: frozenset[str]) -> list[Cases]:
    """List what a parameter of the root can be chosen to be; nothing if there is nothing to choose."""
    parameter = root.template.parameters[name]
    default = text_of(parameter.default.value) if parameter.default is not None else None
    given = root.given.get(name)
    decided = root.file is not None and (default is not None if given is None else given.cases[0].known)
    if decided or is_looked_up(parameter):
        return []
    if is_plural(parameter):
        return [*map(constant, sorted({"", default or ""})), unknown("any other list")]
    allowed = parameter.allowed
    if allowed is not None:
        return [constant(text) for text in dict.fromkeys(allowed) if refusal(parameter, text) is None]
    possible = sorted(text for text in texts | {default or ""} if refusal(parameter, text) is None)
    return [*map(constant, possible), _other(name, texts.union(possible))]


def _other(name: str, texts: Iterable[str]) -> Cases:
    return (Case(Other("any other value", name, frozenset(texts))),)
