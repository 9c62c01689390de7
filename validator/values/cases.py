"""Abstract values: what is known of a value before deployment, case by case, and how cases combine."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from validator.document import Value

# Past this many alternatives nobody is helped by their list, and the product of several would explode.
MAX_CASES = 64
# Past these a text or list is none that decides anything, and nested functions could double it at every level.
MAX_TEXT = 2**14
MAX_LIST = 1000
_DYNAMIC = "{{resolve:"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that nobody can know before deployment, or that this evaluator does not follow."""

    reason: str


@dataclass(frozen=True, slots=True)
class Other(Unknown):
    """A text of which is known what it is not; it stands for all others that a parameter can be given.

    Attributes:
        name: Whose value it is: equal names have equal values.
    """

    name: str
    differs: frozenset[str]


@dataclass(frozen=True, slots=True)
class NoValue:
    """What `AWS::NoValue` stands for: the property or element is absent."""


@dataclass(frozen=True, slots=True)
class Partial:
    """A string of which some parts are unknown; no two strings stand side by side."""

    parts: tuple[str | Unknown, ...]


_NOT_PLAIN = (Partial, Unknown, NoValue)
Abstract = Value | Partial | Unknown | NoValue

_RESOLVED_LATER = Unknown("a dynamic reference is resolved at deployment")


class Assumption(NamedTuple):
    """What was taken to hold on the way to a value: a condition's truth, or a parameter's value."""

    kind: Literal["condition", "parameter"]
    name: str
    value: str | bool


When = frozenset[Assumption]


class Case(NamedTuple):
    """One thing that a value can be, and what was assumed on the way: nothing, for a value without alternatives."""

    value: Abstract
    when: When = frozenset()

    @property
    def known(self) -> bool:
        """Whether the value is plain: no part of it is unknown, and it is there."""
        return not isinstance(self.value, _NOT_PLAIN)


# Whatever the parameters turn out to be, one of the cases whose assumptions then hold has the value.
Cases = tuple[Case, ...]


def constant(value: Value) -> Cases:
    """Make the cases of a value that has no alternative."""
    return (Case(value),)


def unknown(reason: str) -> Cases:
    """Make the cases of a value of which nothing is known."""
    return (Case(Unknown(reason)),)


def text_of(value: object) -> str | None:
    """Give the string that CloudFormation makes of a scalar; None for anything else.

    Booleans become `true` and `false`, numbers their shortest decimal form (`8.10` is `8.1`), as the service does
    when a parameter or a property wants a string.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return None


def consistent(*whens: When) -> bool:
    """Whether several sets of assumptions can hold together."""
    every = frozenset().union(*whens)
    return len({assumed[:2] for assumed in every}) == len(every)


def concatenate(values: Iterable[object], delimiter: str) -> Value | Partial | Unknown:
    """Join texts, known or not, to a string, or to a partial one."""
    parts: list[str | Unknown] = []
    length = 0
    for index, value in enumerate(values):
        for part in [delimiter, *_parts(value)] if index else _parts(value):
            length += len(part) if isinstance(part, str) else 1
            if length > MAX_TEXT:
                return Unknown("a text of this length is not followed")
            if isinstance(part, str) and parts and isinstance(parts[-1], str):
                parts[-1] += part
            elif part != "":
                parts.append(part)
    if any(_DYNAMIC in part for part in parts if isinstance(part, str)):
        return _RESOLVED_LATER
    if all(isinstance(part, str) for part in parts):
        return "".join(map(str, parts))
    return parts[0] if len(parts) == 1 and isinstance(parts[0], Unknown) else Partial(tuple(parts))


def _parts(value: object) -> Sequence[str | Unknown]:
    if isinstance(value, Partial):
        return value.parts
    if isinstance(value, Other):
        return (value,)
    text = text_of(value)
    return (text,) if text is not None else (unknown_of(value),)


def unknown_of(value: object) -> Unknown:
    """Give a value that is unknown; one of another shape is, too."""
    # What is made of a text differs from other things than the text did.
    if isinstance(value, Other):
        return Unknown(value.reason)
    return value if isinstance(value, Unknown) else Unknown("a value of another shape stands here")


class _Choice(NamedTuple):
    """Values chosen so far, one of each level, with what they assume."""

    values: list[Abstract]
    facts: dict[tuple[str, str], Assumption]

    @property
    def when(self) -> When:
        return frozenset(self.facts.values())


def choices(levels: Iterable[Cases]) -> list[_Choice]:
    """Choose one case of each level in every way that is consistent; nothing, if there are too many ways."""
    choices = [_Choice([], {})]
    for level in levels:
        longer: list[_Choice] = []
        for values, facts in choices:
            fitting = [case for case in level if all(facts.get(one[:2], one) == one for one in case.when)]
            for left, case in enumerate(fitting, 1 - len(fitting)):
                # All but the last need copies.
                choice = _Choice(values.copy(), facts.copy()) if left else _Choice(values, facts)
                choice.values.append(case.value)
                choice.facts.update((one[:2], one) for one in case.when)
                longer.append(choice)
        if len(longer) > MAX_CASES:
            return []
        choices = longer
    return choices


def combine(levels: Iterable[Cases], make: Callable[[list[Abstract]], Abstract]) -> Cases:
    """Apply a function to every consistent choice of one case per level."""
    return limit(Case(make(choice.values), choice.when) for choice in choices(levels))


def apply(cases: Cases, make: Callable[[Abstract], Abstract]) -> Cases:
    """Apply a function to the value of each case."""
    return limit(Case(make(case.value), case.when) for case in cases)


def under(cases: Cases, when: When) -> list[Case]:
    """Keep the cases that can hold under further assumptions, with these added."""
    return [Case(case.value, case.when | when) for case in cases if consistent(case.when, when)]


def limit(cases: Iterable[Case]) -> Cases:
    """Give distinct cases; where all have one value, it assumes nothing."""
    distinct: dict[tuple[str, When], Case] = {}
    for case in cases:
        distinct[repr(case.value), case.when] = case
    if not 0 < len(distinct) <= MAX_CASES:
        return unknown("too many alternatives")
    found = tuple(distinct.values())
    return found if len({text for text, _ in distinct}) > 1 else (Case(found[0].value),)


def present(values: Iterable[Abstract]) -> list[Abstract]:
    """Leave out what is absent."""
    return [value for value in values if not isinstance(value, NoValue)]


def as_list(values: Iterable[Abstract]) -> Abstract:
    """Make a list of elements, the absent left out; unknown if one is."""
    found: list[Value] = []
    for value in values:
        if isinstance(value, Unknown | Partial):
            return Unknown("an element of the list is unknown")
        if not isinstance(value, NoValue):
            found.append(value)
    return _short(found)


def as_mapping(names: Iterable[str], values: Iterable[Abstract]) -> Abstract:
    """Make a mapping of members, the absent left out; unknown if one is."""
    found: dict[str, Value] = {}
    for name, value in zip(names, values, strict=True):
        if isinstance(value, Unknown | Partial) or name.startswith("Fn::"):
            return Unknown("a member of the mapping is unknown")
        if not isinstance(value, NoValue):
            found[name] = value
    return _short(found)


def _short(value: Value) -> Value | Unknown:
    """Give a list or mapping as it is unless it is so large that its copies in one another could be too much."""
    count, waiting = 0, [value]
    while waiting and count <= MAX_LIST:
        found = waiting.pop()
        count += 1
        if isinstance(found, list | dict):
            waiting += found.values() if isinstance(found, dict) else found
    return value if count <= MAX_LIST else Unknown("a list of this length is not followed")


def static(value: Value) -> Value | Unknown:
    """Give a value as it stands in the template; a dynamic reference is unknown."""
    return _RESOLVED_LATER if isinstance(value, str) and _DYNAMIC in value else value


def entry(value: Value) -> Abstract:
    """Give what stands in a mapping: a text or a list of texts, never a function."""
    if isinstance(value, list):
        return as_list(map(entry, value))
    return static(value) if not isinstance(value, dict) else Unknown("a mapping stands in the mapping")


def string_of(value: Abstract) -> Abstract:
    """Give what a parameter that is no list makes of a value."""
    if isinstance(value, Partial | Other):
        return value
    text = text_of(value)
    return static(text) if text is not None else unknown_of(value)


def list_of(value: Abstract) -> Abstract:
    """Give what a parameter that is a list makes of a value."""
    if isinstance(value, list):
        return value
    text = string_of(value)
    return as_list(part.strip() for part in text.split(",")) if isinstance(text, str) else unknown_of(text)


def position_of(value: object) -> int | None:
    """Read an index, from 0, as Fn::Select takes it; None if it is none."""
    text = text_of(value) or ""
    return int(text) if text.isdecimal() and len(text) < 9 else None


def select(found: Sequence[Abstract]) -> Abstract:
    """Take from a list, the second, the element at an index, the first."""
    index, elements = found
    position = position_of(index)
    if position is None or not isinstance(elements, list) or position >= len(elements):
        return Unknown("what Fn::Select selects is unknown")
    return elements[position]


def equal(found: Sequence[Abstract]) -> Abstract:
    """Compare two values as texts, as Fn::Equals does."""
    left, right = map(text_of, found)
    if left is not None and right is not None:
        return left == right
    one, other = found
    if isinstance(one, Other) and isinstance(other, Other) and one.name == other.name:
        return True
    if (isinstance(one, Other) and right in one.differs) or (isinstance(other, Other) and left in other.differs):
        return False
    if (isinstance(one, Partial) and _never(one, right)) or (isinstance(other, Partial) and _never(other, left)):
        return False
    return Unknown("one side of Fn::Equals is unknown")


def _never(partial: Partial, text: str | None) -> bool:
    """Whether a string of which parts are known cannot be a text."""
    first, last = partial.parts[0], partial.parts[-1]
    starts = not isinstance(first, str) or text is None or text.startswith(first)
    return not starts or (isinstance(last, str) and text is not None and not text.endswith(last))


def all_of(found: Sequence[Abstract], *, neutral: bool) -> Abstract:
    """Decide `and`, for which True is neutral, or `or`, for which False is."""
    if (not neutral) in [value for value in found if isinstance(value, bool)]:
        return not neutral
    return neutral if all(value is neutral for value in found) else Unknown("a condition is unknown")
