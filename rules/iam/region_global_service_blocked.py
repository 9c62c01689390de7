"""Rule iam-region-global-service-blocked."""

from collections.abc import Iterator
from dataclasses import replace

from validator.iam import regions
from validator.iam.clause import REGION_KEYS, Clause, Layer
from validator.iam.limits import Limits, essential, global_services, limits, published, swapped
from validator.iam.policy import PolicySet
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-region-global-service-blocked", Severity.WARNING)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """A limit to some regions takes in global services, which are called in one region only.

    IAM, Organizations, Support, Route 53 and CloudFront are called in the region where they are at home, whatever the
    region one works in: us-east-1 mostly, others in other partitions. A Deny of all regions but some has to leave them
    out, or none of their calls is allowed any more, though a statement allows them. Calls to the global endpoint of STS
    count as calls in us-east-1, too. It is a note where the statement leaves out others of these five, and takes in one
    that is not IAM and that no Allow names. The rarer ones alone, of which AWS's own lists leave out more or fewer, are
    not reported.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "*", "Resource": "*"},
      {"Effect": "Deny", "Action": "*", "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": ["ec2:*", "s3:*"], "Resource": "*"},
      {"Effect": "Deny", "Action": "*", "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}}]}
    ```
    """
    for limited in limits(policies, settings):
        if found := list(_blocked(limited)):
            yield from found
            return


# What ec2 and others ask IAM for in the caller's name is not known to be called in IAM's own region.
_NO_CALL = "iam:PassRole"
_WRITES = 3
_MOST_STATEMENTS = 5


def _blocked(limited: Limits) -> Iterator[Finding]:
    free = limited.layers
    for guard in limited.guards:
        free = _without(free, guard.clause)
    named = {
        pattern.partition(":")[0].lower()
        for one in limited.layers
        for clause in one.clauses
        for pattern in clause.patterns
        if clause.allows and not clause.but
    }
    usual = {action.partition(":")[0] for action in published()}
    stopped: dict[Clause, list[str]] = {}
    for service in global_services(limited.partition):
        if (service in usual or service in named) and (clause := _stopping(limited, free, service)) is not None:
            stopped.setdefault(clause, []).append(service)
    for clause, hit in stopped.items():
        # Who leaves out others of these, but for IAM itself, has thought of them.
        thought = any(service in essential() for service in limited.left_out(clause).named)
        grave = "iam" in hit or not thought or not named.isdisjoint(hit)
        if grave or any(service in hit for service in essential()):
            where = dict.fromkeys(home for service in hit for home in _homes(limited, service))
            yield _finding(clause, listed(hit), listed(where), Severity.WARNING if grave else Severity.NOTE)


def _stopping(limited: Limits, free: tuple[Layer, ...], service: str) -> Clause | None:
    """Find the statement that stops all calls of a service which would be allowed but for the region."""
    homes = _homes(limited, service)
    granted = limited.granted & limited.universe.matching(f"{service}:*")
    found = ""
    for action in (*(granted & limited.writes).best(_WRITES), *(granted - limited.writes).best(1)):
        if action == _NO_CALL or limited.decide(action, homes[0], free).kind != "always":
            continue
        if any(limited.decide(action, each).kind in {"always", "unknown"} for each in homes):
            return None
        found = found or action
    about = [guard.clause for guard in limited.guards if found and guard.clause.speaks_of(found)]
    about.sort(key=lambda clause: clause.allows)
    alone = (
        one
        for one in about[:_MOST_STATEMENTS]
        if limited.decide(found, homes[0], _without(limited.layers, one)).kind == "always"
    )
    clause = next(alone, next(iter(about), None))
    # Who leaves out some actions of a service has thought of the others.
    thought = clause is not None and not clause.allows and granted & limited.left_out(clause)
    return None if thought else clause


def _without(layers: tuple[Layer, ...], clause: Clause) -> tuple[Layer, ...]:
    """Take a limit away: a Deny altogether, and of an Allow the condition on the region."""
    rest = tuple(atom for atom in clause.conditions if atom.key not in REGION_KEYS)
    return swapped(layers, clause, replace(clause, conditions=rest)) if clause.allows else swapped(layers, clause)


def _homes(limited: Limits, service: str) -> list[str]:
    home = regions.home(service, limited.partition) or frozenset()
    return sorted(home, key=lambda region: (regions.rank_region(region), region))


def _finding(clause: Clause, services: str, where: str, severity: Severity) -> Finding:
    actions = clause.statement.actions
    at = None if actions is None else actions.values[0] if len(actions.values) == 1 and not clause.but else actions.node
    if clause.allows:
        verb, advice = "does not allow", f"allow them in a statement of their own, for {where}"
    else:
        verb, advice = "denies", "name them in NotAction" if clause.but else "write NotAction, which names them"
        if clause.speaks_of("sts:AssumeRole"):
            advice += ", and 'sts:*' if its global endpoint is used"
    return Finding(
        at if at is not None else clause.statement.node,
        f"{services} can only be called in {where}, which {clause.statement.called} {verb}",
        advice,
        severity=severity,
    )
