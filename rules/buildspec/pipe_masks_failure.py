"""Rule buildspec-pipe-masks-failure."""

from collections.abc import Iterator

from validator.buildspec.outcome import Calls, is_work, keeps_status
from validator.buildspec.shell import Part
from validator.buildspec.spec import Command
from validator.rule import Finding, Severity, rule

# They read what comes and end well, whatever it was.
_READERS = frozenset({"awk", "cat", "column", "cut", "head", "less", "sed", "sort", "tail", "tee", "tr", "ts", "xargs"})


@rule("buildspec-pipe-masks-failure", Severity.WARNING)
def check(command: Command) -> Iterator[Finding]:
    """A program that tests, builds, scans or deploys is piped into one that ends well whatever it reads.

    A pipe ends as its last program does, unless the option `pipefail` is set, which bash has and the `sh` of Ubuntu has
    not.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - pytest | tee report.txt
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      shell: bash
    phases:
      build:
        commands:
          - set -o pipefail; pytest | tee report.txt
    ```
    """
    script = command.script
    if script is None or command.buildspec.dialect not in {"sh", "bash"}:
        return
    if keeps_status(script) or command.list == "finally":
        return
    found = Calls(command)
    for pipe in script.root.walk():
        stages = pipe.parts
        if pipe.kind != "pipeline" or len(stages) < 2 or _is_put_in(pipe):
            continue
        calls = [list(found.within(stage)) for stage in stages]
        if not calls[-1] or calls[-1][0].program not in _READERS:
            continue
        lost = next((call for stage in calls[:-1] for call in stage if is_work(call)), None)
        if lost is None or found.fails_at_once(pipe.start, pipes=True):
            continue
        named = lost.words[0][0] if len(lost.words[0]) == 1 else lost.program
        bash = command.buildspec.dialect == "bash"
        yield Finding(
            lost.part.node,
            f"the build goes on when {named!r} fails: the pipe ends as {calls[-1][0].program!r} does",
            "write 'set -o pipefail' before it" + ("" if bash else ", and 'shell: bash' below env"),
        )


def _is_put_in(part: Part) -> bool:
    above = part.parent
    while above is not None and "substitution" not in above.kind:
        above = above.parent
    return above is not None
