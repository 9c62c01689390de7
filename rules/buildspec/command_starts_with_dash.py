"""Rule buildspec-command-starts-with-dash."""

from collections.abc import Iterator

from validator.buildspec.spec import Command
from validator.document import Region
from validator.rule import Finding, Severity, rule


@rule("buildspec-command-starts-with-dash", Severity.ERROR)
def check(command: Command) -> Iterator[Finding]:
    """A command starts with a dash, since the blank behind the dash of a list is missing.

    To YAML `-make` is a text, not an item. All that follows belongs to it, up to the next key, and the shell looks for
    a program of that name: the build fails with "command not found".

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          -make
          -make test
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
          - make test
    ```
    """
    node = command.node
    text = node.value
    if isinstance(text, str) and node.style == "plain" and text[:1] == "-" and text.strip("-"):
        start = node.region.start
        shown = text.split()[0]
        message = f"{shown if len(shown) <= 40 else shown[:39] + '…'!r} is no command: YAML sees no item of a list here"
        yield Finding(node.pin(Region(start, start + 1)), message, "put a blank behind the dash, on every line")
