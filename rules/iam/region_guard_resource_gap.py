"""Rule iam-region-guard-resource-gap."""

from collections.abc import Iterator
from dataclasses import replace

from validator.iam import regions
from validator.iam.catalogue import ActionSet
from validator.iam.clause import Clause
from validator.iam.limits import Limits, limits
from validator.iam.policy import PolicySet
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-region-guard-resource-gap", Severity.ERROR)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """A Deny of all regions but some does not cover every resource.

    It is meant for everything, by its Action or NotAction, and its Resource is a pattern, which calls that name no
    resource never match, or its NotResource leaves some out; what is left can be called in a region that is denied
    otherwise, if something allows it. A Deny about the resources of one service is not taken for one of everything. An
    error against the regions of the configuration; against those that the policy itself names, a warning for Resource,
    and for NotResource, which is rarely an oversight, a note.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "*", "Resource": "*"},
      {"Effect": "Deny", "NotAction": "iam:*", "Resource": "arn:aws:*:*:*:*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "*", "Resource": "*"},
      {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}}]}
    ```
    """
    for limited in limits(policies, settings):
        if found := list(_gaps(limited, guessed=policies.guessed)):
            yield from found
            return


# Actions that are tried: a pattern covers most of them.
_TRIED = 60


def _gaps(limited: Limits, *, guessed: bool) -> Iterator[Finding]:
    for guard in limited.locks:
        clause = guard.clause
        resources = clause.statement.resources
        if resources is None or clause.anywhere or not _of_everything(limited, clause):
            continue
        covering = replace(clause, resources=None)
        left = _left(limited, clause) & limited.writes & limited.about(clause)
        for action in limited.regional(left, _TRIED):
            if (found := limited.escape(action, guard, covering)) is None:
                continue
            region, decision = found
            by_intent = Severity.NOTE if resources.negated else Severity.WARNING
            named = "a call that names no resource" if decision.resource == "*" else decision.resource
            yield Finding(
                resources.values[0] if len(resources.values) == 1 else resources.node,
                f"the {resources.node.name} does not cover {named}: {action} can be called in {region}",
                "write '*' as the Resource",
                severity=by_intent if not limited.configured else Severity.WARNING if guessed else None,
                related=((guard.test.node, f"all regions are denied but {listed(guard.test.values)}"),),
            )
            break


def _of_everything(limited: Limits, clause: Clause) -> bool:
    """Whether a Deny is meant for more than the resources that it names."""
    # Nobody leaves out IAM where only some buckets are meant.
    if clause.but and any(regions.home(one, limited.partition) for one in limited.left_out(clause).named):
        return True
    return any(not service for service in _services(clause)) or (
        clause.resources is not None and clause.resources.negated
    )


def _left(limited: Limits, clause: Clause) -> ActionSet:
    """Give the actions among which something left out is looked for: of the services that a NotResource names."""
    named = _services(clause)
    if clause.resources is None or not clause.resources.negated or not all(named):
        return limited.universe.everything
    return limited.universe.matching(*(f"{service}:*" for service in named))


def _services(clause: Clause) -> list[str]:
    """Give the service of each value; empty for one that may be of any."""
    found = []
    for one in clause.on("").arns:
        field = str(one.written).split(":")[2:3]
        found.append("" if not field or "*" in field[0] or "?" in field[0] else field[0])
    return found
