"""Rule iam-arn-malformed."""

import re
from collections.abc import Iterator

from validator.iam.faults import Fault, faults
from validator.iam.policy import Statement
from validator.iam.targets import Target, completed, fields, is_about_all, is_filled_in, known_services, targets
from validator.rule import Finding, Severity, rule
from validator.suggest import nearest, one_edit_apart


@rule(
    "iam-arn-malformed",
    Severity.ERROR,
    supersedes=("cfn-lint/E3510", "cfn-lint/E3512", "cfn-lint/E3513", "cfn-lint/E3514"),
)
def check(statement: Statement) -> Iterator[Finding]:
    """A Resource is no ARN that names anything.

    It lacks a field, has a space in one, or names a partition, a region, a service or an account that there cannot be.
    IAM refuses some of these; the others it takes, and the statement is about nothing. A warning where the name may be
    newer than this tool.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3::reports"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}]}
    ```
    """
    if is_about_all(statement):
        return
    found = targets(statement)
    if all(target.everything for target in found) or _is_stack_policy(statement):
        return
    for target in found:
        if target.everything or target.text.startswith(_RELATIVE):
            continue
        if whole := completed(target):
            message = f"{target.called} lacks a field before its resource"
            yield Finding(target.node, message, f"did you mean {whole!r}?", severity=_doubt(target))
            continue
        told = [finding for fault in faults(*target.parts) if (finding := _told(target, fault)) is not None]
        yield from told or _unknown_service(target)


# In the policy of an API, what stands for its own ARN.
_RELATIVE = "execute-api:/"


def _is_stack_policy(statement: Statement) -> bool:
    """Say whether it belongs to CloudFormation's stack policies, which look alike and name logical ids."""
    return any(action.startswith("Update:") for action in statement.action_texts.texts)


def _told(target: Target, fault: Fault) -> Finding | None:
    value, severity = fault.value, Severity.WARNING if target.conditional else None
    advice = f"did you mean {fault.suggestion!r}?" if fault.suggestion else ""
    match fault.kind:
        case "prefix" if "arn:" in target.text and is_filled_in(target.text):
            return None  # some tool's function, written as text
        case "prefix":
            message = f"{target.called} is no ARN: it does not begin with 'arn:'"
            advice = advice or "write an ARN, or '*'"
        case "blank":
            message = f"{target.called} has a blank where an ARN has none"
        case "partition":
            message = f"there is no partition {value!r}"
        case "region":
            message = f"there is no region {value!r}"
        case "unlisted":
            message, severity = f"no region {value!r} is known", Severity.WARNING
        case "foreign":
            message = f"{value!r} is a region of another partition than the ARN's"
            advice = "name the region's own partition"
        case "service" if value:
            wild = re.search(r"[*?]", value)
            severity = Severity.WARNING if wild else severity
            message = f"no wildcard can stand for the service: {value!r}" if wild else f"no service is called {value!r}"
        case "service":
            message = f"{target.called} names no service"
        case "account":
            digits = sum(map(str.isdigit, value))
            message = f"{value!r} is no account id: it has {digits} digits, not 12"
            if digits == 12:
                message = f"{value!r} is no account id: there are no hyphens in one"
        case "colon":
            message = f"{target.called} has a colon too many"
            advice = f"did you mean {fault.suggestion!r}?" if fault.suggestion else "remove one"
        case _:
            return None
    return Finding(target.node, message, advice, severity=severity)


def _unknown_service(target: Target) -> Iterator[Finding]:
    service = next(iter(fields(target.text)[2:3]), "")
    if not re.fullmatch(r"[a-z0-9-]+", service) or service in known_services():
        return
    near = next(iter(nearest(service, known_services())), "")
    sure = len(service) > 4 and bool(near) and one_edit_apart(service, near) and not target.conditional
    advice = f"did you mean {near!r}?" if near else ""
    message = f"no service's ARNs are known to have {service!r}"
    yield Finding(target.node, message, advice, severity=None if sure else Severity.WARNING)


def _doubt(target: Target) -> Severity | None:
    """Say how sure it is that the ARN names nothing: wildcards were once said to reach over colons."""
    doubtful = target.conditional or re.search(r"[*?]", ":".join(fields(target.text)[:5]))
    return Severity.WARNING if doubtful else None
