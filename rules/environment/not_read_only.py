"""Rule environment-not-read-only."""

from collections.abc import Iterator

from validator.environment import EnvironmentSpec
from validator.environment.operations import access, operations
from validator.rule import Finding, Severity, rule


@rule("environment-not-read-only", Severity.ERROR)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A check calls an operation that is not known to read only.

    Specs look at an environment and never change it: `verify` refuses the whole spec before its first call.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: gone, call: s3.delete_bucket, with: {Bucket: old-artifacts}, absent: true}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: gone, call: s3.head_bucket, with: {Bucket: old-artifacts}, absent: true}
    ```
    """
    if spec.format == "legacy":
        return
    for node in spec.operations():
        service, _, name = node.value.partition(".") if isinstance(node.value, str) else ("", "", "")
        if name in operations(service) and access(service, name) == "other":
            message = f"{node.value} is none of the operations that only read"
            yield Finding(node, message, "call one that describes, gets or lists")
