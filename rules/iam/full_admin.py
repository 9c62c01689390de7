"""Rule iam-full-admin."""

from collections.abc import Iterator

from validator.iam.policy import PolicySet
from validator.iam.requests import Request, allowing, ask, bounded, unlimited
from validator.rule import Finding, Severity, rule
from validator.settings import Settings


@rule("iam-full-admin", Severity.WARNING)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """A policy allows every action on every resource.

    Its holder can do everything in the account: read all data, delete it, and make new administrators. That is meant
    for people in an emergency, hardly for what a template or a repository delivers. A note where something limits it:
    a boundary, a service control policy, or a Deny that keeps permissions from being changed. A service control policy
    or a boundary that allows everything grants nothing, and is no finding.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::reports/*"}]}
    ```
    """
    clause = unlimited(policies, settings)
    if clause is None:
        return
    limited = bounded(policies) or any(ask(policies, one, settings).kind != "always" for one in _MIGHTY)
    yield Finding(
        allowing(clause, "iam:CreateUser"),
        "every action on every resource is allowed",
        "allow the actions that are needed, on the resources that they are needed for",
        severity=Severity.NOTE if limited else None,
    )


# Whoever can do these can do the rest.
_MIGHTY = (Request("iam:AttachRolePolicy", "role"), Request("iam:CreatePolicyVersion", "policy"))
