"""Rule iam-condition-key-unknown."""

import re
from collections.abc import Iterator

from validator.iam.actions import judge, services
from validator.iam.comparisons import comparisons, if_absent, is_filled_in
from validator.iam.condition import Atom
from validator.iam.keys import Guess, guess, key, superseded
from validator.iam.policy import Statement
from validator.rule import Finding, Severity, rule

# Of an identity provider's claims, only the provider knows the names, and the prefix need not be a host's name.
_FEDERATED = re.compile(r"sts:(AssumeRoleWith(SAML|WebIdentity)|\*|Assume.*\*)|\*", re.IGNORECASE)


@rule("iam-condition-key-unknown", Severity.ERROR)
def check(statement: Statement) -> Iterator[Finding]:
    """A Condition asks for a key that no request has.

    IAM takes the policy all the same. To a comparison it is as if the key were absent: `StringEquals` never holds, and
    `StringNotEquals` always does. An error where the name is surely a slip, or lacks the key of the tag; a warning
    where it may also be newer than the catalogue; a note where the service is gone, or the key out of date. The claims
    of identity providers are not judged.

    Bad:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
      "Condition": {"StringEquals": {"aws:PrincipalOrgIDs": "o-a1b2c3d4e5"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
      "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}]}
    ```
    """
    for atom in comparisons(statement):
        known = key(atom.name)
        if known is not None and not (known.free and "*" in atom.name):
            continue
        if is_filled_in(atom.name):
            continue
        if known is not None:
            message = f"no wildcard can stand in a condition key, and {atom.name!r} has one"
            yield Finding(atom.node.key, message, "write one condition for each key", Severity.WARNING)
            continue
        if newer := superseded(atom.name):
            message = f"only few services still know the condition key {atom.name!r}"
            yield Finding(atom.node.key, message, f"AWS advises {newer!r}", Severity.NOTE)
            continue
        prefix = atom.key.partition(":")[0]
        if prefix not in {*services(), "aws"} and ":" in atom.name and _is_federated(statement):
            continue
        meant = guess(atom.name, _prefixes(statement))
        # The policies of AWS IoT Core look alike, and have keys of their own: iot:Connection.Thing.IsAttached.
        if prefix == "iot" and (meant is None or not meant.certain):
            continue
        severity = None if meant is not None and meant.certain else Severity.WARNING
        retired = judge(f"{prefix}:*") if ":" in atom.name and prefix not in services() else None
        if retired is not None and retired.kind == "retired":
            severity = Severity.NOTE
        yield Finding(atom.node.key, _told(atom, meant), _advice(meant), severity)


def _told(atom: Atom, meant: Guess | None) -> str:
    outcome = if_absent(atom)
    so = "" if outcome is None else f", so {atom.written} {'always' if outcome else 'never'} holds"
    if meant is not None and meant.lacking:
        return f"the condition key {atom.name!r} is incomplete{so}"
    return f"AWS has no condition key {atom.name!r}{so}"


def _advice(meant: Guess | None) -> str:
    if meant is None:
        return ""
    return f"write {meant.name!r}" if meant.lacking else f"did you mean {meant.name!r}?"


def _prefixes(statement: Statement) -> frozenset[str]:
    actions = statement.actions
    if actions is None:
        return frozenset()
    return frozenset(str(node.value).partition(":")[0].lower() for node in actions.values)


def _is_federated(statement: Statement) -> bool:
    actions = statement.actions
    return actions is None or any(_FEDERATED.fullmatch(str(node.value)) for node in actions.values)
