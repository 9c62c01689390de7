"""What is there, compared with what a check expects of it; who looked, and how, does not matter here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from validator.document import Node, Value
from validator.environment import Check
from validator.environment.checks import Call
from validator.environment.comparison import Difference, UndecidedError, differences
from validator.environment.matchers import Matcher, written
from validator.live.outcome import Fault, FaultError, Kind
from validator.live.redaction import is_secret, secret_members


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one expectation, before secrets are hidden.

    Attributes:
        secret: Whether all that was found there is a secret, and `hidden` the members that are.
    """

    path: str
    at: Node
    kind: Kind
    rule: str = ""
    message: str = ""
    expected: Value = None
    differences: tuple[Difference, ...] = ()
    secret: bool = False
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Aspect:
    """One expectation of a check: a path, or what is asked of the thing as a whole."""

    path: str
    at: Node
    matcher: Matcher | None = None

    @property
    def absence(self) -> bool:
        """Whether it is that there is no such thing."""
        return self.path == "absent" and self.matcher is None


def aspects(check: Check) -> list[Aspect]:
    """List what a check expects, its further call aside; one at least, that the thing is there."""
    if check.absent:
        return [Aspect("absent", check.at)]
    found = [Aspect("type", check.at.get("type") or check.at)] if check.type else []
    if check.count is not None:
        found.append(Aspect("count", check.count.at, check.count))
    found += [Aspect(one.path, one.at, one.matcher) for one in check.expected]
    return found or [Aspect("", check.at)]


def _is_nothing(call: Call, value: Value) -> bool:
    """Say whether nothing was found: an answer that AWS gives about a thing is something, lists of none are not."""
    if call.select:
        return value in (None, [], {})
    return isinstance(value, dict) and bool(value) and all(member == [] for member in value.values())


def compared(aspect: Aspect, check: Check, value: Value) -> Found:
    """Compare one expectation with what is there."""
    if aspect.absence:
        if check.call is not None and _is_nothing(check.call, value):
            return conforming(aspect)
        return present(aspect)
    if aspect.matcher is None:
        if aspect.path == "" and check.call is not None and _is_nothing(check.call, value):
            return missing(aspect, "nothing is found")
        return conforming(aspect)
    if aspect.matcher is check.count:
        if not isinstance(value, list | None):
            return unchecked(aspect, Fault("environment-undecided", "what is there is no list: `select` one to count"))
        return counted(aspect, value or [])
    try:
        actual = searched(aspect.path, value) if aspect.path else value
        found = differences(aspect.matcher, actual, check.style)
    except UndecidedError as error:
        return unchecked(aspect, Fault("environment-undecided", str(error)))
    except FaultError as error:
        return unchecked(aspect, error.fault)
    return replace(
        _said(aspect, check, actual, found), secret=is_secret(actual), hidden=frozenset(secret_members(actual))
    )


def _said(aspect: Aspect, check: Check, actual: Value, found: tuple[Difference, ...]) -> Found:
    """Say how what is there differs."""
    assert aspect.matcher is not None
    if not found:
        return conforming(aspect)
    if actual == [] and aspect.matcher.operator == "some":
        return missing(aspect, "nothing is found")
    name = aspect.path or check.path
    rule, what = ("environment-unset", "is not set") if actual is None else ("environment-value", "differs")
    return Found(aspect.path, aspect.at, "differs", rule, f"{name} {what}", written(aspect.matcher), found)


def counted(aspect: Aspect, things: Sequence[Any]) -> Found:
    """Compare how many there are with how many there must be."""
    number = len(things)
    if aspect.absence:
        if not things:
            return conforming(aspect)
        return present(aspect, f"there {'is' if number == 1 else 'are'} {number}, and must be none")
    assert aspect.matcher is not None
    try:
        found = differences(aspect.matcher, number, "typed")
    except UndecidedError as error:
        return unchecked(aspect, Fault("environment-undecided", str(error)))
    if not found:
        return conforming(aspect)
    message = f"there {'is' if number == 1 else 'are'} {number}"
    return Found(aspect.path, aspect.at, "differs", "environment-count", message, written(aspect.matcher), found)


def missing(aspect: Aspect, reason: str, *, around: bool = False) -> Found:
    """Say that there is no such thing; `around` if what it would be in is not there either, which proves nothing."""
    if aspect.absence and not around:
        return conforming(aspect)
    wanted = written(aspect.matcher) if aspect.matcher is not None else True if aspect.absence else None
    return Found(aspect.path, aspect.at, "differs", "environment-missing", reason, wanted)


def present(aspect: Aspect, reason: str = "it is there, and must not be") -> Found:
    """Say that there is such a thing, and must be none."""
    return Found(aspect.path, aspect.at, "differs", "environment-present", reason, True)


def conforming(aspect: Aspect) -> Found:
    """Say that it is as it must be."""
    wanted = written(aspect.matcher) if aspect.matcher is not None else None
    return Found(aspect.path, aspect.at, "conforms", expected=wanted)


def unchecked(aspect: Aspect, fault: Fault) -> Found:
    """Say that it could not be checked."""
    return Found(aspect.path, aspect.at, "error", fault.rule, fault.reason)


def searched(expression: str, value: Value) -> Value:
    """Evaluate a JMESPath expression.

    Raises:
        FaultError: It cannot be evaluated.
    """
    try:
        found: Value = jmespath.search(expression, value)
    except (JMESPathError, RecursionError) as error:
        said = str(error).partition("\n")[0]
        raise FaultError(Fault("environment-undecided", f"{expression!r} cannot be evaluated: {said}")) from None
    return found
