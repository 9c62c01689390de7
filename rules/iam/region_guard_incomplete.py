"""Rule iam-region-guard-incomplete."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from validator.document import Node
from validator.iam.catalogue import ActionSet, rank
from validator.iam.guards import REGION_KEY, Guard
from validator.iam.limits import Limits, limits, published, published_regional, sum_of, whole, written
from validator.iam.policy import PolicySet
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-region-guard-incomplete", Severity.ERROR)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """A Deny of all regions but some leaves out actions that can be called in any region.

    A global service such as IAM has to be left out of such a Deny: it is called in its home region only. What is left
    out of a regional service may act everywhere, if something allows it; reads do not count. An error against the
    regions of the configuration, a warning against those that the policy itself names, and a note where AWS's own
    published lists of exemptions leave out the same: KMS, ACM, Config and the like, which some global services need.
    A Deny by Action is held to what it does not name against the regions of the configuration only, if it names whole
    services and no other Deny is about everything. What `exempt` names in the configuration is left out with right.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "*", "Resource": "*"},
      {"Effect": "Deny", "NotAction": ["iam:*", "route53:*", "s3:*"], "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "*", "Resource": "*"},
      {"Effect": "Deny", "NotAction": ["iam:*", "route53:*", "s3:ListAllMyBuckets"], "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}}]}
    ```
    """
    for limited in limits(policies, settings):
        if found := [*_by_not_action(limited), *_by_action(limited)]:
            for one in found:
                lowered = policies.guessed and one.severity is None
                yield replace(one, severity=Severity.WARNING) if lowered else one
            return


class _Hole(NamedTuple):
    """What a Deny lets go: the value that leaves it out, the best known action, and a region."""

    at: Node
    action: str
    region: str


# Actions that are tried for each value: other statements may stop the best known ones.
_TRIED = 8
_MOST = 5
_LEAST_SERVICES = 2
# More such statements, each of its own, do not fit into one policy.
_MOST_LOCKS = 10


def _by_not_action(limited: Limits) -> Iterator[Finding]:
    known = limited.universe.matching(*published())
    usual = known & limited.universe.matching(*(f"{service}:*" for service in published_regional()))
    seen: set[str] = set()
    distinct = {
        (guard.clause.patterns, guard.test.values): guard for guard in reversed(limited.locks) if guard.clause.but
    }
    for guard in list(reversed(distinct.values()))[:_MOST_LOCKS]:
        holes = _holes(limited, guard, limited.writes - known, seen)
        if holes:
            yield _finding(
                guard,
                holes,
                f"the NotAction leaves out {_told(holes)}",
                "take {} out of NotAction, or deny it elsewhere in a statement of its own",
                None if limited.configured else Severity.WARNING,
            )
        told = {hole.at for hole in holes}
        if holes := [hole for hole in _holes(limited, guard, limited.writes & usual, seen) if hole.at not in told]:
            names = listed(dict.fromkeys(hole.action.partition(":")[0] for hole in holes))
            yield _finding(
                guard,
                holes,
                f"as lists of AWS do, the NotAction leaves out the regional {names}: "
                f"{holes[0].action} can be called in {holes[0].region}",
                "where only some actions of {} are needed elsewhere, leave out these alone",
                Severity.NOTE,
            )


def _finding(guard: Guard, holes: list[_Hole], message: str, advice: str, severity: Severity | None) -> Finding:
    values = list(dict.fromkeys(repr(hole.at.value) for hole in holes))
    lock = (guard.test.node, f"all regions are denied but {listed(guard.test.values)}")
    each = tuple((hole.at, f"this leaves out {hole.action}") for hole in holes[:_MOST] if len(values) > 1)
    at = holes[0].at if len(values) == 1 else _element(guard)
    return Finding(at, message, advice.format(listed(values)), severity=severity, related=(lock, *each))


def _by_action(limited: Limits) -> Iterator[Finding]:
    """Report a Deny of whole services that is meant for all of them, as far as the configuration goes."""
    lists = [
        guard for guard in limited.guards if guard.form == "denies-elsewhere" and guard.test.key == REGION_KEY.lower()
    ]
    if not limited.configured or not lists or limited.locks:
        return
    widest = max(lists, key=lambda guard: _services(limited, guard))
    if _services(limited, widest) < _LEAST_SERVICES:
        return
    left = limited.writes - sum_of(limited.universe, (limited.about(guard.clause) for guard in lists))
    escapes = (
        (action, limited.escape(action, widest, whole(widest.clause))) for action in limited.regional(left, _MOST)
    )
    if holes := [_Hole(_element(widest), action, found[0]) for action, found in escapes if found is not None]:
        yield Finding(
            _element(widest),
            f"the Action does not name {_told(holes)}",
            "deny by NotAction, which names what may be called elsewhere",
            related=((widest.test.node, f"all regions are denied but {listed(widest.test.values)}"),),
        )


def _holes(limited: Limits, guard: Guard, among: ActionSet, seen: set[str]) -> list[_Hole]:
    """Find the best known action that each value of a NotAction lets go; the best known come first."""
    found: dict[str, _Hole] = {}
    closed = whole(guard.clause)
    for pattern in guard.clause.patterns:
        for action in limited.regional(among & limited.universe.matching(pattern), _TRIED):
            if action in seen or action in found:
                break
            if (escape := limited.escape(action, guard, closed)) is not None:
                found[action] = _Hole(written(guard.clause, action), action, escape[0])
                break
    seen.update(found)
    return sorted(found.values(), key=lambda hole: rank(hole.action))


def _told(holes: list[_Hole]) -> str:
    first = holes[0].action if len(holes) > 1 else "it"
    return f"{listed(hole.action for hole in holes)}, so that {first} can be called in {holes[0].region}"


def _services(limited: Limits, guard: Guard) -> int:
    """Count the services all of whose actions a Deny names."""
    about = limited.about(guard.clause)
    return sum(limited.universe.matching(f"{service}:*") <= about for service in about.named)


def _element(guard: Guard) -> Node:
    actions = guard.clause.statement.actions
    return guard.clause.statement.node if actions is None else actions.node
