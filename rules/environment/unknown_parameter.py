"""Rule environment-unknown-parameter."""

from collections.abc import Iterator

from validator.environment import EnvironmentSpec
from validator.environment.typed import problems
from validator.rule import Finding, Severity, rule


@rule("environment-unknown-parameter", Severity.ERROR)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A call is given a parameter that its operation does not take.

    boto3 refuses the call before it is sent, so that nothing is checked.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: web
      call: ec2.describe_security_groups
      with: {GroupIDs: [sg-1]}
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
        if problem.code == "unknown-parameter":
            yield Finding(problem.at, problem.message, problem.help)
