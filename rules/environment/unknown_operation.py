"""Rule environment-unknown-operation."""

from collections.abc import Iterator

from validator.document import Node
from validator.environment import EnvironmentSpec
from validator.environment.operations import LEGACY, access, operations, services, services_with
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean, nearest


@rule("environment-unknown-operation", Severity.ERROR)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A spec asks with an operation that AWS does not have, or that its format does not know.

    The first format knows five operations; `call` in format 1 takes any that reads, as `service.operation`.

    Bad:

    ```yaml title="env-details.yml"
    describe_security_group:
      Name: WebServer
      Properties:
        FromPort: 80
    ```

    Good:

    ```yaml title="env-details.yml"
    describe_security_groups:
      Name: WebServer
      Properties:
        FromPort: 80
    ```
    """
    for node in spec.operations():
        if isinstance(node.value, str):
            yield from _legacy(node, node.value) if spec.format == "legacy" else _called(node, node.value)


def _legacy(at: Node, name: str) -> Iterator[Finding]:
    if name in LEGACY:
        return
    message = f"{name!r} is none of the five operations that this format knows"
    if near := nearest(name, LEGACY):
        advice = f"did you mean {near[0]!r}?"
    elif found := [service for service in services_with(name) if access(service, name) != "other"]:
        service = found[0] if len(found) == 1 else "<service>"
        whose = f", for {', '.join(found[:5])}" if len(found) > 1 else ""
        advice = f"format 1 takes it, as 'call: {service}.{name}'{whose}"
    else:
        advice = f"known: {', '.join(repr(known) for known in LEGACY)}"
    yield Finding(at, message, advice)


def _called(at: Node, call: str) -> Iterator[Finding]:
    service, dot, name = call.partition(".")
    # Another form than this is the business of environment-shape; a reference is filled in when the spec runs.
    if not dot or not name or "${" in call or not services():
        return
    if service not in services():
        yield Finding(at, f"boto3 has no service {service!r}", did_you_mean(service, services()))
    elif name not in operations(service):
        advice = did_you_mean(name, (one for one in operations(service) if access(service, one) != "other"))
        if not advice and (found := services_with(name)):
            advice = f"{', '.join(found[:5])} {'has' if len(found) == 1 else 'have'} it"
        yield Finding(at, f"{service} has no operation {name!r}", advice)
