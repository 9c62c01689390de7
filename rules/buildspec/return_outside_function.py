"""Rule buildspec-return-outside-function."""

from collections.abc import Iterator

from validator.buildspec.spec import Command
from validator.rule import Finding, Severity, rule


@rule("buildspec-return-outside-function", Severity.WARNING)
def check(command: Command) -> Iterator[Finding]:
    """A command returns from no function.

    Where a command is no function, bash says "can only `return' from a function or sourced script" and goes on.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make scan || return 0
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make scan || exit 1
    ```
    """
    script = command.script
    if script is None or command.buildspec.dialect not in {"sh", "bash"} or "return" not in script.text:
        return
    for part in script.root.walk():
        if part.kind != "command_name" or part.text != "return" or part.parent is None:
            continue
        above = part.parent
        while above.parent is not None and above.kind not in {"function_definition", "ERROR"}:
            above = above.parent
        if above.kind not in {"function_definition", "ERROR"}:
            message = f"{part.parent.text!r} stands in no function to return from"
            yield Finding(part.parent.node, message, "write 'exit' to end the command")
