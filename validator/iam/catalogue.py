"""What is known of IAM's actions beyond their names, and exact sets of them.

A set of actions is one integer: bits for each service that was named, and for all other services together the access
levels that are in: `*` and NotAction read no service that the policy does not name.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
_LEVELS = len(Level)
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
        places: The services that were named: the first bit of each in the numbers of sets, and what its bits mean.
        width: How many bits the numbers of sets have.
        creates: What creates something, of these services, as a number; so `reads` and `known`, the well-known actions.
        ordered: Whether they are in the order of their prominence.
    """

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        """Take up the patterns of all policies that are to be compared, of Action and NotAction alike."""
        patterns = tuple(patterns)
        meant = list(map(_MEANT.__getitem__, patterns))
        extras: dict[str, dict[str, str]] = {}
        room = _MOST_EXTRAS
        for pattern, (prefix, name, _) in [each for each in zip(patterns, meant, strict=True) if not each[1][2]]:
            if prefix and name:
                room -= name not in extras.get(prefix, ())
                if room >= 0:
                    extras.setdefault(prefix, {}).setdefault(name, pattern.partition(":")[2])
        self.complete = room >= 0
        self._extended = {prefix: _service(prefix).extended(names.values()) for prefix, names in extras.items()}
        self.places: dict[str, tuple[int, _Service]] = {}
        self.width = _LEVELS
        self.creates = self.reads = 0
        self.known = 0
        self._starts: list[int] = []
        self._order: list[str] = []
        for prefix in sorted({prefix for prefix, _, _ in meant if prefix}, key=_prominence):
            self.place(prefix)
        self.ordered = True
        self.nothing = ActionSet(self, 0)
        self.everything = ActionSet(self, ALL)

    def matching(self, *patterns: str) -> ActionSet:
        """Give the actions that any of the patterns fits, as in Action; NotAction is `everything` without these."""
        named: dict[str, int] = {}
        extended = self._extended
        for pattern, (prefix, _, bits) in zip(patterns, map(_MEANT.__getitem__, patterns), strict=True):
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
        return self.of(named)

    def of(self, named: Mapping[str, int]) -> ActionSet:
        """Give the actions that are in bits of some services."""
        found = 0
        for prefix, bits in named.items():
            if bits:
                found |= bits << self.place(prefix)[0]
        return ActionSet(self, found)

    def at(self, levels: int) -> ActionSet:
        """Give the actions of any of these access levels; what is undocumented has the level that its name suggests."""
        return ActionSet(self, levels)

    def service(self, prefix: str) -> _Service:
        """Give the names of a service, and what each bit means here."""
        return self._extended.get(prefix) or _service(prefix)

    def place(self, prefix: str) -> tuple[int, _Service]:
        """Give the first bit of a service in the numbers of sets, and make room for it if it has none yet."""
        if prefix not in self.places:
            at, service = self.width, self.service(prefix)
            self.places[prefix] = at, service
            self.creates |= service.tiers[0] << at
            self.reads |= service.tiers[-1] << at
            if service.known:
                self.known |= service.known << at
            self._starts.append(at)
            self._order.append(prefix)
            self.width += len(service.names)
            # One that comes later is not where its prominence would have it.
            self.ordered = False
        return self.places[prefix]

    def spelled(self, number: int) -> Iterator[str]:
        """Write the actions that are in a number without levels, in the order of its bits."""
        while number:
            lowest = number & -number
            number ^= lowest
            at = lowest.bit_length() - 1
            prefix = self._order[bisect_right(self._starts, at) - 1]
            start, service = self.places[prefix]
            yield f"{prefix}:{service.names[at - start]}"

    def taken_apart(self, number: int) -> dict[str, int]:
        """Give the bits of each service that has some in a number without levels."""
        found = {}
        while number:
            lowest = (number & -number).bit_length() - 1
            prefix = self._order[bisect_right(self._starts, lowest) - 1]
            at, service = self.places[prefix]
            bits = number >> at & service.all
            found[prefix] = bits
            number ^= bits << at
        return found

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The services, those of the best known actions first."""
        return _prominent(frozenset(self._extended))


class ActionSet:
    """A set of actions: `|`, `&`, `-`, `<=`, `==`, `in`, `len`, iteration and truth are those of a set.

    It is a number: the lowest bits are the access levels that are in, of all services without a place in the universe;
    then come the bits of each service that has one, where the universe has it.
    """

    __slots__ = ("_best", "_more", "_named", "_number", "_width", "universe")

    def __init__(self, universe: Universe, number: int, width: int = 0) -> None:
        """Take a number that has the bits of all services that had a place when the universe had this width."""
        self.universe = universe
        self._number = number
        # Without levels there is nothing to add for services that get a place later.
        self._width = width or _LEVELS
        self._named: dict[str, int] | None = None
        self._best: list[str] | None = None
        self._more: Iterator[str] | None = None

    def number(self) -> int:
        """Give the set as a number, up to date with the places of services."""
        universe = self.universe
        if self._width != universe.width:
            if levels := self._number & ALL:
                for at, service in universe.places.values():
                    if at >= self._width:
                        self._number |= service.at(levels) << at
            self._width = universe.width
        return self._number

    @property
    def rest(self) -> int:
        """The access levels that are in, of all services without a place."""
        return self._number & ALL

    @property
    def named(self) -> Mapping[str, int]:
        """For some services, the bits of their actions; none that `rest` implies anyway."""
        if self._named is None or self._width != self.universe.width:
            number, rest = self.number(), self._number & ALL
            if rest:
                found = ((prefix, number >> at & of.all, of) for prefix, (at, of) in self.universe.places.items())
                self._named = {prefix: bits for prefix, bits, of in found if bits != of.at(rest)}
            else:
                self._named = self.universe.taken_apart(number)
        return self._named

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ActionSet) and self.universe is other.universe and self.number() == other.number()

    __hash__ = None  # type: ignore[assignment]  # a set of many

    def __or__(self, other: ActionSet) -> ActionSet:
        self._compare(other)
        return ActionSet(self.universe, self.number() | other.number(), self.universe.width)

    def __and__(self, other: ActionSet) -> ActionSet:
        self._compare(other)
        return ActionSet(self.universe, self.number() & other.number(), self.universe.width)

    def __sub__(self, other: ActionSet) -> ActionSet:
        if other is self.universe.nothing:
            return self
        self._compare(other)
        return ActionSet(self.universe, self.number() & ~other.number(), self.universe.width)

    def __le__(self, other: ActionSet) -> bool:
        return not self - other

    def __bool__(self) -> bool:
        return self.number() > ALL or (self.rest > 0 and any(map(self.bits, self._others())))

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
        if prefix in self.universe.places:
            at, service = self.universe.places[prefix]
            return self.number() >> at & service.all
        return self.universe.service(prefix).at(self.rest) if self.rest else 0

    def reads(self) -> ActionSet:
        """Give those that only list or read."""
        universe = self.universe
        return ActionSet(universe, self.number() & (universe.reads | READS), universe.width)

    def writes(self) -> ActionSet:
        """Give those that do more than list or read."""
        universe = self.universe
        return ActionSet(universe, self.number() & ~(universe.reads | READS), universe.width)

    def within(self, prefix: str, bits: int) -> ActionSet:
        """Give those of the set that are of one service, and among these bits."""
        return self.universe.of({prefix: self.bits(prefix) & bits})

    def split(self, others: Sequence[ActionSet]) -> dict[int, ActionSet]:
        """Split the set by others.

        Returns:
            The parts that are not empty, each by the others that it lies in: a bit for each, of which the last one's is
            the lowest.
        """
        parts = [(0, self.number())]
        for other in others:
            theirs = other.number()
            split = []
            for marks, some in parts:
                if inside := some & theirs:
                    split.append((marks << 1 | 1, inside))
                if outside := some & ~theirs:
                    split.append((marks << 1, outside))
            parts = split
        found = {}
        for marks, some in parts:
            part = ActionSet(self.universe, some, self.universe.width)
            if some > ALL or part:
                found[marks] = part
        return found

    def services(self) -> list[str]:
        """List the services that have an action in the set; reads all that are not named, if any of those is in."""
        return [prefix for prefix in chain(self.named, self._others()) if self.bits(prefix)]

    def best(self, most: int = 3) -> list[str]:
        """Choose the actions that show best what the set allows, as `rank` has it, of services that it names first."""
        if self._best is None or self._more is None:
            self._best, self._more = [], self._ranked()
        if len(self._best) < most:
            self._best += islice(self._more, most - len(self._best))
        return self._best[:most]

    @property
    def first(self) -> int:
        """The rank of the best action; none is as high if the set is empty."""
        number = self.number()
        if self.rest or number & self.universe.known:
            return rank(self.best(1)[0])
        return _LAST + (
            0 if number & self.universe.creates else 1 if number & ~self.universe.reads else 2 if number else 3
        )

    def _ranked(self) -> Iterator[str]:
        universe, number = self.universe, self.number()
        if not self.rest and universe.ordered:
            if number & universe.known:
                yield from sorted(universe.spelled(number & universe.known), key=_PLACES.__getitem__)
                number &= ~universe.known
            yield from universe.spelled(number & universe.creates)
            yield from universe.spelled(number & ~(universe.creates | universe.reads))
            yield from universe.spelled(number & universe.reads)
            return
        known = set()
        for action in WELL_KNOWN:
            prefix, _, bit = _MEANT[action]
            if (self.rest or prefix in self.named) and self.bits(prefix) & bit:
                known.add(action)
                yield action
        named = sorted(self.named, key=_prominence) if len(self.named) > 1 else self.named
        for tier in range(_TIERS):
            for prefix in chain(named, self._others()):
                service = universe.service(prefix)
                if bits := self.bits(prefix) & service.tiers[tier]:
                    yield from (action for action in service.spelled(bits) if action not in known)

    def _others(self) -> Iterator[str]:
        return (prefix for prefix in self.universe.prefixes if prefix not in self.named) if self.rest else iter(())

    def _compare(self, other: ActionSet) -> None:
        if self.universe is not other.universe:
            raise ValueError("the sets belong to different universes")


Named = Mapping[str, int]  # the bits of some actions of each service


def meaning(pattern: str) -> tuple[str, str, int]:
    """Give the service of a pattern, its name in lower case, and the bits of the documented actions that it fits.

    A pattern without a service, or for several, has none here.
    """
    return _MEANT[pattern]


def is_as_documented(action: str) -> bool:
    """Say whether an action is documented, in this very spelling."""
    if action not in _MEANT:
        _service(action.partition(":")[0].lower())
    return action in _MEANT


def told(patterns: Iterable[str]) -> tuple[Named, tuple[str, ...]]:
    """Give the documented actions that patterns fit, and the patterns that fit none, or are for several services."""
    found: dict[str, int] = {}
    others = []
    for pattern in patterns:
        prefix, _, bits = _MEANT[pattern]
        if bits:
            found[prefix] = found.get(prefix, 0) | bits
        else:
            others.append(pattern)
    return found, tuple(others)


def prefixes(named: Named, others: Iterable[str]) -> tuple[str, ...]:
    """Give the prefixes of patterns, in small letters, each once, some with wildcards: of what `told` gives."""
    return tuple(dict.fromkeys([*named, *[pattern.lower().partition(":")[0] for pattern in others]]))


def writing(some: Named) -> Named:
    """Give those of some actions that do more than list or read."""
    return {prefix: left for prefix, bits in some.items() if (left := bits & ~_service(prefix).tiers[-1])}


def reading(some: Named) -> Named:
    """Give those of some actions that only list or read."""
    return {prefix: left for prefix, bits in some.items() if (left := bits & _service(prefix).tiers[-1])}


def foremost(some: Named, most: int) -> list[str]:
    """Choose those of some actions that show best what is allowed, as `rank` has it."""
    order = sorted(some, key=_prominence) if len(some) > 1 else some
    those = [(_service(prefix), some[prefix]) for prefix in order]
    found = [
        action for service, bits in those if bits & service.known for action in service.spelled(bits & service.known)
    ]
    found.sort(key=_PLACES.__getitem__)
    for tier in range(_TIERS):
        if len(found) >= most:
            break
        for service, bits in those:
            if left := bits & service.tiers[tier] & ~service.known:
                found += islice(service.spelled(left), most - len(found))
    return found[:most]


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
            if (called := each["name"]) not in arns:
                arns[called] = data.get_resource_type_details(prefix, called)["arn"]
            types.append((arns[called], bool(each["required"])))
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
        known: The well-known ones.
        all: All of them.
        folded: The names in lower case, sorted but for those that are not documented.
        unions: The actions of several access levels, as they were asked for.
    """

    prefix: str
    names: tuple[str, ...]
    index: Mapping[str, int]
    documented: int
    levels: Mapping[int, int]
    tiers: tuple[int, int, int]
    known: int
    all: int
    folded: tuple[str, ...]
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
        known = sum([1 << index[name] for _, name in _KNOWN_IN.get(prefix, ()) if name in index])
        return cls(prefix, names, index, len(names), levels, tiers, known, (1 << len(names)) - 1, tuple(index))

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
        every = (1 << len(names)) - 1
        return _Service(
            self.prefix, tuple(names), index, self.documented, levels, tiers, self.known, every, tuple(index)
        )

    def at(self, levels: int) -> int:
        """Give the actions of any of the access levels."""
        if levels == ALL:
            return self.all
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
    """What patterns come to: their service and name in lower case, and the bits of the documented actions they fit.

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
    service = _service(prefix)
    index = service.index
    if (at := index.get(name)) is not None:
        return prefix, name, 1 << at
    if name == "*":
        return prefix, name, service.all
    if not _WILD.search(name):
        return prefix, name, 0
    found = places(name, service.folded)
    if isinstance(found, range):
        return prefix, name, (1 << len(found)) - 1 << found.start
    return prefix, name, sum([1 << at for at in found])


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
