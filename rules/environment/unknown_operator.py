"""Rule environment-unknown-operator."""

from collections.abc import Iterator

from validator.environment import EnvironmentSpec, read
from validator.rule import Finding, Severity, rule


@rule("environment-unknown-operator", Severity.WARNING)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A matcher has a key that is near the name of an operator, and is none.

    It is taken for the name of a member, which the value hardly has.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: size, resource: Group, expect: {MaxSize: {betwen: [1, 4]}}}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: size, resource: Group, expect: {MaxSize: {between: [1, 4]}}}
    ```
    """
    for problem in read(spec)[1]:
        if problem.code == "operator":
            yield Finding(problem.at, problem.message, problem.help)
