"""Rule iam-oidc-trust."""

from collections.abc import Iterator

from validator.document import Node
from validator.iam.actions import matches
from validator.iam.condition import Atom, atoms
from validator.iam.policy import Statement
from validator.iam.principals import Provider, carrier, excludes, provider
from validator.rule import Finding, Severity, rule


@rule("iam-oidc-trust", Severity.ERROR)
def check(statement: Statement) -> Iterator[Finding]:
    """A role can be assumed with tokens that strangers get.

    GitHub, GitLab, HCP Terraform and others issue tokens to all their customers under one address. Only a claim tells
    these apart, mostly `sub`: a role that does not compare it, or compares it with a pattern that other customers can
    fit, is open to whoever has an account there. IAM refuses new roles of that kind for the providers that it knows.
    For the provider of an EKS cluster it is every pod in it, a warning. A note where all that one customer has is let
    in, where the token's audience is not looked at, or where guests of a Cognito identity pool are not kept out.

    Bad:

    ```json title="trust.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
       "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
       "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}}]}
    ```

    Good:

    ```json title="trust.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
       "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
       "Condition": {"StringEquals": {
         "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
         "token.actions.githubusercontent.com:sub": "repo:acme/shop:ref:refs/heads/main"}}}]}
    ```
    """
    if statement.policy.kind != "trust" or not _assumes(statement):
        return
    found = tuple(atoms(statement.condition, variables=statement.policy.variables))
    if any(atom.key in _ELSEWISE for atom in found):
        return
    for node, known in _providers(statement):
        claims = {atom: atom.key.removeprefix(f"{known.host}:") for atom in found if atom.key.startswith(known.host)}
        telling = {atom: claim for atom, claim in claims.items() if claim in known.claims}
        if any(atom.unknown for atom in telling) or _denied(statement, known):
            continue
        severity = Severity.WARNING if statement.policy.guessed or not known.shared else None
        if not any(_ties(known, claim, atom) for atom, claim in telling.items()):
            yield _open(known, node, telling, severity)
            continue
        yield from _wide(known, telling)
        if known.shared and "aud" not in claims.values():
            yield _unlooked(node, known, "aud", "sts.amazonaws.com", "the audience of the token is not looked at")
        if known.host == _COGNITO and "amr" not in claims.values():
            yield _unlooked(node, known, "amr", "authenticated", "guests of the identity pool may assume the role too")


_COGNITO = "cognito-identity.amazonaws.com"
# What keeps strangers out in another way; and a Condition that cannot be read.
_ELSEWISE = {"", "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce"}


def _assumes(statement: Statement) -> bool:
    effect, actions = statement.effect, statement.actions
    if effect is None or effect.value != "Allow" or actions is None or actions.negated or excludes(statement):
        return False
    return any(matches(str(value.value), "sts:AssumeRoleWithWebIdentity") for value in actions.values)


def _providers(statement: Statement) -> Iterator[tuple[Node, Provider]]:
    """Yield the known providers that are trusted, each with where it is named."""
    federated = statement.principal.get("Federated") if statement.principal is not None else None
    if federated is None:
        return
    for node in federated.elements() if isinstance(federated.value, list) else (federated,):
        texts = [str(one.value) for one in node.walk() if isinstance(one.value, str)]
        declared = [_declared(statement, text) for text in texts] if not isinstance(node.value, str) else []
        if known := next(filter(None, map(provider, ["".join(texts), *texts, *declared])), None):
            yield node, known


def _declared(statement: Statement, name: str) -> str:
    """Give the address of a provider that the template declares, by its logical id or the name of its ARN."""
    role = carrier(statement.policy)
    root = role.document.root if role is not None else statement.node.document.root
    url = root.get("Resources", name.removesuffix(".Arn"), "Properties", "Url")
    return str(url.value) if url is not None else ""


def _denied(statement: Statement, known: Provider) -> bool:
    """Say whether a Deny of the policy may keep strangers out."""
    return any(
        atom.key.startswith(known.host)
        for other in statement.policy.statements()
        if other.effect is not None and other.effect.value == "Deny"
        for atom in atoms(other.condition, variables=other.policy.variables)
    )


def _ties(known: Provider, claim: str, atom: Atom) -> bool:
    """Say whether a condition holds for tokens of one customer only."""
    if atom.operator.negated or atom.operator.family not in {"string", "arn", "number"}:
        return False
    return not atom.operator.like or all(known.ties(claim, value) for value in atom.values)


def _open(known: Provider, node: Node, telling: dict[Atom, str], severity: Severity | None) -> Finding:
    claim = f"{known.host}:{known.claims[0]}"
    advice = f"compare {claim} with " + (f"a value such as {known.example!r}" if known.example else "what is yours")
    who = f"whoever has a token of {known.name}" if known.shared else f"every pod that {known.name} runs"
    for atom, name in telling.items():
        for value in atom.operands:
            if atom.operator.like and not atom.operator.negated and not known.ties(name, str(value.value)):
                message = f"{value.value!r} fits tokens of strangers: {who} can assume the role"
                if not known.shared:
                    message = f"{value.value!r} fits everything: {who} can assume the role"
                return Finding(value, message, advice, severity=severity)
    return Finding(node, f"{who} can assume the role", advice, severity=severity)


def _wide(known: Provider, telling: dict[Atom, str]) -> Iterator[Finding]:
    """Report patterns that stand for all that a customer has, unless another claim picks from that."""
    if sum(_ties(known, claim, atom) for atom, claim in telling.items()) > 1:
        return
    for atom, claim in telling.items():
        for value in atom.operands if atom.operator.like else ():
            if known.takes_all(claim, str(value.value)):
                message = f"{value.value!r} lets every {known.unit} of the organization assume the role"
                yield Finding(value, message, f"name the {known.unit}", severity=Severity.NOTE)


def _unlooked(node: Node, known: Provider, claim: str, wanted: str, message: str) -> Finding:
    advice = f"compare {known.host}:{claim} with {wanted!r}"
    return Finding(node, message, advice, severity=Severity.NOTE)
