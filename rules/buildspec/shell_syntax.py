"""Rule buildspec-shell-syntax."""

from collections.abc import Iterator, Sequence

from validator.buildspec.shell import Script
from validator.buildspec.spec import Buildspec, Command
from validator.buildspec.syntax import Fault, fault
from validator.rule import Finding, Severity, rule

# How many commands one construct is looked for over.
_FAR = 50


@rule("buildspec-shell-syntax", Severity.ERROR)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A command is no complete program: the shell stops at it and runs none of it.

    Each command is a program of its own, in version 0.2 as well, so an `if` and its `fi` stand in one. It is an error
    where a quote, `$(`, `if`, `for`, `while`, `until` or `case` is never closed; what else bash would refuse is a
    warning. Commands for PowerShell and cmd are left alone.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - if [ -d tests ]; then
          - make test
          - fi
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - |
            if [ -d tests ]; then
              make test
            fi
    ```
    """
    if buildspec.dialect not in {"sh", "bash"}:
        return
    commands = [(command, script) for command in buildspec.commands() if (script := command.script) is not None]
    at = 0
    while at < len(commands):
        command, script = commands[at]
        found = fault(script.text)
        if found is not None:
            end = _end_of_split(commands, at) if found.kind == "open" else at
            yield _split(commands[at : end + 1], found) if end > at else _faulty(command, script, found)
            at = end
        at += 1


def _end_of_split(commands: Sequence[tuple[Command, Script]], at: int) -> int:
    """Give the command that ends what one begins; the same one if none does."""
    first, script = commands[at]
    lines = [script.text]
    for index in range(at + 1, min(at + _FAR, len(commands))):
        command, script = commands[index]
        if (command.phase, command.list) != (first.phase, first.list):
            break
        lines.append(script.text)
        # What is a program by itself ends nothing.
        if fault(script.text) is not None and fault("\n".join(lines)) is None:
            return index
    return at


def _split(commands: Sequence[tuple[Command, Script]], found: Fault) -> Finding:
    (first, script), (last, _) = commands[0], commands[-1]
    where = script.at(found.start, found.end)
    return Finding(
        where,
        f"{found.text!r} begins here and ends in another command, and each command is a program of its own",
        f"put all from here to {found.closer!r} into one command, behind '- |'",
        severity=None if found.sure and not first.buildspec.is_open(first.node) else Severity.WARNING,
        related=((last.node, f"{found.closer!r} is in this command"),),
    )


def _faulty(command: Command, script: Script, found: Fault) -> Finding:
    severity = None if found.sure and not command.buildspec.is_open(command.node) else Severity.WARNING
    where, shown = script.at(found.start, found.end), _short(found.text)
    if found.kind == "open":
        message = f"{shown!r} is never closed, so the shell runs nothing of this command"
        return Finding(where, message, f"end it with {found.closer!r} in this command", severity=severity)
    if found.kind == "missing":
        return Finding(where, f"nothing stands behind {shown!r}", "write what is missing", severity=severity)
    what = "the end of the line" if found.text == "newline" else repr(shown)
    message = f"the shell does not expect {what} here, and runs nothing of this command"
    advice = f"begin with {_OPENERS[found.text]} in this command" if found.text in _OPENERS else "remove or quote it"
    return Finding(where, message, advice, severity=severity)


_OPENERS = {
    "then": "'if'",
    "else": "'if'",
    "elif": "'if'",
    "fi": "'if'",
    "do": "'for' or 'while'",
    "done": "'for' or 'while'",
    "esac": "'case'",
    "}": "'{'",
    ")": "'('",
}


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
