"""Rule iam-resource-unused."""

from collections.abc import Iterator

from validator.iam.policy import Statement
from validator.iam.targets import fits, is_broken, service_of, taken, targets, well_documented
from validator.rule import Finding, Severity, rule


@rule("iam-resource-unused", Severity.NOTE)
def check(statement: Statement) -> Iterator[Finding]:
    """A statement names a resource that none of its actions is about.

    The ARN can go, or an action was forgotten: `arn:aws:s3:::reports` beside `arn:aws:s3:::reports/*` is of use only
    where the bucket itself is listed or configured. Reported only for services whose resources AWS documents in full.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"],
       "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]}]}
    ```
    """
    actions, resources = statement.action_texts, statement.resource_texts
    if (
        actions.negated
        or resources.negated
        or not actions.complete
        or (resources.complete and len(resources.texts) < 2)
    ):
        return
    named = targets(statement)
    if len(named) < 2 or any(target.everything for target in named):
        return
    found = [taken(action) for action in actions.texts]
    if not all(each.known for each in found):
        return
    formats = frozenset(form for each in found for form in each.formats)
    unused = [target for target in named if not fits(target, formats)]
    if len(unused) == len(named):
        return
    for target in unused:
        if well_documented(service_of(target)) and not is_broken(target):
            message = f"no action of the statement is about {target.called}"
            yield Finding(target.node, message, "remove it, or add the action that it is for")
