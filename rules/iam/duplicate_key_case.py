"""Rule iam-duplicate-key-case."""

from collections.abc import Iterator

from validator.iam.policy import Statement
from validator.rule import Finding, Severity, rule
from validator.shape import is_function


@rule("iam-duplicate-key-case", Severity.WARNING)
def check(statement: Statement) -> Iterator[Finding]:
    """A Condition has an operator twice, spelled in different case.

    Parsers take them for two keys, and for IAM they are one operator. Whether it then takes the second one, both, or
    neither is not documented. Condition keys that differ in case only are reported by `document-duplicate-key`, and
    elements of a statement in other case than IAM's by `iam-shape`.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {
        "StringEquals": {"aws:PrincipalAccount": "123456789012"},
        "stringEquals": {"aws:RequestedRegion": "eu-central-1"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {
        "StringEquals": {"aws:PrincipalAccount": "123456789012", "aws:RequestedRegion": "eu-central-1"}}}]}
    ```
    """
    written = statement.element("Condition")
    if not isinstance(written, dict) or is_function(written) or len({*map(str.lower, written)}) == len(written):
        return
    condition = statement.condition
    assert condition is not None
    seen: dict[str, str] = {}
    for name, keys in condition.items():
        first = seen.setdefault(name.lower(), name)
        other = condition.get(first)
        if first != name and other is not None:
            message = f"the operator {name!r} differs from {first!r} in case only, and is the same to IAM"
            advice = f"write all its keys under one {first!r}"
            yield Finding(keys.key, message, advice, related=((other.key, "the first one"),))
