"""Rule iam-shape."""

from collections.abc import Callable, Iterator, Mapping

from validator.document import Node, Value
from validator.iam.actions import has_placeholder
from validator.iam.policy import Policy, Statement
from validator.iam.principals import TYPES
from validator.rule import Finding, Severity, rule
from validator.shape import is_function, may_be_absent, problems
from validator.suggest import did_you_mean


@rule("iam-shape", Severity.ERROR, supersedes=("cfn-lint/E3510", "cfn-lint/E3512", "cfn-lint/E3513", "cfn-lint/E3530"))
def check(policy: Policy) -> Iterator[Finding]:
    """A policy lacks an element that it must have, or has one that IAM does not know or take there.

    IAM refuses such a policy when the stack is deployed, with MalformedPolicyDocument. Names of elements are
    case-sensitive. In a template an intrinsic function may stand for any part.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Actions": "s3:GetObject", "Resource": "*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    ```
    """
    for problem in () if _is_plain(policy.node.value) else problems(policy.node, "policy", holes=True):
        if not (_stands_alone(problem.at) or _becomes_text(policy, problem.at) or _is_property(policy, problem.at)):
            advice = "NotAction would do as well" if problem.subject == "Action" else problem.help
            yield Finding(problem.at, problem.message, advice, subject=problem.subject)
    for statement in policy.statements():
        if statement.element("Effect") not in ("Allow", "Deny"):
            yield from _effect(statement)
        if not (policy.guessed or _is_usual(statement)):
            yield from _by_kind(statement)


def _is_plain(policy: Value) -> bool:
    """Say whether a policy surely fits its schema, at a glance: most do, and validation takes ten times longer."""
    if not isinstance(policy, dict) or not policy.keys() <= _PLAIN_POLICY:
        return False
    statements = policy.get("Statement")
    return (
        policy.get("Version", "2012-10-17") in ("2012-10-17", "2008-10-17")
        and isinstance(statements, list)
        and all(map(_is_plain_statement, statements))
    )


def _is_plain_statement(statement: Value) -> bool:
    if not isinstance(statement, dict) or "Effect" not in statement:
        return False
    for key, value in statement.items():
        is_plain = _PLAIN.get(key)
        if is_plain is None or not is_plain(value):
            return False
    return ("Action" in statement) is not ("NotAction" in statement) and not (
        "Resource" in statement and "NotResource" in statement
    )


def _is_text(value: Value) -> bool:
    return isinstance(value, str)


def _is_texts(value: Value) -> bool:
    """Say whether a value is a text or a list of some; a function may become either."""
    if isinstance(value, list):
        return {*map(type, value)} <= {str} or all(isinstance(one, str) or is_function(one) for one in value)
    return isinstance(value, str) or is_function(value)


def _is_plain_principal(value: Value) -> bool:
    if isinstance(value, str):
        return True
    return isinstance(value, dict) and value.keys() <= _TYPES and all(map(_is_texts, value.values()))


def _is_plain_condition(value: Value) -> bool:
    if not isinstance(value, dict):
        return False
    return all(isinstance(keys, dict) and all(map(_is_scalars, keys.values())) for keys in value.values())


def _is_scalars(value: Value) -> bool:
    return {*map(type, value)} <= _SCALARS if isinstance(value, list) else type(value) in _SCALARS


_SCALARS = {str, int, float, bool}
_TYPES = frozenset(TYPES)
_PLAIN_POLICY = {"Version", "Statement"}
_PLAIN: Mapping[str, Callable[[Value], bool]] = {
    "Sid": _is_text,
    "Effect": _is_text,
    "Principal": _is_plain_principal,
    "Condition": _is_plain_condition,
    **dict.fromkeys(("Action", "NotAction", "Resource", "NotResource"), _is_texts),
}
_WITHOUT_PRINCIPAL = {
    "identity": "an identity policy",
    "boundary": "a permissions boundary",
    "session": "a session policy",
    "scp": "a service control policy",
}
_WITH_PRINCIPAL = {"trust": "say who may assume the role", "resource": "say who is meant, or '*' for everybody"}


def _stands_alone(at: Node) -> bool:
    """Say whether an element is the opposite of one that CloudFormation may leave out: NotAction beside Action."""
    if not at.is_key or at.parent is None or not str(at.name).startswith("Not"):
        return False
    twin = at.parent.get(str(at.name).removeprefix("Not"))
    return twin is not None and may_be_absent(twin.value)


def _is_property(policy: Policy, at: Node) -> bool:
    """Say whether a key is a property of the resource among whose properties its one Statement stands."""
    return policy.node.name == "Properties" and at.path[:-1] == policy.node.path and at.name != "Statement"


def _becomes_text(policy: Policy, at: Node) -> bool:
    """Say whether a number, such as an account's, is text by the time IAM sees it: only bare JSON goes there as it is.

    Source: CloudFormation hands on scalars as strings, as every custom resource sees.
    """
    if type(at.value) not in {int, float, bool} or (at.document.format == "json" and not policy.node.path):
        return False
    parents = {"Principal", "NotPrincipal"} & {*at.path[len(policy.node.path) : -1]}
    return bool(parents) or at.name in {"Sid", "Id"}


def _effect(statement: Statement) -> Iterator[Finding]:
    """Report an Effect that is neither of the two; the case is the business of iam-effect-case."""
    effect = statement.effect
    if effect is None or str(effect.value).capitalize() in {"Allow", "Deny"} or has_placeholder(str(effect.value)):
        return
    advice = did_you_mean(str(effect.value).strip(), ("Allow", "Deny"))
    yield Finding(effect, f"Effect is {effect.value!r}, expected 'Allow' or 'Deny'", advice)


def _is_usual(statement: Statement) -> bool:
    """Say, at a glance, whether a statement has what its kind of policy asks for and nothing that it forbids."""
    named = statement.has("Principal") or statement.has("NotPrincipal")
    if statement.policy.kind in _WITHOUT_PRINCIPAL:
        return not named and statement.has("Resource")
    return statement.policy.kind == "resource" and named


def _by_kind(statement: Statement) -> Iterator[Finding]:
    """Report what the kind of policy asks for or forbids.

    Source: the messages of IAM's CreatePolicy and CreateRole, "Policy document should not specify a principal",
    "Policy statement must contain resources", "Has prohibited field Resource"; the syntax of service control policies;
    "Missing principal" of IAM Access Analyzer. What a resource control policy has is told by iam-rcp-syntax.
    """
    principal, resources, kind = statement.principal, statement.resources, statement.policy.kind
    if kind in _WITHOUT_PRINCIPAL:
        if principal is not None and not may_be_absent(principal.value):
            advice = "remove it: whom the policy is about follows from what it is attached to"
            yield Finding(principal.key, f"{_WITHOUT_PRINCIPAL[kind]} has no {principal.name!r}", advice)
        if resources is None and not _misspelled(statement, "Resource"):
            advice = "write '*' if every resource is meant"
            yield Finding(statement.node.key, "the statement lacks 'Resource'", advice, subject="Resource")
    elif kind in _WITH_PRINCIPAL:
        if principal is None and not _misspelled(statement, "Principal"):
            advice = _WITH_PRINCIPAL[kind]
            yield Finding(statement.node.key, "the statement lacks 'Principal'", advice, subject="Principal")
        if kind == "trust" and resources is not None and not may_be_absent(resources.node.value):
            advice = "remove it: the role itself is meant"
            yield Finding(resources.node.key, f"a trust policy has no {resources.node.name!r}", advice)


def _misspelled(statement: Statement, name: str) -> bool:
    """Say whether a key of the statement was meant for this one, and is reported for it."""
    known = {name, f"Not{name}"}
    return any(key not in known and did_you_mean(key, known) for key, _ in statement.node.items())
