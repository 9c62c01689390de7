"""Rule environment-missing-parameter."""

from collections.abc import Iterator

from validator.environment import EnvironmentSpec
from validator.environment.typed import problems
from validator.rule import Finding, Severity, rule


@rule("environment-missing-parameter", Severity.ERROR)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A call lacks a parameter that its operation needs.

    boto3 refuses the call before it is sent, so that nothing is checked.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: role, call: iam.get_role, expect: {Role.Path: /}}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: role, call: iam.get_role, with: {RoleName: web}, expect: {Role.Path: /}}
    ```
    """
    for problem in problems(spec):
        if problem.code == "missing-parameter":
            yield Finding(problem.at, problem.message, problem.help, subject=problem.subject)
