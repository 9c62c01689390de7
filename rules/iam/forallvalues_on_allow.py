"""Rule iam-forallvalues-on-allow."""

from collections.abc import Iterator

from validator.iam.actions import expand
from validator.iam.catalogue import Level, details, rank
from validator.iam.comparisons import comparisons, if_absent, is_filled_in, takes
from validator.iam.keys import Key, key
from validator.iam.policy import Statement
from validator.rule import Finding, Severity, rule


@rule("iam-forallvalues-on-allow", Severity.WARNING)
def check(statement: Statement) -> Iterator[Finding]:
    """An Allow rests on ForAllValues, which holds for requests without the key as well.

    `ForAllValues` asks that no value is another one, and where there is no value, none is. A condition of the same
    statement that does not hold without the key, such as `Null` with `"false"`, closes the hole. Of the keys of a
    service something is said only where the statement allows actions that have the key and others that never have it.
    Not reported for `aws:TagKeys`: whoever passes no tags passes none that are forbidden. Of keys with one value
    `iam-set-operator-on-single-value` speaks.

    Bad:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
      "Condition": {"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
      "Condition": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*"}}}]}
    ```
    """
    if statement.effect is None or statement.effect.value != "Allow":
        return
    atoms = list(comparisons(statement))
    for atom in atoms:
        known = key(atom.name) if atom.quantifier == "all" else None
        if known is None or not known.multivalued or known.claim or known.name == "aws:TagKeys":
            continue
        if any(other.key == atom.key and if_absent(other) is False for other in atoms):
            continue
        action = _without(statement, known) if known.scope else ""
        if known.scope and not action:
            continue
        which = f", and those of {action} never have it" if action else ""
        message = f"{atom.written} holds for requests without {atom.name} as well{which}"
        yield Finding(atom.node.key, message, f'add the condition "Null": {{"{atom.name}": "false"}}')


def _without(statement: Statement, known: Key) -> str:
    """Give the best known action of the statement that never has the key, where others have it; or empty.

    What only lists is granted so on purpose, by AWS's own examples too.
    """
    element = statement.actions
    if element is None or element.negated:
        return ""
    patterns = [str(node.value) for node in element.values]
    found = {
        action: takes(action, known)
        for pattern in patterns
        if not is_filled_in(pattern) and not set(pattern) <= {"*", ":"}
        for action in expand(pattern)
    }
    lacking = [action for action, taken in found.items() if taken is False and not _lists(action)]
    return min(lacking, key=rank, default="") if True in found.values() else ""


def _lists(action: str) -> bool:
    known = details(action)
    return known is not None and known.level == Level.LIST
