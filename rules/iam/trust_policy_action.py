"""Rule iam-trust-policy-action."""

import json
from collections.abc import Iterator
from dataclasses import replace

from validator.document import Node
from validator.iam.actions import expand, has_placeholder, judge
from validator.iam.kinds import assumed_with, assuming
from validator.iam.policy import Policy, Statement
from validator.rule import Finding, Severity, rule


@rule("iam-trust-policy-action", Severity.ERROR)
def check(policy: Policy) -> Iterator[Finding]:
    """A trust policy names an action by which nobody it trusts can assume the role.

    It can speak of the actions of STS on roles only; IAM refuses any other. Of these, `sts:AssumeRole` is for accounts,
    users, roles and services, `sts:AssumeRoleWithSAML` for SAML providers, and `sts:AssumeRoleWithWebIdentity` for
    OpenID Connect. And some services need to be allowed more than one action.

    Bad:

    ```json title="trust.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111111111111:oidc-provider/example.com"},
       "Action": "sts:AssumeRole"}]}
    ```

    Good:

    ```json title="trust.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111111111111:oidc-provider/example.com"},
       "Action": "sts:AssumeRoleWithWebIdentity"}]}
    ```

    Bad:

    ```json title="trust.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    ```
    """
    if policy.kind != "trust":
        return
    for statement in policy.statements():
        for finding in (*_foreign(statement), *_mismatched(statement)):
            yield replace(finding, severity=Severity.WARNING) if policy.guessed and not finding.severity else finding
    yield from _lacking(policy)


# By whom a role can be assumed with which action.
_FITS = {
    "sts:assumerole": frozenset({"AWS", "Service"}),
    "sts:assumerolewithsaml": frozenset({"SAML"}),
    "sts:assumerolewithwebidentity": frozenset({"OpenID Connect"}),
}
_SPELLED = {
    "AWS": "sts:AssumeRole",
    "Service": "sts:AssumeRole",
    "SAML": "sts:AssumeRoleWithSAML",
    "OpenID Connect": "sts:AssumeRoleWithWebIdentity",
}
_CALLED = {
    "AWS": "an AWS principal",
    "Service": "a service",
    "SAML": "a SAML provider",
    "OpenID Connect": "an OpenID Connect provider",
}


def _foreign(statement: Statement) -> Iterator[Finding]:
    """Report actions that are none on a role; what no service has is the business of iam-unknown-action."""
    actions = statement.actions
    if actions is None or actions.negated:
        return
    for node in actions.values:
        action = str(node.value)
        if has_placeholder(action) or judge(action) is not None:
            continue
        prefix, _, name = action.lower().partition(":")
        matched = expand(f"sts:{name or '*'}") if prefix in {"sts", "*"} else ()
        if assuming().isdisjoint(map(str.lower, matched)):
            message = f"{action!r} is no action by which a role is assumed"
            yield Finding(node, message, "remove it: what the role may do stands in its own policies")


def _mismatched(statement: Statement) -> Iterator[Finding]:
    """Report actions of a statement that none of its principals can call."""
    actions, kinds = statement.actions, _kinds(statement)
    effect = statement.effect
    if actions is None or actions.negated or not kinds or effect is None or effect.value != "Allow":
        return
    named = {str(node.value).lower(): node for node in actions.values}
    wild = any("*" in name or "?" in name for name in named)
    fitting = wild or not actions.complete or any(action in named and kinds & fits for action, fits in _FITS.items())
    for action, fits in _FITS.items():
        node = named.get(action)
        if node is None or kinds & fits:
            continue
        who = " or ".join(_CALLED[each] for each in sorted(kinds))
        message = f"{node.value!r} cannot be called by {who}"
        right = " or ".join(repr(one) for one in dict.fromkeys(_SPELLED[each] for each in sorted(kinds)))
        advice = f"remove it: {right} is there" if fitting else f"write {right}"
        yield Finding(node, message, advice, severity=Severity.NOTE if fitting else None)


def _kinds(statement: Statement) -> frozenset[str]:
    """Say of which kinds the principals are; nothing where anybody, or nobody knows who, is meant."""
    principal = statement.node.get("Principal")
    found: set[str] = set()
    for name, node in principal.items() if principal is not None else ():
        for each in _each(node):
            text = each.value if isinstance(each.value, str) else json.dumps(each.value)
            if name in {"AWS", "Service"} and text != "*":
                found.add(name)
            elif name == "Federated" and ":oidc-provider/" in text:
                found.add("OpenID Connect")
            elif name == "Federated" and ":saml-provider/" in text:
                found.add("SAML")
            elif name == "Federated" and isinstance(each.value, str) and "${" not in text and "arn:" not in text:
                found.add("OpenID Connect")
            elif name == "Federated":
                found |= {"OpenID Connect", "SAML"}
            else:
                return frozenset()
    return frozenset(found)


def _lacking(policy: Policy) -> Iterator[Finding]:
    """Report services that need more than they are allowed, in all statements together."""
    allowed: dict[object, set[str]] = {}
    for statement in policy.statements():
        actions, services = statement.actions, statement.node.get("Principal", "Service")
        if statement.conditional or actions is None or actions.negated or not actions.complete:
            return
        if services is not None and statement.effect is not None and statement.effect.value == "Allow":
            every = {found for node in actions.values for found in expand(_of_sts(str(node.value)))}
            for node in _each(services):
                allowed.setdefault(str(node.value), set()).update(every)
    for statement in policy.statements() if policy.complete else ():
        services = statement.node.get("Principal", "Service")
        for node in _each(services) if services is not None else ():
            lacks = [
                action for action in assumed_with(str(node.value)) if action not in allowed.get(node.value, {action})
            ]
            if lacks:
                message = f"{node.value!r} cannot assume the role without {' and '.join(map(repr, lacks))}"
                yield Finding(node, message, "add it to the Action", severity=Severity.WARNING)


def _of_sts(action: str) -> str:
    """Limit a pattern for all services to the one that counts here."""
    return "sts:*" if set(action) == {"*"} else action


def _each(node: Node) -> Iterator[Node]:
    if isinstance(node.value, list):
        yield from node.elements()
    else:
        yield node
