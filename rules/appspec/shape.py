"""Rule appspec-shape."""

import re
from collections.abc import Iterator

from validator.codedeploy import Appspec
from validator.codedeploy.appspec import SCHEMA, is_event
from validator.document import Problem
from validator.rule import Finding, Severity, rule
from validator.shape import problems

# What something puts a value in place of before CodeDeploy sees the file.
_BLANK = re.compile(r"[<$%{@]|__")


@rule("appspec-shape", Severity.ERROR)
def check(appspec: Appspec) -> Iterator[Finding]:
    """An AppSpec file lacks a part that it must have, or has a value of the wrong kind.

    CodeDeploy's agent reads the file on each server, when the revision is there already, and the deployment fails. It
    takes no other version than the number 0.0, no other os than linux and windows, a list of scripts for each event,
    and sets no permissions on Windows.

    It is a warning for the files of services of ECS and functions of Lambda, since only the documentation says what
    CodeDeploy makes of them, and for an event without any script; a note for a version there that is not 0.0.

    Bad:

    ```yaml title="appspec.yml"
    version: 0.0
    os: linux
    files:
      - source: /
        destination: /srv/web
    hooks:
      ApplicationStart:
        location: scripts/start.sh
    ```

    Good:

    ```yaml title="appspec.yml"
    version: 0.0
    os: linux
    files:
      - source: /
        destination: /srv/web
    hooks:
      ApplicationStart:
        - location: scripts/start.sh
    ```
    """
    server = appspec.platform == "server"
    for problem in problems(appspec.node, SCHEMA):
        if problem.code != "shape" or (isinstance(problem.at.value, str) and _BLANK.search(problem.at.value)):
            continue
        empty = problem.at.value is None and is_event(problem.at)
        severity = None if server and not empty else Severity.WARNING
        yield Finding(problem.at, problem.message, _advice(problem), severity=severity, subject=problem.subject)
    version = appspec.node.get("version")
    if not server and version is not None and str(version.value) not in {"0", "0.0"}:
        message = f"version is {version.text}, expected 0.0"
        yield Finding(version, message, "write 'version: 0.0'", severity=Severity.NOTE)


def _advice(problem: Problem) -> str:
    """Say what to do, where the schema cannot."""
    at = problem.at
    if problem.subject == "version" or at.path == ("version",):
        return "write 'version: 0.0', without quotes"
    if problem.subject == "os":
        return "write 'os: linux' or 'os: windows'"
    if "expected a list" in problem.message:
        return "remove it, or list its scripts" if at.value is None else "put '- ' before each entry"
    if "expected a mapping" in problem.message and isinstance(at.value, list):
        return "write its keys without '- ' before them"
    return problem.help
