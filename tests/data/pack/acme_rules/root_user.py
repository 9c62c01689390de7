"""Rule acme-root-user."""

from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.rule import Edit, Finding, Severity, rule


@rule("acme-root-user", Severity.WARNING)
def check(buildspec: Buildspec, *, instead: str = "builder") -> Iterator[Finding]:
    """A buildspec runs all its commands as root.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    run-as: root
    phases: {build: {commands: [make]}}
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    run-as: builder
    phases: {build: {commands: [make]}}
    ```
    """
    user = buildspec.node.get("run-as")
    if user is not None and user.value == "root":
        yield Finding(user, "the build runs as root", f"run it as {instead!r}", fix=(Edit.value(user, instead),))
