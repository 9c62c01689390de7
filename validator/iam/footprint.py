"""The regions that parts of a policy reach into: the values of Resource, and actions that act elsewhere by design."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from validator.document import Node
from validator.iam import arns, regions
from validator.iam.alike import apart, forms
from validator.iam.catalogue import READS, ActionSet, Types, Universe, by_types, rank
from validator.iam.clause import EVERYTHING, REGION_KEYS, Clause, Layer, Written
from validator.iam.condition import Atom
from validator.iam.decision import decide
from validator.iam.globs import Glob, glob
from validator.iam.proof import MAX_STATEMENTS, TOLERATED
from validator.lazy import kept
from validator.settings import Exempt, Settings

_UNKNOWN = "\0"
_SERVICE = re.compile(r"[a-z0-9-]+")
# Values by Deny statements; above it, nothing is said.
_MOST_COMPARED = 10_000


class Value(NamedTuple):
    """One value of Resource that is an ARN, as far as it is known.

    Attributes:
        node: Where it stands; the Resource itself where a function makes several.
        parts: Its text, None for each part that is not known.
        region: The text of its region's field; None where that is not known.
    """

    node: Node
    parts: tuple[str | None, ...]
    region: str | None

    @property
    def text(self) -> str:
        """The ARN for a message."""
        return "".join("…" if part is None else part for part in self.parts)

    def at(self, region: str) -> str:
        """Write the ARN with another region, for a message."""
        fields = self.text.split(":")
        return ":".join([*fields[:3], region, *fields[4:]])


@kept
def values(clause: Clause) -> tuple[Value, ...]:
    """List the ARNs that a statement names as its Resource, if they are well-formed; none of a NotResource."""
    return tuple(_values(clause))


def _values(clause: Clause) -> Iterator[Value]:
    written = clause.resources
    if written is None or written.negated or clause.statement.element("Resource") == "*":
        return
    element = clause.statement.resources
    assert element is not None
    nodes = list(element.node.elements()) if isinstance(element.node.value, list) else [element.node]
    plain = {node.value: node for node in reversed(nodes) if isinstance(node.value, str)}
    for at, (parts, _) in enumerate(written.values):
        fields = "".join([_UNKNOWN if part is None else part for part in parts]).split(":", 5)
        if not (fields[0] == "arn" and len(fields) == 6 and fields[1] and _SERVICE.fullmatch(fields[2])):
            continue
        if len(nodes) == len(written.values):
            node = nodes[at]
        else:
            node = plain.get(parts[0] or "", element.node) if len(parts) == 1 else element.node
        yield Value(node, parts, None if _UNKNOWN in fields[3] or "${" in fields[3] else fields[3])


class Use(NamedTuple):
    """An action that can be called in a region."""

    action: str
    region: str


@dataclass(frozen=True, slots=True)
class Grants:
    """Policies that act together, asked what a single value of Resource opens."""

    layers: Sequence[Layer]
    settings: Settings

    def clauses(self) -> Iterator[Clause]:
        """Yield the statements that grant something; none of more than could be compared in good time."""
        every = [clause for one in self.layers for clause in one.clauses]
        allows = [clause for clause in every if clause.allows]
        named = sum(len(clause.resources.values) for clause in allows if clause.resources is not None)
        if len(every) <= MAX_STATEMENTS and named * (len(every) - len(allows)) <= _MOST_COMPARED:
            yield from allows

    def use(self, clause: Clause, value: Value, names: Sequence[str], *, reads: bool = False) -> Use | None:
        """Find the best known action that a value lets be called on it in one of some regions, if there is any.

        Args:
            clause: The statement that has the value.
            value: One value of it.
            names: The regions, all matched by the value's; the best known ones first.
            reads: Whether actions that only list or read are asked for, or all others.
        """
        if not names or _sure(clause).unknown:
            return None
        alone = self._alone(clause, value)
        # Nothing else has a say: neither a condition, nor another layer, nor a Deny.
        open_ = len(alone) == 1 == len(alone[0].clauses) and not any(_on_region(atom) for atom in clause.conditions)
        for action, several in self._actions(clause, value, reads=reads):
            if open_ and not several:
                return Use(action, names[0])
            layers = self._whole() if several else alone
            for region in self._apart(layers, action, names):
                if self._allowed(layers, clause, action, region):
                    return Use(action, region)
        return None

    def _apart(self, layers: Sequence[Layer], action: str, names: Sequence[str]) -> Iterator[str]:
        """Yield the first region, which does mostly, then one of each kind that the statements tell apart."""
        yield names[0]
        every = [clause for one in layers for clause in one.clauses]
        yield from (name for name in apart(every, action, names, self.settings.partition) if name != names[0])

    def _alone(self, clause: Clause, value: Value) -> list[Layer]:
        """Give the layers, of which the statement's own allows nothing but that value."""
        parts = tuple(_EXAMPLE if part is None else part for part in value.parts)
        only = Written(((parts, True),), negated=False, variables=clause.statement.policy.variables)
        alone = replace(_sure(clause), resources=only)
        found = []
        for one in self.layers:
            if any(each is clause for each in one.clauses):
                found.append(Layer((alone, *(each for each in one.clauses if not each.allows))))
            elif one != EVERYTHING:
                found.append(one)
        return found

    def _whole(self) -> list[Layer]:
        return [replace(one, clauses=tuple(map(_sure, one.clauses))) for one in self.layers]

    def _allowed(self, layers: Sequence[Layer], clause: Clause, action: str, region: str) -> bool:
        exempt = self.settings.exempt.principals
        decision = decide(layers, action, region, partition=self.settings.partition, principals=exempt)
        # What the statement itself asks for is given where it is used.
        own = {atom.key for atom in clause.conditions}
        needed = {name.lower() for name in decision.context}
        return decision.kind == "always" or (decision.kind == "if" and needed <= own)

    def _actions(self, clause: Clause, value: Value, *, reads: bool) -> Iterator[tuple[str, bool]]:
        """Yield the actions to ask about, best first, each with whether it takes several resources at once.

        Of the actions that take the same types of resources one stands for all.
        """
        every = _about(clause.patterns, clause.but, self.settings.exempt, reads)
        arn = arns.arn(*value.parts, variables=clause.statement.policy.variables)
        service = value.text.split(":")[2].lower()
        found: dict[str, Types] = {}
        for prefix in [service] if every.rest else every.services():
            for types, bits in by_types(prefix) if self._counts(prefix) else ():
                if some := every.within(prefix, bits):
                    found[some.best(1)[0]] = types
        for action, types in sorted(found.items(), key=lambda one: (rank(one[0]), one[0])):
            groups = forms(types)
            if any(_fits(arn, form) for group in groups for form in group):
                yield action, len(groups) > 1

    def _counts(self, service: str) -> bool:
        """Say whether it matters where a service is called."""
        exempt = service in self.settings.exempt.services or service in TOLERATED
        return not exempt and regions.home(service, self.settings.partition) is None


def _fits(value: arns.Arn, form: str) -> bool:
    """Say whether a value matches an ARN of a format that has the region."""
    return any(pattern.intersects(each) for each in _regional(form) for pattern in value.fielded)


@lru_cache(maxsize=4096)
def _regional(form: str) -> tuple[Glob, ...]:
    """Make patterns of the formats that have the region."""
    regional = (one for one in form.split(", ") if "$" in "".join(one.split(":")[3:4]))
    return tuple(arns.bound(glob(_PLACEHOLDER.sub("*", one))) for one in regional)


_PLACEHOLDER = re.compile(r"\$\{[^}]*\}")
# Stands where a function makes something that nobody knows: an account, mostly.
_EXAMPLE = "123456789012"


@lru_cache(maxsize=1024)
def _about(patterns: tuple[str, ...], but: bool, exempt: Exempt, reads: bool) -> ActionSet:  # noqa: FBT001
    """Give the actions of a statement that only list or read, or the others, without those that may act anywhere."""
    universe = Universe([*patterns, *exempt.actions])
    named = universe.matching(*patterns)
    every = universe.everything - named if but else named
    reading = universe.at(READS)
    return (every & reading if reads else every - reading) - universe.matching(*exempt.actions)


def _on_region(atom: Atom) -> bool:
    return atom.key in REGION_KEYS or atom.regional


def _sure(clause: Clause) -> Clause:
    """Take a statement under an `Fn::If` as deployed, if it allows something: that is when it matters."""
    return replace(clause, unknown="") if clause.allows and clause.statement.conditional else clause


# --- what data/README.md describes ------------------------------------------------------------------------------------


class Crossing(NamedTuple):
    """An action that acts on another region than the one it is called in.

    Attributes:
        action: As documented.
        does: What it does there.
        key: The condition key that limits it to some regions; empty if there is none.
    """

    action: str
    does: str
    key: str = ""


@cache
def crossings() -> Mapping[str, Crossing]:
    """Give the actions that act on other regions, by their names in small letters, the gravest first."""
    found = _read("cross_region_actions")["actions"].items()
    return {action.lower(): Crossing(action, each["does"], each.get("key", "")) for action, each in found}


@cache
def crossing_services() -> frozenset[str]:
    """List the services that have such actions."""
    return frozenset(action.partition(":")[0] for action in crossings())


def needed_for(service: str, region: str, partition: str = "aws") -> str:
    """Say what a delivery to other regions needs a regional service in this one for; empty if nothing is known."""
    found = _read("needed_elsewhere")["services"].get(service, {}).get(partition, {})
    return str(found.get(region, ""))


def offered(service: str, region: str) -> bool | None:
    """Say whether a service can be called in a region; None where that is not known."""
    missing = _read("service_regions")["missing"].get(service)
    return None if missing is None else region not in missing


@cache
def _read(name: str) -> Any:
    return json.loads((Path(__file__).parent / "data" / f"{name}.json").read_text(encoding="utf-8"))
