"""Rule iam-statement-redundant."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

from validator.document import Value
from validator.iam.policy import Policy, Statement, Texts
from validator.iam.redundancy import cut, includes_action, includes_arn
from validator.lazy import kept
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
    statements = policy.statements()
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
    actions: Texts
    resources: Texts


def _read(statement: Statement) -> _Said | None:
    who = (statement.element("Effect"), statement.element("Principal"), statement.element("NotPrincipal"))
    if statement.conditional or any(map(_is_made, who)):
        return None
    actions, resources = statement.action_texts, statement.resource_texts
    if not actions.complete or not actions.texts or (resources.given and not resources.complete):
        return None
    if actions.negated:
        return _Said(statement, ("!",), who, actions, resources)
    services = tuple(dict.fromkeys("*" if "*" in one or "?" in one else one for one in statement.services))
    return _Said(statement, services, who, actions, resources)


@kept
def _conditions(statement: Statement) -> dict[tuple[str, str], tuple[str, ...]] | None:
    """Give what each key is compared with, in one order; None for what cannot be read."""
    found = {}
    condition = statement.element("Condition")
    if is_function(condition):
        return None
    for operator, keys in condition.items() if isinstance(condition, dict) else ():
        if _is_made(keys) or not isinstance(keys, dict):
            return None
        for name, value in keys.items():
            values = value if isinstance(value, list) else [value]
            found[operator, name] = tuple(sorted(map(repr, values)))
    return found


def _is_made(value: Value) -> bool:
    """Say whether a function stands anywhere in a value."""
    stack: list[Value] = [] if isinstance(value, str) else [value]
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


def _selects(wide: Texts, narrow: Texts, includes: Callable[[str, str], bool]) -> bool:
    """Say whether one element surely means all that another means."""
    if wide.negated is not narrow.negated or wide.given is not narrow.given:
        return False
    many, few = (narrow, wide) if wide.negated else (wide, narrow)
    return all(any(includes(one, other) for one in many.texts) for other in few.texts)
