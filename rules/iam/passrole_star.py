"""Rule iam-passrole-star."""

from collections.abc import Iterator

from validator.iam.policy import PolicySet
from validator.iam.requests import PASS_ANYWHERE, allowing, ask, bounded, open_ways, unlimited
from validator.rule import Finding, Severity, rule
from validator.settings import Settings


@rule("iam-passrole-star", Severity.WARNING)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """A policy lets any role be passed to any service.

    Whoever may pass a role has its rights as soon as some other policy lets them start a function, an instance or a
    stack. Reported is what allows it for a role that no policy names, unless a Deny stops it or a condition on
    iam:PassedToService says to which services. Where the same policies also let something be started with the role,
    `iam-privilege-escalation` speaks instead.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/report-task",
       "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}}]}
    ```
    """
    if not any(policy.kind == "identity" for policy in policies.policies):
        return
    found = ask(policies, PASS_ANYWHERE, settings)
    allow = found.allow
    if found.kind != "always" or allow is None or allow.but or bounded(policies):
        return
    if unlimited(policies, settings) is None and not any(way.passes for way, _ in open_ways(policies, settings)):
        yield Finding(
            allowing(allow, PASS_ANYWHERE.action),
            "iam:PassRole is allowed for every role and every service",
            "name the roles, such as 'arn:aws:iam::<account>:role/<name>', and the service by iam:PassedToService",
        )
