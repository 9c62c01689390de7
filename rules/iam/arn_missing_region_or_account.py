"""Rule iam-arn-missing-region-or-account."""

from collections.abc import Iterator

from validator.iam.policy import Statement
from validator.iam.targets import Target, fields, is_about_all, misfit, targets, with_fields
from validator.rule import Finding, Severity, rule


@rule("iam-arn-missing-region-or-account", Severity.ERROR)
def check(statement: Statement) -> Iterator[Finding]:
    """A Resource leaves out the region or the account that all ARNs of its kind have.

    An empty field matches an empty field only: `arn:aws:secretsmanager:::secret:x` is no secret, and the statement is
    about nothing. Where any region is meant, it takes a `*`. A warning where the account alone is left out, as AWS's
    own resources do it, documented or not.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue",
       "Resource": "arn:aws:secretsmanager:::secret:db-*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue",
       "Resource": "arn:aws:secretsmanager:*:*:secret:db-*"}]}
    ```
    """
    for target in targets(statement) if not is_about_all(statement) else ():
        if target.everything or (found := misfit(target)) is None or not found.empty or found.filled:
            continue
        lacking = " and ".join(found.empty)
        if found.empty == ("account",) and _is_aws_own(target):
            continue
        message = f"{target.called} names nothing: its {lacking} {'are' if len(found.empty) > 1 else 'is'} empty"
        advice = f"write {_filled(target, found.empty)!r}" if target.text else f"give its {lacking}, or '*'"
        severity = None if "region" in found.empty and not target.conditional else Severity.WARNING
        yield Finding(target.node, message, advice, severity=severity)


def _is_aws_own(target: Target) -> bool:
    """Say whether it names one of AWS's own resources, such as `parameter/aws/service/…` or `document/AWS-…`."""
    name = fields(target.text)[5:6]
    own = name[0].partition("/")[2].lstrip("/").lower() if name else ""
    return own.startswith(("aws", "amazon"))


def _filled(target: Target, empty: tuple[str, ...]) -> str:
    """Write the ARN with the fields that it lacks: in a Sub by the stack's own."""
    own = {"region": "${AWS::Region}", "account": "${AWS::AccountId}"}
    return with_fields(target.text, {each: own[each] if isinstance(target.node.value, dict) else "*" for each in empty})
