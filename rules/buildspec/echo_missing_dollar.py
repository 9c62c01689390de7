"""Rule buildspec-echo-missing-dollar."""

import re
from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.buildspec.output import destination
from validator.rule import Edit, Finding, Severity, rule

_NAME = re.compile(r"[A-Z][A-Z0-9_]+")


@rule("buildspec-echo-missing-dollar", Severity.NOTE)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A command prints a variable's name where its value must be meant.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - IMAGE_URI=$REPOSITORY:$VERSION
          - echo IMAGE_URI
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - IMAGE_URI=$REPOSITORY:$VERSION
          - echo $IMAGE_URI
    ```
    """
    for call in buildspec.calls:
        words = [part for part in call.parts[1:] if not part.text.startswith("-")]
        # What goes on elsewhere than into the log may well be meant as a name.
        if call.program != "echo" or len(words) != 1 or destination(call.part) != "log":
            continue
        [word] = words
        if word.kind == "word" and word.text in buildspec.names and _NAME.fullmatch(word.text):
            at = word.node
            fix = (Edit(at.span, f"${word.text}"),) if at.text == word.text else ()
            yield Finding(at, f"this prints the name {word.text!r}, not its value", f"write '${word.text}'", fix=fix)
