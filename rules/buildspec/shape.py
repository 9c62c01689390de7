"""Rule buildspec-shape."""

from collections.abc import Iterator

from validator.buildspec.spec import PHASES, Buildspec
from validator.document import Problem
from validator.rule import Finding, Severity, rule
from validator.shape import problems


@rule("buildspec-shape", Severity.ERROR)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A buildspec lacks a part that it must have, or has a value of the wrong kind.

    CodeBuild finds out after it has started a machine: the build fails with YAML_FILE_ERROR before the first command
    runs. A key that CodeBuild does not know is the business of buildspec-unknown-key.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        on-failure: STOP
        commands:
          - make
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        on-failure: ABORT
        commands:
          - make
    ```
    """
    for problem in problems(buildspec.node, buildspec.schema, holes=buildspec.inline):
        if problem.code == "shape" and not _told_elsewhere(buildspec, problem):
            advice = _VERSION if problem.subject == "version" else problem.help
            yield Finding(problem.at, problem.message, advice, subject=problem.subject)


_VERSION = "write 'version: 0.2', the current one"


def _told_elsewhere(buildspec: Buildspec, problem: Problem) -> bool:
    """Say whether another rule reports the same defect with more to say about it."""
    path = problem.at.path[len(buildspec.node.path) :]
    if path == ("phases",) and problem.at.value is None:
        # The phases stand one level too high: each is a key that CodeBuild ignores there.
        return any(buildspec.node.get(phase) for phase in PHASES)
    in_list = len(path) == 4 and path[0] == "phases" and path[2] in {"commands", "finally"}
    return in_list and isinstance(problem.at.value, dict | list)
