"""Rule iam-region-home-region-unapproved."""

from collections.abc import Iterator

from validator.iam import regions
from validator.iam.guards import Guard
from validator.iam.limits import Limits, global_services, limits
from validator.iam.policy import PolicySet
from validator.iam.proof import TOLERATED
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-region-home-region-unapproved", Severity.NOTE)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """A Deny of all regions but some leaves out global services that are at home in a region which is not approved.

    So it must be if they are to be called at all: IAM answers in one region only. It is said once for each set of
    policies, so that nobody takes the approved regions for all that are used. Services that `exempt` names in the
    configuration are known, and not said.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "*", "Resource": "*"},
      {"Effect": "Deny", "NotAction": ["iam:*", "route53:*"], "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}}]}
    ```

    ```toml title="stackproof.toml"
    approved-regions = ["eu-central-1"]
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "*", "Resource": "*"},
      {"Effect": "Deny", "NotAction": ["iam:*", "route53:*"], "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}}]}
    ```

    ```toml title="stackproof.toml"
    approved-regions = ["eu-central-1"]
    exempt = { services = ["iam", "route53"] }
    ```
    """
    if not settings.approved_regions:
        return
    for limited in limits(policies, settings):
        for guard in limited.locks:
            if guard.clause.but and (found := _finding(limited, guard)) is not None:
                yield found
                return


def _finding(limited: Limits, guard: Guard) -> Finding | None:
    homes = {
        service: home for service in global_services(limited.partition) if (home := _called(limited, guard, service))
    }
    actions = guard.clause.statement.actions
    if not homes or actions is None:
        return None
    where = listed(dict.fromkeys(homes.values()))
    everywhere = [
        service
        for service in TOLERATED
        if service not in limited.exempt.services and _left_out(limited, guard, service, limited.outside(f"{service}:"))
    ]
    more = f", and {listed(everywhere)} in every region" if everywhere else ""
    return Finding(
        actions.node,
        f"outside the approved regions, the NotAction lets {listed(homes)} be called in {where}{more}",
        "if it is meant so, name them in exempt.services",
    )


def _called(limited: Limits, guard: Guard, service: str) -> str:
    """Give the region in which a global service is called as the guard leaves it out; empty if one is approved."""
    home = regions.home(service, limited.partition) or frozenset()
    if service in limited.exempt.services or home & set(limited.approved):
        return ""
    return _left_out(limited, guard, service, sorted(home, key=lambda region: (regions.rank_region(region), region)))


def _left_out(limited: Limits, guard: Guard, service: str, names: list[str]) -> str:
    """Give the first of some regions, which the guard denies, where an action that it leaves out can be called."""
    whole = limited.universe.matching(f"{service}:*")
    for action in (whole & limited.granted & limited.left_out(guard.clause)).best(1):
        for region in names:
            if guard.test.holds(region) and limited.decide(action, region).kind == "always":
                return region
    return ""
