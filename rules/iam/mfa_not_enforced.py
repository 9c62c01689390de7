"""Rule iam-mfa-not-enforced."""

from collections.abc import Iterator

from validator.iam.comparisons import comparisons
from validator.iam.condition import Atom
from validator.iam.policy import Policy
from validator.rule import Finding, Severity, rule

_KEY = "aws:multifactorauthpresent"


@rule("iam-mfa-not-enforced", Severity.WARNING)
def check(policy: Policy) -> Iterator[Finding]:
    """A Condition asks for multi-factor authentication, and access keys get past it.

    `aws:MultiFactorAuthPresent` is in requests with temporary credentials only. In those that are signed with a user's
    own access keys it is absent: a Deny by `Bool` `false` does not hold, and an Allow by `BoolIfExists` `true` does.
    Nothing is said where another statement of the policy asks by `Null` whether the key is there.

    Source: the IAM User Guide, AWS global condition context keys, on aws:MultiFactorAuthPresent.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"},
      {"Effect": "Deny", "Action": "ec2:TerminateInstances", "Resource": "*",
       "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"},
      {"Effect": "Deny", "Action": "ec2:TerminateInstances", "Resource": "*",
       "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}]}
    ```
    """
    tests = [
        (statement, atom)
        for statement in policy.statements()
        for atom in comparisons(statement)
        if atom.key == _KEY and not atom.unknown
    ]
    if any(atom.operator.family == "null" for _, atom in tests):
        return
    for statement, atom in tests:
        effect = statement.effect.value if statement.effect is not None else ""
        if effect == "Deny" and _answers(atom) == (False, True, False):
            message = f"this Deny does not hold for access keys, whose requests lack {atom.name}"
            yield Finding(atom.node.key, message, "write 'BoolIfExists'")
        elif effect == "Allow" and _answers(atom) == (True, False, True):
            message = f"this Allow holds for access keys without MFA, whose requests lack {atom.name}"
            yield Finding(atom.node.key, message, "write 'Bool'")


def _answers(atom: Atom) -> tuple[bool | None, ...]:
    """Say what it comes to with MFA, without, and where nobody says."""
    return tuple(map(atom.holds, ("true", "false", None)))
