"""Rule environment-sensitive-read."""

from collections.abc import Iterator

from validator.environment import Suite, joined
from validator.environment.operations import access, operations
from validator.rule import Finding, Severity, rule
from validator.suggest import nearest


@rule("environment-sensitive-read", Severity.ERROR)
def check(suite: Suite) -> Iterator[Finding]:
    """A check reads secrets, and the spec does not say that it may.

    `verify` refuses the spec before its first call, unless `allow_sensitive_reads` names the operation.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: token
      call: ssm.get_parameter
      with: {Name: /web/token, WithDecryption: true}
      expect: {Parameter.Version: 2}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: token
      call: ssm.get_parameter
      with: {Name: /web/token}
      expect: {Parameter.Version: 2}
    ```
    """
    if not suite.complete:
        return
    spec = joined(suite)
    for one in spec.checks:
        for call in (one.call, one.also.call if one.also is not None else None):
            name = f"{call.service}.{call.operation}" if call is not None else ""
            if (
                call is None
                or name in spec.allowed
                # That a name in there is misspelt, environment-unknown-operation says.
                or any(name in nearest(each, (name,)) and not _is_operation(each) for each in spec.allowed)
                or access(call.service, call.operation, call.parameters) != "secret"
            ):
                continue
            advice = f"read something else about it, or add {name!r} to `allow_sensitive_reads`"
            yield Finding(call.at, f"{name} gives back secrets", advice)


def _is_operation(call: str) -> bool:
    service, _, name = call.partition(".")
    return name in operations(service)
