"""What a condition key can be in a request: finitely many values that stand for all, given what it is compared with.

Two values of a key that every atom answers alike are one to a proof. So it is enough to try one value for each way in
which the atoms can answer: each text that is named, a text for each set of patterns that can match at once, the numbers
and dates and addresses on either side of each that is named, one value that nothing names, and the key's absence.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_network
from itertools import combinations, product

from validator.iam.arns import bound
from validator.iam.automata import GivenUp
from validator.iam.condition import Atom, Context, Operator, arn_pattern, moment
from validator.iam.globs import Glob, closed, glob, literal, spellings, witness

# More sets of patterns on one key than these could match in too many combinations; so could more
# values, and more patterns in one set.
_MOST_GROUPS = 6
_MOST_SETS = 500
_MOST_VALUES = 2_000
_PLAIN = ("other", "any", "another-value")
_PLAIN_ARN = ("arn:aws:iam::123456789012:role/other", "arn:aws:iam::123456789012:user/any")
# What the values of a type are like, or of a key of its own: principals are a role, a user, an account or a session,
# and none is taken to have a colon in its path, which IAM would let it have.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html, aws:PrincipalArn
_FORMS = {
    "ARN": ("arn:*:*:*:*:?*",),
    "aws:principalarn": (
        "arn:?*:iam::????????????:role/?*",
        "arn:?*:iam::????????????:user/?*",
        "arn:?*:iam::????????????:root",
        "arn:?*:sts::????????????:federated-user/?*",
    ),
}
# Keys of boolean type that every request has, with what they are in a plain one.
_PLAIN_BOOLEANS = {"aws:securetransport": "true"}


@dataclass(frozen=True, slots=True)
class Contexts:
    """The values to try for one key.

    Attributes:
        plain: What the key is in a request that has nothing special: absent, or a value that no atom names.
        named: All other values; a request with one of these needs it.
        complete: Whether these stand for all; false only above the caps.
    """

    plain: Context
    named: tuple[Context, ...]
    complete: bool = True

    @property
    def all(self) -> tuple[Context, ...]:
        """All values, the plain one first."""
        return (self.plain, *self.named)


def contexts(atoms: Sequence[Atom], *, multivalued: bool, always: bool, type: str = "String") -> Contexts:
    """Give the values of one key that stand for all.

    Args:
        atoms: All atoms on the key, of all statements that are looked at together.
        multivalued: Whether the key can have several values in one request.
        always: Whether every request has it.
        type: Of its values, as documented: those of `ARN` and `Bool` are like nothing else.
    """
    asked = tuple(dict.fromkeys((atom.operator, atom.values) for atom in atoms))
    texts, fresh, complete = _texts(asked, atoms[0].key if atoms[0].key in _FORMS else type)
    fresh = _PLAIN_BOOLEANS.get(atoms[0].key, fresh)
    plain: Context = None if not always else (fresh,) if multivalued else fresh
    found: list[Context] = list(texts)
    if multivalued:
        found, whole = _sets(atoms, texts)
        complete = complete and whole
    # Of values that all atoms answer alike, the first will do.
    answers: dict[object, Context] = {_answer(atoms, plain): plain}
    for value in (*found, *(() if always else (None,))):
        answers.setdefault(_answer(atoms, value), value)
    return Contexts(plain, tuple(answers.values())[1:], complete)


def _answer(atoms: Sequence[Atom], value: Context) -> tuple[bool | None, ...]:
    return tuple(atom.holds(value) for atom in atoms)


def _sets(atoms: Sequence[Atom], texts: Sequence[str]) -> tuple[list[Context], bool]:
    """Give a set of values for each way in which the atoms can answer; more values than atoms are never needed."""
    singles: dict[object, tuple[str, ...]] = {}
    for text in texts:
        singles.setdefault(_answer(atoms, (text,)), (text,))
    found: dict[object, tuple[str, ...]] = dict(singles)
    latest = list(found.values())
    for _ in atoms[1:]:
        grown = []
        for one, other in product(latest, singles.values()):
            if other[0] in one:
                continue
            more = (*one, *other)
            if (answer := _answer(atoms, more)) not in found:
                found[answer] = more
                grown.append(more)
                if len(found) >= _MOST_SETS:
                    return list(found.values()), False
        latest = grown
    return list(found.values()), True


_Asked = tuple[tuple[Operator, tuple[str, ...]], ...]


@lru_cache(maxsize=1024)
def _texts(asked: _Asked, type: str) -> tuple[tuple[str, ...], str, bool]:
    """Give a text for each way in which a value can be answered, one that nothing names, and whether that is all."""
    if type == "Bool" or all(operator.family in {"bool", "null"} for operator, _ in asked):
        return ("false", "true"), "false", True
    forms = _FORMS.get(type, ())
    families: dict[str, list[str]] = {}
    for operator, values in asked:
        families.setdefault(operator.family, []).extend(values)
    found: dict[str, None] = {}
    if "bool" in families:
        found |= dict.fromkeys(("true", "false"))
    found |= dict.fromkeys(_around(_floats(families.get("number", ()))))
    found |= dict.fromkeys(_around(second for text in families.get("date", ()) if (second := moment(text)) is not None))
    found |= dict.fromkeys(_addresses(families.get("ip", ())))
    strings = [(one, values) for one, values in asked if one.family in {"string", "arn", "binary"}]
    if found and not strings:
        return tuple(found), next(reversed(found)), True
    exact = sorted({value for one, values in strings if not one.like for value in values})
    found |= dict.fromkeys(exact)
    folded = sorted({value.lower() for one, values in strings if one.ignore_case for value in values})
    # An operator and its negation ask the same of a value.
    groups = list(dict.fromkeys(_patterns(one, values) for one, values in strings if one.like))
    complete = len(groups) <= _MOST_GROUPS and len(exact) <= _MOST_VALUES
    if not complete:
        return tuple(found)[:_MOST_VALUES], _PLAIN[0], False
    told = [*(pattern for group in groups for pattern in group), *map(literal, exact)]
    for text in folded:
        spelled = spellings(told, text)
        complete = complete and spelled is not None
        found |= dict.fromkeys(spelled or ())
    universe = [closed(glob(form)) if len(forms) > 1 else bound(glob(form)) for form in forms] or [glob("*")]
    likely = _PLAIN_ARN if forms else _PLAIN
    taken = [literal(text) for text in exact]
    texts: list[str] = []
    # From all patterns down to none: what no pattern matches is the fresh value.
    for size in range(len(groups), -1, -1):
        for chosen in combinations(groups, size):
            rest = [pattern for group in groups if group not in chosen for pattern in group]
            texts, known = _matched([universe, *chosen], [*rest, *taken], set(folded), likely)
            complete = complete and known
            found |= dict.fromkeys(texts)
    # The last that was sought is matched by nothing; if there is none such, the last one found will do.
    return tuple(found), (texts or list(found) or [_PLAIN[0]])[-1], complete


def _patterns(operator: Operator, values: Iterable[str]) -> tuple[Glob, ...]:
    if operator.family == "arn":
        return tuple(dict.fromkeys(found for text in values if (found := arn_pattern(text)) is not None))
    return tuple(dict.fromkeys(map(glob, values)))


def _matched(
    inside: Sequence[Sequence[Glob]], outside: Sequence[Glob], folded: set[str], likely: Sequence[str]
) -> tuple[list[str], bool]:
    """Find a text that one pattern of each group matches, and none outside, unlike all of `folded` in any case."""
    excluded = list(outside)
    for _ in range(len(folded) + 4):
        text = witness(inside, excluded, likely=likely)
        if isinstance(text, GivenUp):
            return [], False
        if text is None:
            return [], True
        if text.lower() not in folded:
            return [text], True
        excluded.append(literal(text))
    return [], False


def _floats(values: Iterable[str]) -> Iterator[float]:
    for value in values:
        try:
            yield float(value)
        except ValueError:
            continue


def _around(numbers: Iterable[float]) -> Iterator[str]:
    """Yield each number, and one in each gap between, below and above them."""
    marks = sorted(set(numbers))
    for at, number in enumerate(marks):
        yield repr(number)
        yield repr((number + marks[at + 1]) / 2 if at + 1 < len(marks) else number + 1)
    if marks:
        yield repr(marks[0] - 1)


def _addresses(networks: Iterable[str]) -> Iterator[str]:
    """Yield the first and last address of each network, and the neighbours of both."""
    for text in networks:
        try:
            network = ip_network(text, strict=False)
        except ValueError:
            continue
        first, last = int(network.network_address), int(network.broadcast_address)
        for number in (first, last, first - 1, last + 1):
            if 0 <= number < 2**network.max_prefixlen:
                yield str(type(network.network_address)(number))
