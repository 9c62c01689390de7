"""Rule buildspec-block-masks-failure."""

from collections.abc import Iterator

from validator.buildspec.outcome import Calls, is_work, keeps_status, unseen
from validator.buildspec.spec import Command
from validator.rule import Finding, Severity, rule


@rule("buildspec-block-masks-failure", Severity.WARNING)
def check(command: Command) -> Iterator[Finding]:
    """A command of several lines goes on when one of them fails.

    What counts is how the last one ends. Reported are programs that test, build, scan or deploy, unless `set -e` stands
    before them, or their status is asked for.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - |
            pytest
            echo "tests are done"
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - |
            set -e
            pytest
            echo "tests are done"
    ```
    """
    script = command.script
    if script is None or command.buildspec.dialect not in {"sh", "bash"} or command.list == "finally":
        return
    parts = script.root.parts
    if len(parts) < 2 or script.root.syntax.has_error or keeps_status(script):
        return
    calls = Calls(command)
    for part in unseen(parts):
        lost = next((call for call in calls.within(part) if is_work(call)), None)
        if lost is None:
            continue
        if not calls.fails_at_once(part.start):
            text = lost.part.text.partition("\n")[0]
            shown = text if text == lost.part.text and len(text) <= 60 else text[:59].rstrip(" \\") + "…"
            advice = "write 'set -e' on a line before it, or give it a '- ' of its own"
            yield Finding(lost.part.node, f"this command goes on when {shown!r} fails", advice)
        return
