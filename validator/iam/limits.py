"""Policies that limit by region where one may act, and what would be decided if a statement of theirs were another.

Whether a statement is to blame for what can be called, or cannot, is decided twice: with it as it is, and without it,
or with its gap closed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from validator.document import Node
from validator.iam import regions
from validator.iam.actions import matches, services
from validator.iam.alike import apart
from validator.iam.catalogue import READS, ActionSet, Universe, details
from validator.iam.clause import Clause, Layer
from validator.iam.decision import Decision, decide
from validator.iam.guards import REGION_KEY, Guard, guards, intended, speaks_of_region
from validator.iam.policy import PolicySet
from validator.iam.proof import MAX_ACTIONS, MAX_STATEMENTS, TOLERATED
from validator.iam.sets import deployments
from validator.lazy import lazy
from validator.settings import Exempt, Settings

# More statements about the region than these are compared with each other by no rule.
MAX_GUARDS = 100


@dataclass(frozen=True, eq=False)
class Limits:
    """Policies that act together, some of whose statements speak of the region.

    Attributes:
        layers: All of their statements, as deployed.
        guards: Those that speak of the region, as far as it is known what they say.
        approved: Where one may act: as configured, or where the guards mean to let something act; empty if nobody says.
        configured: Which of the two.
        exempt: What may act elsewhere.
    """

    layers: tuple[Layer, ...]
    guards: tuple[Guard, ...]
    approved: tuple[str, ...]
    configured: bool
    partition: str
    exempt: Exempt

    @property
    def locks(self) -> list[Guard]:
        """The guards that deny whatever they do not leave out, in all regions but some."""
        return [
            guard
            for guard in self.guards
            if guard.form == "denies-elsewhere" and guard.test.key == REGION_KEY.lower() and blanket(guard.clause)
        ]

    @lazy
    def universe(self) -> Universe:
        """The actions that the policies, and what is exempt, can tell apart."""
        named = (pattern for one in self.layers for clause in one.clauses for pattern in clause.patterns)
        return Universe([*named, *self.exempt.actions])

    @lazy
    def granted(self) -> ActionSet:
        """The actions that each layer has an Allow for, whatever it asks for and whatever is denied."""
        found = self.universe.everything
        for one in self.layers:
            if not one.full:
                mine = (self.about(clause) for clause in one.clauses if clause.allows)
                found = found & sum_of(self.universe, mine)
        return found

    @lazy
    def writes(self) -> ActionSet:
        """The actions that are granted, do more than read, and are not exempt."""
        return self.granted - self.universe.at(READS) - self.universe.matching(*self.exempt.actions)

    def about(self, clause: Clause) -> ActionSet:
        """Give the actions that a statement is about, as far as its patterns are known."""
        if (found := self._about.get(clause)) is not None:
            return found
        named = self.universe.matching(*(clause.patterns if clause.but else clause.actions))
        found = self._about[clause] = self.universe.everything - named if clause.but else named
        return found

    @lazy
    def _about(self) -> dict[Clause, ActionSet]:
        return {}

    def left_out(self, clause: Clause) -> ActionSet:
        """Give the actions that a statement is not about."""
        return self.universe.everything - self.about(clause)

    def regional(self, actions: ActionSet, most: int) -> list[str]:
        """Choose the best known of some actions that are documented and can be called in a region of choice."""
        found = (action for action in actions.best(4 * most) if self.roams(action) and details(action) is not None)
        return [action for action, _ in zip(found, range(most), strict=False)]

    def roams(self, action: str) -> bool:
        """Whether an action can be called in a region of choice, and nobody tolerates that."""
        service = action.partition(":")[0].lower()
        tolerated = service in TOLERATED or service in self.exempt.services
        return not tolerated and regions.home(service, self.partition) is None

    def decide(self, action: str, region: str, layers: Sequence[Layer] | None = None) -> Decision:
        """Decide about an action in a region, by these policies or by what they could be instead."""
        asked = self.layers if layers is None else layers
        return decide(asked, action, region, partition=self.partition, principals=self.exempt.principals)

    def outside(self, action: str, *tests: Guard) -> list[str]:
        """Choose the known regions, best known first, that are not approved and for which the tests of guards hold."""
        names = [
            name
            for name in sorted(regions.regions(self.partition), key=lambda one: (regions.rank_region(one), one))
            if name not in self.approved and all(guard.test.holds(name) for guard in tests)
        ]
        clauses = [clause for one in self.layers for clause in one.clauses]
        return apart(clauses, action, names, self.partition)

    def escape(self, action: str, guard: Guard, closed: Clause) -> tuple[str, Decision] | None:
        """Find a region in which an action can be called by a plain request, and could not if a guard were closed.

        Args:
            action: As prefix:Name.
            guard: It denies what is requested there, but for its gap.
            closed: Its statement without the gap.
        """
        for region in self.outside(action, guard):
            found = self.decide(action, region)
            if found.kind == "always":
                then = self.decide(action, region, swapped(self.layers, guard.clause, closed))
                return None if then.kind == "always" else (region, found)
        return None


def limits(policies: PolicySet, settings: Settings) -> Iterator[Limits]:
    """Yield what limits policies by region, for each deployment of theirs; nothing for policies that do not."""
    if not any(map(speaks_of_region, policies.policies)):
        return
    for _, layers in deployments(policies, settings):
        if (found := _limits(layers, settings)) is not None:
            yield found


@lru_cache(maxsize=256)
def _limits(layers: tuple[Layer, ...], settings: Settings) -> Limits | None:
    found = tuple(guard for guard in guards(layers) if _readable(guard))
    clauses = [clause for one in layers for clause in one.clauses]
    if not 0 < len(found) <= MAX_GUARDS or len(clauses) > MAX_STATEMENTS:
        return None
    if sum(len(clause.patterns) for clause in clauses) > MAX_ACTIONS:
        return None
    approved = settings.approved_regions or intended(found)
    partition = settings.partition
    if not settings.approved_regions:
        named = {regions.partition_of(region) for region in approved}
        partition = next(iter(named)) or partition if len(named) == 1 else partition
    return Limits(layers, found, approved, bool(settings.approved_regions), partition, settings.exempt)


def _readable(guard: Guard) -> bool:
    """Whether the values can be regions, and are no placeholders that some tool fills in.

    Resource control policies are left out: they are about few services, of which the statements say nothing.
    """
    test = guard.test
    if test.unknown or test.regional or guard.clause.statement.policy.kind == "rcp":
        return False
    return all(
        regions.partition_of(value.lower() if test.operator.ignore_case else value) is not None
        or (test.operator.like and ("*" in value or "?" in value))
        for value in test.values
    )


def blanket(clause: Clause) -> bool:
    """Whether a statement is about all actions but those that it leaves out."""
    return clause.but or any(set(pattern) <= {"*", ":"} for pattern in clause.actions)


def sum_of(universe: Universe, sets: Iterable[ActionSet]) -> ActionSet:
    """Join sets of actions."""
    found = universe.nothing
    for one in sets:
        found = found | one
    return found


def whole(clause: Clause) -> Clause:
    """Make a statement about all actions of one about some."""
    return replace(clause, actions=("*",), doubtful=(), but=False)


def swapped(layers: Iterable[Layer], clause: Clause, *others: Clause) -> tuple[Layer, ...]:
    """Put other statements, or none, in the place of one."""
    return tuple(
        replace(one, clauses=tuple(new for old in one.clauses for new in (others if old is clause else (old,))))
        for one in layers
    )


def written(clause: Clause, action: str) -> Node:
    """Find the value of Action or NotAction that an action is meant by; the whole element if that is not one."""
    actions = clause.statement.actions
    if actions is None:
        return clause.statement.node
    return next((node for node in actions.values if matches(str(node.value), action)), actions.node)


@lru_cache(maxsize=16)
def global_services(partition: str) -> tuple[str, ...]:
    """List the services that can be called in certain regions only, the essential ones first."""
    found = services().intersection(regions.at_home(partition))
    first = [service for service in essential() if service in found]
    return (*first, *sorted(found.difference(first)))


@cache
def essential() -> tuple[str, ...]:
    """List the global services that even the shortest of AWS's lists of exemptions names."""
    return tuple(action.partition(":")[0] for action in _published()["lists"]["iam"]["actions"])


@cache
def published() -> frozenset[str]:
    """Give the patterns of actions that the lists of exemptions name which AWS publishes for guards of the region."""
    return frozenset(action for one in _published()["lists"].values() for action in one["actions"])


@cache
def published_regional() -> frozenset[str]:
    """Give the services on those lists that have endpoints in many regions, so that an exemption lets them roam."""
    return frozenset(_published()["regional"]["services"])


@cache
def _published() -> Any:
    text = (Path(__file__).parent / "data" / "published_exemptions.json").read_text(encoding="utf-8")
    return json.loads(text)
