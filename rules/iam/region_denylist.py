"""Rule iam-region-denylist."""

from collections.abc import Iterator, Sequence

from validator.document import Node
from validator.iam.clause import Layer
from validator.iam.guards import Guard, guards, matching, speaks_of_region, sweeping_guards
from validator.iam.policy import PolicySet
from validator.iam.sets import deployments
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-region-denylist", Severity.WARNING)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """A policy lists the regions where nothing may be done, and leaves all others open.

    AWS launches regions, and each new one is open from the first day. A guard by region says where one may act, and
    denies the rest.

    Meant are a Deny of everything, or of all that the policies beside it allow, and an Allow everywhere but in some
    regions. It is silent where another statement denies all but certain regions, since then the list only narrows
    those, and about a Deny of a few actions of many.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "*", "Resource": "*"},
      {"Effect": "Deny", "Action": "*", "Resource": "*",
       "Condition": {"StringEquals": {"aws:RequestedRegion": ["us-east-1", "us-west-2"]}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "*", "Resource": "*"},
      {"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}}]}
    ```
    """
    if not any(speaks_of_region(policy) for policy in policies.policies):
        return
    found: dict[Node, Guard] = {}
    for _, layers in deployments(policies, settings):
        sweeping = list(sweeping_guards(layers))
        if any(guard.form == "denies-elsewhere" for guard in sweeping) or _is_bound(layers):
            return
        lists = [guard for guard in guards(layers) if guard.form == "allows-elsewhere" and _is_alone(guard)]
        lists += [guard for guard in sweeping if guard.form == "denies-in"]
        found |= {guard.test.node: guard for guard in lists if _leaves_some(guard, settings.partition)}
    for node, guard in found.items():
        approved = settings.approved_regions
        advice = f": {listed(approved)}" if approved else ""
        yield Finding(
            node.key,
            f"all regions but {listed(dict.fromkeys(guard.test.values))} are left open, those to come included",
            f"{'allow in' if guard.clause.allows else 'deny all but'} the regions that are meant{advice}",
        )


def _is_bound(layers: Sequence[Layer]) -> bool:
    """Say whether all that one of the layers allows is allowed in certain regions only."""
    allowing = {guard.clause for guard in guards(layers) if guard.form == "allows-in"}
    each = ([clause for clause in one.clauses if clause.allows] for one in layers if not one.full)
    return any(clauses and allowing.issuperset(clauses) for clauses in each)


def _is_alone(guard: Guard) -> bool:
    """Say whether nothing else in the statement says where it holds."""
    return not any(atom.key == guard.test.key for atom in guard.others)


def _leaves_some(guard: Guard, partition: str) -> bool:
    """Say whether it is known to leave regions open: a Deny everywhere lists nothing."""
    known = guard.test.values and not guard.test.regional
    return bool(known) and any(guard.test.holds(name) is guard.clause.allows for name in matching("*", partition))
