"""Several globs run at once.

Patterns are run as one automaton, whose state is a number: bit i is set where the tokens before the i-th can have
matched the text so far. So a step costs a few operations on integers, however many patterns and stars there are.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, groupby
from string import ascii_lowercase, digits
from typing import NamedTuple


class Wild(NamedTuple):
    """A wildcard.

    Attributes:
        many: It stands for any number of characters; otherwise for one.
        colons: A colon may be among them. Never so in a field of an ARN that ends at one.
    """

    many: bool
    colons: bool = True


Token = str | Wild
Pattern = tuple[Token, ...]
RUNS = (Wild(many=True, colons=True), Wild(many=True, colons=False))


class GivenUp(NamedTuple):
    """The outcome of a search that became too long.

    Attributes:
        states: How many states had been visited by then.
    """

    states: int


class Automaton:
    """Several patterns at once, one after the other in the bits of the state."""

    def __init__(self, patterns: Sequence[Pattern], *, fold: bool) -> None:
        """Take the patterns; `fold` for letters to count in either case."""
        self.fold: Callable[[str], str] = _folded if fold else str
        starts: list[int] = []
        ends: list[int] = []
        literals: defaultdict[str, list[int]] = defaultdict(list)
        ones, runs, loose = (defaultdict[bool, list[int]](list) for _ in range(3))
        at = 0
        for pattern in patterns:
            starts.append(at)
            for token, beside in normal(pattern):
                if not isinstance(token, Wild):
                    literals[self.fold(token)].append(at)
                else:
                    (runs if token.many else ones)[token.colons].append(at)
                    if token.many or beside:
                        loose[token.colons].append(at)
                at += 1
            ends.append(at)
            at += 1
        self.size = at
        self.accepting = _mask(ends)
        self.literals = {character: _mask(places) for character, places in literals.items()}
        self.one, self.run, self.loose = _by_colon(ones), _by_colon(runs), _by_colon(loose)
        self.tokens = _mask(range(at)) & ~self.accepting
        self.start = self._settled(_mask(starts))

    def accepts(self, text: str) -> bool:
        """Say whether one of the patterns matches the whole text."""
        state = self.start
        for character in self.fold(text):
            state = self.step(state, character)
            if not state:
                return False
        return bool(state & self.accepting)

    def step(self, state: int, character: str) -> int:
        """Read one character, folded already."""
        return self._read(state, self.literals.get(character, 0), colon=character == ":")

    def includes(self, pattern: Pattern) -> bool:
        """Say whether one of the patterns includes the given one.

        Its tokens are read as if they were text: its `?` as a character that only wildcards take, its `*` as what a `*`
        takes, or a `?` that has a `*` beside it. That is exact: were the tokens not accepted, a text could be made that
        is not either, with each `*` being nothing, or a run of a strange character that is longer than the pattern.
        """
        state = self.start
        for token, _ in normal(pattern):
            if not isinstance(token, Wild):
                state = self.step(state, self.fold(token))
            elif token.many:
                state = self._settled(state & self.loose[token.colons])
            else:
                state = self._read(state, 0, colon=token.colons)
        return bool(state & self.accepting)

    def intersects(self, pattern: Pattern) -> bool:
        """Say whether one of the patterns shares a text with the given one."""
        state = self.start
        for token, _ in normal(pattern):
            if not isinstance(token, Wild):
                state = self.step(state, self.fold(token))
                continue
            passable = self.tokens if token.colons else self.tokens & ~self.literals.get(":", 0)
            if token.many:
                # The carry of the addition runs from each bit through all the passable ones above it.
                state |= ((state & passable) + passable) ^ passable
            else:
                state = self._settled((state & passable & ~self.run[False]) << 1 | state & self.run[False])
        return bool(state & self.accepting)

    def letters(self, state: int) -> Iterator[str]:
        """Yield the characters that this state treats otherwise than a character that occurs nowhere."""
        yield from (character for character, places in self.literals.items() if places & state)
        if state & (self.one[False] ^ self.one[True] | self.run[False] ^ self.run[True]):
            yield ":"

    def _read(self, state: int, taking: int, *, colon: bool) -> int:
        state = (state & (taking | self.one[colon])) << 1 | state & self.run[colon]
        return state | (state & self.run[False]) << 1

    def _settled(self, state: int) -> int:
        """Let runs be over."""
        return state | (state & self.run[False]) << 1


@lru_cache(maxsize=1024)
def automaton(patterns: tuple[Pattern, ...], fold: bool = False) -> Automaton:  # noqa: FBT001, FBT002  # a key
    """Give the automaton of some patterns; made once."""
    return Automaton(patterns, fold=fold)


@lru_cache(maxsize=2048)
def normal(tokens: Pattern) -> tuple[tuple[Token, bool], ...]:
    """Give the tokens of an equal pattern, in which no run follows another, and a run comes after the `?`s beside it.

    With each goes whether it is such a `?`, so that more than one character may be taken there.
    """
    found: list[tuple[Token, bool]] = []
    for colons, group in groupby(tokens, key=lambda token: token.colons if isinstance(token, Wild) else None):
        block = list(group)
        if colons is None:
            found += [(token, False) for token in block]
            continue
        one, run = Wild(many=False, colons=colons), Wild(many=True, colons=colons)
        found += [(one, run in block)] * block.count(one)
        if run in block:
            before = found.pop()[0] if found and found[-1][0] in RUNS else run
            found.append((max(before, run), False))
    return tuple(found)


def search(wanted: Sequence[Automaton], unwanted: Automaton, unused: str, effort: int) -> str | GivenUp | None:
    """Search the product of the automata, breadth first."""
    automata = (*wanted, unwanted)
    limit = effort // (1 + sum(one.size for one in automata) // 2048)
    start = tuple(one.start for one in automata)
    reached: dict[tuple[int, ...], tuple[tuple[int, ...], str] | None] = {start: None}
    waiting = deque([start])
    while waiting:
        state = waiting.popleft()
        inside = all(part & one.accepting for part, one in zip(state, wanted, strict=False))
        if inside and not state[-1] & unwanted.accepting:
            return _path(reached, state)
        letters = {letter for part, one in zip(state, automata, strict=True) for letter in one.letters(part)}
        for letter in (unused, *sorted(letters)):
            after = tuple(one.step(part, letter) for part, one in zip(state, automata, strict=True))
            if after not in reached and all(after[:-1]):
                if len(reached) >= limit:
                    return GivenUp(len(reached))
                reached[after] = (state, letter)
                waiting.append(after)
    return None


def _path(reached: dict[tuple[int, ...], tuple[tuple[int, ...], str] | None], state: tuple[int, ...]) -> str:
    letters = []
    while step := reached[state]:
        state, letter = step
        letters.append(letter)
    return "".join(reversed(letters))


def _by_colon(places: Mapping[bool, list[int]]) -> tuple[int, int]:
    """Give the wildcards that take a character which is no colon, and those that take one which is."""
    free = _mask(places[True])
    return free | _mask(places[False]), free


def _mask(places: Iterable[int]) -> int:
    """Set these bits; in one go, since setting one copies the number."""
    ordered = sorted(places)
    bits = bytearray(ordered[-1] // 8 + 1 if ordered else 0)
    for place in ordered:
        bits[place // 8] |= 1 << place % 8
    return int.from_bytes(bits, "little")


def unused_by(automata: Iterable[Automaton]) -> str:
    """Pick a character that no pattern names; it stands for all of them."""
    used = {character for one in automata for character in one.literals} | {":"}
    return next(c for c in chain("x", ascii_lowercase, digits, map(chr, range(0xE000, 0x110000))) if c not in used)


def _folded(text: str) -> str:
    """Fold case character by character, so that the length stays what it is."""
    return "".join(lower if len(lower := character.lower()) == 1 else character for character in text)
