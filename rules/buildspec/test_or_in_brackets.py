"""Rule buildspec-test-or-in-brackets."""

from collections.abc import Iterator

from validator.buildspec.shell import Part
from validator.buildspec.spec import Command
from validator.rule import Finding, Severity, rule


@rule("buildspec-test-or-in-brackets", Severity.ERROR)
def check(command: Command) -> Iterator[Finding]:
    """A test in single brackets has `||` or `&&` in it, which end the command `[`.

    The shell runs `[` without its `]`, and takes what follows for a program: both fail.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - if [ "$STAGE" = prod || "$STAGE" = test ]; then make deploy; fi
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - if [ "$STAGE" = prod ] || [ "$STAGE" = test ]; then make deploy; fi
    ```
    """
    script = command.script
    if script is None or command.buildspec.dialect not in {"sh", "bash"}:
        return
    for test in script.root.walk():
        tokens = test.tokens
        if test.kind != "test_command" or tokens[0].kind != "[" or tokens[-1].kind != "]":
            continue
        if (operator := _operator(test)) is not None:
            message = f"{operator.kind!r} ends the command '[' here: what follows is run as another program"
            advice = f"close the brackets before it and open others behind it: ] {operator.kind} ["
            yield Finding(operator.node, message, advice)


def _operator(test: Part) -> Part | None:
    waiting = list(test.tokens)
    while waiting:
        one = waiting.pop(0)
        if one.kind in {"||", "&&"}:
            return one
        if one.kind.endswith("_expression") and not one.kind.startswith("arithmetic"):
            waiting += one.tokens
    return None
