"""Rule buildspec-finally-fails."""

from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.rule import Finding, Severity, rule

_NEVER = frozenset({"echo", "printf", "true", ":", "date", "pwd", "export", "set", "unset", "sleep", "env", "printenv"})


@rule("buildspec-finally-fails", Severity.NOTE, default=False)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A command in `finally` may fail, and with it a phase that went well.

    Cleaning up is seldom worth a failed build: a folder that is not there is as good as one that was removed.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
        finally:
          - docker rm -f database
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
        finally:
          - docker rm -f database || true
    ```
    """
    if buildspec.dialect not in {"sh", "bash"}:
        return
    for command in buildspec.commands():
        if command.list != "finally" or command.script is None or not (statements := command.script.root.parts):
            continue
        # Of a program of several statements the last decides, and of a pipe its end.
        last = statements[-1]
        while last.kind in {"redirected_statement", "pipeline"}:
            last = last.parts[0] if last.kind == "redirected_statement" else last.parts[-1]
        if last.kind == "command" and not _succeeds(last.text):
            yield Finding(last.node, "this may fail, and the phase with it", "write '|| true' behind it")


def _succeeds(text: str) -> bool:
    words = text.split()
    return words[0] in _NEVER or (words[0] == "rm" and any(word[0] == "-" and "f" in word for word in words[1:]))
