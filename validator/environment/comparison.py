"""Comparison: how a value differs from what it must be."""

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from validator.cloudformation import patterns
from validator.document import Value
from validator.environment import statements
from validator.environment.matchers import (
    CONSTRAINT,
    NUMBER,
    OF_A_VALUE,
    ORDERS,
    Matcher,
    Style,
    is_plain,
    joined,
    network,
    operand_of,
    unfit,
    written,
)

_MAX_STEPS = 1_000_000
_MAX_DIFFERENCES = 1_000
_MAX_JSON = 5_000_000
_NUMBERS = re.compile(r"v?([0-9]{1,9}(?:\.[0-9]{1,9}){0,9})")


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
        judged = matcher.operand is not None or matcher.operator in OF_A_VALUE
        if judged and (wrong := unfit(matcher.operator, matcher.operand)):
            raise UndecidedError(f"{matcher.operator!r} is given {matcher.operand!r}, expected {wrong}")
        if (parts := _PARTS.get(matcher.operator)) is not None:
            yield from parts(self, matcher, actual, path)
        elif not self._is_so(matcher, actual):
            yield Difference(path, operand_of(matcher), actual, matcher.operator)

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
            yield Difference(path, operand_of(matcher), actual, "each")
        for at, element in enumerate(elements or ()):
            yield from self.differ(matcher.inner[0], element, f"{path}[{at}]")

    def none(self, matcher: Matcher, actual: Value, path: str) -> Iterator[Difference]:
        """Look for elements that must not be there."""
        elements = self._as_list(actual)
        if elements is None:
            yield Difference(path, operand_of(matcher), actual, "none")
        for at, element in enumerate(elements or ()):
            if self.holds(matcher.inner[0], element):
                yield Difference(f"{path}[{at}]", operand_of(matcher), element, "none")

    def json(self, matcher: Matcher, actual: Value, path: str) -> Iterator[Difference]:
        """Compare what a JSON text holds."""
        value = actual
        if isinstance(actual, str):
            if len(actual) > _MAX_JSON:
                raise UndecidedError("the JSON text is too long")
            try:
                value = json.loads(actual)
            except (ValueError, RecursionError):
                yield Difference(path, operand_of(matcher), actual, "json")
                return
        yield from self.differ(matcher.inner[0], value, path)

    def length(self, matcher: Matcher, actual: Value, path: str) -> Iterator[Difference]:
        """Compare how long it is."""
        if not isinstance(actual, str | list | dict):
            yield Difference(path, operand_of(matcher), actual, "length")
        elif not self.holds(matcher.inner[0], len(actual)):
            yield Difference(path, operand_of(matcher), len(actual), "length")

    def policy(self, matcher: Matcher, actual: Value, path: str) -> Iterator[Difference]:
        """Compare what a policy says."""
        given = statements.read(actual)
        wanted = statements.read(matcher.operand)
        if given is None or wanted is None:
            yield Difference(path, matcher.operand, actual, "policy")
            return
        for each in statements.differences(wanted, given):
            self._step()
            yield Difference(f"{path}.{each.path}" if path else each.path, each.wanted, each.given, "policy")

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
                return self._ordering(actual, operand) in ORDERS[matcher.operator]
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
            if NUMBER.fullmatch(value):
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


def _decimal(value: float) -> Decimal:
    return Decimal(value) if isinstance(value, int) else Decimal(repr(value))


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_within(operand: Value, actual: Value) -> bool:
    around = network(operand) if isinstance(operand, str) else None
    found = network(actual) if isinstance(actual, str) else None
    if around is None or found is None or around.version != found.version:
        return False
    return around.supernet_of(found)  # type: ignore[arg-type]  # both of one version


def _is_version(operand: Value, actual: Value) -> bool:
    found = _NUMBERS.match(_text(actual)) if is_plain(actual) else None
    if found is None:
        return False
    have = _parts(found[1])
    return all(
        _is_bounded(have, *match.groups()) for part in str(operand).split(",") if (match := CONSTRAINT.fullmatch(part))
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
