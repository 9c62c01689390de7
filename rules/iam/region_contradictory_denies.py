"""Rule iam-region-contradictory-denies."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from validator.iam import regions
from validator.iam.alike import apart
from validator.iam.clause import REGION_KEYS, Layer
from validator.iam.guards import REGION_KEY, Guard
from validator.iam.limits import Limits, limits, swapped
from validator.iam.policy import PolicySet
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-region-contradictory-denies", Severity.ERROR)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """Two Deny statements each leave regions of their own, so that together they leave none.

    Each denies all regions but its own, the other's included: what both are about, and something allows, can be called
    nowhere. Global services are not counted, which neither list may have been meant for.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "*", "Resource": "*"},
      {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}},
      {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "*", "Resource": "*"},
      {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}}]}
    ```
    """
    for limited in limits(policies, settings):
        if (found := _contradiction(limited, guessed=policies.guessed)) is not None:
            yield found
            return


_TRIED = 3


def _contradiction(limited: Limits, *, guessed: bool) -> Finding | None:
    denies = [guard for guard in limited.guards if guard.form == "denies-elsewhere" and _alone(guard)]
    known = regions.regions(limited.partition)
    left = [frozenset(region for region in known if not guard.test.holds(region)) for guard in denies]
    for (first, one), (second, other) in combinations(zip(denies, left, strict=True), 2):
        if not one or not other or one & other or _context(first) != _context(second):
            continue
        if (action := _denied_everywhere(limited, first, second)) is None:
            continue
        statements = first.clause.statement, second.clause.statement
        return Finding(
            second.test.node,
            f"{action} is denied in every region: {statements[0].called} leaves {listed(first.test.values)}, "
            f"and {statements[1].called} leaves {listed(second.test.values)}",
            "name all regions in one Deny",
            severity=Severity.WARNING if guessed else None,
            related=((first.test.node, f"this denies all regions but {listed(first.test.values)}"),),
        )
    return None


def _alone(guard: Guard) -> bool:
    """Whether the region is asked for once: of two tests in one Condition, both must hold."""
    return guard.test.key == REGION_KEY.lower() and not any(atom.key in REGION_KEYS for atom in guard.others)


def _context(guard: Guard) -> frozenset[object]:
    """Give what else a statement asks for: two that ask for different things may be about different requests."""
    return frozenset((atom.key, atom.operator, atom.values, atom.quantifier, atom.if_exists) for atom in guard.others)


def _denied_everywhere(limited: Limits, *both: Guard) -> str | None:
    """Find an action that two Denies stop in every region, and that is allowed somewhere but for such Denies."""
    common = limited.about(both[0].clause) & limited.about(both[1].clause) & limited.granted
    if not common:
        return None
    denies = [replace(guard.clause, conditions=(guard.test,)) for guard in both]
    layers = limited.layers
    for guard in limited.guards:
        layers = swapped(layers, guard.clause) if guard.form == "denies-elsewhere" else layers
    texts = {
        value.lower() if guard.test.operator.ignore_case else value for guard in both for value in guard.test.values
    }
    domain = regions.domain(texts, limited.partition)
    names = (*domain.known, *domain.written, *domain.future)
    only = (Layer(tuple(denies), full=True),)
    for action in limited.regional(common, _TRIED):
        stopped = all(
            limited.decide(action, region, only).kind == "never"
            for region in apart(denies, action, names, limited.partition)
        )
        # What both deny to requests with a certain tag only is open to all others.
        if stopped and _is_open(limited, action, layers) and not _is_open(limited, action, limited.layers):
            return action
    return None


def _is_open(limited: Limits, action: str, layers: tuple[Layer, ...]) -> bool:
    return any(limited.decide(action, one, layers).kind == "always" for one in regions.regions(limited.partition))
