"""The conditions of one statement as they are written: what each compares, and whether its operator is for that."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from itertools import chain

from validator.document import Node
from validator.iam.actions import actions, described, iam_data, services
from validator.iam.catalogue import Details, details
from validator.iam.clause import REGION_KEYS, conditions
from validator.iam.condition import Atom, Family
from validator.iam.guards import meant_region_key
from validator.iam.keys import Key, besides
from validator.iam.policy import Statement
from validator.lazy import kept
from validator.values import text_of

# Policy variables, what Fn::Sub fills in, and the left-overs of template languages: ${…}, {{…}}, <%…%>, %{…}, $(…),
# <name>, @{…}.
_FILLED_IN = re.compile(r"\$\{(?![*?$]\})|\{\{|<%|%\{|@\{|\$\(|<[^<>]*>")

_FAMILIES: dict[str, Family] = {
    "String": "string",
    "ARN": "arn",
    "Bool": "bool",
    "Date": "date",
    "Numeric": "number",
    "IPAddress": "ip",
}


@kept
def comparisons(statement: Statement) -> tuple[Atom, ...]:
    """List the conditions of a statement that can be read, but for those on the requested region.

    Of that key, and of what is misspelled for it, the rules on regions speak.
    """
    if not statement.has("Condition"):
        return ()
    return tuple(
        atom
        for atom in conditions(statement)
        if atom.name and atom.key not in REGION_KEYS and not meant_region_key(atom.name)
    )


def literals(atom: Atom) -> Iterator[tuple[Node, str]]:
    """Yield the values that are plain, each with its text: those that nothing makes or fills in."""
    for node in atom.operands:
        text = text_of(node.value)
        if text is not None and not is_filled_in(text):
            yield node, text


def is_filled_in(text: str) -> bool:
    """Say whether a part of a text is put there later: by IAM, by CloudFormation, or by some tool before either."""
    return _FILLED_IN.search(text) is not None


def if_absent(atom: Atom) -> bool | None:
    """Say what a condition comes to for requests that lack its key; None where nobody can know."""
    if atom.operator.family == "null" and atom.unknown:
        return None
    return replace(atom, unknown="").holds(None)


def suits(atom: Atom, known: Key) -> bool:
    """Say whether an operator is one for the type of its key, as far as the values tell.

    A string operator is one for an ARN, and for `true` and `10` as well, which are compared by their letters. Tags and
    claims are free text, which may well be a number or a date; so may other keys of services be, for an ARN operator.
    """
    wanted = {_FAMILIES[name] for name in known.types}
    family = atom.operator.family
    if family in wanted or family in {"null", "binary"} or known.claim:
        return True
    if family == "string":
        return "arn" in wanted or (
            bool(wanted & {"bool", "number"}) and all(may_be(text, known) for _, text in literals(atom))
        )
    return "string" in wanted and (known.free or (family == "arn" and known.scope != ""))


def may_be(text: str, known: Key) -> bool:
    """Say whether a key of a type other than text can have this very value, as a string operator would compare it."""
    return any(pattern.fullmatch(text) for pattern in map(_SPELLED.get, known.types) if pattern is not None)


def takes(action: str, known: Key) -> bool | None:
    """Say whether requests for an action can carry a key of a service; None where the catalogue does not tell."""
    found = details(action)
    if found is None or not takers(known):
        return None
    own = found.name.startswith(f"{known.scope}:")
    return found.name in takers(known) or (not own and _has(found, known))


@lru_cache(maxsize=1024)
def takers(known: Key) -> tuple[str, ...]:
    """List the actions of a key's service whose requests can carry it; none where the catalogue does not tell."""
    having = _carriers(known.scope).get(known.name.lower())
    if having is None:
        return ()
    also = besides(known.name)
    every = (f"{known.scope}:{name}" for name in actions(known.scope))
    return tuple(name for name in every if name in having or name in also)


@cache
def _carriers(scope: str) -> Mapping[str, frozenset[str]]:
    """Map the keys, in small letters, to the actions of a service whose requests carry them as it is documented.

    All keys of a service at once: to look at each of its actions takes most of the time.
    """
    if scope not in services():  # some keys are named after what has no actions
        return {}
    every, resources = described(scope), iam_data().resources
    of_types: dict[str, frozenset[str]] = {}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for said in every.values():
        keys = {name.lower() for name in said["conditionKeys"]}
        for one in said["resourceTypes"]:
            if (type_ := one["name"]) not in of_types:
                told = resources.get_resource_type_details(scope, type_)
                of_types[type_] = frozenset(name.lower() for name in told.get("conditionKeys", ()))
            keys |= of_types[type_]
            keys.update(map(str.lower, one["conditionKeys"]))
        action = f"{scope}:{said['name']}"
        for name in keys:
            found[name].add(action)
    return {name: frozenset(having) for name, having in found.items()}


def _has(found: Details, known: Key) -> bool:
    every = chain(found.keys, *(one.keys for one in found.resources))
    return known.name.lower() in map(str.lower, every)


_SPELLED = {
    "Bool": re.compile("true|false"),
    "Numeric": re.compile(r"-?[0-9]+(\.[0-9]+)?"),
    "Date": re.compile(r"[0-9].*"),
    "IPAddress": re.compile(r"[0-9A-Fa-f.:]*"),
}
