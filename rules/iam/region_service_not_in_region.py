"""Rule iam-region-service-not-in-region."""

from collections.abc import Iterator

from validator.document import Node
from validator.iam import regions
from validator.iam.clause import Clause
from validator.iam.footprint import offered
from validator.iam.guards import REGION_KEY, guards, intended
from validator.iam.policy import PolicySet
from validator.iam.sets import deployments
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-region-service-not-in-region", Severity.NOTE, default=False)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """A statement allows a service in regions that do not have it.

    Not every service is offered everywhere. An Allow that the region limits to those without it grants nothing. The
    regions are those of the statement's own condition, or of a Deny for all others, or else the approved ones.

    Where a service is offered comes from data that grows old, so that this rule runs only when it is selected by name.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "apprunner:*", "Resource": "*",
      "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-central-2"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "apprunner:*", "Resource": "*",
      "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}}]}
    ```
    """
    reported = set()
    for _, layers in deployments(policies, settings):
        found = list(guards(layers))
        kept = intended(guard for guard in found if guard.form == "denies-elsewhere") or settings.approved_regions
        for clause in (clause for one in layers for clause in one.clauses if clause.allows and not clause.but):
            own = [guard.test for guard in found if guard.clause is clause and guard.test.key == REGION_KEY.lower()]
            names = [
                name
                for name in (regions.regions(settings.partition) if own else kept)
                if all(test.holds(name) for test in own)
            ]
            for service, node in _services(clause).items() if names else ():
                if node not in reported and all(offered(service, name) is False for name in names):
                    reported.add(node)
                    message = f"{node.value!r} allows nothing: {service} is not offered in {listed(names)}"
                    yield Finding(node, message, "remove it, or allow a region that has the service")


def _services(clause: Clause) -> dict[str, Node]:
    """Give the services that a statement names in plain text, each with the first action that names it."""
    elements = clause.statement.actions
    found: dict[str, Node] = {}
    for node in elements.values if elements is not None else ():
        found.setdefault(str(node.value).partition(":")[0].lower(), node)
    return found
