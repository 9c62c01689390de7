"""Rule buildspec-secret-on-command-line."""

from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.buildspec.credentials import given
from validator.rule import Finding, Severity, rule


@rule("buildspec-secret-on-command-line", Severity.WARNING)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A program is given a password on its command line, though it would read it from elsewhere.

    Every process of the build can read the command lines of all others, `set -x` writes them into the log, and some
    programs keep a password that they are given so. It is a note for curl, which hides it from other processes.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      pre_build:
        commands:
          - docker login --username ci --password "$REGISTRY_PASSWORD" registry.example.com
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      pre_build:
        commands:
          - echo "$REGISTRY_PASSWORD" | docker login --username ci --password-stdin registry.example.com
    ```
    """
    for call in buildspec.calls:
        for found in given(call):
            # What is written out is told of as that; headers have no better place in most programs' manuals.
            if not found.literal and not found.is_header:
                message = f"{call.program!r} is given a password on its command line"
                yield Finding(found.node, message, found.instead, Severity.NOTE if call.program == "curl" else None)
