"""Rule buildspec-command-not-string."""

from collections.abc import Iterator

from validator.buildspec.spec import Command, is_rewritable
from validator.rule import Edit, Finding, Severity, rule


@rule("buildspec-command-not-string", Severity.WARNING)
def check(command: Command) -> Iterator[Finding]:
    """A command reads as a number or a boolean.

    CodeBuild expects a text. To YAML `true`, `yes` and `on` are a boolean, and what has digits only is a number, which
    may come out otherwise than it is written.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - true
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - 'true'
    ```
    """
    node = command.node
    if isinstance(node.value, bool | int | float):
        quote = '"' if node.document.format == "json" else "'"
        message = f"this command reads as {node.kind}, expected a string"
        plain = node.text.replace(".", "").replace("_", "").isalnum()
        fix = (Edit(node.span, f"{quote}{node.text}{quote}"),) if plain and is_rewritable(node) else ()
        yield Finding(node, message, "put it in quotes", fix=fix)
