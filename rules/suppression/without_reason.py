"""Rule suppression-without-reason."""

from collections.abc import Iterator

from validator.project import Suppression
from validator.rule import Finding, Severity, rule


@rule("suppression-without-reason", Severity.WARNING)
def check(suppression: Suppression) -> Iterator[Finding]:
    """A suppression does not say why.

    Whoever reads it next cannot tell a decision from a way to get a build through.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands: [make]
      build: # stackproof: ignore[document-duplicate-key]
        commands: [make test]
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands: [make]
      build: # stackproof: ignore[document-duplicate-key] the second one is for show
        commands: [make test]
    ```
    """
    if suppression.rules and not suppression.reason:
        names = ", ".join(map(repr, suppression.rules))
        message = f"there is no reason given for ignoring {names}"
        yield Finding(suppression.at, message, "write one behind the brackets, or as `reason`")
