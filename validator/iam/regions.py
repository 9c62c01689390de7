"""AWS regions: the known ones, those not yet launched, and where global services are called.

A proof must hold in regions that AWS launches after it was made, so it asks about every known region and about names
that no region has yet. `domain` gives the finitely many names that stand for all the others.
"""

from __future__ import annotations

import json
import re
from collections import deque
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from validator.suggest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FUTURE: Final = "a region not yet launched"


class Domain(NamedTuple):
    """The names that aws:RequestedRegion has to be tried with, given the texts that it is compared with.

    Any other name that a region of the partition can ever have is matched by the same texts as one in `future`.

    Attributes:
        known: The known regions of the partition.
        written: Those of the texts that are no known region, but could become one: a typo, or news.
        future: Names of regions not yet launched, in no other part, one for each set of patterns that can match one.
        complete: Whether `future` is whole; false only above the caps on patterns that nobody would write.
    """

    known: tuple[str, ...]
    written: tuple[str, ...]
    future: tuple[str, ...]
    complete: bool


@cache
def partitions() -> tuple[str, ...]:
    """List the ids of the partitions: `aws` first."""
    return tuple(_partitions())


@cache
def regions(partition: str = "aws") -> tuple[str, ...]:
    """List the known regions of a partition by name; none of a partition that is not known."""
    return tuple(_partitions()[partition].regions) if partition in _partitions() else ()


def partition_of(region: str) -> str | None:
    """Say which partition a region is in, known or not, by its name alone; None if it can be no region."""
    found = [name for name, each in _partitions().items() if region in each.regions]
    return next(iter(found or [name for name, each in _partitions().items() if each.pattern.fullmatch(region)]), None)


def could_be(name: str) -> bool:
    """Say whether a region, known or yet to be launched, may be called so in some partition."""
    return any(name in each.regions or each.fits(name) for each in _partitions().values())


def opt_in(region: str) -> bool | None:
    """Say whether an account must enable a region before it can be used; None where that is not known."""
    for partition in _partitions().values():
        if (status := partition.regions.get(region)) is not None:
            return None if status == "unlisted" else status == "opt-in"
    return None


def home(service: str, partition: str = "aws") -> frozenset[str] | None:
    """Say in which regions all calls of a service are made, if that is settled; None for a regional service.

    Args:
        service: A prefix of IAM actions, in lower case.
        partition: The partition's id.

    Only services that are global by design, or that have but the endpoints named, are settled. sts is regional: its
    global endpoint is one more way to call it in one region. So is what goes by both ways: s3, wafv2, chime.
    """
    return _homes().get(service, {}).get(partition)


def at_home(partition: str = "aws") -> list[str]:
    """List the services of which `home` knows where they are called in a partition."""
    return [service for service, homes in _homes().items() if partition in homes]


def rank_region(region: str) -> int:
    """Give a place in the order in which witnesses are best shown: the regions that everybody knows come first."""
    return _WELL_KNOWN.index(region) if region in _WELL_KNOWN else len(_WELL_KNOWN)


def label(region: str) -> str:
    """Write a region for a reader: by name if it is known, and otherwise as one that is yet to be launched."""
    return region if any(region in each.regions for each in _partitions().values()) else FUTURE


def suggest(name: str, partition: str = "aws") -> str:
    """Find the known region that a name was probably meant to be; empty when none is near."""
    return next(iter(nearest(name, regions(partition))), "")


def domain(texts: Iterable[str] = (), partition: str = "aws") -> Domain:
    """Give the names that stand for all regions, known, written or future.

    Args:
        texts: All that region names are compared with: names, and patterns with `*` and `?`; in lower case where
            the comparison ignores case. Texts that no region name can match cost nothing.
        partition: The partition's id.
    """
    return _domain(frozenset([_STARS.sub("*", text) if "**" in text else text for text in texts]), partition)


_STARS = re.compile(r"\*+")
# More patterns than these are not written by hand, and each can double the number of names.
_MOST_PATTERNS = 32
_MOST_NAMES = 64
_MOST_STATES = 4_000
# By how much is run there; the order matters more than the membership.
_WELL_KNOWN = (
    "us-east-1", "us-west-2", "eu-west-1", "us-east-2", "eu-central-1", "ap-southeast-1", "ap-northeast-1", "eu-west-2",
    "ap-southeast-2", "ap-south-1", "us-west-1", "ca-central-1", "eu-west-3", "eu-north-1", "sa-east-1",
    "cn-north-1", "us-gov-west-1",
)  # fmt: skip
_LETTERS = "enwscotrhalbdfgijkmpquvxyz"
_DIGITS = "1234567890"
# Tried first, so that a witness reads like a region.
_PLACES = ("north", "east", "south", "west", "central", "northeast", "southeast", "northwest", "southwest")


@dataclass(frozen=True, slots=True)
class _Partition:
    pattern: re.Pattern[str]
    heads: tuple[str, ...]
    regions: Mapping[str, str]

    def fits(self, name: str) -> bool:
        """Say whether a region may be called so: letters, a hyphen and a number after one of the heads."""
        head, place, number = ["", "", *name.rsplit("-", 2)][-3:]
        ours = head in self.heads or (self.open and re.fullmatch(r"(?!cn)[a-z]{2}", head) is not None)
        theirs = any(f"{head}-{place}" in other.heads for other in _partitions().values())
        return ours and not theirs and re.fullmatch(r"[a-z]+-[0-9]+", f"{place}-{number}") is not None

    @property
    def open(self) -> bool:
        """Whether a region may bring a head of its own, as il-central-1 and mx-central-1 did."""
        return len(self.heads) > 1


@cache
def _partitions() -> Mapping[str, _Partition]:
    return {
        name: _Partition(re.compile(each["pattern"], re.ASCII), tuple(each["heads"]), each["regions"])
        for name, each in _read("regions")["partitions"].items()
    }


@cache
def _homes() -> Mapping[str, Mapping[str, frozenset[str]]]:
    content = _read("global_services")
    found = {service: dict(homes) for service, homes in content["resolved"].items()}
    for service, documented in content["documented"].items():
        found.setdefault(service, {}).update(documented["homes"])
    return {service: {name: frozenset(each) for name, each in homes.items()} for service, homes in found.items()}


def _read(name: str) -> Any:
    return json.loads((Path(__file__).parent / "data" / f"{name}.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=256)
def _domain(texts: frozenset[str], name: str) -> Domain:
    partition = _partitions().get(name)
    if partition is None:
        return Domain((), (), (), complete=False)
    globs = tuple(sorted(text for text in texts if "*" in text or "?" in text))
    written = tuple(sorted(text for text in texts.difference(globs, partition.regions) if partition.fits(text)))
    future, complete = _future(partition, frozenset((*partition.regions, *written)), globs)
    return Domain(tuple(partition.regions), written, future, complete)


def _future(partition: _Partition, taken: frozenset[str], globs: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """Find a name for each set of patterns that can match one which is not taken, and say whether these are all."""
    matcher = _Matcher(globs[:_MOST_PATTERNS])
    found: dict[int, str] = {}
    for name in chain(_plausible(partition, taken), _possible(partition, taken, matcher)):
        if name is None or len(found) == _MOST_NAMES:
            return tuple(found.values()), False
        found.setdefault(matcher.matched(matcher.read(name)), name)
        if len(found) == 1 << len(globs):
            break
    return tuple(found.values()), len(globs) <= _MOST_PATTERNS


class _Matcher:
    """Several patterns matched at once, letter by letter: a state is the set of places that have been reached."""

    def __init__(self, globs: Iterable[str]) -> None:
        self.letters = frozenset("".join(globs))
        self._stars = self.start = 0
        self._ends: list[int] = []
        self._steps: dict[str, int] = {}
        at = 0
        for glob in globs:
            self.start |= 1 << at
            for letter in glob:
                if letter == "*":
                    self._stars |= 1 << at
                for step in (_LETTERS + _DIGITS + "-") if letter == "?" else letter:
                    self._steps[step] = self._steps.get(step, 0) | 1 << at
                at += 1
            self._ends.append(1 << at)
            at += 1
        self.start |= (self.start & self._stars) << 1

    def step(self, state: int, letter: str) -> int:
        state = (state & self._steps.get(letter, 0)) << 1 | state & self._stars
        return state | (state & self._stars) << 1

    def matched(self, state: int) -> int:
        """Give the set of patterns that match what was read, as bits."""
        return sum(1 << number for number, end in enumerate(self._ends) if state & end)

    def read(self, text: str) -> int:
        """Give the state after a text."""
        return reduce(self.step, text, self.start)


def _plausible(partition: _Partition, taken: frozenset[str]) -> Iterator[str]:
    names = (f"{head}-{place}-{number}" for number in "123" for head in partition.heads for place in _PLACES)
    return (name for name in names if name not in taken)


def _possible(partition: _Partition, taken: frozenset[str], matcher: _Matcher) -> Iterator[str | None]:
    """Give a name for every state of the patterns in which one can end; None for too many states.

    Breadth first over the patterns' state, the part of the name, and the name as far as it is the beginning of a taken
    one. Of letters that no pattern and no taken name tells apart, one stands for all.
    """
    closed = frozenset(f"{head}-" for other in _partitions().values() if other is not partition for head in other.heads)
    ends = taken | closed
    beginnings = frozenset(name[:end] for name in ends for end in range(len(name) + 1))
    queue: deque[tuple[int, str, str]] = deque()
    seen: set[tuple[int, str, str]] = set()

    def visit(state: int, phase: str, name: str) -> None:
        key = (state, phase, name if name in beginnings else "")
        if key not in seen:
            seen.add(key)
            queue.append((state, phase, name))

    for head in sorted({*partition.heads, *(_new_heads(matcher, beginnings) if partition.open else ())}):
        visit(matcher.read(head + "-"), "place", head + "-")
    while queue:
        state, phase, name = queue.popleft()
        if len(seen) > _MOST_STATES:
            yield None
        if phase == "done" and name not in taken:
            yield name
        letters, after = (_DIGITS, "done") if phase in ("number", "done") else (_LETTERS, "placed")
        for letter in _told_apart(letters, matcher, name if name in beginnings else "-", beginnings):
            visit(matcher.step(state, letter), after, name + letter)
        if phase == "placed" and name + "-" not in closed:
            visit(matcher.step(state, "-"), "number", name + "-")


def _new_heads(matcher: _Matcher, beginnings: frozenset[str]) -> Iterator[str]:
    first = _told_apart(_LETTERS, matcher, "", beginnings)
    pairs = (one + other for one in first for other in _told_apart(_LETTERS, matcher, one, beginnings))
    return (pair for pair in pairs if pair != "cn")


def _told_apart(letters: str, matcher: _Matcher, beginning: str, beginnings: frozenset[str]) -> list[str]:
    """Choose the letters that a pattern or a taken name asks for, and one that none does."""
    asked = [each for each in letters if each in matcher.letters or (beginning + each) in beginnings]
    return [*asked, *(each for each in letters if each not in asked)][: len(asked) + 1]
