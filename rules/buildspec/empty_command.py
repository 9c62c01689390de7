"""Rule buildspec-empty-command."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from validator.buildspec.spec import Command
from validator.document import Node, Region
from validator.rule import Edit, Finding, Severity, rule

# The line of an item of a list: its dash, then a comment at most.
_LINE = re.compile(r"(?P<indent>[ ]*)(?P<dash>-[ \t]*)(?P<rest>~|null)?[ \t]*(?P<comment>#.*)?")


@rule("buildspec-empty-command", Severity.WARNING)
def check(command: Command) -> Iterator[Finding]:
    """A command is empty.

    A dash is left over, or YAML takes the command for a comment. Nothing runs there, whatever was meant to.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - # make test
          - make
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          # make test
          - make
    ```
    """
    node = command.node
    if isinstance(node.value, str) and not node.value.strip():
        yield Finding(node, "this command has no text", "remove it, or write what it shall run")
    if node.value is not None:
        return
    line = _line(node)
    found = _LINE.fullmatch(node.document.text, *line) if node.document.format == "yaml" else None
    if found is None or not isinstance(node.name, int):
        yield Finding(node, "this command is empty", "remove it, or write what it shall run")
        return
    at = node.pin(Region(found.start("dash"), found.start("dash") + 1))
    fix = (_without(node, line, found),)
    if found["comment"] and not found["rest"]:
        advice = "remove the dash, or the '#'"
        yield Finding(at, "this command is empty: all of it is a comment", advice, fix=fix)
    else:
        yield Finding(at, "this command is empty", "remove the dash, or write what it shall run", fix=fix)


def _line(node: Node) -> Region:
    """Give the line that an item stands on; what is empty has no place of its own, and is given behind its dash."""
    starts = node.document.line_starts
    number = bisect_right(starts, node.region.start)
    end = starts[number] if number < len(starts) else len(node.document.text)
    start = starts[number - 1]
    return Region(start, start + len(node.document.text[start:end].rstrip("\r\n")))


def _without(node: Node, line: Region, found: re.Match[str]) -> Edit:
    """Remove an item: its dash if it has a comment, which may be what it should be, else its line."""
    text, start = node.document.text, line.start
    if found["comment"]:
        region = Region(found.start("dash"), found.start("comment"))
    else:
        # With the line end before it: in a template, the blanks before the next line are no part of this text.
        ending = text[max(start - 2, 0) : start]
        region = Region(start - (len(ending) if ending == "\r\n" else 1), line.end)
    return Edit(node.document.span(region), "")
