"""Rule iam-rcp-syntax."""

from collections.abc import Iterator
from dataclasses import replace

from validator.iam.actions import has_placeholder, services
from validator.iam.kinds import under_rcps
from validator.iam.policy import Policy, Statement
from validator.rule import Finding, Severity, rule
from validator.shape import is_function


@rule("iam-rcp-syntax", Severity.ERROR)
def check(policy: Policy) -> Iterator[Finding]:
    """A resource control policy says what none can say.

    It can only deny, to everybody: `Principal` is `*`, and whom it spares is said in a Condition. An Action names its
    service; `*` alone, NotAction and NotPrincipal are refused. It has effect on some services only: an action of any
    other is a warning, for AWS adds to them. The one policy that allows is AWS's own, `RCPFullAWSAccess`.

    Bad:

    ```json title="policies/rcp/transport.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*",
       "Condition": {"BoolIfExists": {"aws:SecureTransport": "false"}}}]}
    ```

    Good:

    ```json title="policies/rcp/transport.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Principal": "*", "Action": ["s3:*", "sqs:*"], "Resource": "*",
       "Condition": {"BoolIfExists": {"aws:SecureTransport": "false"}}}]}
    ```
    """
    if policy.kind != "rcp":
        return
    for statement in policy.statements():
        if not _is_full_access(statement):
            for finding in (*_elements(statement), *_actions(statement)):
                yield replace(finding, severity=Severity.WARNING) if policy.guessed else finding


def _is_full_access(statement: Statement) -> bool:
    said = {key: node.value for key, node in statement.node.items() if key != "Sid"}
    return said == {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def _elements(statement: Statement) -> Iterator[Finding]:
    """Report elements that are refused.

    Source: the AWS Organizations User Guide, "RCP syntax".
    """
    effect, principal = statement.effect, statement.node.get("Principal")
    if effect is not None and effect.value == "Allow":
        yield Finding(effect, "a resource control policy cannot allow", "deny what must not happen")
    for name in ("NotPrincipal", "NotAction"):
        if (node := statement.node.get(name)) is not None:
            advice = "name whom it spares in a Condition" if name == "NotPrincipal" else "list the actions in Action"
            yield Finding(node.key, f"a resource control policy has no {name!r}", advice)
    lacking = [] if principal is not None or statement.node.get("NotPrincipal") is not None else ["Principal"]
    for name in lacking if statement.resources is not None else [*lacking, "Resource"]:
        yield Finding(statement.node.key, f"the statement lacks {name!r}", f'add "{name}": "*"', subject=name)
    if principal is not None and principal.value != "*" and not is_function(principal.value):
        at = principal.key if isinstance(principal.value, dict) else principal
        message = "the Principal of a resource control policy can only be '*'"
        advice = "write '*', and whom it is about in a Condition on aws:PrincipalArn or aws:PrincipalAccount"
        # It means the same, and nobody has said that it is refused.
        severity = Severity.WARNING if principal.value in ({"AWS": "*"}, {"AWS": ["*"]}) else None
        yield Finding(at, message, advice, severity=severity)


def _actions(statement: Statement) -> Iterator[Finding]:
    actions = statement.actions
    if actions is None or actions.negated:
        return
    for node in actions.values:
        action = str(node.value)
        prefix, colon, _ = action.partition(":")
        if set(action) == {"*"}:
            advice = 'name the services, as in "Action": ["s3:*", "sqs:*"]'
            yield Finding(node, "a resource control policy cannot have the Action '*'", advice)
        elif colon and not has_placeholder(action) and prefix.lower() in services() - under_rcps():
            message = f"resource control policies have no effect on {prefix}"
            advice = "use a service control policy, or the policies of the resources"
            yield Finding(node, message, advice, severity=Severity.WARNING)
