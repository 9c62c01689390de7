"""Which resources the Resource, or the NotResource, of a statement selects, as far as anybody can say.

An ARN has six fields, of which each but the last ends at a colon. AWS documents of patterns for them ("IAM JSON policy
elements: Resource", "Amazon Resource Names" and "Variables and tags", in the IAM User Guide):

- `*` and `?` stand for characters within a field, but "if the * wildcard is the last character of a resource ARN
  segment, it can expand to match beyond the colon boundaries"; older editions said that none ever does;
- a pattern of fewer than six fields is completed with fields of `*`, except in session policies;
- a policy variable may stand after the fifth colon only;
- no wildcard may stand for the service. (Nor for the partition, it says, but AWS's own policies have `arn:*:…`.)

So there are two readings: *fielded*, where a wildcard before the fifth colon stays in its field, and *spanning*, where
it goes wherever it can. What holds in both is certain, what holds in one is possible; a part that is not known may be
anything. Not thought possible is a wildcard that reaches past its field into a name that holds colons itself: else
`arn:*:lambda:eu-west-1:*:function:x` would possibly be a function, with a strange name, of any region.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Literal, NamedTuple

from validator.iam.automata import GivenUp, Token, Wild
from validator.iam.formats import PLACEHOLDER, begun, formats
from validator.iam.globs import Glob, glob, literal, suits, witness
from validator.lazy import lazy

Answer = Literal["yes", "maybe", "no"]


class Readings(NamedTuple):
    """The patterns that a value can be read as.

    Attributes:
        written: The pattern as it stands there, with a `*` for each part that is not known.
        fielded: What it matches if no wildcard leaves its field.
        spanning: What it matches if they do, by one of these patterns: all that `fielded` matches, and more.
        certain: What `fielded` matches, if that is certain: if no part is unknown, and no field in doubt.
    """

    written: Glob
    fielded: tuple[Glob, ...]
    spanning: tuple[Glob, ...]
    certain: tuple[Glob, ...]


@dataclass(frozen=True)
class Arn:
    """One value of a Resource or NotResource.

    Attributes:
        given: Its readings, or a text of six fields without variables, which is only read as patterns when it must be.
        head: The text before the first wildcard.
        plain: Its six fields, if the first five are text or `*` each, and the last has no `?`; None for any other, and
            for those that are not certain.
    """

    given: Readings | str
    head: str
    plain: tuple[str, ...] | None = None

    def __hash__(self) -> int:
        """Hash by what all else follows from."""
        return hash(self.given)

    @lazy
    def readings(self) -> Readings:
        """All the readings."""
        return _read(self.given) if isinstance(self.given, str) else self.given

    @property
    def written(self) -> Glob:
        """As of Readings; so are the others."""
        return self.readings.written

    @property
    def fielded(self) -> tuple[Glob, ...]:  # noqa: D102
        return self.readings.fielded

    @property
    def spanning(self) -> tuple[Glob, ...]:  # noqa: D102
        return self.readings.spanning

    @property
    def certain(self) -> tuple[Glob, ...]:  # noqa: D102
        return self.readings.certain

    def doubted(self) -> "Arn":
        """Give the value as one of which it is not certain that it is there."""
        return Arn(self.readings._replace(certain=()), self.head)

    @property
    def size(self) -> int:
        """How many characters it has."""
        return len(self.given if isinstance(self.given, str) else self.given.written.tokens)

    @property
    def region(self) -> str:
        """What stands in the field of its region, as far as that is known; empty where there is none."""
        if self.plain is not None:
            return self.plain[3]
        fields = self.head.split(":", 4)
        if len(fields) < 5:
            fields = str(self.written).split(":", 4)
        return fields[3] if len(fields) > 3 else ""


@dataclass(frozen=True)
class Resources:
    """The Resource of a statement; or, negated, the NotResource: whatever none of the values matches."""

    arns: tuple[Arn, ...]
    negated: bool = False

    def __hash__(self) -> int:
        """Hash once: there may be many values, and they are the keys of caches."""
        return self._hash

    @lazy
    def _hash(self) -> int:
        return hash((self.arns, self.negated))

    @lazy
    def regions(self) -> tuple[str, ...]:
        """What stands in the fields of their regions, where that is neither nothing nor any region."""
        return tuple([field for one in self.arns if (field := one.region).strip("*")])

    @lazy
    def all(self) -> bool:
        """Whether they are certainly all there are: `*`."""
        return not self.negated and any(
            not one.head and one.plain is None and one.certain and set(one.written.tokens) == {_RUN}
            for one in self.arns
        )


class Remainder(NamedTuple):
    """Whether there is such an ARN, and which; none is named for a no, nor where the search was given up."""

    answer: Answer
    example: str = ""


@lru_cache(maxsize=4096)
def arn(*parts: str | None, variables: bool = True) -> Arn:
    """Read one value.

    Args:
        parts: The text, or its parts in order; None is a part that is not known.
        variables: Whether `${…}` is a policy variable, as it is since version 2012-10-17 of the policy language.
    """
    if len(parts) == 1 and isinstance(text := parts[0], str) and "${" not in text and text.count(":") >= 5:
        fields = tuple(text.split(":", 5))
        plain = "?" not in text and not any("*" in each and each != "*" for each in fields[:5])
        return Arn(text, _LITERAL.match(text)[0], fields if plain else None)  # type: ignore[index]  # always matches
    tokens = tuple(_tokens(parts, variables=variables))
    written = Glob(tuple([token or _RUN for token in tokens]))
    head = written.head
    missing = max(0, 5 - tokens.count(":"))
    completed = Glob(written.tokens + (":", _RUN) * missing) if missing else written
    spanning = (written, completed) if missing else (written,)
    if None in tokens:
        return Arn(Readings(written, (written if missing else bound(written),), spanning, ()), head)
    fielded = (bound(completed),)
    # Of `arn:aws:sqs:*:queue` nobody knows whether the star is the region, or the region and the account.
    clear = not missing or set(tokens[len(head) :]) <= {_RUN}
    return Arn(Readings(written, fielded, spanning, fielded if clear else ()), head)


def _read(text: str) -> Readings:
    """Read a value of six fields that holds no variable."""
    written = glob(text, escapes=False)
    fielded = (bound(written) if any("*" in field or "?" in field for field in text.split(":", 5)[:5]) else written,)
    return Readings(written, fielded, (written,), fielded)


def remainder(
    selected: Iterable[Resources], removed: Iterable[Resources], format: str, *, partition: str = "", region: str = ""
) -> Remainder:
    """Say whether some ARN of a format is selected by each of the former, and by none of the latter.

    Args:
        selected: The resources of the statements that must apply.
        removed: The resources of those that must not.
        format: The ARN's format, as in `arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}`, or
            several after `, `, as the catalogue has them for some types.
        partition: The partition that alone counts; any, where none is given.
        region: The same for the region; without effect where the format has none, or leaves open what stands there.
    """
    selected, removed = tuple(selected), tuple(removed)
    best = _NOTHING
    for (one, head), form in zip(begun(format, partition, region), formats(format), strict=True):
        chosen = tuple([_near(resources, head) for resources in selected])
        if any(
            not each.negated
            and all(value.plain and form.plainly_lacks(value.plain, partition, region) for value in each.arns)
            for each in chosen
        ):
            continue
        left = tuple([_near(resources, head) for resources in removed])
        found = _remainder(chosen, left, one, partition, region)
        if found.answer == "yes":
            return found
        if found.answer != best.answer == "no":
            best = found
    return best


def plainly_meets(value: Arn, format: str, *, partition: str = "", region: str = "") -> bool:
    """Say whether a glance shows that a value certainly selects some ARN of a format; arguments as of `remainder`."""
    return value.plain is not None and any(one.plainly_meets(value.plain, partition, region) for one in formats(format))


def plainly_lacks(value: Arn, format: str, *, partition: str = "", region: str = "") -> bool:
    """Say whether a glance shows that a value selects no ARN of a format, in whatever reading."""
    forms = zip(begun(format, partition, region), formats(format), strict=True)
    return all(
        not (value.head.startswith(head) or head.startswith(value.head))
        or (value.plain is not None and one.plainly_lacks(value.plain, partition, region))
        for (_, head), one in forms
    )


def may_begin(resources: Resources, format: str, *, partition: str, region: str) -> bool:
    """Say whether a value may select an ARN of a format, by the texts that both begin with; cheap."""
    return any(
        one.head.startswith(head) or head.startswith(one.head)
        for _, head in begun(format, partition, region)
        for one in resources.arns
    )


def meets(resources: Resources, format: str, *, partition: str = "", region: str = "") -> Answer:
    """Say whether the resources select some ARN of a format."""
    return remainder([resources], [], format, partition=partition, region=region).answer


def covers(resources: Resources, format: str, *, partition: str = "", region: str = "") -> Answer:
    """Say whether the resources select every ARN of a format."""
    return _not(remainder([], [resources], format, partition=partition, region=region).answer)


def regions(value: Arn, format: str, *, partition: str = "") -> Glob | None:
    """Give a pattern of the regions of those ARNs of a format that the value matches, or may match.

    Returns:
        All of these regions, and no others where no wildcard or unknown part can have spread over several fields; the
        format's own region, mostly empty, where that is fixed; None if no ARN of the format is matched.
    """
    found = {_regions(value, one, partition) for one in format.split(", ")} - {None}
    return found.pop() if len(found) == 1 else Glob((_RUN,)) if found else None


def covers_all(resources: Resources) -> bool:
    """Say whether the resources are certainly all there are: `*`."""
    return resources.all


def selects_unnamed(resources: Resources) -> Answer:
    """Say whether a request about no resource in particular is selected: to IAM, its resource is `*`."""
    found = {bool(one.certain) for one in resources.arns if one.written.matches("*")}
    answer: Answer = "yes" if True in found else "maybe" if found else "no"
    return _not(answer) if resources.negated else answer


_NOTHING = Remainder("no")
_ACCOUNT = "123456789012"
_RUN = Wild(many=True)
_LITERAL = re.compile(r"[^*?]*")
VARIABLE = re.compile(r"\$\{(?![*?$]\})[^{}]*\}")


def _not(answer: Answer) -> Answer:
    return "no" if answer == "yes" else "yes" if answer == "no" else "maybe"


def _tokens(parts: Iterable[object], *, variables: bool) -> Iterator[Token | None]:
    """Yield the tokens, and None for what is not known."""
    for part in parts:
        if not isinstance(part, str):
            yield None
            continue
        for index, text in enumerate(VARIABLE.split(part) if variables else [part]):
            if index:
                yield None
            yield from glob(text, escapes=variables).tokens


def _fields(pattern: Glob) -> list[tuple[Token, ...]]:
    """Split at the first five colons."""
    fields: list[tuple[Token, ...]] = []
    start = 0
    for at, one in enumerate(pattern.tokens):
        if one == ":" and len(fields) < 5:
            fields.append(pattern.tokens[start:at])
            start = at + 1
    return [*fields, pattern.tokens[start:]]


def _joined(fields: Iterable[Iterable[Token]]) -> Glob:
    return Glob(tuple(chain.from_iterable((":", *field) for field in fields))[1:])


@lru_cache(maxsize=2048)
def bound(pattern: Glob) -> Glob:
    """Bind each wildcard before the fifth colon to its field."""
    *fields, name = _fields(pattern)
    bound = [[Wild(one.many, colons=False) if isinstance(one, Wild) else one for one in field] for field in fields]
    return _joined([*bound, name])


def _regions(value: Arn, format: str, partition: str) -> Glob | None:
    if meets(Resources((value,)), format, partition=partition) == "no":
        return None
    if not PLACEHOLDER.search(own := format.split(":")[3]):
        return literal(own)
    fields = _fields(value.fielded[0])
    if len(fields) == 6:
        universe, within = (_universe(format, partition, only, colons=False) for only in (None, Glob(fields[3])))
        if witness([[universe], value.spanning], [within]) is None:
            return Glob(tuple(Wild(one.many) if isinstance(one, Wild) else one for one in fields[3]))
    # What stands before the first wildcard is sure all the same.
    sure = value.head.split(":")
    return literal(sure[3]) if len(sure) > 4 else Glob((*"".join(sure[3:]), _RUN))


@lru_cache(maxsize=8192)
def _universe(format: str, partition: str, region: Glob | None, *, colons: bool) -> Glob:
    """Make the pattern of all ARNs of a format; of those whose names hold no colons, if so asked."""
    *fields, name = format.split(":", 5)
    given = {1: literal(partition) if partition else None, 3: region}
    filled = []
    for at, field in enumerate(fields):
        only = given.get(at) if field.startswith("${") else None
        filled.append(only.tokens if only else _filled(field, colons=False))
    return _joined([*filled, _filled(name, colons=colons)])


def _filled(field: str, *, colons: bool) -> tuple[Token, ...]:
    """Put wildcards where something varies: what has a name in the format is never empty; what is `*` there can be."""
    found: list[Token] = []
    end = 0
    for match in PLACEHOLDER.finditer(field):
        least = [Wild(many=False, colons=colons)] if match.group() != "*" else []
        found += [*field[end : match.start()], *least, Wild(many=True, colons=colons)]
        end = match.end()
    return (*found, *field[end:])


def _near(resources: Resources, head: str) -> Resources:
    """Leave out the values that begin otherwise than all ARNs of a format."""
    near = [one for one in resources.arns if one.head.startswith(head) or head.startswith(one.head)]
    return resources if len(near) == len(resources.arns) else Resources(tuple(near), resources.negated)


_Reading = Callable[[Arn], tuple[Glob, ...]]
_CERTAIN, _FIELDED, _SPANNING = (attrgetter(reading) for reading in ("certain", "fielded", "spanning"))


@lru_cache(maxsize=2048)
def _remainder(
    selected: tuple[Resources, ...], removed: tuple[Resources, ...], format: str, partition: str, region: str
) -> Remainder:
    """Search for an ARN that is certain, then for one that is possible in either reading."""
    every = _universe(format, partition, literal(region) if region else None, colons=True)
    groups, unwanted = _clauses(selected, removed, _CERTAIN, _SPANNING)
    near = (*selected, *removed) if groups or unwanted else ()
    for text in _likely(near, format, partition, region or "eu-central-1"):
        if suits(text, [[every], *groups], unwanted):
            return Remainder("yes", text)
    if any(not one.negated and all(_apart(value, format, partition, region) for value in one.arns) for one in selected):
        return _NOTHING
    likely = tuple(_likely((*selected, *removed), format, partition, region or "eu-central-1"))

    def search(
        inside: _Reading, outside: _Reading, *, colons: bool = True, more: Iterable[str] = ()
    ) -> str | GivenUp | None:
        groups, unwanted = _clauses(selected, removed, inside, outside)
        if not groups and not unwanted:
            return likely[-1]
        if not all(groups):
            return None
        universe = _universe(format, partition, literal(region) if region else None, colons=colons)
        text = witness([[universe], *groups], unwanted, likely=(*likely, *more))
        if not isinstance(text, str) or text in likely:
            return text
        # Any account will do mostly, and one of digits reads better.
        *fields, _, name = text.split(":", 5)
        return witness([[universe], *groups], unwanted, likely=[":".join([*fields, _ACCOUNT, name]), text])

    found = search(_CERTAIN, _SPANNING)
    if isinstance(found, str):
        return Remainder("yes", found)
    values = [one for resources in (*selected, *removed) for one in resources.arns]
    if found is None and all(one.certain == one.fielded == one.spanning for one in values):
        return Remainder("no")  # there is but one reading
    spread = _spread((*selected, *removed), format, likely[-1])
    possible = search(_FIELDED, _CERTAIN) or search(_SPANNING, _CERTAIN, colons=False, more=spread)
    if possible is None:
        return Remainder("no")
    return Remainder("maybe", possible if isinstance(possible, str) else "")


def _apart(value: Arn, format: str, partition: str, region: str) -> bool:
    """Say whether a glance shows that a value matches no ARN of a format, in whatever reading."""
    only = literal(region) if region else None
    every, plain = (_universe(format, partition, only, colons=colons) for colons in (True, False))
    return all(one.apart(every) for one in value.fielded) and all(one.apart(plain) for one in value.spanning)


def _clauses(
    selected: Iterable[Resources], removed: Iterable[Resources], inside: _Reading, outside: _Reading
) -> tuple[list[list[Glob]], list[Glob]]:
    """Say in patterns what an ARN must match, one of each group, and what it must not."""
    groups: list[list[Glob]] = []
    unwanted: list[Glob] = []
    for statements, negated in ((selected, False), (removed, True)):
        for resources in statements:
            if resources.negated == negated:
                groups.append([pattern for one in resources.arns for pattern in inside(one)])
            else:
                unwanted += [pattern for one in resources.arns for pattern in outside(one)]
    return groups, unwanted


def _likely(near: Iterable[Resources], format: str, partition: str, region: str) -> Iterator[str]:
    """Yield ARNs as examples have them: those nearest to a pattern, then the plainest."""
    *fields, name = format.split(":", 5)
    usual = ("arn", partition or "aws", "service", region, _ACCOUNT)
    plain = [PLACEHOLDER.sub(text, field) for field, text in zip(fields, usual, strict=True)]
    plain.append(PLACEHOLDER.sub("example", name))
    for one in (one for resources in near for one in resources.arns):
        yield ":".join(_filled_in(pattern, text) for pattern, text in zip(_fields(one.fielded[0]), plain, strict=False))
    yield ":".join(plain)


def _spread(near: Iterable[Resources], format: str, usual: str) -> Iterator[str]:
    """Yield ARNs in which a value's name stands for each part of a format's: where wildcards leave their fields."""
    head, name = ":".join(usual.split(":")[:5]), format.split(":", 5)[5]
    for value in (value for one in near for value in one.arns):
        parts = _fields(value.fielded[0])[5:]
        own = "".join(_filled_in(part, "example") for part in parts)
        yield f"{head}:" + own.join(PLACEHOLDER.split(name))


def _filled_in(pattern: tuple[Token, ...], usual: str) -> str:
    if len(pattern) == 1 and isinstance(pattern[0], Wild) and pattern[0].many:
        return usual
    if any(one.__class__ is Wild for one in pattern) and Glob(pattern).matches(usual):
        return usual
    return "".join([("x", "example")[one.many] if isinstance(one, Wild) else one for one in pattern])
