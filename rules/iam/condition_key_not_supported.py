"""Rule iam-condition-key-not-supported."""

from collections.abc import Iterator, Sequence

from validator.iam.actions import expand
from validator.iam.comparisons import comparisons, if_absent, is_filled_in, takers, takes
from validator.iam.keys import Key, key
from validator.iam.policy import Statement
from validator.rule import Finding, Severity, rule
from validator.suggest import listed

_OUTCOME = {
    ("Allow", False): "the statement allows nothing",
    ("Allow", True): "the condition limits nothing",
    ("Deny", False): "the statement denies nothing",
    ("Deny", True): "the condition holds for every request",
}


@rule("iam-condition-key-not-supported", Severity.WARNING)
def check(statement: Statement) -> Iterator[Finding]:
    """A Condition asks for a key that comes with none of the statement's actions.

    Keys of a service are in the requests of some of its actions only. Elsewhere the key is absent: an Allow grants
    nothing, a Deny with a negated operator denies everything. Only where no action of the statement has the key
    something is said, and a wildcard stands for all actions that it matches. Global keys and tags are not judged, and
    neither are keys of which AWS does not say which actions have them.

    Bad:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
      "Condition": {"StringLike": {"s3:prefix": "home/*"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b",
      "Condition": {"StringLike": {"s3:prefix": "home/*"}}}]}
    ```
    """
    actions, effect = statement.action_texts, statement.effect
    if not statement.has("Condition") or effect is None or actions.negated or not actions.complete:
        return
    for atom in comparisons(statement):
        known = key(atom.name)
        if known is None or not known.scope or known.free or known.claim or not atom.key.startswith(f"{known.scope}:"):
            continue
        outcome = if_absent(atom)
        if outcome is None or not _is_taken_by_none(actions.texts, known):
            continue
        message = f"no action of the statement has {atom.name!r} in its requests"
        so = _OUTCOME.get((str(effect.value), outcome), "")
        advice = f"move it to a statement about an action that has it: {listed(takers(known))}"
        yield Finding(atom.node.key, f"{message}: {so}" if so else message, advice)


def _is_taken_by_none(patterns: Sequence[str], known: Key) -> bool:
    """Say whether the catalogue knows all the actions, and the key comes with none of them."""
    for pattern in patterns:
        if set(pattern) <= {"*", ":"} or is_filled_in(pattern):
            return False
    # Those of the key's own service first: one that takes the key settles it.
    for pattern in sorted(patterns, key=lambda pattern: not pattern.lower().startswith(f"{known.scope}:")):
        found = expand(pattern)
        if not found or any(takes(action, known) is not False for action in found):
            return False
    return bool(patterns)
