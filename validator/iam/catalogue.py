"""What is known of IAM's actions beyond their names, and exact sets of them.

A set of actions keeps one integer of bits for each service that was named, and for all other services together the
access levels that are in: `*` and NotAction read no service that the policy does not name.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntFlag
from functools import cache, lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Any

from validator.iam.actions import actions, described, expand, iam_data, matches, places, services


class Level(IntFlag):
    """The access level of an action, as AWS documents it; several bits mean any of them.

    Sending data somewhere to be processed counts as writing, though AWS calls it reading: see processing_reads.json.
    """

    LIST = 1
    READ = 2
    WRITE = 4
    PERMISSIONS = 8
    TAGGING = 16


# Plain numbers: an enumeration's members are slow to combine.
READS = int(Level.LIST | Level.READ)
ALL = READS | int(Level.WRITE | Level.PERMISSIONS | Level.TAGGING)

# What most readers know and would least like to find elsewhere: things that cost, hold data, or open doors.
WELL_KNOWN = (
    "ec2:RunInstances", "s3:CreateBucket", "lambda:CreateFunction", "rds:CreateDBInstance", "dynamodb:CreateTable",
    "s3:PutObject", "cloudformation:CreateStack", "ecs:CreateCluster", "eks:CreateCluster", "sqs:CreateQueue",
    "sns:CreateTopic", "kms:CreateKey", "secretsmanager:CreateSecret", "redshift:CreateCluster", "ec2:CreateVpc",
    "elasticache:CreateCacheCluster", "es:CreateDomain", "kinesis:CreateStream", "ecr:CreateRepository",
    "sagemaker:CreateNotebookInstance", "bedrock:InvokeModel", "iam:CreateUser", "iam:CreateRole",
)  # fmt: skip


class Universe:
    """All actions that are documented, and those that the policies at hand name beside them.

    An action, or a pattern, that fits nothing documented is taken for one action more, spelled as it is: it may be
    newer than the catalogue, and must not get lost. Sets can be combined with sets of the same universe only.

    Attributes:
        complete: Whether all undocumented actions found room; false only above a cap of 200.
    """

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        """Take up the patterns of all policies that are to be compared, of Action and NotAction alike."""
        extras: dict[str, dict[str, str]] = {}
        room = _MOST_EXTRAS
        for pattern in patterns:
            prefix, name, bits = _MEANT[pattern]
            if not bits and prefix and name:
                room -= name not in extras.get(prefix, ())
                if room >= 0:
                    extras.setdefault(prefix, {}).setdefault(name, pattern.partition(":")[2])
        self.complete = room >= 0
        self._extended = {prefix: _service(prefix).extended(names.values()) for prefix, names in extras.items()}
        self.nothing = ActionSet(self, {}, 0)
        self.everything = ActionSet(self, {}, ALL)

    def matching(self, *patterns: str) -> ActionSet:
        """Give the actions that any of the patterns fits, as in Action; NotAction is `everything` without these."""
        named: dict[str, int] = {}
        extended = self._extended
        for pattern in patterns:
            prefix, _, bits = _MEANT[pattern]
            if prefix:
                named[prefix] = named.get(prefix, 0) | bits
                if extended and prefix in extended:
                    named[prefix] |= extended[prefix].undocumented(pattern.lower())
                continue
            if _EVERYTHING.fullmatch(pattern):
                return self.everything
            for service, some in _anywhere(pattern.lower()):
                named[service] = named.get(service, 0) | some
            for service, one in extended.items():
                named[service] = named.get(service, 0) | one.undocumented(pattern.lower())
        if 0 in named.values():
            named = {service: bits for service, bits in named.items() if bits}
        return ActionSet(self, named, 0) if named else self.nothing

    def at(self, levels: int) -> ActionSet:
        """Give the actions of any of these access levels; what is undocumented has the level that its name suggests."""
        return ActionSet(self, {}, levels)

    def service(self, prefix: str) -> _Service:
        """Give the names of a service, and what each bit means here."""
        return self._extended.get(prefix) or _service(prefix)

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The services, those of the best known actions first."""
        return _prominent(frozenset(self._extended))


class ActionSet:
    """A set of actions: `|`, `&`, `-`, `<=`, `==`, `in`, `len`, iteration and truth are those of a set.

    Attributes:
        named: For some services, the bits of their actions; none that `rest` implies anyway.
        rest: The access levels that are in, of all other services.
    """

    __slots__ = ("_best", "_more", "named", "rest", "universe")

    def __init__(self, universe: Universe, named: Mapping[str, int], rest: int) -> None:
        """Take bits that `rest` does not imply; without one, these are never 0."""
        self.universe = universe
        self.named = named
        self.rest = rest
        self._best: list[str] = []
        self._more: Iterator[str] | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ActionSet) and (self.universe, self.named, self.rest) == (
            other.universe,
            other.named,
            other.rest,
        )

    __hash__ = None  # type: ignore[assignment]  # a set of many

    def __or__(self, other: ActionSet) -> ActionSet:
        if self.rest or other.rest:
            return self._combined(other, operator.or_, {**self.named, **other.named})
        self._compare(other)
        mine = self.named
        joined = {prefix: bits | mine.get(prefix, 0) for prefix, bits in other.named.items()}
        return ActionSet(self.universe, {**mine, **joined}, 0)

    def __and__(self, other: ActionSet) -> ActionSet:
        if self is self.universe.everything:
            self._compare(other)
            return other
        if self.rest and other.rest:
            return self._combined(other, operator.and_, {**self.named, **other.named})
        # What either leaves out of a service is out; so one that names all it holds says which services matter.
        mine, theirs = (other, self) if self.rest else (self, other)
        self._compare(other)
        if not theirs.rest and mine.named.keys().isdisjoint(theirs.named):
            return self.universe.nothing
        named = {prefix: both for prefix, bits in mine.named.items() if (both := bits & theirs.bits(prefix))}
        return ActionSet(self.universe, named, 0)

    def __sub__(self, other: ActionSet) -> ActionSet:
        if other is self.universe.nothing:
            return self
        if self.rest:
            return self._combined(other, _without, {**self.named, **other.named})
        self._compare(other)
        named = {prefix: left for prefix, bits in self.named.items() if (left := bits & ~other.bits(prefix))}
        return ActionSet(self.universe, named, 0)

    def __le__(self, other: ActionSet) -> bool:
        return not self - other

    def __bool__(self) -> bool:
        return any(self.named.values()) or (self.rest > 0 and any(map(self.bits, self._others())))

    def __contains__(self, action: str) -> bool:
        prefix, _, name = action.lower().partition(":")
        at = self.universe.service(prefix).index.get(name)
        return at is not None and bool(self.bits(prefix) >> at & 1)

    def __iter__(self) -> Iterator[str]:
        """Yield the actions as prefix:Name, by service; reads all services if some are not named."""
        for prefix in sorted(self.services()):
            yield from self.universe.service(prefix).spelled(self.bits(prefix))

    def __len__(self) -> int:
        return sum(self.bits(prefix).bit_count() for prefix in self.services())

    def bits(self, prefix: str) -> int:
        """Give the bits of one service's actions, for those who compute with them."""
        bits = self.named.get(prefix)
        return bits if bits is not None else self.universe.service(prefix).at(self.rest) if self.rest else 0

    def parted(self) -> tuple[ActionSet, ActionSet]:
        """Part the set into the actions that do more than list or read, and those that do not."""
        if self.rest:
            reading = self.universe.at(READS)
            return self - reading, self & reading
        writes, reads = {}, {}
        for prefix, bits in self.named.items():
            reading = self.universe.service(prefix).at(READS)
            if some := bits & ~reading:
                writes[prefix] = some
            if some := bits & reading:
                reads[prefix] = some
        return ActionSet(self.universe, writes, 0), ActionSet(self.universe, reads, 0)

    def within(self, prefix: str, bits: int) -> ActionSet:
        """Give those of the set that are of one service, and among these bits."""
        return ActionSet(self.universe, {prefix: self.bits(prefix) & bits}, 0)

    def split(self, others: Sequence[ActionSet]) -> dict[int, ActionSet]:
        """Split the set by others, service by service: most of these name few services.

        Returns:
            The parts that are not empty, each by the others that it lies in: a bit for each, of which the last one's is
            the lowest.
        """
        marked = [(1 << at, one) for at, one in enumerate(reversed(others))]
        concerned = chain(self.named, *(one.named for one in others)) if self.rest else self.named
        each: dict[str, list[tuple[int, int]]] = {prefix: [] for prefix in concerned}
        for mark, one in reversed(marked):
            for prefix in each if one.rest else each.keys() & one.named.keys():
                each[prefix].append((mark, one.bits(prefix)))
        named: dict[int, dict[str, int]] = {}
        for prefix, told in each.items():
            for marks, bits in _split(self.bits(prefix), told):
                named.setdefault(marks, {})[prefix] = bits
        if not self.rest:
            return {marks: ActionSet(self.universe, bits, 0) for marks, bits in named.items()}
        found = {}
        rests = dict(_split(self.rest, [(mark, one.rest) for mark, one in marked]))
        for marks in named.keys() | rests.keys():
            mine, rest = named.get(marks, {}), rests.get(marks, 0)
            if rest:
                every = ((prefix, mine.get(prefix, 0)) for prefix in each)
                mine = {prefix: bits for prefix, bits in every if bits != self.universe.service(prefix).at(rest)}
            found[marks] = ActionSet(self.universe, mine, rest)
        return found

    def services(self) -> list[str]:
        """List the services that have an action in the set; reads all that are not named, if any of those is in."""
        return [prefix for prefix in chain(self.named, self._others()) if self.bits(prefix)]

    def best(self, most: int = 3) -> list[str]:
        """Choose the actions that show best what the set allows, as `rank` has it, of services that it names first."""
        if len(self._best) < most:
            if self._more is None:
                self._more = self._ranked()
            self._best += islice(self._more, most - len(self._best))
        return self._best[:most]

    @property
    def place(self) -> int:
        """The rank of the best action; none is as high if the set is empty."""
        if self.rest:
            return rank(best[0]) if (best := self.best(1)) else _LAST + _TIERS + 1
        found = _LAST + _TIERS + 1
        for prefix, bits in self.named.items():
            service = self.universe.service(prefix)
            known = next((at for at, bit in service.known if bits & bit), _LAST)
            found = min(found, known if known < _LAST else _LAST + _tier(bits, service.tiers))
        return found

    def _ranked(self) -> Iterator[str]:
        found = []
        for prefix in _KNOWN_IN if self.rest else self.named:
            if prefix in _KNOWN_IN:
                bits = self.bits(prefix)
                found += [at for at, bit in self.universe.service(prefix).known if bits & bit]
        known = [WELL_KNOWN[at] for at in sorted(found)]
        yield from known
        named = sorted(self.named, key=_prominence) if len(self.named) > 1 else self.named
        for tier in range(_TIERS):
            for prefix in chain(named, self._others()):
                service = self.universe.service(prefix)
                if bits := self.bits(prefix) & service.tiers[tier]:
                    yield from (action for action in service.spelled(bits) if action not in known)

    def _others(self) -> Iterator[str]:
        return (prefix for prefix in self.universe.prefixes if prefix not in self.named) if self.rest else iter(())

    def _combined(self, other: ActionSet, combine: Callable[[int, int], int], concerned: Iterable[str]) -> ActionSet:
        """Combine the services concerned one by one; all others come out as the access levels do."""
        self._compare(other)
        rest = combine(self.rest, other.rest)
        kept = {}
        for prefix in concerned:
            bits = combine(self.bits(prefix), other.bits(prefix))
            if bits != (self.universe.service(prefix).at(rest) if rest else 0):
                kept[prefix] = bits
        return ActionSet(self.universe, kept, rest)

    def _compare(self, other: ActionSet) -> None:
        if self.universe is not other.universe:
            raise ValueError("the sets belong to different universes")


def _without(mine: int, theirs: int) -> int:
    return mine & ~theirs


def _split(bits: int, others: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Split some bits by others, each with a mark; give the parts that are not empty with the marks of theirs."""
    parts = [(0, bits)] if bits else []
    for mark, other in others:
        split = []
        for marks, some in parts:
            if inside := some & other:
                split.append((marks | mark, inside))
            if outside := some & ~other:
                split.append((marks, outside))
        parts = split
    return parts


def rank(action: str) -> int:
    """Give a place in the order in which witnesses are best shown.

    The well-known actions come first, then whatever creates, other writes, reads, and what is not documented.
    """
    if action in _PLACES:
        return _PLACES[action]
    prefix, _, bit = _MEANT[action]
    return _LAST + _tier(bit, _service(prefix).tiers)


def _tier(bits: int, tiers: Sequence[int]) -> int:
    """Give the first tier that some of the bits are in; one more than there are where none is."""
    for tier, some in enumerate(tiers):
        if bits & some:
            return tier
    return _TIERS


Types = frozenset[tuple[str, bool]]


@lru_cache(maxsize=1024)
def by_types(prefix: str) -> tuple[tuple[Types, int], ...]:
    """Group the documented actions of a service by the resource types that they take.

    Returns:
        For each such set of types, of which each is a format and whether it is required, the bits of the actions.
    """
    found: dict[Types, int] = {}
    for at, types in enumerate(_types(prefix).values()):
        key = frozenset(types)
        found[key] = found.get(key, 0) | 1 << at
    return tuple(found.items())


def types_of(action: str) -> tuple[tuple[str, bool], ...] | None:
    """List the resource types that an action takes, each a format and whether it is required; None if nobody knows."""
    prefix, _, name = action.lower().partition(":")
    return _types(prefix).get(name)


@lru_cache(maxsize=1024)
def _types(prefix: str) -> Mapping[str, tuple[tuple[str, bool], ...]]:
    """Give the types of each documented action of a service, by its name in lower case, in order."""
    data = iam_data().resources
    arns: dict[str, str] = {}
    found = {}
    for name in map(str.lower, actions(prefix)):
        types = []
        for each in described(prefix)[name]["resourceTypes"]:
            if (type := each["name"]) not in arns:
                arns[type] = data.get_resource_type_details(prefix, type)["arn"]
            types.append((arns[type], bool(each["required"])))
        found[name] = tuple(types)
    return found


@dataclass(frozen=True, slots=True)
class Resource:
    """A type of resource that an action can be limited to.

    Attributes:
        arn: The format, with `${Partition}`, `${Region}`, `${Account}` and the like for what varies.
        required: The action is never called without one.
        keys: The condition keys that come with it, as documented.
    """

    name: str
    arn: str
    required: bool
    keys: frozenset[str]

    @property
    def region(self) -> str:
        """The region field of the format: `${Region}` where the type is regional; else empty, `*`, or a region."""
        return self.arn.split(":", 4)[3]


@dataclass(frozen=True, slots=True)
class Details:
    """What is documented about an action.

    Attributes:
        name: The action, as prefix:Name.
        resources: The types that it takes; without any, only `*` can be its Resource.
        keys: The condition keys that come with every call, as documented; those of Key.scope "" come on top.
    """

    name: str
    level: Level
    resources: tuple[Resource, ...]
    keys: frozenset[str]


@lru_cache(maxsize=4096)
def details(action: str) -> Details | None:
    """Look up an action, in any case; None if it is not documented."""
    prefix, _, name = action.lower().partition(":")
    if name not in _service(prefix).index:
        return None
    found = described(prefix)[name]
    resources = tuple(_resource(prefix, each) for each in found["resourceTypes"])
    level = Level(_level(_access(prefix, found["name"])))
    return Details(f"{prefix}:{found['name']}", level, resources, frozenset(found["conditionKeys"]))


_EVERYTHING = re.compile(r"\*+(:\*+)?")
_WILD = re.compile(r"[*?]")
_LAST = len(WELL_KNOWN)
_PLACES = {action: at for at, action in enumerate(WELL_KNOWN)}
# By service: their places, and their names in lower case.
_KNOWN_IN = {
    prefix: tuple(
        (at, action.lower().partition(":")[2]) for action, at in _PLACES.items() if action.startswith(f"{prefix}:")
    )
    for prefix in (action.partition(":")[0] for action in WELL_KNOWN)
}
_CREATING = ("Create", "Run", "Put", "Launch")
_READING = ("Get", "Describe", "BatchGet", "Search", "Lookup", "Query", "View")
_TIERS = 3
_WRITE = int(Level.WRITE)  # an enumeration's members are slow to compare
_MOST_EXTRAS = 200


@dataclass(frozen=True, slots=True)
class _Service:
    """The names of a service, and sets of them as bits.

    Attributes:
        names: The documented ones in order, then others.
        index: The place of each name, in lower case.
        levels: The actions of each access level.
        tiers: Those that create, other writes, and reads.
        known: The well-known ones, each with its place and its bit, the best known first.
        unions: The actions of several access levels, as they were asked for.
    """

    prefix: str
    names: tuple[str, ...]
    index: Mapping[str, int]
    documented: int
    levels: Mapping[int, int]
    tiers: tuple[int, int, int]
    known: tuple[tuple[int, int], ...]
    unions: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, prefix: str) -> _Service:
        names = actions(prefix)
        levels = dict.fromkeys(map(int, Level), 0)
        creating = 0
        for at, name in enumerate(names):
            level = _level(_access(prefix, name))
            levels[level] |= 1 << at
            if level == _WRITE and name.startswith(_CREATING):
                creating |= 1 << at
        reads = levels[Level.LIST] | levels[Level.READ]
        tiers = (creating, (1 << len(names)) - 1 & ~creating & ~reads, reads)
        index = {name.lower(): at for at, name in enumerate(names)}
        _MEANT.update({f"{prefix}:{names[at]}": (prefix, name, 1 << at) for name, at in index.items()})
        known = tuple([(place, 1 << index[name]) for place, name in _KNOWN_IN.get(prefix, ()) if name in index])
        return cls(prefix, names, index, len(names), levels, tiers, known)

    def extended(self, extras: Iterable[str]) -> _Service:
        """Give the service with more actions, which are not documented: their names tell their levels."""
        names, index, levels = [*self.names], dict(self.index), dict(self.levels)
        creating, writes, reads = self.tiers
        for name in extras:
            bit, level = 1 << len(names), _guessed(name)
            levels[level] |= bit
            creating |= bit if level == _WRITE and name.startswith(_CREATING) else 0
            writes |= bit if level == _WRITE and not name.startswith(_CREATING) else 0
            reads |= bit if level & READS else 0
            index[name.lower()] = len(names)
            names.append(name)
        tiers = (creating, writes, reads)
        return _Service(self.prefix, tuple(names), index, self.documented, levels, tiers, self.known)

    def at(self, levels: int) -> int:
        """Give the actions of any of the access levels."""
        if levels not in self.unions:
            self.unions[levels] = sum(bits for level, bits in self.levels.items() if level & levels)
        return self.unions[levels]

    def undocumented(self, pattern: str) -> int:
        """Give the actions beyond the documented ones that a pattern in lower case fits."""
        name = pattern.partition(":")[2]
        if not _WILD.search(pattern):
            at = self.index.get(name, 0)
            return 1 << at if at >= self.documented else 0
        # The literal beginning rules out most names at a fraction of the cost, unless the prefix has wildcards.
        head = _WILD.split(name, maxsplit=1)[0] if pattern.startswith(f"{self.prefix}:") else ""
        extras = (item for item in islice(self.index.items(), self.documented, None) if item[0].startswith(head))
        return sum(1 << at for extra, at in extras if matches(pattern, f"{self.prefix}:{extra}"))

    def spelled(self, bits: int) -> Iterator[str]:
        """Write the actions that are in a set of bits, in order."""
        while bits:
            last = bits & -bits
            yield f"{self.prefix}:{self.names[last.bit_length() - 1]}"
            bits ^= last


@lru_cache(maxsize=1024)
def _prominence(prefix: str) -> tuple[int, str]:
    """Give a key that sorts the services of the best known actions first."""
    return (_KNOWN_IN[prefix][0][0] if prefix in _KNOWN_IN else _LAST), prefix


@lru_cache(maxsize=64)
def _prominent(others: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(services() | others, key=_prominence))


@lru_cache(maxsize=1024)
def _service(prefix: str) -> _Service:
    return _Service.of(prefix)


class _Meanings(dict[str, tuple[str, str, int]]):
    """What patterns come to: their service and name in lower case, and the bits of the documented actions that they fit.

    Without a service, a pattern is none of one. Documented actions are in as soon as their service has been read.
    """

    def __missing__(self, pattern: str) -> tuple[str, str, int]:
        return _read(pattern)


_MEANT = _Meanings()


@lru_cache(maxsize=8192)
def _read(pattern: str) -> tuple[str, str, int]:
    prefix, _, name = pattern.lower().partition(":")
    if not prefix or _WILD.search(prefix):
        return "", name, 0
    index = _service(prefix).index
    if (at := index.get(name)) is not None:
        return prefix, name, 1 << at
    if name == "*":
        return prefix, name, (1 << len(index)) - 1
    if not _WILD.search(name):
        return prefix, name, 0
    return prefix, name, sum([1 << at for at in places(name, tuple(index))])


@lru_cache(maxsize=64)
def _anywhere(pattern: str) -> tuple[tuple[str, int], ...]:
    """Give the bits of the documented actions that a pattern fits in any service."""
    found: dict[str, int] = {}
    for prefix, _, name in (action.partition(":") for action in expand(pattern)):
        found[prefix] = found.get(prefix, 0) | 1 << _service(prefix).index[name.lower()]
    return tuple(found.items())


def _access(prefix: str, name: str) -> str:
    """Give an access level as documented; what processes data that is sent along counts as writing."""
    if name in _processing().get(prefix, ()):
        return "Write"
    return str(described(prefix)[name.lower()]["accessLevel"])


@cache
def _processing() -> Mapping[str, list[str]]:
    text = (Path(__file__).parent / "data" / "processing_reads.json").read_text(encoding="utf-8")
    return dict(json.loads(text)["actions"])


@cache
def _level(documented: str) -> int:
    """Read an access level; of several, as in `Tagging, Write`, the first is the one that tells more."""
    return int(Level[documented.partition(",")[0].partition(" ")[0].upper()])


def _guessed(name: str) -> int:
    return int(Level.LIST if name.startswith("List") else Level.READ if name.startswith(_READING) else Level.WRITE)


def _resource(prefix: str, named: Mapping[str, Any]) -> Resource:
    found = iam_data().resources.get_resource_type_details(prefix, named["name"])
    return Resource(
        named["name"],
        found["arn"],
        named["required"],
        frozenset((*named["conditionKeys"], *found.get("conditionKeys", ()))),
    )
