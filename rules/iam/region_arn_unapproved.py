"""Rule iam-region-arn-unapproved."""

from collections.abc import Iterator

from validator.document import Node
from validator.iam import regions
from validator.iam.footprint import Grants, Use, Value, needed_for, values
from validator.iam.policy import PolicySet
from validator.iam.sets import variants
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-region-arn-unapproved", Severity.WARNING)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """An ARN names a region that is not approved.

    The actions of the statement can be called there, on that resource. Nothing is said where a condition or a Deny
    keeps them from it, of global services at home there, nor of what `exempt` names in the configuration. A note for
    actions that only list or read, and where AWS has what other regions need in that one only, such as the certificates
    of CloudFront in us-east-1. A region that follows from where the stack is deployed is the business of
    `iam-region-follows-stack`.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage",
      "Resource": "arn:aws:sqs:us-east-1:111122223333:orders"}]}
    ```

    ```toml title="stackproof.toml"
    approved-regions = ["eu-central-1"]
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage",
      "Resource": "arn:aws:sqs:eu-central-1:111122223333:orders"}]}
    ```

    ```toml title="stackproof.toml"
    approved-regions = ["eu-central-1"]
    ```
    """
    if not settings.approved_regions:
        return
    known = regions.regions(settings.partition)
    # As it is wherever the stack is deployed.
    found: dict[Node, dict[str, tuple[Value, Use, bool]]] = {}
    for given in variants(policies, "", settings):
        grants = Grants(given, settings)
        for clause in grants.clauses():
            for value in values(clause):
                if value.region not in known or value.region in settings.approved_regions:
                    continue
                for reads in (False, True):
                    if use := grants.use(clause, value, [value.region], reads=reads):
                        found.setdefault(value.node, {}).setdefault(value.text, (value, use, reads))
                        break
    for each in found.values():
        yield _finding(list(each.values()), settings)


def _finding(found: list[tuple[Value, Use, bool]], settings: Settings) -> Finding:
    """Report the values that stand at one node: several, where a function makes them."""
    value, use, reads = min(found, key=lambda one: one[2])
    more = f" (and {len(found) - 1} more ARNs)" if len(found) > 1 else ""
    reason = needed_for(use.action.partition(":")[0], use.region, settings.partition)
    advice = f"name one of the approved regions: {listed(settings.approved_regions)}"
    if reason:
        advice = f"{reason}; if that is what it is for, add {use.action!r} to exempt.actions in the configuration"
    message = f"{value.text!r}{more} is in {use.region}, which is not approved, and {use.action} can be called there"
    return Finding(value.node, message, advice, severity=Severity.NOTE if reads or reason else None)
