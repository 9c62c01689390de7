"""Rule iam-scp-syntax."""

import re
from collections.abc import Iterator

from validator.iam.kinds import has_full_language
from validator.iam.policy import Policy, Statement
from validator.rule import Finding, Severity, rule
from validator.settings import Settings


@rule("iam-scp-syntax", Severity.WARNING)
def check(policy: Policy, *, settings: Settings) -> Iterator[Finding]:
    """A service control policy uses more of the policy language than its partition is known to take.

    Since 19 September 2025, in the partitions `aws` and `aws-us-gov`, it can be what any policy can be. Elsewhere
    nothing is announced, so these may still be refused: a wildcard in an action before its end, NotResource, and in a
    statement that allows also NotAction, Condition, and any Resource but `*`. The partition comes from the
    configuration. That there is never a Principal is the business of `iam-shape`.

    Bad:

    ```json title="scp/stop.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Action": "ec2:*Instances", "Resource": "*"}]}
    ```

    ```toml title="stackproof.toml"
    partition = "aws-cn"
    ```

    Good:

    ```json title="scp/stop.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Action": "ec2:*Instances", "Resource": "*"}]}
    ```
    """
    if policy.kind != "scp" or has_full_language(settings.partition):
        return
    for statement in policy.statements():
        yield from _statement(statement, settings.partition)


_EARLY = re.compile(r"[*?].*[^*]")
_INSTEAD = {
    "NotAction": "list the actions in Action",
    "NotResource": "list the resources in Resource",
    "Condition": "deny where the condition does not hold",
}


def _statement(statement: Statement, partition: str) -> Iterator[Finding]:
    """Report what was refused everywhere before.

    Source: the "SCP syntax error" checks of IAM Access Analyzer, in an edition of 2023.
    """
    known = f"is not known to be taken in {partition}"
    allows = statement.effect is not None and statement.effect.value == "Allow"
    for name in ("NotResource", *(("NotAction", "Condition") if allows else ())):
        if (node := statement.node.get(name)) is not None:
            where = "a service control policy that allows" if allows else "a service control policy"
            yield Finding(node.key, f"{name!r} in {where} {known}", _INSTEAD[name])
    resources, actions = statement.resources, statement.actions
    if allows and resources is not None and not resources.negated:
        for node in resources.values:
            if node.value != "*":
                message = f"a Resource other than '*' in a service control policy that allows {known}"
                yield Finding(node, message, "write '*', and deny the other resources")
    for node in actions.values if actions is not None else ():
        action = str(node.value)
        if _EARLY.search(action):
            message = f"a wildcard before the end of {action!r} {known} in service control policies"
            yield Finding(node, message, "list the actions, or end each pattern in the one '*'")
