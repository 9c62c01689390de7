"""Rule iam-statement-never-matches."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from validator.iam.actions import has_placeholder
from validator.iam.clause import conditions
from validator.iam.condition import Atom, Context
from validator.iam.contexts import contexts
from validator.iam.keys import Key, key
from validator.iam.policy import Statement
from validator.rule import Finding, Severity, rule


@rule("iam-statement-never-matches", Severity.WARNING)
def check(statement: Statement) -> Iterator[Finding]:
    """A Condition asks for what cannot be, so that its statement has no effect.

    All operators of a Condition must hold at once. Where no value of a key, nor its absence, satisfies all that is
    asked of it, no request ever matches: an Allow allows nothing, and a Deny denies nothing, which is a hole. Mostly
    alternatives were meant, and those stand in one list, or in two statements. Values that are not known, such as
    policy variables, count as if anything were possible.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Action": "ec2:*", "Resource": "*", "Condition": {
        "StringEquals": {"aws:PrincipalTag/team": "web"}, "StringLike": {"aws:PrincipalTag/team": "data-*"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Action": "ec2:*", "Resource": "*", "Condition": {
        "StringLike": {"aws:PrincipalTag/team": ["web", "data-*"]}}}]}
    ```
    """
    asked: dict[str, list[Atom]] = {}
    for atom in conditions(statement):
        if not atom.unknown and not atom.regional and not any(map(has_placeholder, atom.values)):
            asked.setdefault(atom.key, []).append(atom)
    for name, found in asked.items():
        if len(found) < 2 and found[0].operator.family != "null":
            continue
        documented = key(name)
        if documented is not None and (clash := _clash(found, documented)):
            yield _finding(statement, clash)


# So many atoms on one key are nobody's: trying all pairs of them would take long.
_MOST = 20


def _clash(found: Sequence[Atom], documented: Key) -> tuple[Atom, ...]:
    """Find as few atoms as will contradict each other; none if all can hold at once, or that is not known."""
    if len(found) > _MOST:
        return ()
    # One that can hold alone only: what is wrong with a value in itself is for other rules to say.
    able = [atom for atom in found if atom.operator.family == "null" or _possible((atom,), documented)]
    for atom in able:
        if atom.operator.family == "null" and not _possible((atom,), documented):
            return (atom,)
    if len(able) < 2 or _possible(able, documented):
        return ()
    pairs = (pair for pair in combinations(able, 2) if not _possible(pair, documented))
    return next(pairs, tuple(able))


def _possible(asked: Sequence[Atom], documented: Key) -> bool:
    """Say whether some value of the key, or its absence, may satisfy all at once."""
    multivalued = documented.multivalued or any(atom.quantifier for atom in asked)
    kind = documented.types[0] if len(documented.types) == 1 else "String"
    values = contexts(asked, multivalued=multivalued, always=documented.presence == "always", type=kind)
    return not values.complete or any(_may_hold(asked, value) for value in values.all)


def _may_hold(asked: Sequence[Atom], value: Context) -> bool:
    return all(atom.holds(value) is not False for atom in asked)


def _finding(statement: Statement, clash: Sequence[Atom]) -> Finding:
    last = clash[-1]
    denies = statement.effect is not None and statement.effect.value == "Deny"
    outcome = f"the {'Deny' if denies else 'Allow'} never applies"
    if len(clash) == 1:
        message = f"{last.name} is in every request, and {last.written} asks for one without it, so {outcome}"
        return Finding(last.node, message, 'remove it, or write "false"')
    first = clash[0].written if len(clash) == 2 else f"{len(clash) - 1} others"
    message = f"no value of {last.name} satisfies both {first} and {last.written}, so {outcome}"
    related = tuple((atom.node, "the other condition on it") for atom in clash[:-1][:5])
    return Finding(last.node, message, "write alternatives as one list, or as two statements", related=related)
