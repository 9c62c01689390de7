"""Rule appspec-octal-mode."""

import re
from collections.abc import Iterator

from validator.codedeploy import Appspec
from validator.rule import Finding, Severity, rule

_MODE = re.compile(r"[0-7]{1,4}")
_OCTAL = re.compile(r"0+([1-7][0-7]{0,3})")


@rule("appspec-octal-mode", Severity.ERROR)
def check(appspec: Appspec) -> Iterator[Finding]:
    """A mode is written as a number that YAML reads as another one.

    A number with a zero before it counts in eights: CodeDeploy's agent sees 493 for 0755, and fails for the 9; it sees
    420 for 0644, and sets that.

    Bad:

    ```yaml title="appspec.yml"
    version: 0.0
    os: linux
    files:
      - source: /
        destination: /srv/web
    permissions:
      - object: /srv/web
        mode: 0755
    ```

    Good:

    ```yaml title="appspec.yml"
    version: 0.0
    os: linux
    files:
      - source: /
        destination: /srv/web
    permissions:
      - object: /srv/web
        mode: 755
    ```
    """
    permissions = appspec.node.get("permissions")
    for permission in permissions.elements() if permissions is not None else ():
        mode = permission.get("mode")
        if mode is None or isinstance(mode.value, bool) or not isinstance(mode.value, int):
            continue
        seen, octal = str(mode.value), _OCTAL.fullmatch(mode.text)
        if octal is None or seen == octal[1]:
            continue
        then = "sets that" if _MODE.fullmatch(seen) else "fails"
        message = f"YAML reads the mode {mode.text} as the number {seen}, and CodeDeploy {then}"
        yield Finding(mode, message, f"write {octal[1]}, without the zero")
