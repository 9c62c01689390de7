"""Rule iam-negated-deny-missing-key."""

from collections.abc import Iterator

from validator.iam.comparisons import comparisons
from validator.iam.keys import key, where_called_for
from validator.iam.policy import Statement
from validator.rule import Finding, Severity, rule

# What says that a service calls, or which one.
_SERVICES = ("aws:calledvia", "aws:viaawsservice", "aws:principalisawsservice", "aws:principalservicename")


@rule("iam-negated-deny-missing-key", Severity.NOTE)
def check(statement: Statement) -> Iterator[Finding]:
    """A Deny by the network meets calls that AWS services make for the principal.

    A negated operator holds where the key is absent. Requests that CloudFormation, Athena or another service makes with
    the principal's credentials do not come from the principal's network, so that a Deny of all but that network stops
    them. Said of `aws:SourceIp`, `aws:SourceVpc` and `aws:SourceVpce` in policies of identities and organizations,
    where no other condition tells such calls apart. That a Deny should hold where a key is absent is mostly meant, so
    nothing is said of other keys.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*",
      "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*",
      "Condition": {
        "NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"},
        "Bool": {"aws:ViaAWSService": "false"}}}]}
    ```
    """
    if statement.effect is None or statement.effect.value != "Deny" or statement.policy.kind in {"resource", "trust"}:
        return
    atoms = list(comparisons(statement))
    if any(atom.key.startswith(_SERVICES) for atom in atoms):
        return
    for atom in atoms:
        known = key(atom.name) if atom.operator.negated and not atom.if_exists else None
        if known is not None and (state := where_called_for(known)):
            calls = f"{atom.name} {state} where an AWS service calls for the principal"
            advice = 'add the condition "Bool": {"aws:ViaAWSService": "false"}'
            yield Finding(atom.node.key, f"{calls}, so {atom.written} denies such calls too", advice)
            return
