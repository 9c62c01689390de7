"""Whether a matcher can hold for what a value will be."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from validator.environment.forecast import OneOf, Prospect, told
from validator.environment.matchers import Matcher
from validator.environment.references import is_open
from validator.environment.shown import differs
from validator.values import NoValue, Partial, Unknown


@dataclass(frozen=True, slots=True)
class Conflict:
    """A matcher that cannot hold, and the value that it is about."""

    matcher: Matcher
    value: Prospect


def conflicts(matcher: Matcher, value: Prospect) -> tuple[Conflict, ...]:
    """Say why a matcher cannot hold for what a value will be; nothing if it can, or if that cannot be told.

    Of several elements, any of which would do, the nearest is spoken of.
    """
    found = value.value
    if isinstance(found, Unknown | NoValue) or is_open(matcher.operand):
        return ()
    if isinstance(found, OneOf):
        every = [conflicts(matcher, one) for one in found.of]
        return every[0] if all(every) else ()
    if isinstance(found, Partial):
        return _of_partial(matcher, found, value)
    if (parts := _PARTS.get(matcher.operator)) is not None:
        return tuple(parts(matcher, value))
    plain = told(value)
    if isinstance(plain, Unknown) or (value.more and matcher.operator != "exists"):
        return ()
    return (Conflict(matcher, value),) if differs(matcher, plain, _property(value)) else ()


def _property(value: Prospect) -> str:
    """Give the name of the property that a value is given to; nothing for what is given to none."""
    path = value.at.path
    if path[:1] != ("Resources",):
        return ""
    names = (step for step in reversed(path) if isinstance(step, str) and not step.startswith("Fn::") and step != "Ref")
    return next(names, "")


def _of_partial(matcher: Matcher, found: Partial, value: Prospect) -> tuple[Conflict, ...]:
    if matcher.operator != "equals" or not isinstance(matcher.operand, str):
        return ()
    pattern = "".join(re.escape(part) if isinstance(part, str) else ".*" for part in found.parts)
    # A service may show the whole ARN, and a domain with the dot that ends it.
    fits = re.fullmatch(rf"(?:arn:.*[:/])?{pattern}\.?", matcher.operand, re.DOTALL | re.IGNORECASE)
    return () if fits else (Conflict(matcher, value),)


def _all_of(matcher: Matcher, value: Prospect) -> Iterator[Conflict]:
    for each in matcher.inner:
        yield from conflicts(each, value)


def _any_of(matcher: Matcher, value: Prospect) -> Iterator[Conflict]:
    if matcher.inner and all(conflicts(each, value) for each in matcher.inner):
        yield Conflict(matcher, value)


def _members(matcher: Matcher, value: Prospect) -> Iterator[Conflict]:
    for name, each in zip(matcher.names, matcher.inner, strict=True):
        yield from conflicts(each, value.get(name))


def _same(matcher: Matcher, value: Prospect) -> Iterator[Conflict]:
    if not isinstance(value.value, list):
        return
    wanted, there = len(matcher.inner), len(value.elements)
    if matcher.operator != "contains_all" and (there > wanted or (there < wanted and not value.more)):
        yield Conflict(matcher, value)
        return
    for each in matcher.inner:
        yield from _among(each, value)


def _exactly(matcher: Matcher, value: Prospect) -> Iterator[Conflict]:
    if not isinstance(value.value, list) or value.more:
        return
    if len(matcher.inner) != len(value.elements):
        yield Conflict(matcher, value)
        return
    # In which order AWS lists things is its own affair.
    for each in matcher.inner:
        yield from _among(each, value)


def _some(matcher: Matcher, value: Prospect) -> Iterator[Conflict]:
    if isinstance(value.value, list):
        yield from _among(matcher.inner[0], value)
    elif isinstance(value.value, dict):
        yield from conflicts(matcher.inner[0], value) if matcher.inner[0].operator == "members" else ()
    elif isinstance(value.value, str) and not is_open(matcher.inner[0].operand):
        yield from [Conflict(matcher, value)] if differs(matcher, value.value, _property(value)) else []


def _each(matcher: Matcher, value: Prospect) -> Iterator[Conflict]:
    for element in value.elements:
        yield from conflicts(matcher.inner[0], element)


def _among(each: Matcher, value: Prospect) -> tuple[Conflict, ...]:
    """Look for an element that a matcher can hold for."""
    if value.more:
        # No two tags have one key.
        key = next((one for name, one in zip(each.names, each.inner, strict=False) if name == "Key"), None)
        same = [one for one in value.elements if key is not None and one.get("Key").text == key.operand]
        return conflicts(each, same[0]) if len(same) == 1 else ()
    every = [conflicts(each, element) for element in value.elements]
    if not every:
        return (Conflict(each, value),)
    return min(every, key=len)


def _undecided(_: Matcher, __: Prospect) -> Iterator[Conflict]:
    return iter(())


_PARTS: Mapping[str, Callable[[Matcher, Prospect], Iterator[Conflict]]] = {
    "all_of": _all_of,
    "any_of": _any_of,
    "members": _members,
    "same": _same,
    "contains_all": _same,
    "exactly": _exactly,
    "some": _some,
    "contains": _some,
    "each": _each,
    # What is not there, AWS may add.
    "none": _undecided,
    "not": _undecided,
    "not_in": _undecided,
    "json": _undecided,
    "length": _undecided,
}


def nearest_of(every: Iterable[tuple[Conflict, ...]]) -> tuple[Conflict, ...]:
    """Give the shortest of several lists of conflicts; nothing if there is none."""
    return min(every, key=len, default=())
