"""Rule iam-privilege-escalation."""

from collections.abc import Iterator

from validator.iam.policy import PolicySet
from validator.iam.requests import PASS_ANYWHERE, allowing, ask, open_ways
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-privilege-escalation", Severity.WARNING)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """A policy lets its holder take the rights of anybody in the account.

    Whoever may write any role's policies, or make credentials for any user, may do everything, however little the rest
    of the policy allows. So may whoever can hand any role to something that runs their own code. These ways are known,
    and each is asked of all the policies that act together, their Deny statements included. What may be done to named
    roles, users and policies only is not reported, nor what holds under conditions; a policy that allows everything
    is `iam-full-admin`'s business. A note where roles may be passed to certain services only.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": ["iam:AttachRolePolicy", "iam:GetRole"], "Resource": "*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": ["iam:AttachRolePolicy", "iam:GetRole"],
       "Resource": "arn:aws:iam::123456789012:role/app-*"}]}
    ```
    """
    found = open_ways(policies, settings)
    if not found:
        return
    (way, clauses), *others = found
    first, *rest = zip(way.needs, clauses, strict=True)
    limited = way.passes and ask(policies, PASS_ANYWHERE, settings).kind != "always"
    # Of ways that differ only in how the code is started, one is enough.
    called = {other.start: other.called for other, _ in reversed(others) if other.start != way.start}
    verb = "do" if len(called) > 1 else "does"
    more = f", and so {verb} {listed(reversed(called.values()), most=2)}" if called else ""
    yield Finding(
        allowing(first[1], first[0].action),
        f"{way.called} lets its holder take {way.gain}{more}",
        _PASSING if way.passes else _WRITING,
        severity=Severity.NOTE if limited else None,
        related=tuple((allowing(clause, need.action), f"{need.action} is allowed here") for need, clause in rest),
    )


_WRITING = "name the roles, users or policies that it is for, such as 'arn:aws:iam::<account>:role/<prefix>-*'"
_PASSING = "name the roles that may be passed, such as 'arn:aws:iam::<account>:role/<name>'"
