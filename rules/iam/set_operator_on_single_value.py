"""Rule iam-set-operator-on-single-value."""

from collections.abc import Iterator
from dataclasses import replace

from validator.iam.comparisons import comparisons, if_absent
from validator.iam.keys import key
from validator.iam.policy import Statement
from validator.rule import Finding, Severity, rule


@rule("iam-set-operator-on-single-value", Severity.WARNING)
def check(statement: Statement) -> Iterator[Finding]:
    """A set operator is used on a key that has one value at most.

    `ForAllValues` holds for requests without the key as well, so that an Allow lets in who is not meant to be, and a
    Deny hits who is not. A note where the prefix changes nothing: where the key is always there, or the operator holds
    without it anyway, and with `ForAnyValue`. The claims of identity providers are not judged.

    Bad:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
      "Condition": {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
      "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}]}
    ```
    """
    atoms = list(comparisons(statement))
    for atom in atoms:
        known = key(atom.name) if atom.quantifier else None
        if known is None or known.multivalued or known.claim or atom.operator.family == "null":
            continue
        prefix, _, plain = atom.written.partition(":")
        others = [other for other in atoms if other.key == atom.key and other is not atom]
        changes = (
            known.presence != "always"
            and if_absent(atom) is True
            and if_absent(replace(atom, quantifier="")) is False
            and not any(if_absent(other) is False for other in others)
        )
        if changes:
            does = "denied" if statement.effect is not None and statement.effect.value == "Deny" else "allowed"
            message = f"{atom.name} has one value, and {prefix} holds without it too: such requests are {does}"
            yield Finding(atom.node.key, message, f"write {plain!r}")
        else:
            message = f"{atom.name} has one value, so that {prefix} means nothing"
            yield Finding(atom.node.key, message, f"write {plain!r}", Severity.NOTE)
