"""Rule environment-legacy-unknown-property."""

from collections.abc import Iterator

from validator.environment import EnvironmentSpec, read
from validator.rule import Finding, Severity, rule


@rule("environment-legacy-unknown-property", Severity.ERROR)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A spec of the first format expects a property that its operation does not know.

    Nothing would ever check it. Format 1 can look at any part of an answer.

    Bad:

    ```yaml title="env-details.yml"
    describe_launch_configurations:
      Name: Web
      Properties:
        InstanceTyp: t3.small
    ```

    Good:

    ```yaml title="env-details.yml"
    describe_launch_configurations:
      Name: Web
      Properties:
        InstanceType: t3.small
    ```
    """
    for problem in read(spec)[1]:
        if problem.code == "legacy-property":
            yield Finding(problem.at, problem.message, problem.help)
