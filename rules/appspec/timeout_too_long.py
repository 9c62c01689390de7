"""Rule appspec-timeout-too-long."""

from collections.abc import Iterator

from validator.codedeploy import Appspec
from validator.document import Node
from validator.rule import Finding, Severity, rule

_LONGEST = 3600


@rule("appspec-timeout-too-long", Severity.WARNING)
def check(appspec: Appspec) -> Iterator[Finding]:
    """A script may take longer than CodeDeploy waits.

    The scripts of one event have an hour in all; then the deployment fails on that server, whatever `timeout` says. It
    is a note where only the scripts of an event together may take longer.

    Bad:

    ```yaml title="appspec.yml"
    version: 0.0
    os: linux
    hooks:
      AfterInstall:
        - location: scripts/migrate.sh
          timeout: 7200
    ```

    Good:

    ```yaml title="appspec.yml"
    version: 0.0
    os: linux
    hooks:
      AfterInstall:
        - location: scripts/migrate.sh
          timeout: 3600
    ```
    """
    events: dict[Node, list[tuple[Node, int]]] = {}
    for script in appspec.scripts():
        node = script.node.get("timeout")
        text = str(node.value).strip() if node is not None else ""
        if node is not None and text.isdecimal() and script.node.parent is not None:
            events.setdefault(script.node.parent, []).append((node, int(text[:9])))
    for event, timeouts in events.items():
        alone = [(node, seconds) for node, seconds in timeouts if seconds > _LONGEST]
        for node, seconds in alone:
            message = f"the timeout is {seconds} seconds, CodeDeploy waits {_LONGEST} for all scripts of an event"
            yield Finding(node, message, f"write {_LONGEST} or less")
        total = sum(seconds for _, seconds in timeouts)
        if total > _LONGEST and not alone:
            name = event.path[-1]
            message = f"the scripts of {name} may take {total} seconds in all, CodeDeploy waits {_LONGEST}"
            yield Finding(event.key, message, "lower their timeouts", severity=Severity.NOTE)
