"""Rule buildspec-shape."""

import re
from collections.abc import Iterator

from validator.buildspec.spec import Buildspec
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
            yield Finding(problem.at, problem.message, _advice(buildspec, problem), subject=problem.subject)


def _advice(buildspec: Buildspec, problem: Problem) -> str:
    """Say what to do, where the schema cannot."""
    at, version = problem.at, buildspec.node.get("version")
    if problem.subject == "version" or (version is not None and at.path == version.path):
        return "write 'version: 0.2', the current one"
    if problem.message.endswith("expected a mapping"):
        if isinstance(at.value, list):
            return "write its keys without '- ' before them"
        if isinstance(at.value, str) and _NO_BLANK.match(at.value):
            return "put a blank behind the ':'"
    if isinstance(at.value, dict) and "expected a list" in problem.message:
        return "put '- ' before each entry"
    return problem.help


# A key with its value, which YAML takes for a text since no blank parts them.
_NO_BLANK = re.compile(r"[A-Za-z_][\w-]*:\S")


def _told_elsewhere(buildspec: Buildspec, problem: Problem) -> bool:
    """Say whether another rule reports the same defect with more to say about it."""
    path = problem.at.path[len(buildspec.node.path) :]
    if problem.subject == "phases" or (path == ("phases",) and problem.at.value is None):
        return True
    in_list = len(path) == 4 and path[0] == "phases" and path[2] in {"commands", "finally"}
    return in_list and isinstance(problem.at.value, dict | list)
