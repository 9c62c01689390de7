"""Rule environment-function-argument."""

from collections.abc import Iterator

from validator.environment import EnvironmentSpec
from validator.environment.typed import problems
from validator.rule import Finding, Severity, rule


@rule("environment-function-argument", Severity.ERROR)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A function in a path is given what it does not take.

    It cannot be evaluated, so that nothing is checked.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: groups
      call: ec2.describe_security_groups
      select: "sort_by(SecurityGroups, GroupName)[].GroupId"
      expect: {"[0]": sg-1}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: groups
      call: ec2.describe_security_groups
      select: "sort_by(SecurityGroups, &GroupName)[].GroupId"
      expect: {"[0]": sg-1}
    ```
    """
    for problem in problems(spec):
        if problem.code == "argument":
            yield Finding(problem.at, problem.message, problem.help)
