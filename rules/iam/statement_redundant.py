"""Rule iam-statement-redundant."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

from validator.document import Value
from validator.iam.lazy import kept
from validator.iam.policy import Element, Policy, Statement
from validator.iam.redundancy import cut, includes_action, includes_arn
from validator.rule import Edit, Finding, Severity, rule
from validator.shape import is_function


@rule("iam-statement-redundant", Severity.NOTE)
def check(policy: Policy) -> Iterator[Finding]:
    """A statement says nothing that another statement of the policy does not say.

    One with the same effect and for the same principals covers its actions and its resources, and asks for no condition
    that it does not ask for. Removing it changes nothing; whoever edits it believes that it does. Statements under an
    Fn::If are left alone, and so is what functions make.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*"},
      {"Sid": "Logs", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*"},
      {"Sid": "Logs", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs/*"}]}
    ```
    """
    statements = tuple(policy.statements())
    if len(statements) < 2:
        return
    known = [found for statement in statements if (found := _read(statement)) is not None]
    named: defaultdict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(known):
        for service in one.services:
            named[service].append(at)
    room = _MOST_COMPARED
    for at, one in enumerate(known):
        for other in chain(named[one.services[0]], named["*"] if one.services[0] != "*" else ()):
            if other == at:
                continue
            room -= 1
            if room < 0:
                return
            wider = known[other]
            if _covers(wider, one) and (other < at or not _covers(one, wider)):
                node, related = one.statement.node, wider.statement.node
                name, other_name = one.statement.called, wider.statement.called
                message = f"{name} is covered by {other_name if other_name != name else 'the other with this Sid'}"
                fix = (Edit(span, ""),) if (span := cut(node)) is not None else ()
                advice = "remove it, or narrow the other"
                yield Finding(node.key, message, advice, related=((related.key, "covered by this"),), fix=fix)
                break


# Only policies made for it have so many statements about one service; then some redundant one goes unnoticed.
_MOST_COMPARED = 20_000


class _Said(NamedTuple):
    """What a statement says, where nothing of it is left to a function.

    Attributes:
        services: The prefixes of its actions, each once; `*` for any, `!` for a NotAction.
        who: Effect, Principal and NotPrincipal.
    """

    statement: Statement
    services: tuple[str, ...]
    who: tuple[Value, ...]
    actions: Element
    resources: Element | None


def _read(statement: Statement) -> _Said | None:
    actions, resources = statement.actions, statement.resources
    members = statement.node.value
    assert isinstance(members, dict)
    who = (members.get("Effect"), members.get("Principal"), members.get("NotPrincipal"))
    if statement.conditional or actions is None or any(map(_is_made, who)):
        return None
    if not actions.values or not actions.complete or (resources is not None and not resources.complete):
        return None
    prefixes = (str(node.value).lower().partition(":")[0] for node in actions.values)
    services = ["!"] if actions.negated else ["*" if "*" in prefix or "?" in prefix else prefix for prefix in prefixes]
    return _Said(statement, tuple(dict.fromkeys(services)), who, actions, resources)


@kept
def _conditions(statement: Statement) -> dict[tuple[str, str], tuple[str, ...]] | None:
    """Give what each key is compared with, in one order; None for what cannot be read."""
    found = {}
    condition = statement.condition
    for operator, keys in condition.items() if condition is not None else ():
        if _is_made(keys.value) or not isinstance(keys.value, dict):
            return None
        for name, value in keys.items():
            values = value.value if isinstance(value.value, list) else [value.value]
            found[operator, name] = tuple(sorted(map(repr, values)))
    return None if condition is not None and is_function(condition.value) else found


def _is_made(value: Value) -> bool:
    """Say whether a function stands anywhere in a value."""
    stack = [value]
    while stack:
        one = stack.pop()
        if is_function(one):
            return True
        stack += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    return False


def _covers(wide: _Said, narrow: _Said) -> bool:
    return (
        wide.who == narrow.who
        and _selects(wide.actions, narrow.actions, includes_action)
        and _asks_less(wide.statement, narrow.statement)
        and _selects(wide.resources, narrow.resources, includes_arn)
    )


def _asks_less(wide: Statement, narrow: Statement) -> bool:
    """Say whether a statement surely asks for no condition that the other does not ask for."""
    asked, given = _conditions(wide), _conditions(narrow)
    return asked is not None and given is not None and asked.items() <= given.items()


def _selects(wide: Element | None, narrow: Element | None, includes: Callable[[str, str], bool]) -> bool:
    """Say whether one element surely means all that another means."""
    if wide is None or narrow is None:
        return wide is narrow
    if wide.negated is not narrow.negated:
        return False
    many, few = (narrow, wide) if wide.negated else (wide, narrow)
    return all(any(includes(str(one.value), str(other.value)) for one in many.values) for other in few.values)
