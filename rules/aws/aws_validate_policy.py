"""Rule aws-validate-policy."""

import re
from collections.abc import Iterator

from validator.project import PolicyAnswer, Remark
from validator.rule import Finding, Result, Severity, Unchecked, Undecided, rule

_LEVELS = {"ERROR": Severity.ERROR, "SECURITY_WARNING": Severity.WARNING, "WARNING": Severity.WARNING}
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


@rule("aws-validate-policy", Severity.ERROR)
def check(answer: PolicyAnswer) -> Iterator[Result]:
    """IAM Access Analyzer finds fault with a policy.

    With `stackproof check --online`, each policy is sent to Access Analyzer's ValidatePolicy. Its findings are reported
    with its own codes: `aws-validate-policy/INVALID_ACTION`, which is also how to select, ignore or suppress one. Its
    errors are errors, its security warnings and warnings are warnings, its suggestions are notes. An error is a warning
    where the kind of the policy rests on a name, or the policy has other values in other stacks.

    A policy in a template is sent with the values that its functions come to. If one of these is known at deployment
    only, the policy is not sent and listed as undecided; one that Access Analyzer could not be asked about is listed as
    not checked. Without `--online` this rule does not run, and AWS is never called.

    In the examples, `aws.json` holds what Access Analyzer says.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObjects", "Resource": "*"}]}
    ```

    ```json title="aws.json"
    {"ValidatePolicy": [{"findings": [{
      "findingType": "ERROR",
      "issueCode": "INVALID_ACTION",
      "findingDetails": "The action s3:GetObjects does not exist. Did you mean s3:GetObject?",
      "learnMoreLink": "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
      "locations": [{"path": [{"value": "Statement"}, {"index": 0}, {"value": "Action"}]}]
    }]}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    ```

    ```json title="aws.json"
    {"ValidatePolicy": [{"findings": []}]}
    ```
    """
    if answer.missing:
        yield Unchecked(answer.policy.node, answer.missing)
    elif answer.open:
        yield Undecided(answer.policy.node, f"{answer.open}, so Access Analyzer was not asked")
    for remark in answer.remarks:
        severity = _LEVELS.get(remark.level, Severity.NOTE)
        if severity is Severity.ERROR and (answer.policy.guessed or not answer.sure):
            severity = Severity.WARNING
        yield _finding(remark, severity)


def _finding(remark: Remark, severity: Severity) -> Finding:
    message, *others = _SENTENCE_END.split(" ".join(remark.text.split()), maxsplit=1)
    link = f"see {remark.link}" if remark.link else ""
    at, *related = remark.places
    return Finding(
        at,
        message.rstrip(".") or remark.code,
        "\n".join(filter(None, [*others, link])),
        severity=severity,
        code=remark.code,
        related=tuple((node, "this plays a part") for node in related),
    )
