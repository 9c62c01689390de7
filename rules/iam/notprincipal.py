"""Rule iam-notprincipal."""

from collections.abc import Iterator

from validator.iam.policy import Statement
from validator.iam.principals import excludes
from validator.rule import Finding, Severity, rule
from validator.shape import may_be_absent


@rule("iam-notprincipal", Severity.ERROR)
def check(statement: Statement) -> Iterator[Finding]:
    """A statement is about all principals but some.

    An Allow with `NotPrincipal` is for everybody else in the world, callers without any account included. A Deny with
    it, a warning, hits more than is meant: a role is spared only where its ARN, the ARN of each of its sessions and its
    account are all listed, and every principal that has a permissions boundary is denied whatever is listed. Conditions
    on `aws:PrincipalArn` do what is meant by either.

    Bad:

    ```json title="bucket-policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::123456789012:role/guest"},
       "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}]}
    ```

    Good:

    ```json title="bucket-policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*",
       "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/auditor"}}}]}
    ```
    """
    if not statement.has("NotPrincipal"):
        return
    effect, principal = statement.effect, statement.principal
    if effect is None or principal is None or not excludes(statement):
        return
    if statement.policy.kind not in {"resource", "trust"} or may_be_absent(principal.value):
        return
    if effect.value == "Allow":
        yield Finding(
            principal.key,
            "everybody but these principals is allowed, callers without an account included",
            "name in Principal who is meant",
            severity=Severity.WARNING if statement.condition is not None else None,
        )
    elif effect.value == "Deny":
        yield Finding(
            principal.key,
            "a Deny for all but some principals also hits those with a permissions boundary, and sessions not listed",
            "write Principal '*' and a condition with ArnNotLike on aws:PrincipalArn",
            severity=Severity.WARNING,
        )
