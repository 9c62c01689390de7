"""Rule iam-region-escape."""

from collections.abc import Iterator
from dataclasses import replace

from validator.iam.guards import speaks_of_region
from validator.iam.limits import published
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
    and actions that only list or read, which get a note. What the lists of exemptions leave out that AWS publishes for
    such guards is a warning, and so is an escape of somebody to whom a policy is attached that is not at hand and might
    deny it. Where another condition key has to have a certain value, `iam-region-escape-conditional` speaks instead.
    What cannot be known, such as a policy variable, is undecided.

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
        listed_by_aws = _is_on_lists(policies, settings)
        # What AWS wrote, and SAM's templates, deny nothing; a policy that nobody has shown might.
        unread = any(":aws:policy/" not in name and not name.startswith("SAM") for name in policies.missing)
        severity = Severity.WARNING if policies.guessed or listed_by_aws or unread else None
        yield _finding(policies, first, more, severity, _ADVICE_ON_LISTS if listed_by_aws else _ADVICE)
    elif proof.verdict == "confined" and proof.reads is not None and proof.reads.kind == "always":
        yield _finding(policies, proof.reads, ", which only reads", Severity.NOTE, _ADVICE)


_ADVICE = "limit it by a condition on aws:RequestedRegion, or deny all but the approved regions"
_ADVICE_ON_LISTS = "deny it elsewhere too, or name it in `exempt`: lists that AWS publishes leave it out"


def _is_on_lists(policies: PolicySet, settings: Settings) -> bool:
    """Say whether a guard lets out no more than the lists of exemptions do that AWS publishes for such guards."""
    if not any(map(speaks_of_region, policies.policies)):
        return False
    exempt = replace(settings.exempt, actions=(*settings.exempt.actions, *sorted(published())))
    return prove_set(policies, replace(settings, exempt=exempt)).verdict == "confined"


def _is_about_else(policies: PolicySet) -> bool:
    """Say whether these are organization policies without a word on regions: many stand beside one guard."""
    kinds = {policy.kind for policy in policies.policies}
    return policies.full is None and kinds <= {"scp", "rcp"} and not any(map(speaks_of_region, policies.policies))


def _finding(policies: PolicySet, witness: Witness, more: str, severity: Severity | None, advice: str) -> Finding:
    return Finding(
        witness.at or policies.full or policies.node,
        f"{witness.action} can be called in {label(witness.region)}{more}",
        advice,
        severity=severity,
        related=witness.because[:5],
    )
