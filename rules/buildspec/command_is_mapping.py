"""Rule buildspec-command-is-mapping."""

from collections.abc import Iterator

from validator.buildspec.spec import Command
from validator.document import Node, Region
from validator.rule import Edit, Finding, Severity, rule
from validator.shape import is_function


@rule("buildspec-command-is-mapping", Severity.ERROR)
def check(command: Command) -> Iterator[Finding]:
    """A command reads as a mapping or a list, since YAML gives a meaning to one of its characters.

    A colon before a blank ends a key, and a bracket or brace at the start opens a list or a mapping. What CodeBuild
    gets is no text any more: the build fails with "Expected Commands[0] to be of string type: found subkeys instead".

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - echo "Template: $TEMPLATE"
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - 'echo "Template: $TEMPLATE"'
    ```
    """
    node = command.node
    if isinstance(node.value, list):
        why = ", since it starts with '['" if node.text.startswith("[") else ", since it starts with '- '"
        yield Finding(node, f"this command is a list{why if node.document.format == 'yaml' else ''}", _help(command))
    if not isinstance(node.value, dict) or (command.buildspec.inline and is_function(node.value)):
        return
    key, value = next(node.items(), ("", node))
    yaml, source, behind = node.document.format == "yaml", node.document.text, value.key.region.end
    if yaml and value.key.text.startswith("!"):
        message = f"this command starts with {value.key.text!r}, a tag that CodeBuild does not know"
        yield Finding(node, message, "write out what it stands for: only a template has functions")
        return
    if not node.value or node.style == "flow" or not yaml:
        why = ", since it starts with '{'" if yaml else ""
        yield Finding(node, f"this command is a mapping{why}", _help(command))
        return
    # An alias stands for a value that is elsewhere.
    colon = source.find(":", behind, value.region.start if value.region.start > behind else node.region.end)
    if colon < 0:
        yield Finding(node, "this command is a mapping, since it starts with '? '", _help(command))
        return
    shown = key if len(key) <= 40 else key[:39] + "…"
    message = f"this command is a mapping: to YAML the ':' behind {shown!r} ends a key"
    yield Finding(node.pin(Region(colon, colon + 1)), message, _help(command), fix=_quoted(node, value, colon))


def _help(command: Command) -> str:
    """Say what to do, and how to recognise the build that failed by it."""
    found = f"Expected Commands[{command.index}] to be of string type: found subkeys instead"
    says = f'; CodeBuild would say "YAML_FILE_ERROR: {found}"' if command.list == "commands" else ""
    return f"put the whole command in quotes{says}"


def _quoted(node: Node, value: Node, colon: int) -> tuple[Edit, ...]:
    """Put the source of a command into single quotes, if it is certain that it was meant as it stands."""
    document = node.document
    in_text = document.outer is not None and (document.outer.style != "|" or document.outer.document.outer is not None)
    if len(node.value) != 1 or in_text or node.text[:1] in _MARKS:  # type: ignore[arg-type]  # a mapping
        return ()
    (start, end), parent = Region(node.region.start, value.region.end), node.parent
    if value.region.start < colon or parent is None or not parent.region.start <= start < parent.region.end:
        return ()  # an alias: what it repeats may be meant otherwise where it stands
    source = document.text[start:end]
    behind = document.text[colon + 1 : end].strip()
    scalar = value.value is None or isinstance(value.value, str | int | float)
    if "\n" in source or "\r" in source or not scalar or behind[:1] in _MARKS - {"'", '"'}:
        return ()
    return (Edit(document.span(Region(start, end)), "'" + source.replace("'", "''") + "'"),)


# What YAML reads as the start of something else than plain text.
_MARKS = frozenset("'\"|>&*!?@`[{%")
