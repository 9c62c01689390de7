"""Rule environment-shape."""

from collections.abc import Iterator

from validator.environment import EnvironmentSpec, read
from validator.rule import Finding, Severity, rule
from validator.shape import problems


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
    for problem in problems(spec.node, spec.schema):
        if problem.code != "key-form":  # environment-unknown-operation has more to say about it
            yield Finding(problem.at, problem.message, problem.help, subject=problem.subject)
    for problem in read(spec)[1]:
        if problem.code == "operand":
            yield Finding(problem.at, problem.message, problem.help)
