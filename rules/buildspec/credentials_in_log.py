"""Rule buildspec-credentials-in-log."""

from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.buildspec.credentials import answer
from validator.buildspec.output import is_silenced, logged
from validator.rule import Finding, Severity, rule


@rule("buildspec-credentials-in-log", Severity.ERROR)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A command fetches credentials, and what it answers goes into the log.

    CodeBuild hides there only what it fetched itself. It is a note for the credentials of an assumed role and other
    tokens that end by themselves, and a warning for what may be no secret.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - aws secretsmanager get-secret-value --secret-id ci --query SecretString --output text
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - TOKEN=$(aws secretsmanager get-secret-value --secret-id ci --query SecretString --output text)
          - aws secretsmanager get-secret-value --secret-id ci --query VersionId
          - aws sts assume-role --role-arn $ROLE --role-session-name ci > /tmp/role.json
    ```
    """
    if is_silenced(buildspec):
        return
    for call in buildspec.calls:
        found = answer(call)
        if found is None or not logged(call):
            continue
        severity = Severity.NOTE if not found.lasting else None
        if found.lasting and (call.perhaps or not found.command.startswith("secretsmanager")):
            severity = Severity.WARNING
        yield Finding(
            call.node,
            f"what 'aws {found.command}' answers goes into the log, with the secret in it",
            "put it into a variable or a file, or ask with '--query' for what is no secret",
            severity,
        )
