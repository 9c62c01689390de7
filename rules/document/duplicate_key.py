"""Rule document-duplicate-key."""

from collections.abc import Iterator

from validator.document import Document
from validator.iam.policy import Statement
from validator.rule import Finding, Severity, rule


@rule("document-duplicate-key", Severity.ERROR)
def check(subject: Document | Statement) -> Iterator[Finding]:
    """A mapping has a key twice.

    Only one of the values counts, the last by most parsers, and nobody is told which. CloudFormation refuses such a
    template. In the conditions of a policy, keys that differ in case only are the same key.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands: [make]
      build:
        commands: [make test]
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands: [make, make test]
    ```

    Bad:

    ```json title="policy.json"
    {
      "Version": "2012-10-17",
      "Statement": [{
        "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::example/*",
        "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1", "aws:requestedregion": "eu-central-1"}}
      }]
    }
    ```
    """
    yield from _twins(subject) if isinstance(subject, Statement) else _repeated(subject)


def _repeated(document: Document) -> Iterator[Finding]:
    for problem in document.problems:
        if problem.code == "duplicate-key":
            severity = None if problem.sure else Severity.WARNING
            yield Finding(problem.at, problem.message, problem.help, severity=severity, related=problem.related)


def _twins(statement: Statement) -> Iterator[Finding]:
    """Report condition keys that are one to IAM.

    Source: IAM Access Analyzer's policy checks, error "Duplicate keys with different case".
    """
    for _, operator in statement.condition.items() if statement.condition is not None else ():
        seen: dict[str, str] = {}
        for name, value in operator.items():
            first = seen.setdefault(name.casefold(), name)
            if first != name:
                other = operator.get(first)
                related = ((other.key, "the first one"),) if other is not None else ()
                message = f"the key {name!r} differs from {first!r} in case only, and is the same to IAM"
                yield Finding(value.key, message, "write both values as a list under one key", related=related)
