"""Rule buildspec-secret-reference."""

from collections.abc import Iterator

from validator.buildspec.spec import Buildspec
from validator.rule import Finding, Severity, rule

_FORM = "secret-id:json-key:version-stage:version-id"


@rule("buildspec-secret-reference", Severity.ERROR)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A variable refers to a secret in a form that Secrets Manager has no answer to.

    A reference is `secret-id:json-key:version-stage:version-id`; all but the first may be left out, and of the last two
    one only is given. The secret's id is its name or its ARN, which has six colons of its own.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      secrets-manager:
        PASSWORD: app/db:password:AWSCURRENT::extra
    phases: {build: {commands: [make]}}
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      secrets-manager:
        PASSWORD: app/db:password:AWSCURRENT
    phases: {build: {commands: [make]}}
    ```
    """
    for variable in buildspec.variables():
        node = variable.node
        if variable.source != "secrets-manager" or isinstance(node.value, dict | list) or buildspec.is_open(node):
            continue
        text = "" if node.value is None else str(node.value)
        if "$" in text:
            continue
        at = node if text else node.key
        message, severity = _defect(text)
        if message:
            yield Finding(at, f"{variable.name} {message}", f"the form is {_FORM}", severity=severity)


def _defect(text: str) -> tuple[str, Severity | None]:
    """Say what is wrong with a reference, and how bad it is."""
    parts = text.split(":")
    if parts[0] == "arn":
        if parts[2:3] != ["secretsmanager"] or parts[5:6] != ["secret"] or not "".join(parts[6:7]):
            return "refers to an ARN, though of no secret", None
        parts = [":".join(parts[:7]), *parts[7:]]
    if not parts[0].strip():
        return "names no secret", None
    if len(parts) > 4:
        return f"refers to a secret by {len(parts)} parts, expected 4 at most", None
    if len(parts) == 4 and parts[2] and parts[3]:
        # Secrets Manager answers where both happen to mean one version.
        return "names a version by its stage and by its id, expected one of them", Severity.WARNING
    return "", None
