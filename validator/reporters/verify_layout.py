"""How the outcomes of a live run are worded for people."""

import json
from collections.abc import Iterator

from validator.document import Span, Value
from validator.environment import Difference
from validator.live import Outcome

# A value that takes more room is cut: it is there to be recognised.
_MOST = 300

BY_VALUE = frozenset({"environment-value", "environment-unset"})


def place(outcome: Outcome) -> str:
    """Name the place of an expectation in its spec."""
    return at(outcome.span)


def at(span: Span) -> str:
    """Name a place."""
    return f"{span.path}:{span.line}:{span.column}"


def where(outcome: Outcome) -> str:
    """Name the region, and the target if there is one."""
    return " ".join(filter(None, [outcome.target, outcome.region]))


def said(outcome: Outcome) -> str:
    """Say in one line what came of an expectation: of how it differs the first way, and how many there are."""
    about = f"{outcome.check} ({outcome.subject})" if outcome.subject != outcome.check else outcome.check
    if not outcome.differences:
        return f"{about}: {outcome.message}"
    first, *others = outcome.differences
    more = f", and {len(others)} more" if others else ""
    # Where values differ, there is no more to say than how.
    what = "" if outcome.rule in BY_VALUE else f"{outcome.message}: "
    return f"{about}: {what}{difference(outcome, first)}{more}"


def difference(outcome: Outcome, one: Difference) -> str:
    """Say how something differs."""
    if outcome.path in {"", "@", "count"}:
        path = one.path
    else:
        path = (
            f"{outcome.path}{one.path}"
            if one.path.startswith("[")
            else ".".join(filter(None, [outcome.path, one.path]))
        )
    by = "" if one.operator in {"equals", "members", "same"} else f"{one.operator} "
    wanted = "nothing" if one.wanted is None else by + shown(one.wanted)
    got = "nothing" if one.got is None else shown(one.got)
    return f"{path + ': ' if path else ''}expected {wanted}, found {got}"


def shown(value: Value) -> str:
    """Write a value in one line, of bounded length."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _MOST else f"{text[:_MOST]}..."


def grouped(outcomes: tuple[Outcome, ...]) -> Iterator[list[Outcome]]:
    """Yield the outcomes of each check in each place, in order."""
    group: list[Outcome] = []
    for outcome in outcomes:
        if group and _key(group[0]) != _key(outcome):
            yield group
            group = []
        group.append(outcome)
    if group:
        yield group


def _key(outcome: Outcome) -> tuple[str, str, str, str]:
    return (outcome.span.path, outcome.target, outcome.region, outcome.check)
