"""Rule environment-path-not-in-answer."""

from collections.abc import Iterator

from validator.environment import EnvironmentSpec
from validator.environment.typed import problems
from validator.rule import Finding, Severity, rule


@rule("environment-path-not-in-answer", Severity.ERROR)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A path leads to what the operation never answers.

    JMESPath makes nothing of it, without a word: `count: 0`, `absent` and `empty` then hold whatever there is. A name
    behind a list leads nowhere, too: `[]` goes on with each element.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: closed
      call: ec2.describe_security_groups
      select: "SecurityGroups[].IpPermisions[]"
      count: 0
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: closed
      call: ec2.describe_security_groups
      select: "SecurityGroups[].IpPermissions[]"
      count: 0
    ```
    """
    for problem in problems(spec):
        if problem.code == "path":
            yield Finding(problem.at, problem.message, problem.help)
