"""Matchers: what a value must be, as a spec says it."""

import ipaddress
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from validator.document import Node, Problem, Value
from validator.environment import statements
from validator.environment.references import is_open
from validator.suggest import nearest

# How scalars are compared: `typed` as they are, 80 is not "80"; `loose` as CloudFormation does, which knows texts only:
# "80" is 80, "true" is true, "a,b" is [a, b] and a is [a].
Style = Literal["typed", "loose"]

# The operators that hold one matcher, a list of them, or a value to compare with.
_OF_ONE = frozenset({"not", "contains", "length", "some", "each", "none", "json"})
_OF_SEVERAL = frozenset({"contains_all", "exactly", "any_of", "all_of"})
OF_A_VALUE = frozenset({
    *("equals", "in", "not_in", "matches", "empty", "exists", "gt", "gte", "lt", "lte", "between", "cidr_within"),
    *("version", "policy"),
})  # fmt: skip
OPERATORS = _OF_ONE | _OF_SEVERAL | OF_A_VALUE

# For which sign of the value less the operand each holds.
ORDERS: Mapping[str, frozenset[int]] = {
    "gt": frozenset({1}),
    "gte": frozenset({0, 1}),
    "lt": frozenset({-1}),
    "lte": frozenset({-1, 0}),
}

# A text that is a number where scalars are compared loosely.
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?")
# One bound of a version.
CONSTRAINT = re.compile(r"\s*(>=|<=|==|!=|>|<|)\s*v?([0-9]{1,9}(?:\.[0-9]{1,9}){0,9})\s*")


@dataclass(frozen=True, slots=True)
class Matcher:
    """What one value must be. Equal to another that asks for the same, wherever it stands.

    Attributes:
        operator: One of OPERATORS; or `members` for a mapping without operators, `same` for a list.
        at: The operand's node.
        operand: What the value is compared with, as written; None for a matcher made of others.
        inner: The matchers that it is made of; for `members` those of `names`, one by one.
    """

    operator: str
    at: Node = field(compare=False)
    operand: Value = None
    inner: tuple["Matcher", ...] = ()
    names: tuple[str, ...] = ()

    def walk(self) -> Iterator["Matcher"]:
        """Yield this matcher and all that it is made of."""
        yield self
        for each in self.inner:
            yield from each.walk()


# --- reading ---------------------------------------------------------------------------------------------------------


def read(node: Node) -> tuple[Matcher, tuple[Problem, ...]]:
    """Read the matcher that a node holds.

    Returns:
        The matcher, and what is wrong with it: code `operator` for a name that is near an operator's and is none,
        which is read as a member's; `operand` for an operator that is given what it cannot take.
    """
    problems: list[Problem] = []
    return _read(node, problems), tuple(problems)


def _read(node: Node, problems: list[Problem]) -> Matcher:
    value = node.value
    if isinstance(value, list):
        return Matcher("same", node, inner=tuple(_read(element, problems) for element in node.elements()))
    if not isinstance(value, dict):
        return Matcher("equals", node, value)
    strangers = [key for key in value if key not in OPERATORS]
    if value and not strangers:
        every = tuple(_operation(key, member, problems) for key, member in node.items())
        return every[0] if len(every) == 1 else Matcher("all_of", node, inner=every)
    for key in strangers:
        # Services have members that are called so, too: `version` beside `name`, and `versions`.
        near = nearest(key, OPERATORS) if key.islower() and not key.endswith("s") else ()
        member = node.get(key)
        if near and member is not None and (len(value) == 1 or len(strangers) < len(value)):
            text = f"{key!r} is no operator, and is taken for the name of a member"
            problems.append(Problem(member.key, text, f"did you mean {near[0]!r}?", "operator", sure=False))
    inner = tuple(_read(member, problems) for _, member in node.items())
    return Matcher("members", node, inner=inner, names=tuple(value))


def _operation(operator: str, node: Node, problems: list[Problem]) -> Matcher:
    if operator in _OF_ONE:
        return Matcher(operator, node, inner=(_read(node, problems),))
    if operator in _OF_SEVERAL and isinstance(node.value, list):
        return Matcher(operator, node, inner=tuple(_read(element, problems) for element in node.elements()))
    if wanted := unfit(operator, node.value):
        problems.append(Problem(node, f"{operator!r} is given {_shown(node)}, expected {wanted}", code="operand"))
    return Matcher(operator, node, node.value)


def _shown(node: Node) -> str:
    return repr(node.value) if isinstance(node.value, str) and len(node.value) <= 60 else node.kind


def written(matcher: Matcher) -> Value:
    """Give a matcher as a spec would write it, so that it reads the same."""
    operator, operand = matcher.operator, matcher.operand
    if operator == "members":
        return {name: written(each) for name, each in zip(matcher.names, matcher.inner, strict=True)}
    if operator == "same":
        return [written(each) for each in matcher.inner]
    if operator == "equals" and not isinstance(operand, list | dict):
        return operand
    operators = [each.operator for each in matcher.inner]
    if (
        operator == "all_of"
        and len(operators) > 1
        and len(set(operators)) == len(operators)
        and {*operators} <= OPERATORS
    ):
        return {each.operator: operand_of(each) for each in matcher.inner}
    return {operator: operand_of(matcher)}


def operand_of(matcher: Matcher) -> Value:
    """Give what stands behind a matcher's operator, as a spec would write it."""
    if matcher.operator in _OF_ONE:
        return written(matcher.inner[0])
    if matcher.operator in _OF_SEVERAL and matcher.operand is None:
        return [written(each) for each in matcher.inner]
    return matcher.operand


def literals(matcher: Matcher, path: str) -> Iterator[tuple[str, Node]]:
    """Yield the values that a matcher compares something with, each with the path of what must have it."""
    if matcher.operator == "members":
        for name, each in zip(matcher.names, matcher.inner, strict=True):
            yield from literals(each, joined(path, name))
        return
    for each in matcher.inner:
        yield from literals(each, path)
    if matcher.operator in {"equals", "in", "matches"}:
        yield path, matcher.at


def joined(path: str, name: str) -> str:
    """Write the path of a member as JMESPath would."""
    step = name if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) else json.dumps(name)
    return f"{path}.{step}" if path else step


# --- operands --------------------------------------------------------------------------------------------------------


def is_plain(value: Value) -> bool:
    """Say whether a value is a text or a number."""
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _is_network(value: Value) -> bool:
    return isinstance(value, str) and (is_open(value) or network(value) is not None)


def _is_pair(value: Value) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(is_plain, value))


def _is_constraint(value: Value) -> bool:
    return isinstance(value, str) and all(CONSTRAINT.fullmatch(part) for part in value.split(","))


_A_LIST = (lambda value: isinstance(value, list), "a list")
_A_FLAG = (lambda value: isinstance(value, bool), "true or false")
_A_BOUND = (is_plain, "a number, or a text such as a date")
_FITS: Mapping[str, tuple[Callable[[Value], bool], str]] = {
    **dict.fromkeys((*_OF_SEVERAL, "in", "not_in"), _A_LIST),
    **dict.fromkeys(("empty", "exists"), _A_FLAG),
    **dict.fromkeys(ORDERS, _A_BOUND),
    "matches": (lambda value: isinstance(value, str), "a regular expression"),
    "between": (_is_pair, "a list of the least and the most"),
    "cidr_within": (_is_network, "a network such as '10.0.0.0/8'"),
    "version": (_is_constraint, "a version in quotes, such as '8.0' or '>=8.0, <9'"),
    "policy": (lambda value: statements.read(value) is not None, "a policy, or a list of its statements"),
}


def unfit(operator: str, operand: Value) -> str:
    """Say what an operator takes, if an operand is not that; nothing if it is, or may come to be."""
    fits, wanted = _FITS.get(operator, (None, ""))
    return wanted if fits is not None and not is_open(operand) and not fits(operand) else ""


def network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """Read a network; None for a text that is none."""
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None
