"""Rule iam-principal-format."""

import re
from collections.abc import Iterator

from validator.iam.policy import Statement
from validator.iam.principals import Principal, is_service, meant_service, principals, suffix_of
from validator.rule import Finding, Severity, rule
from validator.settings import Settings


@rule(
    "iam-principal-format",
    Severity.ERROR,
    supersedes=("cfn-lint/E3512", "cfn-lint/E3513", "cfn-lint/E3530"),
)
def check(statement: Statement, *, settings: Settings) -> Iterator[Finding]:
    """A statement names a principal that AWS does not take.

    IAM and the services refuse the policy, with "Invalid principal in policy", when it is deployed. Under `AWS` stand
    account numbers and the ARNs of accounts, users, roles and sessions, or a star alone: no wildcard matches part of an
    ARN. Under `Service` stand names such as `lambda.amazonaws.com`, under `Federated` the ARN of an identity provider.
    A warning where a user or role was deleted, which leaves its unique id in the policy.

    Bad:

    ```json title="queue-policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:role/*"},
       "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-central-1:123456789012:jobs"}]}
    ```

    Good:

    ```json title="queue-policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
       "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-central-1:123456789012:jobs",
       "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/*"}}}]}
    ```
    """
    # The others have no principal at all, which iam-shape says.
    if statement.policy.kind not in {"resource", "trust", "rcp"}:
        return
    for principal in principals(statement):
        if not principal.everyone and not principal.placeholder:
            yield from _CHECKS[principal.type](principal, settings.partition)


_ACCOUNT = re.compile(r"[0-9]{12}")
_ARN = re.compile(
    r"arn:[a-z-]+:(?:iam::[0-9]{12}:(?:root|user/.+|role/.+)"
    r"|sts::[0-9]{12}:(?:assumed-role/.+/.+|federated-user/.+|self)"
    r"|iam::cloudfront:user/CloudFront Origin Access Identity \w+)"
)
_ID = re.compile(r"A(?:IDA|ROA)[A-Z0-9]{12,}(?::.+)?")
_PROVIDER = re.compile(r"arn:[a-z-]+:iam::[0-9]{12}:(?:oidc-provider|saml-provider)/.+")
_WEB = {"cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com", "accounts.google.com"}
_WEB_HOST = re.compile(r"(?:https://)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/.*)?")


def _bare(principal: Principal, _: str) -> Iterator[Finding]:
    key = "Service" if is_service(principal.text) else "AWS"
    yield Finding(
        principal.node,
        f"the principal {principal.text!r} has no type",
        f'write {{"{key}": "{principal.text}"}}; only \'*\' stands alone',
    )


def _aws(principal: Principal, _: str) -> Iterator[Finding]:
    text = principal.text
    if _ACCOUNT.fullmatch(text) or (_ARN.fullmatch(text) and not re.search(r"[*?]", text)):
        return
    severity = None
    if _ID.fullmatch(text):
        message = f"{text!r} is what is left of a deleted {'user' if text.startswith('AIDA') else 'role'}"
        advice, severity = "remove it, or name the new one by its ARN", Severity.WARNING
    elif re.search(r"[*?]", text):
        message = f"no wildcard can stand in a principal, and {text!r} has one"
        advice = "name the account, and compare aws:PrincipalArn by ArnLike in a condition"
    elif is_service(text):
        message, advice = f"{text!r} is a service, not a principal of an account", "write it under 'Service'"
    elif re.fullmatch(r"[0-9-]+", text):
        message, advice = f"the account {text!r} has not 12 digits", ""
        if _ACCOUNT.fullmatch(text.replace("-", "")):
            advice = f"write {text.replace('-', '')!r}"
    elif re.fullmatch(r"arn:[a-z-]+:iam::[0-9]{12}:(?:group|policy|instance-profile)/.+", text):
        kind = text.split(":")[5].partition("/")[0]
        message, advice = f"{_WITH_ARTICLE[kind]} cannot be a principal", "name the users or roles, or the account"
    elif _PROVIDER.fullmatch(text):
        message, advice = (
            f"{text!r} is an identity provider, not a principal of an account",
            "write it under 'Federated'",
        )
    else:
        message = f"{text!r} is no account, user, role or session"
        advice = "write the account's number, or an ARN such as 'arn:aws:iam::<account>:role/<name>'"
    yield Finding(principal.node, message, advice, severity=severity)


_WITH_ARTICLE = {"group": "a group", "policy": "a policy", "instance-profile": "an instance profile"}


def _service(principal: Principal, partition: str) -> Iterator[Finding]:
    text = principal.text
    if meant := meant_service(text):
        yield Finding(principal.node, f"no service has the principal {text!r}", f"did you mean {meant!r}?")
    elif text.startswith("arn:") or _ACCOUNT.fullmatch(text):
        yield Finding(principal.node, f"{text!r} is no service", "write it under 'AWS'")
    elif not is_service(text):
        known = text.lower() if is_service(text.lower()) else f"{text}.amazonaws.com"
        advice = f"write {known!r}" if is_service(known) else "write the service's host name: 'lambda.amazonaws.com'"
        yield Finding(principal.node, f"{text!r} is no service principal", advice)
    elif suffix_of(text) == "amazonaws.com.cn" and partition == "aws":
        right = text.removesuffix(".cn")
        message = f"{text!r} is a service principal of the partition aws-cn"
        yield Finding(principal.node, message, f"write {right!r}", severity=Severity.WARNING)


def _federated(principal: Principal, _: str) -> Iterator[Finding]:
    text = principal.text
    arn = _PROVIDER.fullmatch(text)
    if text in _WEB or (arn and not re.search(r"[*?]", text) and ":oidc-provider/https:" not in text):
        return
    if arn and ":oidc-provider/https:" in text:
        message, advice = "the ARN of an identity provider is written without 'https://'", "leave it out"
    elif _WEB_HOST.fullmatch(text):
        host = text.removeprefix("https://")
        message = f"{text!r} is an identity provider's address, not its ARN"
        advice = f"write 'arn:aws:iam::<account>:oidc-provider/{host}'"
    else:
        message = f"{text!r} is no identity provider"
        advice = "write an ARN such as 'arn:aws:iam::<account>:oidc-provider/<host>', or of a saml-provider"
    yield Finding(principal.node, message, advice)


def _canonical(principal: Principal, _: str) -> Iterator[Finding]:
    if not re.fullmatch(r"[0-9a-f]{64,96}", principal.text):
        message = f"{principal.text!r} is no canonical user id"
        yield Finding(principal.node, message, "write the id in hexadecimal digits, or the account under 'AWS'")


_CHECKS = {"": _bare, "AWS": _aws, "Service": _service, "Federated": _federated, "CanonicalUser": _canonical}
