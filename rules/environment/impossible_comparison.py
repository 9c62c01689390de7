"""Rule environment-impossible-comparison."""

from collections.abc import Iterator

from validator.environment import EnvironmentSpec
from validator.environment.typed import problems
from validator.rule import Finding, Severity, rule


@rule("environment-impossible-comparison", Severity.ERROR)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A comparison in a path comes out the same whatever AWS answers.

    A number is never a text, and a state is one of a few words. A filter with such a comparison finds nothing, and
    `count: 0` holds whatever there is. Where newer models may know the value, it is a warning.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: stopped
      call: ec2.describe_instances
      select: "Reservations[].Instances[] | [?State.Name=='runing']"
      count: 0
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: stopped
      call: ec2.describe_instances
      select: "Reservations[].Instances[] | [?State.Name=='running']"
      count: 0
    ```
    """
    for problem in problems(spec):
        if problem.code == "comparison":
            severity = None if problem.sure else Severity.WARNING
            yield Finding(problem.at, problem.message, problem.help, severity=severity)
