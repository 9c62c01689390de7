"""Rule iam-allow-notresource."""

from collections.abc import Iterator

from validator.iam.policy import Policy, PolicySet, Statement
from validator.rule import Finding, Severity, rule
from validator.suggest import listed


@rule("iam-allow-notresource", Severity.WARNING)
def check(policies: PolicySet | Policy) -> Iterator[Finding]:
    """A statement allows actions on all resources but some.

    `NotResource` in an Allow grants the actions on what is not listed, on resources that do not exist yet, and in other
    accounts whose policies agree. It reads like a Deny and is none: another statement may still allow what is listed.
    A note where single actions are named: then another statement often says on which terms they may touch the rest. In
    a Deny, NotResource is how an exception is made; in service control policies and boundaries it grants nothing.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::audit-logs/*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
      {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::audit-logs/*"}]}
    ```
    """
    # What stands in a set may be a boundary there; resource policies stand in none.
    meant = policies.policies if isinstance(policies, PolicySet) else (policies,)
    kind = "identity" if isinstance(policies, PolicySet) else "resource"
    for policy in meant:
        if policy.kind == kind:
            for statement in policy.statements():
                if statement.has("NotResource"):
                    yield from _judged(statement)


def _judged(statement: Statement) -> Iterator[Finding]:
    effect, resources = statement.effect, statement.resources
    if effect is None or effect.value != "Allow" or resources is None or not resources.negated:
        return
    actions = statement.actions
    broad = actions is None or actions.negated or any("*" in str(one.value) for one in actions.values)
    left = listed((repr(one.value) for one in resources.values), most=2)
    yield Finding(
        resources.node.key,
        f"every resource but {left} is allowed" if resources.values else "every resource but some is allowed",
        "name the resources in Resource; to keep some from being touched, write a Deny for them",
        severity=None if broad else Severity.NOTE,
    )
