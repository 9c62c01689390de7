"""Rule buildspec-or-true."""

from collections.abc import Iterator

from validator.buildspec.calls import Call
from validator.buildspec.outcome import Calls, is_light, is_work
from validator.buildspec.spec import Command
from validator.rule import Finding, Severity, rule

# Their failure says something else than that they failed.
_ASKING = frozenset({"cmp", "diff", "grep", "egrep", "fgrep", "cd", "source", ".", "umount", "unlink", "usermod"})
_CLEANING = frozenset({"delete", "delete-stack", "destroy", "down", "prune", "pull", "rm", "uninstall", "logout"})


@rule("buildspec-or-true", Severity.WARNING)
def check(command: Command) -> Iterator[Finding]:
    """A command is made to go well whatever happens.

    For a program that tests, builds, scans or deploys it is a warning, for others a note. Silent for what asks or
    clears away, and below `finally`.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - npm test || true
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - npm test
          - docker rm -f database || true
    ```
    """
    script = command.script
    if script is None or command.buildspec.dialect not in {"sh", "bash"} or command.list == "finally":
        return
    found = Calls(command)
    for one in script.root.walk():
        tokens = one.tokens
        if one.kind != "list" or len(tokens) != 3 or tokens[1].kind != "||" or tokens[2].text not in {"true", ":"}:
            continue
        calls = [call for call in found.within(tokens[0]) if not _is_asking(call)]
        if not calls:
            continue
        lost = next((call for call in calls if is_work(call)), calls[0])
        worse = is_work(lost)
        yield Finding(
            script.at(tokens[1].start, tokens[2].end),
            f"{tokens[1].text + ' ' + tokens[2].text!r} hides that {lost.program!r} failed",
            "remove it, or handle the failure that is meant",
            severity=None if worse else Severity.NOTE,
        )


def _is_asking(call: Call) -> bool:
    words = {text for word in call.words[1:] for text in word}
    return is_light(call) or call.program in _ASKING or not words.isdisjoint(_CLEANING)
