"""Rule iam-allow-notaction."""

from collections.abc import Iterator

from validator.iam.policy import Policy, PolicySet, Statement
from validator.rule import Finding, Severity, rule
from validator.suggest import listed


@rule("iam-allow-notaction", Severity.WARNING)
def check(policies: PolicySet | Policy) -> Iterator[Finding]:
    """A statement allows all actions but some.

    `NotAction` in an Allow grants what is not listed, of every service, and of services that AWS has yet to launch. It
    reads like a Deny and is none: what is listed may still be allowed elsewhere. A note where the statement is about
    certain resources only, whose service sets a limit. In a Deny, NotAction is how an exception is made; in service
    control policies and boundaries it grants nothing.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["ec2:*", "s3:*"], "Resource": "*"}]}
    ```
    """
    # What stands in a set may be a boundary there; resource policies stand in none.
    meant = policies.policies if isinstance(policies, PolicySet) else (policies,)
    kind = "identity" if isinstance(policies, PolicySet) else "resource"
    for policy in meant:
        if policy.kind == kind:
            for statement in policy.statements():
                if statement.has("NotAction"):
                    yield from _judged(statement)


def _judged(statement: Statement) -> Iterator[Finding]:
    effect, actions = statement.effect, statement.actions
    if effect is None or effect.value != "Allow" or actions is None or not actions.negated:
        return
    resources = statement.resources
    everywhere = resources is None or resources.negated or any(set(str(one.value)) == {"*"} for one in resources.values)
    left = listed((repr(one.value) for one in actions.values), most=3)
    yield Finding(
        actions.node.key,
        f"everything but {left} is allowed, in services not yet launched too",
        "list what is to be allowed in Action; to keep something from being done, write a Deny",
        severity=None if everywhere else Severity.NOTE,
    )
