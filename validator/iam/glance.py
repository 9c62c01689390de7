"""Escapes that a glance shows: by statements from which no other takes anything away."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from validator.iam.alike import forms_of
from validator.iam.arns import plainly_meets
from validator.iam.catalogue import WELL_KNOWN, Named, foremost, rank, reading, told, writing
from validator.iam.clause import Clause, Layer
from validator.iam.standing import too_many


class Seen(NamedTuple):
    """Actions that certainly escape, the best first.

    Attributes:
        writes: Those that do more than list or read; none if no such action is granted at all.
        reads: One of the others; looked for only where nothing writes.
    """

    writes: Sequence[str]
    reads: Sequence[str]


class _Grant(NamedTuple):
    """Actions that some statements allow, and no others that would do so without more."""

    named: Named
    clauses: Sequence[Clause]


def glance(
    layers: Sequence[Layer], region: str, partition: str, *, settled: frozenset[str], most: int = 3
) -> Seen | None:
    """Find the best escapes to a region; None where it takes more than a glance.

    Args:
        layers: Policies that act together.
        region: One that is not approved.
        partition: Whose regions there are.
        settled: Services that cannot show it: they may be called there, or never are.
        most: How many to find.
    """
    asking = [one for one in layers if not one.full]
    denied = _spoken_of([clause for one in layers for clause in one.clauses if not clause.allows])
    if len(asking) > 1 or denied is None:
        return None
    allows = [clause for one in asking for clause in one.clauses if clause.allows]
    if not asking or any("*" in clause.actions and clause.plain and not clause.but for clause in allows):
        best, _ = told(WELL_KNOWN[:most])
        return None if _both(best, denied) or settled & best.keys() else Seen(WELL_KNOWN[:most], ())
    if (grants := _grants(allows)) is None:
        return None
    if writes := [_Grant(some, clauses) for granted, clauses in grants if (some := writing(granted))]:
        found = _shown(_without(settled, writes), denied, (region, partition), most)
        return Seen(found, ()) if found else None
    reads = _without(settled, [_Grant(some, clauses) for granted, clauses in grants if (some := reading(granted))])
    found = _shown(reads, denied, (region, partition), 1)
    return Seen((), found) if found or not reads else None


def shows(clauses: Iterable[Clause], actions: Iterable[str], region: str, partition: str) -> bool:
    """Say whether a glance shows that statements select some resource of each that a request for an action names."""
    values = [value for clause in clauses for value in clause.on(region).arns]

    def selected(form: str) -> bool:
        return form != "*" and any(plainly_meets(value, form, partition=partition, region=region) for value in values)

    return all(
        groups is not None and all(any(map(selected, group)) for group in groups)
        for groups in dict.fromkeys(map(forms_of, actions))
    )


def _grants(clauses: Sequence[Clause]) -> list[_Grant] | None:
    """Group statements that allow by what they are about: first those that do without more, then the others.

    None where it is not plain what they are about.
    """
    told: dict[tuple[str, ...], list[Clause]] = {}
    simple: list[Clause] = []
    for clause in clauses:
        (simple if clause.plain else told.setdefault(clause.actions, [])).append(clause)
    if (plain := _spoken_of(simple)) is None:
        return None
    found = [_Grant(plain, simple)] if simple else []
    for same in told.values():
        if (about := _spoken_of(same)) is None:
            return None
        found.append(_Grant(_less(about, plain), same))
    return found


def _spoken_of(clauses: Sequence[Clause]) -> Named | None:
    """Give the actions that statements are about; None where that is not plain to see."""
    if len(clauses) == 1:
        return None if clauses[0].but else clauses[0].named
    found: dict[str, int] = {}
    for clause in clauses:
        named = None if clause.but else clause.named
        if named is None:
            return None
        for prefix, bits in named.items():
            found[prefix] = found.get(prefix, 0) | bits
    return found


def _shown(grants: Sequence[_Grant], denied: Named, place: tuple[str, str], most: int) -> list[str]:
    """Find the best actions that are granted, if a glance shows that no better ones have to be looked at.

    Args:
        grants: What is granted.
        denied: What a Deny may be about.
        place: The region and its partition.
        most: How many to find.
    """
    offers = []
    touched: list[int] = []
    for granted, clauses in grants:
        left = granted
        if denied and (taken := _both(granted, denied)):
            # A Deny of some resources, or under a condition, may leave them open.
            touched.append(rank(foremost(taken, 1)[0]))
            left = _less(granted, denied)
        if left:
            best = foremost(left, most)
            offers.append((rank(best[0]), best, clauses))
    if len(offers) > 1:
        offers.sort(key=lambda offer: offer[0])
    found: list[str] = []
    for first, best, clauses in offers:
        if len(found) >= most and rank(found[-1]) <= first:
            break
        if not _open(clauses, best, *place):
            return []
        found = sorted({*found, *best}, key=lambda action: (rank(action), action))[:most]
    return [] if touched and (len(found) < most or rank(found[-1]) > min(touched)) else found


def _open(clauses: Sequence[Clause], actions: Sequence[str], region: str, partition: str) -> bool:
    """Whether statements that are about some actions surely allow each of them, for some resource at least."""
    sure = [clause for clause in clauses if clause.unconditional]
    if any(clause.anywhere for clause in sure):
        return True
    return not too_many(clauses) and shows(sure, actions, region, partition)


def _without(services: frozenset[str], grants: Sequence[_Grant]) -> Sequence[_Grant]:
    """Take the actions of some services out of what is granted."""
    if all(services.isdisjoint(one.named) for one in grants):
        return grants
    left = ({prefix: bits for prefix, bits in one.named.items() if prefix not in services} for one in grants)
    return [_Grant(named, one.clauses) for named, one in zip(left, grants, strict=True) if named]


def _both(one: Named, other: Named) -> Named:
    return {prefix: both for prefix, bits in one.items() if (both := bits & other.get(prefix, 0))} if other else {}


def _less(one: Named, other: Named) -> Named:
    return {prefix: left for prefix, bits in one.items() if (left := bits & ~other.get(prefix, 0))} if other else one
