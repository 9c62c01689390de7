"""Rule environment-path-syntax."""

from collections.abc import Iterator

from validator.environment import EnvironmentSpec
from validator.environment.typed import problems
from validator.rule import Finding, Severity, rule


@rule("environment-path-syntax", Severity.ERROR)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A path is no JMESPath expression, or calls a function that JMESPath does not have.

    It cannot be evaluated, so that nothing is checked.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: none-runs
      call: ec2.describe_instances
      select: "Reservations[].Instances[] | [?State.Name='running']"
      count: 0
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: none-runs
      call: ec2.describe_instances
      select: "Reservations[].Instances[] | [?State.Name=='running']"
      count: 0
    ```
    """
    for problem in problems(spec):
        if problem.code == "syntax":
            yield Finding(problem.at, problem.message, problem.help)
