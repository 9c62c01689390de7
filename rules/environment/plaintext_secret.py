"""Rule environment-plaintext-secret."""

from collections.abc import Iterator

from validator.environment import EnvironmentSpec
from validator.project.secrets import in_spec
from validator.rule import Finding, Severity, rule


@rule("environment-plaintext-secret", Severity.ERROR)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A spec holds a secret: it expects a password, a key or a token by its value.

    Whoever reads the repository has it. That it is there can be checked without it. Where only the name of the property
    says so, and not `sensitive`, it is a warning.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    sensitive: ["MasterUserPassword"]
    checks:
    - {id: database, resource: Database, expect: {MasterUserPassword: hunter2hunter2}}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    sensitive: ["MasterUserPassword"]
    checks:
    - {id: database, resource: Database, expect: {MasterUserPassword: {exists: true}}}
    ```
    """
    for path, at, said in in_spec(spec):
        message = f"{path!r} is expected by its value, which is a secret"
        advice = "expect `exists: true`, or compare what refers to the secret"
        yield Finding(at, message, advice, severity=None if said else Severity.WARNING)
