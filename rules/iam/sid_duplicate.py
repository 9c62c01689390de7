"""Rule iam-sid-duplicate."""

from collections.abc import Iterator

from validator.iam.actions import has_placeholder
from validator.iam.policy import Policy, Statement
from validator.rule import Finding, Severity, rule


@rule("iam-sid-duplicate", Severity.ERROR, supersedes=("cfn-lint/E3510",))
def check(policy: Policy) -> Iterator[Finding]:
    """Two statements of a policy have the same Sid.

    IAM refuses such a policy: "Statement IDs (SID) in a single policy must be unique". Of the policies of resources and
    organizations it is not documented for every service, so there it is a warning. Case counts, and an empty Sid is
    none.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"},
      {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Sid": "ReadA", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"},
      {"Sid": "ReadB", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}
    ```
    """
    sids = [sid for statement in policy.statements() if isinstance(sid := statement.element("Sid"), str) and sid]
    if len(set(sids)) == len(sids):
        return
    seen: dict[str, Statement] = {}
    for statement in policy.statements():
        sid = statement.sid
        if not sid or has_placeholder(sid):
            continue
        first = seen.setdefault(sid, statement)
        # Two under an Fn::If may be each other's alternative.
        if first is statement or (first.conditional and statement.conditional):
            continue
        sure = policy.kind in _SURE and not policy.guessed and not (first.conditional or statement.conditional)
        node, other = (each.node.get("Sid") for each in (statement, first))
        related = ((other, "the first one"),) if other is not None else ()
        message = f"two statements have the Sid {sid!r}"
        severity = None if sure else Severity.WARNING
        yield Finding(node or statement.node, message, "give each its own, or none", severity=severity, related=related)


_SURE = {"identity", "boundary", "trust"}
