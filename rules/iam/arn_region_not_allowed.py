"""Rule iam-arn-region-not-allowed."""

from collections.abc import Iterator

from validator.iam.policy import Statement
from validator.iam.targets import is_about_all, misfit, service_of, targets, well_documented, with_fields
from validator.rule import Finding, Severity, rule


@rule("iam-arn-region-not-allowed", Severity.ERROR)
def check(statement: Statement) -> Iterator[Finding]:
    """A Resource has a region or an account where the ARNs of its kind have none.

    The ARN of an S3 bucket has neither, that of an IAM role no region: `arn:aws:s3:eu-west-1::reports` is no bucket,
    and the statement is about nothing. A warning for services whose resources AWS's documentation may not tell in full.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:eu-west-1:111122223333:reports/*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*",
       "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1", "s3:ResourceAccount": "111122223333"}}}]}
    ```
    """
    for target in targets(statement) if not is_about_all(statement) else ():
        if target.everything or (found := misfit(target)) is None or not found.filled:
            continue
        wrong = " and no ".join(found.filled)
        message = f"{target.called} names nothing: ARNs of its kind have no {wrong}"
        if found.empty:
            message += f", and all have {' and '.join(found.empty)}"
        right = with_fields(target.text, {**dict.fromkeys(found.filled, ""), **dict.fromkeys(found.empty, "*")})
        advice = f"write {right!r}" if right else f"leave out its {wrong}"
        sure = well_documented(service_of(target)) and not target.conditional
        yield Finding(target.node, message, advice, severity=None if sure else Severity.WARNING)
