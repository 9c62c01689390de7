"""Rule buildspec-exit-status-noop."""

import re
from collections.abc import Iterator

from validator.buildspec.spec import Command
from validator.document import Region
from validator.rule import Edit, Finding, Severity, rule

_WHOLE = re.compile(r"\s*exit\s+(\$\?|\"\$\?\"|\$\{\?\})\s*;?\s*")
_LAST = re.compile(r"(?:[;\n]\s*)(exit\s+(?:\$\?|\"\$\?\"|\$\{\?\}))\s*;?\s*\Z")


@rule("buildspec-exit-status-noop", Severity.WARNING)
def check(command: Command) -> Iterator[Finding]:
    """A command ends the shell with the status that it would end with anyway.

    In version 0.1 `exit $?` stands in a shell of its own, in which nothing has failed: it checks nothing. In version
    0.2 it is reached only if the command before it went well. As the last word of a longer command it is a note.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.1
    phases:
      build:
        commands:
          - python validate.py
          - exit $?
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.1
    phases:
      build:
        commands:
          - python validate.py
    ```
    """
    script = command.script
    if script is None or command.buildspec.dialect not in {"sh", "bash"}:
        return
    if _WHOLE.fullmatch(script.text):
        old = command.buildspec.version == "0.1"
        why = "in a shell of its own nothing has failed yet" if old else "it runs only if nothing has failed"
        fix = _removed(command) if old else ()
        yield Finding(command.node, f"{script.text.strip()!r} is always 'exit 0' here: {why}", "remove it", fix=fix)
    elif (found := _LAST.search(script.text)) is not None and not script.root.syntax.has_error:
        part = script.root.parts[-1]
        if part.kind == "command" and part.start == found.start(1) and "set +e" not in script.text:
            message = f"{found[1]!r} changes nothing: a command ends as the last of its programs does"
            yield Finding(script.at(*found.span(1)), message, "remove it", severity=Severity.NOTE)


def _removed(command: Command) -> tuple[Edit, ...]:
    """Take out the line of a list that holds nothing else."""
    node, document, parent = command.node, command.node.document, command.node.parent
    in_text = document.outer is not None
    if in_text or document.format != "yaml" or parent is None or not isinstance(parent.value, list):
        return ()
    if len(parent.value) < 2 or parent.style == "flow":
        return ()
    start, end = node.region
    first = document.text.rfind("\n", 0, start) + 1
    last = document.text.find("\n", end)
    line = document.text[first : last + 1] if last >= 0 else ""
    # A comment may be about what stands before it.
    if not re.fullmatch(r" *- +[^#\n]*\n", line) or line.strip()[2:].strip() != node.text:
        return ()
    return (Edit(document.span(Region(first, last + 1)), ""),)
