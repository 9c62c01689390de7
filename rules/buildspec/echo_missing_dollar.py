"""Rule buildspec-echo-missing-dollar."""

import re
from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.buildspec.shell import Part
from validator.rule import Edit, Finding, Severity, rule

_NAME = re.compile(r"[A-Z][A-Z0-9_]+")
# What goes on elsewhere may well be meant as a name.
_TAKEN = frozenset({"pipeline", "command_substitution", "redirected_statement", "process_substitution"})


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
        if call.program != "echo" or len(words) != 1 or call.writes or _is_taken(call.part):
            continue
        [word] = words
        if word.kind == "word" and word.text in buildspec.names and _NAME.fullmatch(word.text):
            at = word.node
            fix = (Edit(at.span, f"${word.text}"),) if at.text == word.text else ()
            yield Finding(at, f"this prints the name {word.text!r}, not its value", f"write '${word.text}'", fix=fix)


def _is_taken(part: Part) -> bool:
    above = part.parent
    while above is not None:
        if above.kind in _TAKEN:
            return True
        above = above.parent
    return False
