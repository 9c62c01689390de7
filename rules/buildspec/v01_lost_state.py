"""Rule buildspec-v01-lost-state."""

from collections.abc import Iterator

from validator.buildspec.flow import Used
from validator.buildspec.spec import Buildspec
from validator.buildspec.upgrade import states
from validator.rule import Finding, Severity, rule


@rule("buildspec-v01-lost-state", Severity.ERROR)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A command of version 0.1 changes nothing but its own shell, which ends with it.

    In version 0.1 every command gets a new shell: the folder that `cd` went to, and the variable that `export` set, are
    gone for the next command. For what `set` and `source` change it is a warning.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.1
    phases:
      build:
        commands:
          - cd app
          - make
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.1
    phases:
      build:
        commands:
          - cd app && make
    ```
    """
    if buildspec.version != "0.1" or buildspec.dialect not in {"sh", "bash"}:
        return
    commands = [command for command in buildspec.commands() if command.text]
    places = {(one.phase, one.list, one.index): at for at, one in enumerate(commands)}
    last_of = {one.phase: at for at, one in enumerate(commands)}
    known = {one.name for one in buildspec.variables()}
    uses: dict[str, list[tuple[int, Used]]] = {}
    for use in buildspec.flow.used:
        if (by := use.command) is not None and use.name not in known:
            uses.setdefault(use.name, []).append((places.get((by.phase, by.list, by.index), -1), use))
    for at, command in enumerate(commands[:-1]):
        state = states(command)
        if state is None:
            continue
        if state.kind == "folder" and last_of[command.phase] > at:
            message = f"{state.text!r} has no effect: in version 0.1 the next command starts in the first folder again"
            yield Finding(state.part.node, message, f"write '{state.text} && …' in each command that needs it")
        elif state.kind == "variables":
            later = [found for name in sorted(state.names) for found in uses.get(name, ())[-1:] if found[0] > at]
            if later:
                used = later[0][1]
                message = f"{used.name!r} is set for this command only: in version 0.1 the next has its own shell"
                advice = "set it in the command that uses it, or write 'version: 0.2'"
                yield Finding(state.part.node, message, advice, related=((used.part.node, "it is used here"),))
        elif state.kind == "shell":
            message = f"{state.text!r} has no effect: in version 0.1 the next command has its own shell"
            advice = "write it in the command that needs it, or write 'version: 0.2'"
            yield Finding(state.part.node, message, advice, severity=Severity.WARNING)
