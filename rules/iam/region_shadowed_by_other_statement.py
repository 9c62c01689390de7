"""Rule iam-region-shadowed-by-other-statement."""

from collections.abc import Iterator
from dataclasses import replace

from validator.iam.clause import REGION_KEYS, Clause, Layer
from validator.iam.guards import Guard
from validator.iam.limits import Limits, blanket, limits, written
from validator.iam.policy import PolicySet
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-region-shadowed-by-other-statement", Severity.ERROR)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """A statement allows in every region what another one allows in some.

    What several statements allow adds up, so the limit of the one has no effect on what the other allows as well, on
    the same resources. Reads, and calls of global services, do not count. An error if the action can be called outside
    the regions of the configuration, and a warning if they are those that the policy itself names; then a statement
    about all actions is not held against others, which may be exceptions from it.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Sid": "Here", "Effect": "Allow", "Action": "ec2:*", "Resource": "*",
       "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}},
      {"Sid": "Start", "Effect": "Allow", "Action": ["ec2:RunInstances", "ec2:Describe*"], "Resource": "*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Sid": "Here", "Effect": "Allow", "Action": "ec2:*", "Resource": "*",
       "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}},
      {"Sid": "Look", "Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}]}
    ```
    """
    for limited in limits(policies, settings):
        if found := list(_shadowed(limited, guessed=policies.guessed)):
            yield from found
            return


_TRIED = 5
# Pairs of statements about the same actions that are compared; above it, the rest is not.
_MOST_PAIRS = 100


def _shadowed(limited: Limits, *, guessed: bool) -> Iterator[Finding]:
    seen: set[Clause] = set()
    pairs = 0
    for guard in limited.guards:
        if guard.form != "allows-in" or (blanket(guard.clause) and not limited.configured):
            continue
        home = next(one for one in limited.layers if guard.clause in one.clauses)
        for other in home.clauses:
            if other in seen or not other.allows or any(atom.key in REGION_KEYS for atom in other.conditions):
                continue
            if guard.clause.anywhere and not other.anywhere:
                continue
            pairs += bool(limited.about(guard.clause) & limited.about(other))
            if pairs > _MOST_PAIRS:
                return
            if (found := _opened(limited, guard, home, other)) is not None:
                seen.add(other)
                action, region = found
                yield Finding(
                    written(other, action),
                    f"{other.statement.called} allows {action} in {region} too, which {guard.clause.statement.called} "
                    f"allows in {listed(guard.test.values)} only",
                    "put the same condition on both, or take the action out of one",
                    severity=Severity.WARNING if guessed or not limited.configured else None,
                    related=((guard.test.node, "this limit has no effect on it"),),
                )


def _opened(limited: Limits, guard: Guard, home: Layer, other: Clause) -> tuple[str, str] | None:
    """Find an action and a region in which one statement allows all that a guard would allow but for its regions."""
    clause = guard.clause
    common = limited.about(clause) & limited.about(other)
    if not common:
        return None
    free = Layer((replace(clause, conditions=guard.others),))
    alone = tuple(one for one in home.clauses if not one.allows or one is other)
    layers = (free, *(replace(one, clauses=alone) if one is home else one for one in limited.layers))
    beyond = (free, Layer((replace(other, allows=False),), full=True))
    for action in limited.regional(common & limited.writes, _TRIED):
        for region in limited.outside(action):
            if guard.test.holds(region) is not False:
                continue
            if (
                limited.decide(action, region, layers).kind == "always"
                and limited.decide(action, region, beyond).kind == "never"
            ):
                return action, region
    return None
