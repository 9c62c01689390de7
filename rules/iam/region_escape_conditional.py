"""Rule iam-region-escape-conditional."""

from collections.abc import Iterator

from validator.iam.clause import REGION_KEYS
from validator.iam.policy import PolicySet
from validator.iam.proof import Witness
from validator.iam.regions import label
from validator.iam.sets import prove_set
from validator.rule import Finding, Severity, rule
from validator.settings import Settings


@rule("iam-region-escape-conditional", Severity.WARNING)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """A policy lets an action run outside the approved regions for requests with a certain context.

    The proof of `iam-region-escape` found no way out for a plain request, but one where another condition key has the
    value that the message names: a tag of the principal, a call through another service, an exempted role. Often this
    comes from two keys in one Condition of a Deny, which holds only where both do, or from an Allow under conditions
    that say nothing of the region. Principals that may act anywhere are named in the configuration, by
    `exempt.principals`.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"},
      {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {
        "aws:RequestedRegion": "eu-central-1", "aws:PrincipalTag/team": "platform"}}}]}
    ```

    ```toml title="stackproof.toml"
    approved-regions = ["eu-central-1"]
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"},
      {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {
        "aws:RequestedRegion": "eu-central-1"}}}]}
    ```

    ```toml title="stackproof.toml"
    approved-regions = ["eu-central-1"]
    ```
    """
    if not settings.approved_regions:
        return
    proof = prove_set(policies, settings)
    if proof.verdict != "escapes-if":
        return
    witness = proof.witnesses[0]
    context = witness.decision.context.items()
    needed = " and ".join(f"{name} is {'absent' if value is None else repr(value)}" for name, value in context)
    yield Finding(
        witness.at or policies.full or policies.node,
        f"{witness.action} can be called in {label(witness.region)} where {needed}",
        _advice(witness),
        related=witness.because[:5],
    )


def _advice(witness: Witness) -> str:
    guards = (atom.key in REGION_KEYS for clause, _ in witness.decision.denies for atom in clause.conditions)
    if any(guards):
        return "deny by the region alone, or name who is meant in exempt.principals"
    return "limit it by a condition on aws:RequestedRegion as well, or deny all but the approved regions"
