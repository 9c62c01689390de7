"""Rule buildspec-scalar-commands."""

from collections.abc import Iterator

from validator.buildspec.spec import Command
from validator.rule import Finding, Severity, rule


@rule("buildspec-scalar-commands", Severity.NOTE, default=False)
def check(command: Command) -> Iterator[Finding]:
    """The commands of a phase are one text, not a list.

    CodeBuild runs it, though its documentation knows lists only; and a second line, once somebody adds it, becomes part
    of the first.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands: make
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    ```
    """
    if not isinstance(command.node.name, int) and command.text is not None:
        message = f"the {command.list} of {command.phase} are a text, expected a list"
        yield Finding(command.node, message, "put it on a line of its own, behind '- '")
