"""Rule buildspec-ecr-get-login."""

from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.rule import Finding, Severity, rule


@rule("buildspec-ecr-get-login", Severity.ERROR)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A command calls `aws ecr get-login`, which the AWS CLI no longer has.

    Version 2 of the AWS CLI, which is in the images, does not know it: "Invalid choice". Nothing is logged in, and the
    first push or pull fails. It is a warning where a command installs version 1.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      pre_build:
        commands:
          - $(aws ecr get-login --no-include-email --region $AWS_REGION)
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      pre_build:
        commands:
          - aws ecr get-login-password | docker login --username AWS --password-stdin $REGISTRY
    ```
    """
    calls = buildspec.calls
    first = any("awscli" in text for call in calls if call.starts("pip", "install") for (text, *_) in call.words)
    first = first or any(
        "awscli" in text for call in calls if call.starts("pip3", "install") for (text, *_) in call.words
    )
    for call in calls:
        if call.starts("aws", "ecr", "get-login"):
            at = next(part for word, part in zip(call.words, call.parts, strict=True) if word == ("get-login",))
            yield Finding(
                at.node,
                "the AWS CLI has no 'ecr get-login' since version 2",
                "pipe 'aws ecr get-login-password' to 'docker login --username AWS --password-stdin REGISTRY'",
                severity=Severity.WARNING if first else None,
            )
