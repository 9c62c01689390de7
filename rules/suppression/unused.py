"""Rule suppression-unused."""

from collections.abc import Iterator

from validator.project import Suppression
from validator.rule import Finding, Severity, rule


@rule("suppression-unused", Severity.WARNING)
def check(suppression: Suppression) -> Iterator[Finding]:
    """A suppression suppresses nothing.

    What it was written for is gone, or it stands at the wrong line or names the wrong rule; it would hide the next
    finding that comes to stand there. A comment speaks of what starts on its line or, if it stands alone, on the next;
    metadata of what is in the template or resource that it belongs to.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build: # stackproof: ignore[document-duplicate-key] the second one is for show
        commands: [make]
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
    if suppression.unused:
        names = ", ".join(map(repr, suppression.unused))
        yield Finding(suppression.at, f"there is nothing of {names} to suppress here", "remove it, or correct the name")
    elif not suppression.rules:
        example = "# stackproof: ignore[rule-id] reason" if suppression.covers is None else "{rule: rule-id, reason: …}"
        message = "the suppression names no rule, so that it suppresses nothing"
        yield Finding(suppression.at, message, f"name one: {example}")
