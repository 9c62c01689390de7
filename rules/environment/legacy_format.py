"""Rule environment-legacy-format."""

from collections.abc import Iterator

from validator.environment import EnvironmentSpec
from validator.rule import Finding, Severity, rule


@rule("environment-legacy-format", Severity.NOTE)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A spec is written in the first format.

    It knows five operations and a part of what they answer, takes parts of names for names, and has no targets, so that
    nothing keeps it from looking at another account than is meant.

    Bad:

    ```yaml title="env-details.yml"
    get_role:
      Name: WebServerRole-test
      Properties:
        Path: /
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: role
      call: iam.get_role
      with: {RoleName: WebServerRole-test}
      expect: {Role.Path: /}
    ```
    """
    if spec.format == "legacy":
        first = next((node for _, node in spec.node.items()), spec.node)
        path = spec.node.document.path
        yield Finding(
            first.key, "this is the first format of specs", f"`stackproof spec migrate {path}` writes format 1"
        )
