"""Rule buildspec-command-subst-of-var."""

import re
from collections.abc import Iterator

from validator.buildspec.spec import Command
from validator.buildspec.variables import always_set
from validator.rule import Edit, Finding, Severity, rule

_NAME = re.compile(r"[A-Z][A-Z0-9_]*")


@rule("buildspec-command-subst-of-var", Severity.WARNING)
def check(command: Command) -> Iterator[Finding]:
    """A variable stands in `$(…)`, which runs the program of that name.

    The shell says "command not found" and puts in nothing. Makefiles write variables so; a shell does not.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - aws s3 ls --region $(AWS_REGION)
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - aws s3 ls --region $AWS_REGION
    ```
    """
    script = command.script
    if script is None or script.unread or command.buildspec.dialect not in {"sh", "bash"}:
        return
    for part in script.root.walk():
        if part.kind != "command_substitution" or len(part.parts) != 1 or part.parts[0].kind != "command":
            continue
        name = part.parts[0].text
        if not _NAME.fullmatch(name) or name in command.buildspec.flow.functions:
            continue
        if name in command.buildspec.names or always_set(name):
            behind = script.text[part.end : part.end + 1]
            joined = behind.isalnum() or behind in {"_", "["}
            at = part.node
            # Within Fn::Sub, braces would be CloudFormation's.
            fix = () if joined or len(at.text) != len(part.text) else (Edit(at.span, f"${name}"),)
            message = f"{part.text!r} runs a program that is called like the variable"
            yield Finding(at, message, f"write '${{{name}}}'" if joined else f"write '${name}'", fix=fix)
