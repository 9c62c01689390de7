"""Sets of actions that all statements of some policies treat alike: one action of a set stands for all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import NamedTuple

from validator.iam.alike import forms_of, is_composite, resource_keys
from validator.iam.catalogue import ActionSet, Universe
from validator.iam.clause import Clause, Layer
from validator.iam.decision import Kind
from validator.iam.glance import shows
from validator.iam.standing import too_many
from validator.lazy import lazy

# Sets of actions that statements can tell apart; above it, undecided.
MAX_CLASSES = 2_000


@dataclass(frozen=True, eq=False)
class Class:
    """Actions that all statements treat alike, and the layers without the statements that are not about them."""

    actions: ActionSet
    layers: tuple[Layer, ...]

    @lazy
    def clauses(self) -> list[Clause]:
        """All the statements."""
        return [clause for one in self.layers for clause in one.clauses]

    @lazy
    def may_open(self) -> bool:
        """Whether a request with nothing special may be allowed, as far as the keys go that the statements ask for."""
        return all(
            one.full or any(clause.allows and not clause.special for clause in one.clauses) for one in self.layers
        )

    def opens(self, action: str, region: str, partition: str) -> bool:
        """Whether a glance shows that a request with nothing special is allowed for an action in a region."""
        if self._opens is not None or self.too_many:
            return bool(self._opens)
        return shows(self._grants, (action,), region, partition)

    @lazy
    def _opens(self) -> bool | None:
        """Whether a glance shows it for all actions, or cannot show it for any; None if it depends on the resources."""
        if sum([not one.full for one in self.layers]) > 1 or not all(clause.allows for clause in self.clauses):
            return False
        if all(one.full for one in self.layers) or any(clause.anywhere for clause in self._grants):
            return True
        return None if self._grants else False

    @lazy
    def _grants(self) -> list[Clause]:
        """The statements that ask for nothing but an action and a resource."""
        return [clause for one in self.layers if not one.full for clause in one.clauses if clause.unconditional]

    @lazy
    def too_many(self) -> str:
        """Why they are not compared; empty if they are."""
        return too_many(self.clauses)

    def sort(self, action: str) -> object:
        """Give what of an action matters to the statements: what holds of one, holds of all of its sort."""
        forms = forms_of(action)
        if forms is None or not is_composite(action) or not all(clause.sure for clause in self.clauses):
            return action
        return action.partition(":")[0].lower(), forms, resource_keys(action) if len(forms) > 1 else ()

    @lazy
    def known(self) -> dict[tuple[object, str], tuple[Kind, str]]:
        """What was found out of a sort of actions in a region."""
        return {}

    @lazy
    def shut(self) -> set[tuple[object, str]]:
        """Which sorts of actions are not open in a region without something special, or not surely so."""
        return set()

    @lazy
    def alike(self) -> dict[int, list[ActionSet]]:
        """How some of the actions, by their number, are grouped by all that matters to the statements."""
        return {}

    @lazy
    def apart(self) -> dict[object, list[str]]:
        """Which regions have to be asked about for a sort of actions."""
        return {}


class Group(NamedTuple):
    """Statements of a layer that are about the same actions.

    Attributes:
        layer: Which, by its place.
        bits: The statements that have to be looked at, in the order of all statements of all layers.
        about: What they are about, or may be.
        sure: What they are surely about; the very same set if there is no doubt.
        clauses: All the statements.
    """

    layer: int
    bits: int
    about: ActionSet
    sure: ActionSet
    allows: bool
    clauses: tuple[Clause, ...]


def classes(
    layers: Sequence[Layer], groups: Sequence[Group], universe: Universe, start: ActionSet
) -> list[Class] | None:
    """Split what can be granted into sets of actions that every statement is about as a whole, or not at all.

    Args:
        layers: The policies.
        groups: Their statements.
        universe: Of the actions that they name.
        start: The actions that count.

    Returns:
        The sets; None for too many.
    """
    for at, one in enumerate(layers):
        if not one.full:
            mine = [group.about for group in groups if group.allows and group.layer == at]
            start = start & reduce(or_, mine, universe.nothing)
    sets: list[ActionSet] = []
    told: list[tuple[int, int]] = []
    for group in groups:
        sets += [group.about] if group.sure is group.about else [group.sure, group.about]
        told.append((len(sets), group.bits))
    parts = start.split(sets)
    if len(parts) > MAX_CLASSES:
        return None
    marks = [(1 << len(sets) - end, bits) for end, bits in told]
    found = []
    for mark in sorted(parts, reverse=True):
        spoken = 0
        for last, bits in marks:
            if mark & last:
                spoken |= bits
        left = []
        for one in layers:
            clauses = tuple([clause for number, clause in enumerate(one.clauses) if spoken >> number & 1])
            left.append(Layer(clauses, one.full) if len(clauses) < len(one.clauses) else one)
            spoken >>= len(one.clauses)
        if all(one.full or any(clause.allows for clause in one.clauses) for one in left):
            found.append(Class(parts[mark], tuple(left)))
    return found


def grouped(layers: Sequence[Layer], universe: Universe) -> list[Group]:
    """Group statements by the actions that they are about.

    Statements of a layer that allow their actions without more are one group, seen by its first. What they allow, the
    layer allows, and no other Allow of it matters.
    """
    found: list[Group] = []
    start = 0
    for at, one in enumerate(layers):
        found += _groups(one, at, start, universe)
        start += len(one.clauses)
    return found


def _about(clause: Clause, universe: Universe) -> tuple[ActionSet, ActionSet]:
    """Give the actions that a statement is about, or may be, and those that it surely is about."""
    sure = universe.matching(*clause.actions)
    every = sure | universe.matching(*clause.doubtful) if clause.doubtful else sure
    if not clause.but:
        return every, sure
    about = universe.everything - sure
    return about, universe.everything - every if clause.doubtful else about


def _groups(layer: Layer, place: int, start: int, universe: Universe) -> Iterator[Group]:
    told: dict[tuple[object, ...], list[tuple[int, Clause]]] = {}
    simple: list[tuple[int, Clause]] = []
    for at, clause in enumerate(layer.clauses, start):
        if clause.plain:
            simple.append((at, clause))
        else:
            key = (clause.actions, clause.doubtful, clause.but, clause.allows)
            told.setdefault(key, []).append((at, clause))
    plain = universe.nothing
    if simple:
        plain = universe.matching(*[pattern for _, clause in simple if not clause.but for pattern in clause.actions])
        for _, clause in simple:
            if clause.but:
                plain = plain | _about(clause, universe)[0]
        yield Group(place, 1 << simple[0][0], plain, plain, allows=True, clauses=tuple([one for _, one in simple]))
    for same in told.values():
        bits, clause = 0, same[0][1]
        for at, _ in same:
            bits |= 1 << at
        about, sure = _about(clause, universe)
        if simple and clause.allows:
            left = about - plain
            about, sure = left, left if sure is about else sure - plain
        yield Group(place, bits, about, sure, clause.allows, tuple([one for _, one in same]))
