"""Matchers: what a value must be, how a value differs from it, and what can be told of that without any value."""

import ipaddress
import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from validator.cloudformation import patterns
from validator.document import Node, Problem, Value
from validator.environment import statements
from validator.environment.references import is_open
from validator.suggest import nearest

# How scalars are compared: `typed` as they are, 80 is not "80"; `loose` as CloudFormation does, which knows texts only:
# "80" is 80, "true" is true, "a,b" is [a, b] and a is [a].
Style = Literal["typed", "loose"]

# Of what a matcher may hold for.
KINDS = frozenset({"nothing", "boolean", "number", "string", "list", "mapping"})

# The operators that hold one matcher, a list of them, or a value to compare with.
_OF_ONE = frozenset({"not", "contains", "length", "some", "each", "none", "json"})
_OF_SEVERAL = frozenset({"contains_all", "exactly", "any_of", "all_of"})
_OF_A_VALUE = frozenset({
    *("equals", "in", "not_in", "matches", "empty", "exists", "gt", "gte", "lt", "lte", "between", "cidr_within"),
    *("version", "policy"),
})  # fmt: skip
OPERATORS = _OF_ONE | _OF_SEVERAL | _OF_A_VALUE

# For which sign of the value less the operand each holds.
_ORDERS: Mapping[str, frozenset[int]] = {
    "gt": frozenset({1}),
    "gte": frozenset({0, 1}),
    "lt": frozenset({-1}),
    "lte": frozenset({-1, 0}),
}

_MAX_STEPS = 1_000_000
_MAX_DIFFERENCES = 1_000
_MAX_JSON = 5_000_000
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?")
_CONSTRAINT = re.compile(r"\s*(>=|<=|==|!=|>|<|)\s*v?([0-9]{1,9}(?:\.[0-9]{1,9}){0,9})\s*")
_NUMBERS = re.compile(r"v?([0-9]{1,9}(?:\.[0-9]{1,9}){0,9})")


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


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a value is not as it must be.

    Attributes:
        path: Where within the value, as JMESPath would say it; empty for the value itself.
        wanted: What was asked for there, as a spec would write it; None where there should be nothing.
        got: What is there; None where there is nothing.
        operator: By what it was compared.
    """

    path: str
    wanted: Value
    got: Value
    operator: str


class UndecidedError(Exception):
    """Whether a value is as it must be cannot be told; says why."""


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
    if wanted := _unfit(operator, node.value):
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
        return {each.operator: _operand(each) for each in matcher.inner}
    return {operator: _operand(matcher)}


def _operand(matcher: Matcher) -> Value:
    """Give what stands behind an operator."""
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


# --- operands --------------------------------------------------------------------------------------------------------


def _is_plain(value: Value) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _is_network(value: Value) -> bool:
    return isinstance(value, str) and (is_open(value) or _network(value) is not None)


def _is_pair(value: Value) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_plain, value))


def _is_constraint(value: Value) -> bool:
    return isinstance(value, str) and all(_CONSTRAINT.fullmatch(part) for part in value.split(","))


_A_LIST = (lambda value: isinstance(value, list), "a list")
_A_FLAG = (lambda value: isinstance(value, bool), "true or false")
_A_BOUND = (_is_plain, "a number, or a text such as a date")
_FITS: Mapping[str, tuple[Callable[[Value], bool], str]] = {
    **dict.fromkeys((*_OF_SEVERAL, "in", "not_in"), _A_LIST),
    **dict.fromkeys(("empty", "exists"), _A_FLAG),
    **dict.fromkeys(_ORDERS, _A_BOUND),
    "matches": (lambda value: isinstance(value, str), "a regular expression"),
    "between": (_is_pair, "a list of the least and the most"),
    "cidr_within": (_is_network, "a network such as '10.0.0.0/8'"),
    "version": (_is_constraint, "a version in quotes, such as '8.0' or '>=8.0, <9'"),
    "policy": (lambda value: statements.read(value) is not None, "a policy, or a list of its statements"),
}


def _unfit(operator: str, operand: Value) -> str:
    """Say what an operator takes, if an operand is not that; nothing if it is, or may come to be."""
    fits, wanted = _FITS.get(operator, (None, ""))
    return wanted if fits is not None and not is_open(operand) and not fits(operand) else ""


# --- matching --------------------------------------------------------------------------------------------------------


def differences(matcher: Matcher, actual: Value, style: Style = "typed") -> tuple[Difference, ...]:
    """Say in what a value is not as it must be; empty if it is. References have been filled in: `${` is plain text.

    Where any one of several elements would do and none does, what is said is how the nearest of them differs.

    Raises:
        UndecidedError: It cannot be told: an expression that cannot be matched in bounded time, an operand that the
            operator cannot take, a comparison that would take too long.
    """
    found: list[Difference] = []
    try:
        for difference in _Comparison(style).differ(matcher, actual, ""):
            found.append(difference)
            if len(found) == _MAX_DIFFERENCES:
                break
    except RecursionError:
        raise UndecidedError("the comparison goes too deep") from None
    return tuple(found)


class _Comparison:
    """One comparison: how scalars compare, and the steps that are left."""

    def __init__(self, style: Style) -> None:
        self._loose = style == "loose"
        self._left = _MAX_STEPS

    def holds(self, matcher: Matcher, actual: Value) -> bool:
        """Say whether there is no difference."""
        return next(self.differ(matcher, actual, ""), None) is None

    def differ(self, matcher: Matcher, actual: Value, path: str) -> Iterator[Difference]:
        """Yield what is different, in order of the matcher."""
        self._step()
        judged = matcher.operand is not None or matcher.operator in _OF_A_VALUE
        if judged and (unfit := _unfit(matcher.operator, matcher.operand)):
            raise UndecidedError(f"{matcher.operator!r} is given {matcher.operand!r}, expected {unfit}")
        if (parts := _PARTS.get(matcher.operator)) is not None:
            yield from parts(self, matcher, actual, path)
        elif not self._is_so(matcher, actual):
            yield Difference(path, _operand(matcher), actual, matcher.operator)

    def _step(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise UndecidedError("the comparison takes too long")

    # --- matchers that say where within the value it differs -------------------------------------------------------

    def all_of(self, matcher: Matcher, actual: Value, path: str) -> Iterator[Difference]:
        """Compare with each of several."""
        for each in matcher.inner:
            yield from self.differ(each, actual, path)

    def members(self, matcher: Matcher, actual: Value, path: str) -> Iterator[Difference]:
        """Compare the members of a mapping that are named."""
        if not isinstance(actual, dict):
            yield Difference(path, written(matcher), actual, "equals")
            return
        for name, each in zip(matcher.names, matcher.inner, strict=True):
            yield from self.differ(each, actual.get(name), joined(path, name))

    def same(self, matcher: Matcher, actual: Value, path: str) -> Iterator[Difference]:
        """Compare with the same elements in any order; with `contains_all` there may be others beside them."""
        elements = self._as_list(actual)
        if elements is None:
            yield Difference(path, [written(each) for each in matcher.inner], actual, matcher.operator)
            return
        taken = self._paired(matcher.inner, elements)
        left = [(at, element) for at, element in enumerate(elements) if at not in taken.values()]
        for number, each in enumerate(matcher.inner):
            if number in taken:
                continue
            # What is wanted and not there is told by how the nearest of those that are left differs.
            if (near := self._nearest(each, left, path)) is not None:
                left = [one for one in left if one[0] != near[0]]
                yield from near[1]
            else:
                yield Difference(path, written(each), actual, "contains")
        if matcher.operator == "same":
            for at, element in left:
                yield Difference(f"{path}[{at}]", None, element, "same")

    def exactly(self, matcher: Matcher, actual: Value, path: str) -> Iterator[Difference]:
        """Compare element by element."""
        elements = self._as_list(actual)
        if elements is None:
            yield Difference(path, [written(each) for each in matcher.inner], actual, "exactly")
            return
        for at, (each, element) in enumerate(zip(matcher.inner, elements, strict=False)):
            yield from self.differ(each, element, f"{path}[{at}]")
        for at, each in list(enumerate(matcher.inner))[len(elements) :]:
            yield Difference(f"{path}[{at}]", written(each), None, "exactly")
        for at, element in list(enumerate(elements))[len(matcher.inner) :]:
            yield Difference(f"{path}[{at}]", None, element, "exactly")

    def some(self, matcher: Matcher, actual: Value, path: str) -> Iterator[Difference]:
        """Look for one element."""
        [each] = matcher.inner
        elements = self._as_list(actual)
        if elements is not None and any(self.holds(each, element) for element in elements):
            return
        if near := self._nearest(each, list(enumerate(elements or ())), path):
            yield from near[1]
        else:
            yield Difference(path, written(each), actual, matcher.operator)

    def contains(self, matcher: Matcher, actual: Value, path: str) -> Iterator[Difference]:
        """Look for an element of a list, a part of a text, or members of a mapping."""
        [each] = matcher.inner
        if isinstance(actual, dict) and each.operator == "members":
            yield from self.differ(each, actual, path)
        elif isinstance(actual, str) and each.operator == "equals":
            part = each.operand
            if not (isinstance(part, str) or (self._loose and part is not None)) or _text(part) not in actual:
                yield Difference(path, part, actual, "contains")
        else:
            yield from self.some(matcher, actual, path)

    def each(self, matcher: Matcher, actual: Value, path: str) -> Iterator[Difference]:
        """Compare every element."""
        elements = self._as_list(actual)
        if elements is None:
            yield Difference(path, _operand(matcher), actual, "each")
        for at, element in enumerate(elements or ()):
            yield from self.differ(matcher.inner[0], element, f"{path}[{at}]")

    def none(self, matcher: Matcher, actual: Value, path: str) -> Iterator[Difference]:
        """Look for elements that must not be there."""
        elements = self._as_list(actual)
        if elements is None:
            yield Difference(path, _operand(matcher), actual, "none")
        for at, element in enumerate(elements or ()):
            if self.holds(matcher.inner[0], element):
                yield Difference(f"{path}[{at}]", _operand(matcher), element, "none")

    def json(self, matcher: Matcher, actual: Value, path: str) -> Iterator[Difference]:
        """Compare what a JSON text holds."""
        value = actual
        if isinstance(actual, str):
            if len(actual) > _MAX_JSON:
                raise UndecidedError("the JSON text is too long")
            try:
                value = json.loads(actual)
            except (ValueError, RecursionError):
                yield Difference(path, _operand(matcher), actual, "json")
                return
        yield from self.differ(matcher.inner[0], value, path)

    def length(self, matcher: Matcher, actual: Value, path: str) -> Iterator[Difference]:
        """Compare how long it is."""
        if not isinstance(actual, str | list | dict):
            yield Difference(path, _operand(matcher), actual, "length")
        elif not self.holds(matcher.inner[0], len(actual)):
            yield Difference(path, _operand(matcher), len(actual), "length")

    def policy(self, matcher: Matcher, actual: Value, path: str) -> Iterator[Difference]:
        """Compare what a policy says."""
        given = statements.read(actual)
        wanted = statements.read(matcher.operand)
        if given is None or wanted is None:
            yield Difference(path, matcher.operand, actual, "policy")
            return
        for part, one, other in statements.differences(wanted, given):
            self._step()
            yield Difference(f"{path}.{part}" if path else part, one, other, "policy")

    # --- matchers that hold or do not ----------------------------------------------------------------------------

    def _is_so(self, matcher: Matcher, actual: Value) -> bool:
        operand = matcher.operand
        match matcher.operator:
            case "not":
                return not self.holds(matcher.inner[0], actual)
            case "any_of":
                return any(self.holds(each, actual) for each in matcher.inner)
            case "equals":
                return self._equal(operand, actual)
            case "in" | "not_in" if isinstance(operand, list):
                return any(self._equal(one, actual) for one in operand) is (matcher.operator == "in")
            case "exists":
                return (actual is not None) is operand
            case "empty":
                return (actual is None or actual in ("", [], {})) is operand
            case "gt" | "gte" | "lt" | "lte":
                return self._ordering(actual, operand) in _ORDERS[matcher.operator]
            case "between" if isinstance(operand, list):
                return self._ordering(actual, operand[0]) in {0, 1} and self._ordering(actual, operand[1]) in {-1, 0}
            case "matches" if isinstance(operand, str):
                return self._is_match(operand, actual)
            case "cidr_within" if isinstance(operand, str):
                return _is_within(operand, actual)
            case "version" if isinstance(operand, str):
                return _is_version(operand, actual)
        raise UndecidedError(f"{matcher.operator!r} is given {operand!r}")

    def _equal(self, wanted: Value, actual: Value) -> bool:
        """Compare all of two values: the same members, the same elements in order."""
        self._step()
        if isinstance(wanted, dict) and isinstance(actual, dict):
            return wanted.keys() == actual.keys() and all(self._equal(wanted[key], actual[key]) for key in wanted)
        if isinstance(wanted, list) and isinstance(actual, list):
            return len(wanted) == len(actual) and all(map(self._equal, wanted, actual))
        if self._loose and isinstance(actual, list) and len(actual) == 1 and not isinstance(wanted, dict | None):
            actual = actual[0]
        if isinstance(wanted, dict | list) or isinstance(actual, dict | list):
            return False
        return self._key(wanted) == self._key(actual)

    def _key(self, value: Value) -> tuple[str, object]:
        """Give what two scalars have in common that are equal."""
        if isinstance(value, bool):
            return ("boolean", value)
        if isinstance(value, int | float):
            return ("number", _decimal(value))
        if self._loose and isinstance(value, str):
            if value.lower() in {"true", "false"}:
                return ("boolean", value.lower() == "true")
            if _NUMBER.fullmatch(value):
                return ("number", Decimal(value))
        return ("str" if isinstance(value, str) else type(value).__name__, value)

    def _ordering(self, actual: Value, operand: Value) -> int | None:
        """Say whether a value is less than an operand, -1, as much, 0, or more, 1; None if they do not compare."""
        (kind, one), (other_kind, other) = self._key(actual), self._key(operand)
        if kind != other_kind or kind not in {"number", "str"}:
            return None
        return int(one > other) - int(one < other)  # type: ignore[operator]  # numbers or texts, both

    def _is_match(self, pattern: str, actual: Value) -> bool:
        text = _text(actual) if self._loose and isinstance(actual, bool | int | float) else actual
        if not isinstance(text, str):
            return False
        found = patterns.matches(pattern, text)
        if found is None:
            raise UndecidedError(f"{pattern!r} cannot be matched in bounded time")
        return found

    # --- lists -----------------------------------------------------------------------------------------------------

    def _as_list(self, actual: Value) -> list[Value] | None:
        """Give a list; CloudFormation writes one as a text, too, with commas between its elements."""
        if self._loose and isinstance(actual, str):
            return [part.strip() for part in actual.split(",")] if actual.strip() else []
        return actual if isinstance(actual, list) else None

    def _paired(self, wanted: Sequence[Matcher], elements: Sequence[Value]) -> dict[int, int]:
        """Give as many matchers as possible an element of their own that they hold for, by their numbers."""
        fits = self._fitting(wanted, elements)
        has: dict[int, int] = {}
        holder: dict[int, int] = {}
        for number in range(len(wanted)):
            # Along a matcher, an element that it could have, the matcher that has that, and so on to a free element.
            came: dict[int, int] = {}
            waiting = deque([number])
            free: int | None = None
            while waiting and free is None:
                current = waiting.popleft()
                for at in fits[current]:
                    self._step()
                    if at not in came:
                        came[at] = current
                        if at not in holder:
                            free = at
                            break
                        waiting.append(holder[at])
            while free is not None:
                mover = came[free]
                left = has.get(mover)
                has[mover], holder[free] = free, mover
                free = left
        return has

    def _fitting(self, wanted: Sequence[Matcher], elements: Sequence[Value]) -> list[list[int]]:
        """List the elements that each matcher holds for; scalars are looked up, so that long lists cost little."""
        scalars: dict[tuple[str, object], list[int]] = {}
        for at, element in enumerate(elements):
            if not isinstance(element, dict | list):
                scalars.setdefault(self._key(element), []).append(at)
        others = [at for at, element in enumerate(elements) if isinstance(element, dict | list)]
        found = []
        for each in wanted:
            if each.operator == "equals" and not isinstance(each.operand, dict | list):
                fitting = scalars.get(self._key(each.operand), [])
                found.append(fitting + [at for at in others if self.holds(each, elements[at])])
            else:
                found.append([at for at, element in enumerate(elements) if self.holds(each, element)])
        return found

    def _nearest(
        self, matcher: Matcher, elements: Iterable[tuple[int, Value]], path: str
    ) -> tuple[int, list[Difference]] | None:
        """Find the element that differs least, the first of several, and how; None for what has no parts to tell of."""
        if not any(each.operator == "members" for each in matcher.walk()):
            return None
        every = ((at, list(self.differ(matcher, element, f"{path}[{at}]"))) for at, element in elements)
        return min(every, key=lambda one: len(one[1]), default=None)


_Parts = Callable[[_Comparison, Matcher, Value, str], Iterator[Difference]]
_PARTS: Mapping[str, _Parts] = {
    "all_of": _Comparison.all_of,
    "members": _Comparison.members,
    "same": _Comparison.same,
    "contains_all": _Comparison.same,
    "exactly": _Comparison.exactly,
    "some": _Comparison.some,
    "contains": _Comparison.contains,
    "each": _Comparison.each,
    "none": _Comparison.none,
    "json": _Comparison.json,
    "length": _Comparison.length,
    "policy": _Comparison.policy,
}


def joined(path: str, name: str) -> str:
    """Write the path of a member as JMESPath would."""
    step = name if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) else json.dumps(name)
    return f"{path}.{step}" if path else step


def _decimal(value: float) -> Decimal:
    return Decimal(value) if isinstance(value, int) else Decimal(repr(value))


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def _is_within(operand: Value, actual: Value) -> bool:
    around = _network(operand) if isinstance(operand, str) else None
    network = _network(actual) if isinstance(actual, str) else None
    if around is None or network is None or around.version != network.version:
        return False
    return around.supernet_of(network)  # type: ignore[arg-type]  # both of one version


def _is_version(operand: Value, actual: Value) -> bool:
    found = _NUMBERS.match(_text(actual)) if _is_plain(actual) else None
    if found is None:
        return False
    have = _parts(found[1])
    return all(
        _is_bounded(have, *match.groups()) for part in str(operand).split(",") if (match := _CONSTRAINT.fullmatch(part))
    )


def _is_bounded(have: list[int], sign: str, text: str) -> bool:
    wanted = _parts(text)
    if not sign:  # 8.0 is any of 8.0, as 8.0.35
        return (have + [0] * len(wanted))[: len(wanted)] == wanted
    longest = max(len(have), len(wanted))
    one, other = have + [0] * (longest - len(have)), wanted + [0] * (longest - len(wanted))
    order = (one > other) - (one < other)
    return order in {">=": {0, 1}, "<=": {-1, 0}, "==": {0}, "!=": {-1, 1}, ">": {1}, "<": {-1}}[sign]


def _parts(text: str) -> list[int]:
    return [int(part) for part in text.split(".")]


# --- what can be told without a value --------------------------------------------------------------------------------


def kinds(matcher: Matcher, style: Style = "typed") -> frozenset[str]:
    """List the kinds of values, of KINDS, that a matcher can hold for: none that is left out can ever match."""
    operator, operand, loose = matcher.operator, matcher.operand, style == "loose"
    scalars = frozenset({"boolean", "number", "string"})
    a_list = frozenset({"list", "string"} if loose else {"list"})
    if operator in {"not", "not_in", "json"} or is_open(operand):
        return KINDS
    if operator == "any_of":
        return frozenset[str]().union(*(kinds(each, style) for each in matcher.inner))
    if operator == "all_of":
        return KINDS.intersection(*(kinds(each, style) for each in matcher.inner))
    if operator in {"equals", "in"}:
        values = operand if operator == "in" and isinstance(operand, list) else [operand]
        if any(map(is_open, values)):
            return KINDS
        found = frozenset(kind_of(value) for value in values)
        return found | scalars | {"list"} if loose and found & scalars else found
    if operator == "contains":
        [each] = matcher.inner
        text = kinds(each, style) & (scalars if loose else {"string"})
        return (
            a_list
            | ({"string"} if text else frozenset())
            | ({"mapping"} if each.operator == "members" else frozenset())
        )
    if operator in {"exists", "empty"} and isinstance(operand, bool):
        there = KINDS - {"nothing"}
        if operator == "exists":
            return there if operand else frozenset({"nothing"})
        return there if not operand else frozenset({"nothing", "string", "list", "mapping"})
    if operator in _ORDERS or operator == "between":
        bounds = operand if isinstance(operand, list) else [operand]
        if any(map(is_open, bounds)):
            return KINDS
        return frozenset(kind_of(bound) for bound in bounds) | (
            frozenset({"number", "string"}) if loose else frozenset()
        )
    return {
        "members": frozenset({"mapping"}),
        "same": a_list,
        "exactly": a_list,
        "contains_all": a_list,
        "some": a_list,
        "each": a_list,
        "none": a_list,
        "length": frozenset({"string", "list", "mapping"}),
        "matches": scalars if loose else frozenset({"string"}),
        "cidr_within": frozenset({"string"}),
        "version": frozenset({"string", "number"}),
        "policy": frozenset({"mapping", "string", "list"}),
    }.get(operator, KINDS)


def kind_of(value: Value) -> str:
    """Name the kind of a value, of KINDS."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    if value is None:
        return "nothing"
    return "list" if isinstance(value, list) else "mapping"


def impossible(matcher: Matcher) -> Iterator[tuple[Node, str]]:
    """Yield the parts of a matcher that no value can meet, each with what is wrong with it."""
    for each in matcher.walk():
        operand = each.operand
        if (each.operator == "in" and operand == []) or (
            each.operator == "any_of" and not each.inner and operand is None
        ):
            yield each.at, f"{each.operator!r} lists nothing, so nothing can be one of it"
        elif (
            each.operator == "between"
            and isinstance(operand, list)
            and len(operand) == 2
            and _crossed(*operand, open=False)
        ):
            yield each.at, f"nothing is between {operand[0]!r} and {operand[1]!r}"
        elif each.operator == "all_of":
            yield from _crossing(each)


def _crossing(matcher: Matcher) -> Iterator[tuple[Node, str]]:
    lower = [each for each in matcher.inner if each.operator in {"gt", "gte"}]
    upper = [each for each in matcher.inner if each.operator in {"lt", "lte"}]
    for one in lower:
        for other in upper:
            if _crossed(one.operand, other.operand, open={one.operator, other.operator} != {"gte", "lte"}):
                yield other.at, f"nothing is {one.operator} {one.operand!r} and {other.operator} {other.operand!r}"


def _crossed(least: Value, most: Value, *, open: bool) -> bool:
    if isinstance(least, bool | None) or isinstance(most, bool | None) or is_open(least) or is_open(most):
        return False
    if isinstance(least, int | float) and isinstance(most, int | float):
        return least > most or (open and least == most)
    if isinstance(least, str) and isinstance(most, str) and not (_NUMBER.fullmatch(least) or _NUMBER.fullmatch(most)):
        return least > most or (open and least == most)
    return False


def always(matcher: Matcher) -> bool:
    """Say whether a matcher surely holds for whatever value, so that it asks for nothing."""
    operator, inner = matcher.operator, matcher.inner
    if operator == "not_in":
        return matcher.operand == []
    if operator == "all_of":
        return all(map(always, inner))
    if operator == "any_of":
        return any(map(always, inner))
    return operator == "not" and next(impossible(inner[0]), None) is not None and inner[0].operator in {"in", "any_of"}
