"""Rule iam-region-cross-region-action."""

from collections.abc import Iterator

from validator.iam.clause import Clause, Layer
from validator.iam.decision import decide
from validator.iam.footprint import Crossing, crossing_services, crossings
from validator.iam.guards import guards, intended
from validator.iam.policy import PolicySet
from validator.iam.sets import deployments
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-region-cross-region-action", Severity.NOTE)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """An action acts on other regions, wherever it is called.

    `aws:RequestedRegion` says which region is called, not where the call has its effect: a replication that is set up
    in an approved region copies data to any other. Some of these actions have a condition key of their own for the
    region at the other end.

    Reported are actions that a statement grants by name or with their whole service, where regions matter: they are
    configured, or the policy has a condition on the region.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:ReplicateKey", "Resource": "*",
      "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:ReplicateKey", "Resource": "*",
      "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-central-1", "kms:ReplicaRegion": "eu-west-1"}}}]}
    ```
    """
    reported = set()
    for _, layers in deployments(policies, settings):
        home = (settings.approved_regions or intended(guards(layers)))[:1]
        for clause in (clause for one in layers for clause in one.clauses) if home else ():
            node = clause.statement.node
            if not clause.allows or clause.but or clause.unknown or node in reported:
                continue
            found = [each for each in _granted(clause, settings) if _unlimited(each, layers, clause, home[0], settings)]
            actions = clause.statement.actions
            if found and actions is not None:
                reported.add(node)
                yield Finding(actions.node, _told(found), _advice(found))


def _granted(clause: Clause, settings: Settings) -> Iterator[Crossing]:
    """Yield the actions that cross regions, of those that a statement names, or whose service it names."""
    exempt = settings.exempt
    for action, crossing in crossings().items() if not crossing_services().isdisjoint(clause.services) else ():
        service = action.partition(":")[0]
        if service not in clause.services or service in exempt.services or action in map(str.lower, exempt.actions):
            continue
        if clause.speaks_of(crossing.action):
            yield crossing


def _unlimited(crossing: Crossing, layers: tuple[Layer, ...], clause: Clause, region: str, settings: Settings) -> bool:
    """Say whether an action can be called at all, and no condition of an Allow or a Deny asks for the other region."""
    about = [each for one in layers for each in one.clauses if each is clause or not each.allows]
    for each in about:
        asked = {atom.key for atom in each.conditions if atom.operator.family != "null"}
        if crossing.key and crossing.key.lower() in asked and each.speaks_of(crossing.action):
            return False
    return decide(layers, crossing.action, region, partition=settings.partition).kind in {"always", "if"}


def _told(found: list[Crossing]) -> str:
    if len(found) == 1:
        return f"{found[0].action} {found[0].does}, whichever region is called"
    return f"{listed(each.action for each in found)} act on other regions, whichever is called"


def _advice(found: list[Crossing]) -> str:
    keys = dict.fromkeys(each.key for each in found if each.key)
    if not keys:
        return "leave it out where it is not needed: no condition key limits the region at the other end"
    return f"limit the region at the other end by {listed(keys)}"
