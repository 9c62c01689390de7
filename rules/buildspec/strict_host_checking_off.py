"""Rule buildspec-strict-host-checking-off."""

import re
from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.buildspec.calls import Call
from validator.buildspec.shell import Part
from validator.document import Node
from validator.rule import Finding, Severity, rule

_OFF = re.compile(r"StrictHostKeyChecking(?:[ \t]*=[ \t]*|[ \t]+)[\"']?(?:no|off)\b", re.IGNORECASE)
_SSH = frozenset({"ssh", "scp", "sftp", "rsync", "git", "autossh", "ansible", "ansible-playbook"})
_VARIABLES = frozenset({"GIT_SSH_COMMAND", "RSYNC_RSH", "ANSIBLE_SSH_ARGS", "ANSIBLE_SSH_COMMON_ARGS"})


@rule("buildspec-strict-host-checking-off", Severity.NOTE)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """SSH is told not to ask who answers.

    Whoever stands between the build and the server can take its place. The keys of a server belong into known_hosts.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - scp -o StrictHostKeyChecking=no app.zip deploy@host.example.com:/srv
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - cp ci/known_hosts ~/.ssh/known_hosts
          - scp app.zip deploy@host.example.com:/srv
    ```
    """
    for variable in buildspec.variables():
        if variable.name in _VARIABLES and variable.source == "plaintext" and _OFF.search(variable.text):
            yield _finding(variable.node)
    for assigned in buildspec.flow.assigned:
        statement = assigned.part.parent
        if assigned.name in _VARIABLES and statement is not None:
            yield from _found(statement)
    for call in buildspec.calls:
        if call.program in _SSH or _configures(call):
            for part in call.parts[1:]:
                yield from _found(part)


def _configures(call: Call) -> bool:
    """Whether a call writes to the configuration of SSH."""
    return call.program in {"echo", "printf"} and any("ssh" in file and "config" in file for file in call.writes)


def _found(part: Part) -> Iterator[Finding]:
    if (found := _OFF.search(part.text)) is not None:
        yield _finding(part.script.at(part.start + found.start(), part.start + found.end()))


def _finding(at: Node) -> Finding:
    return Finding(
        at, "ssh takes any host for the one that it asked for", "put the host's key into known_hosts instead"
    )
