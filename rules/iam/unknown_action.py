"""Rule iam-unknown-action."""

import re
from collections.abc import Iterator

from validator.iam.actions import Fault, actions, alike, judge, operation
from validator.iam.policy import Statement
from validator.rule import Finding, Severity, rule
from validator.suggest import listed


@rule("iam-unknown-action", Severity.ERROR, supersedes=("cfn-lint/W3037",))
def check(statement: Statement) -> Iterator[Finding]:
    """A statement names an action that AWS does not have.

    IAM takes the policy all the same, and nothing is allowed, or denied, by that name. An error where it is surely a
    slip; a warning where the action may also be newer than the catalogue; a note where AWS once had it. Operations of
    an API are often taken for actions: to call `ListObjects` of S3 one needs `s3:ListBucket`.

    Bad:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Allow", "Action": "s3:GetObjects", "Resource": "arn:aws:s3:::b/*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}
    ```
    """
    _, others = statement.spoken
    if not any(map(judge, others)):
        return
    for node in statement.actions.values if statement.actions is not None else ():
        action = str(node.value)
        fault = judge(action)
        # A placeholder is filled in by some tool before IAM sees it. CloudFormation's stack policies look alike.
        if fault is None or fault.reason == "placeholder" or _STACK_POLICY.fullmatch(action):
            continue
        severity = None if fault.certain else Severity.NOTE if fault.kind == "retired" else Severity.WARNING
        yield Finding(node, _told(action, fault), _advice(action, fault), severity=severity)


_STACK_POLICY = re.compile(r"Update:(?:\*|Modify|Replace|Delete)")
_MALFORMED = {
    "empty": "it names no action",
    "no-service": "it has no service before the colon",
    "colons": "it has more than one colon",
    "service-wildcard": "no wildcard can stand for the service",
    "characters": "it has characters that no action has",
}


def _advice(action: str, fault: Fault) -> str:
    service = action.partition(":")[0].lower()
    if fault.kind == "retired":
        # It is out of date, not misspelled: a near name would be another action.
        return "remove it if nothing needs it any more"
    near = f"did you mean {fault.suggestion!r}?" if fault.suggestion else ""
    if fault.kind == "operation" and (found := operation(action)) is not None:
        name, needed = found
        advice = f"the operation {name!r} of the API needs {' and '.join(map(repr, needed))}"
        return f"{advice}; or {near}" if fault.certain else advice
    if near:
        return near
    if fault.kind == "unknown-service":
        return "look up the prefix in the Service Authorization Reference"
    if fault.kind == "malformed":
        return "write it as service:Action"
    if like := alike(action):
        return f"{service} has {listed(like)}"
    return f"look it up among the {len(actions(service))} actions of {service}, or remove it"


def _told(action: str, fault: Fault) -> str:
    service, _, name = action.partition(":")
    match fault.kind:
        case "malformed":
            return f"IAM does not take the action {action!r}: {_MALFORMED[fault.reason]}"
        case "unknown-service":
            return f"no service has the prefix {service!r}"
        case "matches-nothing":
            return f"{action!r} matches no action of {service}"
        case "retired":
            return f"AWS no longer has {action!r}, last listed in {fault.seen}"
        case _:
            return f"{service} has no action {name!r}"
