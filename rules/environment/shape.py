"""Rule environment-shape."""

from collections.abc import Iterator

from validator.document import Node
from validator.environment import EnvironmentSpec, read
from validator.environment.checks import KINDS
from validator.rule import Finding, Severity, rule
from validator.shape import problems
from validator.suggest import nearest


@rule("environment-shape", Severity.ERROR)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """An environment spec lacks a part, has one that its format does not know, or a value of the wrong kind.

    Such a spec is not run against anything: what it was to guard stays unchecked.

    Bad:

    ```yaml title="env-details.yml"
    get_role:
      Name: WebServerRole
      Propertys:
        AssumeRolePolicyDocument: []
    ```

    Good:

    ```yaml title="env-details.yml"
    get_role:
      Name: WebServerRole
      Properties:
        AssumeRolePolicyDocument: []
    ```
    """
    found = list(problems(spec.node, spec.schema))
    # A check whose `call` is misspelt lacks that, and has a `with` that it is for: that is told once.
    misspelt = {problem.at.path[:-1] for problem in found if problem.code == "unknown-key" and _is_subject(problem.at)}
    for problem in found:
        whose = problem.at.path[:-1] if problem.at.is_key else problem.at.path
        # Of the form of a legacy operation, environment-unknown-operation has more to say.
        if problem.code != "key-form" and not (problem.code == "shape" and whose in misspelt):
            yield Finding(problem.at, problem.message, problem.help, subject=problem.subject)
    for problem in read(spec)[1]:
        if problem.code == "operand":
            yield Finding(problem.at, problem.message, problem.help)


def _is_subject(key: Node) -> bool:
    """Say whether the key of a check was meant to be what it looks at."""
    return key.path[:1] == ("checks",) and bool(nearest(str(key.name), KINDS))
