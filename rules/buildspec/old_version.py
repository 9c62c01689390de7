"""Rule buildspec-old-version."""

from collections.abc import Iterator

from validator.buildspec.spec import Buildspec
from validator.buildspec.upgrade import changes
from validator.rule import Edit, Finding, Severity, rule


@rule("buildspec-old-version", Severity.NOTE)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A buildspec is written for version 0.1, in which every command gets a shell of its own.

    What one command changes is gone for the next: the folder, the variables, the options of the shell. Version 0.2 runs
    all commands in one shell, has batches, and takes variables from Parameter Store and Secrets Manager. The fix keeps
    the meaning: a command that may change its shell is put in parentheses.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.1
    phases:
      build:
        commands:
          - make
          - cd app && make
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
          - ( cd app && make )
    ```
    """
    version = buildspec.node.get("version")
    if version is None or buildspec.version != "0.1":
        return
    found = changes(buildspec)
    span = buildspec.node.document.span
    advice = "write 'version: 0.2', and put each command that relies on a shell of its own in parentheses"
    if not found:
        advice += "; here that is not sure enough to be done for you"
    message = "in version 0.1 every command gets a shell of its own"
    yield Finding(version, message, advice, fix=tuple(Edit(span(region), text) for region, text in found))
