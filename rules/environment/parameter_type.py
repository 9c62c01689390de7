"""Rule environment-parameter-type."""

from collections.abc import Iterator

from validator.environment import EnvironmentSpec
from validator.environment.typed import problems
from validator.rule import Finding, Severity, rule


@rule("environment-parameter-type", Severity.ERROR)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A call is given a parameter of the wrong type, or a value that AWS does not know.

    boto3 refuses the call before it is sent, or AWS does. Where the value is one that newer models may know, it is a
    warning.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: web
      call: ec2.describe_security_groups
      with: {GroupIds: sg-1}
      expect: {"SecurityGroups[].VpcId": [vpc-1]}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: web
      call: ec2.describe_security_groups
      with: {GroupIds: [sg-1]}
      expect: {"SecurityGroups[].VpcId": [vpc-1]}
    ```
    """
    for problem in problems(spec):
        if problem.code == "parameter-type":
            severity = None if problem.sure else Severity.WARNING
            yield Finding(problem.at, problem.message, problem.help, severity=severity)
