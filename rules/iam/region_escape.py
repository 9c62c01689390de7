"""Rule iam-region-escape."""

from collections.abc import Iterator

from validator.iam.guards import speaks_of_region
from validator.iam.policy import PolicySet
from validator.iam.proof import Witness
from validator.iam.regions import label
from validator.iam.sets import prove_set
from validator.rule import Finding, Result, Severity, Undecided, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-region-escape", Severity.ERROR)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Result]:
    """A policy lets an action run outside the approved regions.

    It is proved, not matched: for every action, every region and every value that the other condition keys can have,
    some Allow holds and no Deny does, or nothing is said. Policies that act together are judged together: the inline
    policies of one role, and what `[[policy-sets]]` groups. A service control policy, a resource control policy or a
    boundary alone is judged as the ceiling of an identity that is allowed everything. An SCP or RCP without a word on
    regions is not meant to limit them, and not judged; none binds the management account or service-linked roles.

    The approved regions come from the configuration; without them there is nothing to prove. Tolerated are what
    `exempt` names, calls of global services in the region where they are at home, STS, which answers in every region,
    and actions that only list or read, which get a note. Where another condition key has to have a certain value,
    `iam-region-escape-conditional` speaks instead. What cannot be known, such as a policy variable, is undecided.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"},
      {"Effect": "Deny", "NotAction": "ec2:Run*", "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}}]}
    ```

    ```toml title="stackproof.toml"
    approved-regions = ["eu-central-1"]
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"},
      {"Effect": "Deny", "Action": "*", "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}}]}
    ```

    ```toml title="stackproof.toml"
    approved-regions = ["eu-central-1"]
    ```
    """
    if not settings.approved_regions or _is_about_else(policies):
        return
    proof = prove_set(policies, settings)
    if proof.verdict == "undecided":
        yield Undecided(policies.node, f"where it can act: {proof.reason}")
    elif proof.verdict == "escapes":
        first, *others = proof.witnesses
        more = f", and so can {listed(witness.action for witness in others)}" if others else ""
        yield _finding(policies, first, more, Severity.WARNING if policies.guessed else None)
    elif proof.verdict == "confined" and proof.reads is not None and proof.reads.decision.kind == "always":
        yield _finding(policies, proof.reads, ", which only reads", Severity.NOTE)


def _is_about_else(policies: PolicySet) -> bool:
    """Say whether these are organization policies without a word on regions: many stand beside one guard."""
    kinds = {policy.kind for policy in policies.policies}
    return kinds <= {"scp", "rcp"} and not any(map(speaks_of_region, policies.policies))


def _finding(policies: PolicySet, witness: Witness, more: str, severity: Severity | None) -> Finding:
    return Finding(
        witness.at or policies.node,
        f"{witness.action} can be called in {label(witness.region)}{more}",
        "limit it by a condition on aws:RequestedRegion, or deny all but the approved regions",
        severity=severity,
        related=witness.because[:5],
    )
