"""Rule iam-region-approved-set-drift."""

from collections import Counter
from collections.abc import Iterator

from validator.iam.clause import Clause
from validator.iam.guards import REGION_KEY, Guard, guards
from validator.iam.policy import PolicySet
from validator.iam.sets import deployments
from validator.project import Project
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-region-approved-set-drift", Severity.WARNING)
def check(subject: PolicySet | Project, *, settings: Settings) -> Iterator[Finding]:
    """A region guard does not name the regions that are approved.

    An approved region that the guard leaves out is closed: everything that the guard is about is denied there. (One
    that it names beyond those is an escape, which `iam-region-escape` reports.) Only a Deny of everything elsewhere
    counts, and only in a service control policy or a boundary it is a warning: a role may be meant for one region.

    Without configured regions, the service control policies and boundaries of a repository are compared: a note, where
    one names almost the regions that most others name.

    Bad:

    ```json title="scp.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "NotAction": "iam:*", "Resource": "*",
      "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}}]}
    ```

    ```toml title="stackproof.toml"
    approved-regions = ["eu-central-1", "eu-west-1"]
    [[policies]]
    files = "scp.json"
    kind = "scp"
    ```

    Good:

    ```json title="scp.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "NotAction": "iam:*", "Resource": "*",
      "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}}]}
    ```

    ```toml title="stackproof.toml"
    approved-regions = ["eu-central-1", "eu-west-1"]
    [[policies]]
    files = "scp.json"
    kind = "scp"
    ```
    """
    if isinstance(subject, Project):
        if not settings.approved_regions:
            yield from _among(subject, settings)
    elif settings.approved_regions:
        yield from _against(subject, settings)


def _against(policies: PolicySet, settings: Settings) -> Iterator[Finding]:
    """Compare the guards of policies with the configured regions."""
    found = list(_of_everything(policies, settings))
    reported = set[Clause]()
    for guard in found:
        # What another guard names instead is a contradiction of the two, and reported as such.
        elsewhere = {name for other in found if other is not guard for name in other.named}
        closed = [name for name in settings.approved_regions if _denied(guard.clause, name) and name not in elsewhere]
        if closed and guard.clause not in reported:
            reported.add(guard.clause)
            kind = guard.clause.statement.policy.kind
            one = len(closed) == 1
            yield Finding(
                guard.test.node,
                f"the guard closes {listed(closed)}, which {'is' if one else 'are'} approved",
                f"add {listed(map(repr, closed))} here, or take {'it' if one else 'them'} out of approved-regions",
                severity=None if kind in _CEILINGS else Severity.NOTE,
            )


def _among(project: Project, settings: Settings) -> Iterator[Finding]:
    """Compare the guards of ceilings with each other: with the set of regions that most of them name."""
    found = [
        (guard, frozenset(guard.named))
        for policies in project.policy_sets
        if any(policy.kind in _CEILINGS for policy in policies.policies)
        for guard in _of_everything(policies, settings)
        if guard.clause.statement.policy.kind in _CEILINGS
    ]
    if not found:
        return
    [(usual, _)] = Counter(named for _, named in found).most_common(1)
    model = next(guard for guard, named in found if named == usual)
    place = model.clause.statement.node.document.path
    for guard, named in found:
        # Regions that have nothing in common are another part of the world, and no slip.
        if named == usual or not named & usual or guard.clause.statement.node.document.path == place:
            continue
        differing = [*(f"not {name}" for name in sorted(usual - named)), *sorted(named - usual)]
        yield Finding(
            guard.test.node,
            f"the guard names other regions than the one in {place}: {listed(differing)}",
            "name the same regions in both, or set approved-regions, which each is compared with then",
            severity=Severity.NOTE,
            related=((model.test.node, f"here it names {listed(sorted(usual))}"),),
        )


_CEILINGS = frozenset({"scp", "rcp", "boundary"})


def _of_everything(policies: PolicySet, settings: Settings) -> Iterator[Guard]:
    """Yield the guards that deny everything elsewhere, but for what their NotAction leaves out.

    Only those that name their regions in plain text: a slip in a name, and what a function makes, is another matter.
    """
    _, layers = deployments(policies, settings)[0]
    for guard in guards(layers):
        clause, test = guard.clause, guard.test
        every = clause.but or any(set(pattern) <= set("*:") for pattern in clause.patterns)
        plain = all(isinstance(node.value, str) for node in test.operands) and not test.unknown
        named = test.operator.like or len(guard.named) == len(test.values)
        elsewhere = guard.form == "denies-elsewhere" and test.key == REGION_KEY.lower()
        if elsewhere and every and plain and named and clause.anywhere:
            yield guard


def _denied(clause: Clause, region: str) -> bool:
    """Say whether a guard holds in a region, as far as the region decides."""
    return all(atom.holds(region) is True for atom in clause.conditions if atom.key == REGION_KEY.lower())
