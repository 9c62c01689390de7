"""IAM policies as matchers compare them: by what they say, however it is written."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from validator.document import Value

_MAX_TEXT = 1_000_000
_ROOT = re.compile(r"arn:[a-z-]+:iam::([0-9]{12}):root")
# Of these letters' case means nothing; of resources and principals it does.
_FOLDED = frozenset({"action", "notaction"})


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy, or statements of one: the statements in order, and what else the document says."""

    statements: tuple[Mapping[str, Value], ...]
    rest: Mapping[str, Value]


def read(value: Value) -> Policy | None:
    """Read a policy: a document, its JSON text, or a list of statements; None if it is none of these."""
    if isinstance(value, str):
        try:
            value = json.loads(value) if len(value) <= _MAX_TEXT else None
        except (ValueError, RecursionError):
            return None
    if isinstance(value, dict) and "Statement" in value:
        listed, rest = value["Statement"], {key: one for key, one in value.items() if key != "Statement"}
    elif isinstance(value, list):
        listed, rest = value, {}
    else:
        return None
    found = listed if isinstance(listed, list) else [listed]
    statements = tuple(one for one in found if isinstance(one, dict))
    return Policy(statements, rest) if len(statements) == len(found) else None


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a policy says something else than is wanted.

    Attributes:
        path: Where in the given policy, as JMESPath would say it.
        source: Where in the wanted one: the number of the statement, and its element, as far as they are known.
        wanted: What is wanted there; None where there should be nothing.
        given: What is there; None where there is nothing.
    """

    path: str
    source: tuple[int | str, ...]
    wanted: Value
    given: Value


def differences(wanted: Policy, given: Policy) -> Iterator[Difference]:
    """Yield where a policy says something else than is wanted.

    Statements may stand in any order. Version, Id and the Sids of statements count where the wanted policy has them.
    """
    for name, value in wanted.rest.items():
        if given.rest.get(name) != value:
            yield Difference(name, (), value, given.rest.get(name))
    left = list(enumerate(given.statements))
    missing = []
    for number, one in enumerate(wanted.statements):
        found = next((other for other in left if not any(_unlike(one, other[1]))), None)
        if found is None:
            missing.append((number, one))
        else:
            left.remove(found)
    if len(missing) == len(left) == 1:
        [(number, one)], [(at, other)] = missing, left
        for name in _unlike(one, other):
            source, value, found_there = _narrowed(name, one.get(name), other.get(name))
            yield Difference(f"Statement[{at}].{'.'.join(source)}", (number, *source), value, found_there)
        return
    for number, one in missing:
        yield Difference("Statement", (number,), dict(one), None)
    for at, other in left:
        yield Difference(f"Statement[{at}]", (), None, dict(other))


def _narrowed(name: str, wanted: Value, given: Value) -> tuple[tuple[str, ...], Value, Value]:
    """Give the member in which two elements differ, if it is one: a kind of principal, an operator of a condition."""
    if isinstance(wanted, dict) and isinstance(given, dict) and wanted.keys() == given.keys():
        pairs = {one: (_canonical(name.lower(), {one: each[one]}) for each in (wanted, given)) for one in wanted}
        unlike = [one for one, (ours, theirs) in pairs.items() if ours != theirs]
        if len(unlike) == 1:
            return (name, unlike[0]), wanted[unlike[0]], given[unlike[0]]
    return (name,), wanted, given


def _unlike(wanted: Mapping[str, Value], given: Mapping[str, Value]) -> Iterator[str]:
    """Yield the names of the elements in which two statements say different things."""
    for name in dict.fromkeys((*wanted, *given)):
        if name == "Sid" and name not in wanted:
            continue
        if _canonical(name.lower(), wanted.get(name)) != _canonical(name.lower(), given.get(name)):
            yield name


def _canonical(name: str, value: Value) -> object:
    if value is None:
        return None
    if name in {"principal", "notprincipal"}:
        # For the star the two ways to write it mean the same.
        listed = value if isinstance(value, dict) else {"AWS": value}
        return {kind: frozenset(_ROOT.sub(r"\1", one) for one in _texts(each)) for kind, each in listed.items()}
    if name == "condition" and isinstance(value, dict):
        return {
            operator: {key.lower(): frozenset(_texts(each)) for key, each in keys.items()}
            for operator, keys in value.items()
            if isinstance(keys, dict)
        }
    if name in {"sid", "effect"} or isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    texts = _texts(value)
    return frozenset(one.lower() for one in texts) if name in _FOLDED else frozenset(texts)


def _texts(value: Value) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in listed]
