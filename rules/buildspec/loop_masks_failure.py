"""Rule buildspec-loop-masks-failure."""

import re
from collections.abc import Iterator

from validator.buildspec.outcome import Calls, is_light, unseen
from validator.buildspec.shell import Part
from validator.buildspec.spec import Command
from validator.rule import Finding, Severity, rule

_LOOPS = frozenset({"for_statement", "while_statement", "c_style_for_statement"})
# Signs that somebody thought of a failure: what ends the loop, and what remembers it.
_HEEDED = re.compile(r"\b(?:exit|return|break|trap|kill|wait)\b|\|\||\$\?|\bset\s+-\w*e|\+=|\+\+")


@rule("buildspec-loop-masks-failure", Severity.WARNING)
def check(command: Command) -> Iterator[Finding]:
    """A loop goes on when one of its commands fails, and the build with it.

    A loop ends as the last turn did: what failed in an earlier one is forgotten, unless `set -e` stands before it.
    Silent where the loop breaks off, asks for `$?` or uses `||`, and where its commands only print, wait or clear away.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - for file in *.yml; do yamllint $file; done
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - for file in *.yml; do yamllint $file || exit 1; done
    ```
    """
    script = command.script
    if script is None or command.buildspec.dialect not in {"sh", "bash"} or command.list == "finally":
        return
    calls = Calls(command)
    for loop in script.root.walk():
        if loop.kind not in _LOOPS or not _counts(loop) or _turns_once(loop):
            continue
        body = loop.field("body")
        if body is None or _HEEDED.search(body.text) or calls.fails_at_once(loop.start):
            continue
        for part in unseen(body.parts, last=True):
            lost = next((call for call in calls.within(part) if not is_light(call)), None)
            if lost is None or lost.program in {"cd", "export", *command.buildspec.flow.functions}:
                continue
            whole = script.text.strip() == loop.text.strip()
            message = f"the loop goes on when {_short(lost.part.text)!r} fails, and the build with it"
            yield Finding(
                command.node if whole else loop.node,
                message,
                "write 'set -e' before the loop, or '|| exit 1' behind the command",
                related=((lost.part.node, "its failure is lost but in the last turn"),),
            )
            break


def _counts(loop: Part) -> bool:
    """Whether how the loop ends is how a command may end: not in a condition, a substitution, a function, a loop."""
    part = loop
    while (above := part.parent) is not None:
        if "substitution" in above.kind or above.kind in _LOOPS | {"function_definition"}:
            return False
        if above.kind == "list" and any(token.kind == "||" for token in above.tokens):
            return False
        if above.kind in {"if_statement", "elif_clause"} and any(one == part for one in above.fields("condition")):
            return False
        part = above
    following = loop.syntax.next_sibling
    return following is None or following.type != "&"


def _turns_once(loop: Part) -> bool:
    values = loop.fields("value")
    return loop.kind == "for_statement" and len(values) == 1 and values[0].kind == "word" and "*" not in values[0].text


def _short(text: str) -> str:
    line, _, rest = text.partition("\n")
    return line if not rest and len(line) <= 60 else line[:59].rstrip(" \\") + "…"
