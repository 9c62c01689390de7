"""Rule environment-expectation-type."""

from collections.abc import Iterator

from validator.environment import EnvironmentSpec
from validator.environment.typed import problems
from validator.rule import Finding, Severity, rule


@rule("environment-expectation-type", Severity.ERROR)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A check expects what its path can never hold: another type, or a word that AWS does not know.

    Such a check fails however right the environment is, or, behind `not`, holds however wrong it is. Where newer models
    may know the value, it is a warning.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: size
      call: autoscaling.describe_auto_scaling_groups
      select: "AutoScalingGroups[].MinSize"
      expect: {"@": {each: "1"}}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: size
      call: autoscaling.describe_auto_scaling_groups
      select: "AutoScalingGroups[].MinSize"
      expect: {"@": {each: 1}}
    ```
    """
    for problem in problems(spec):
        if problem.code == "expectation":
            severity = None if problem.sure else Severity.WARNING
            yield Finding(problem.at, problem.message, problem.help, severity=severity)
