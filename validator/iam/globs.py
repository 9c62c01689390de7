"""The algebra of IAM's globs: what a pattern matches, and how patterns lie to one another.

`*` is any run of characters, an empty one too; `?` is exactly one; whatever else stands in a pattern is itself.

Patterns are run as one automaton, whose state is a number: bit i is set where the tokens before the i-th can have
matched the text so far. So a step costs a few operations on integers, however many patterns and stars there are.
"""

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from itertools import chain, combinations, groupby, pairwise, takewhile
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


class GivenUp(NamedTuple):
    """The outcome of a search that became too long.

    Attributes:
        states: How many states had been visited by then.
    """

    states: int


@dataclass(frozen=True)
class Glob:
    """A pattern.

    Attributes:
        tokens: Wildcards, and characters that stand for themselves.
    """

    tokens: tuple[Token, ...]

    def matches(self, text: str, *, ignore_case: bool = False) -> bool:
        """Say whether the whole text fits the pattern."""
        if self._pieces is None or ignore_case:
            return _automaton((self,), ignore_case).accepts(text)
        parts = text.split(":", len(self._pieces) - 1)
        return len(parts) == len(self._pieces) and all(map(_fits, self._pieces, parts))

    def apart(self, other: "Glob") -> bool:
        """Say whether the literal ends of the patterns, or of fields of them, show that no text is matched by both."""
        for one, two in ((self, other), (other, self)):
            if one.closed:
                missing = len(one.parts) - len(two.parts)
                if missing < 0 or (missing == 0 and any(map(_apart, one.parts, two.parts))):
                    return True
        if len(self.ends) == len(other.ends):
            return any(map(_apart, self.ends, other.ends))
        return _apart(_ends(self.tokens), _ends(other.tokens))

    @cached_property
    def closed(self) -> bool:
        """Whether no wildcard takes a colon, so that all texts have as many as the pattern."""
        return not any(isinstance(one, Wild) and one.colons for one in self.tokens)

    @cached_property
    def parts(self) -> tuple["_Ends", ...]:
        """How what stands between its colons begins and ends."""
        colons = (at for at, one in enumerate(self.tokens) if one == ":")
        return tuple(_ends(self.tokens[start + 1 : end]) for start, end in pairwise((-1, *colons, len(self.tokens))))

    @cached_property
    def _fields(self) -> tuple[tuple[Token, ...], ...]:
        """The pattern, or its fields if each text has as many: all runs but those in the last end at a colon."""
        colons = [at for at, one in enumerate(self.tokens) if one == ":"][:5]
        if not colons or any(isinstance(one, Wild) and one.colons for one in self.tokens[: colons[-1]]):
            return (self.tokens,)
        return tuple(self.tokens[start + 1 : end] for start, end in pairwise((-1, *colons, len(self.tokens))))

    @cached_property
    def _pieces(self) -> tuple["_Pieces", ...] | None:
        """What to look for in each field; None if that is not enough to say what matches."""
        *bound, last = self._fields
        if any(isinstance(token, Wild) and not token.colons for token in last):
            return None
        found = tuple(map(_pieces, (*bound, last)))
        return None if None in found else found  # type: ignore[return-value]

    @cached_property
    def ends(self) -> tuple["_Ends", ...]:
        """How it begins and ends, or how each of its fields does."""
        return tuple(map(_ends, self._fields))

    def includes(self, other: "Glob", *, ignore_case: bool = False) -> bool:
        """Say whether every text that the other pattern matches is matched by this one.

        Exact where no wildcard excludes colons; otherwise a yes is certain, and a no may be too cautious.
        """
        return _automaton((self,), ignore_case).includes(other)

    def intersects(self, other: "Glob", *, ignore_case: bool = False) -> bool:
        """Say whether some text is matched by both."""
        return _automaton((self,), ignore_case).intersects(other)

    def __str__(self) -> str:
        """Write the pattern as IAM reads it; that a wildcard excludes colons is not shown."""
        return "".join("?*"[one.many] if isinstance(one, Wild) else _ESCAPES.get(one, one) for one in self.tokens)


@lru_cache(maxsize=4096)
def glob(text: str, *, escapes: bool = True) -> Glob:
    """Read a pattern.

    Args:
        text: The pattern as it stands in the policy.
        escapes: Whether `${*}`, `${?}` and `${$}` stand for the characters themselves: since version 2012-10-17 of the
            policy language.
    """
    return Glob(tuple(_tokens(text, escapes=escapes)))


def literal(text: str) -> Glob:
    """Make the pattern that matches this text only."""
    return Glob(tuple(text))


def witness(
    inside: Sequence[Sequence[Glob]],
    outside: Sequence[Glob] = (),
    *,
    ignore_case: bool = False,
    likely: Iterable[str] = (),
    effort: int = 20_000,
) -> str | GivenUp | None:
    """Find a text that is matched by one pattern at least of each group inside, and by no pattern outside.

    Args:
        inside: Groups of patterns; a group without patterns matches nothing.
        outside: What must not match.
        ignore_case: Whether case does not count.
        likely: Texts that would look natural; the first that fits is taken.
        effort: How many states to visit at most while all patterns together have up to 2,000 characters; fewer if more.

    Returns:
        A text that is short where none of the likely ones fits, the same one always; None if there is none.
    """
    few = not ignore_case and sum(map(len, inside)) + len(outside) <= _FEW
    if few:
        if any(all(one.apart(two) for one in a for two in b) for a, b in combinations(inside, 2)):
            return None
        fitting = next((text for text in likely if _suits(text, inside, outside)), None)
        if fitting is not None:
            return fitting
    wanted = [_automaton(tuple(group), ignore_case) for group in inside]
    unwanted = _automaton(tuple(outside), ignore_case)
    if not few and (found := _first(likely, wanted, unwanted)) is not None:
        return found
    if any(_affordable(one, unwanted) and all(map(unwanted.includes, one.globs)) for one in wanted):
        return None
    for some, many in combinations(sorted(wanted, key=lambda one: len(one.globs)), 2):
        if _affordable(some, many) and not any(map(many.intersects, some.globs)):
            return None
    unused = _unused((*wanted, unwanted))
    shortest = (_instance(one, unused) for group in wanted for one in group.globs[:_FEW])
    if (found := _first(shortest, wanted, unwanted)) is not None:
        return found
    return _search(wanted, unwanted, unused, effort)


@lru_cache(maxsize=4096)
def progress(patterns: tuple[Glob, ...], head: str, texts: tuple[str, ...]) -> tuple[object, ...]:
    """Give, for each text after a head, a value for what is left to match then: for the same value, the same is.

    Args:
        patterns: What is matched.
        head: What comes first; ends in a colon.
        texts: What comes next, and a colon after it; without any itself.
    """
    named: dict[str, int] = {}
    others = []
    for at, one in enumerate(patterns):
        found = _next_field(one, head)
        if found is None:
            others.append(one)
        elif found:
            named[found] = named.get(found, 0) | 1 << at
    automaton = _automaton(tuple(others), False)
    start = reduce(automaton.step, head, automaton.start) if others else 0
    if not start:
        return tuple(named.get(text, 0) for text in texts)
    return tuple((named.get(text, 0), reduce(automaton.step, text, start)) for text in texts)


def _next_field(pattern: Glob, head: str) -> str | None:
    """Give the literal field that a pattern asks for after a head; empty if none, or any, will do; else None."""
    begun, tokens = pattern.ends, pattern.tokens
    opening = begun[0].head if len(begun) == 1 else "".join(map(str, takewhile(_is_literal, tokens)))
    if not opening.startswith(head):
        return None if head.startswith(opening) else ""
    rest = opening[len(head) :]
    if ":" in rest:
        return rest.partition(":")[0]
    alone = len(opening) == len(head) and tokens[len(head) + 1 : len(head) + 2] == (":",)
    return "" if alone and tokens[len(head)] in _RUNS else None


def spellings(patterns: Iterable[Glob], text: str, most: int = 500) -> list[str] | None:
    """Spell a text in upper and lower case in each way that patterns tell apart; None for more ways than `most`."""
    automaton = _automaton(tuple(patterns), False)
    found = {automaton.start: ""}
    for letter in text:
        grown: dict[int, str] = {}
        for state, begun in found.items():
            for spelled in dict.fromkeys((letter, letter.swapcase())):
                if spelled.lower() == letter.lower():
                    grown.setdefault(reduce(automaton.step, spelled, state), begun + spelled)
        if len(grown) > most:
            return None
        found = grown
    return list(found.values())


def _suits(text: str, inside: Sequence[Sequence[Glob]], outside: Sequence[Glob]) -> bool:
    return all(any(one.matches(text) for one in group) for group in inside) and not any(
        one.matches(text) for one in outside
    )


class _Pieces(NamedTuple):
    """The texts of a pattern that stand between its runs, and how many characters each run takes at least."""

    texts: tuple[str, ...]
    gaps: tuple[int, ...]


def _pieces(tokens: Iterable[Token]) -> _Pieces | None:
    """Cut a pattern at its runs; None if it has wildcards that stand for a fixed number of characters."""
    texts, gaps = [""], list[int]()
    for token, beside in _normal(tuple(tokens)):
        if not isinstance(token, Wild):
            texts[-1] += token
        elif token.many:
            if len(texts) > len(gaps):  # else the `?`s before it have begun the gap
                gaps.append(0)
            texts.append("")
        elif not beside:
            return None
        elif len(texts) == len(gaps):
            gaps[-1] += 1
        else:
            gaps.append(1)
    return _Pieces(tuple(texts), tuple(gaps))


def _fits(pieces: _Pieces, text: str) -> bool:
    """Say whether a text is these pieces in order, with enough between them."""
    (first, *others), gaps = pieces
    if not others:
        return text == first
    *middle, last = others
    at, end = len(first), len(text) - len(last)
    if at > end or not text.startswith(first) or not text.endswith(last):
        return False
    for piece, gap in zip(middle, gaps, strict=False):
        at = text.find(piece, at + gap, end)
        if at < 0:
            return False
        at += len(piece)
    return at + gaps[-1] <= end


class _Ends(NamedTuple):
    """The literal text that a pattern begins and ends with; both are all of it if it has no wildcard."""

    head: str
    tail: str
    whole: bool


def _ends(tokens: Sequence[Token]) -> _Ends:
    head = "".join(map(str, takewhile(_is_literal, tokens)))
    if len(head) == len(tokens):
        return _Ends(head, head, whole=True)
    return _Ends(head, "".join(map(str, takewhile(_is_literal, reversed(tokens))))[::-1], whole=False)


def _is_literal(token: Token) -> bool:
    return not isinstance(token, Wild)


def _apart(one: _Ends, other: _Ends) -> bool:
    if one.whole and other.whole:
        return one.head != other.head
    if one.whole or other.whole:
        text, (head, tail, _) = (one.head, other) if one.whole else (other.head, one)
        return len(text) < len(head) + len(tail) or not text.startswith(head) or not text.endswith(tail)
    heads = one.head.startswith(other.head) or other.head.startswith(one.head)
    return not heads or not (one.tail.endswith(other.tail) or other.tail.endswith(one.tail))


def _first(texts: Iterable[str], wanted: Sequence["_Automaton"], unwanted: "_Automaton") -> str | None:
    fitting = (text for text in texts if all(one.accepts(text) for one in wanted) and not unwanted.accepts(text))
    return next(fitting, None)


def _instance(pattern: Glob, unused: str) -> str:
    """Give the shortest text of a pattern, as far from other patterns as can be."""
    return "".join("" if token in _RUNS else unused if isinstance(token, Wild) else token for token in pattern.tokens)


def _unused(automata: Iterable["_Automaton"]) -> str:
    """Pick a character that no pattern names; it stands for all of them."""
    used = {character for one in automata for character in one.literals} | {":"}
    return next(c for c in chain("x", ascii_lowercase, digits, map(chr, range(0xE000, 0x110000))) if c not in used)


def _affordable(few: "_Automaton", many: "_Automaton") -> bool:
    """Say whether the patterns of one automaton can be compared with another in a fraction of a second."""
    return few.size * (1 + many.size // 512) < 200_000


_FEW = 16
_RUNS = (Wild(many=True, colons=True), Wild(many=True, colons=False))
_ESCAPED = re.compile(r"\$\{([*?$])\}|(.)", re.DOTALL)


def _tokens(text: str, *, escapes: bool) -> Iterator[Token]:
    if not escapes:
        yield from (_WILD.get(character, character) for character in text)
        return
    for match in _ESCAPED.finditer(text):
        yield match[1] or _WILD.get(match[2], match[2])


_ESCAPES = {character: f"${{{character}}}" for character in "*?$"}
_WILD: dict[str, Token] = {"*": Wild(many=True), "?": Wild(many=False)}


def _folded(text: str) -> str:
    """Fold case character by character, so that the length stays what it is."""
    return "".join(lower if len(lower := character.lower()) == 1 else character for character in text)


class _Automaton:
    """Several patterns at once, one after the other in the bits of the state."""

    def __init__(self, globs: Sequence[Glob], *, fold: bool) -> None:
        self.globs = globs
        self.fold: Callable[[str], str] = _folded if fold else str
        starts: list[int] = []
        ends: list[int] = []
        literals: defaultdict[str, list[int]] = defaultdict(list)
        ones, runs, loose = (defaultdict[bool, list[int]](list) for _ in range(3))
        at = 0
        for one in globs:
            starts.append(at)
            for token, beside in _normal(one.tokens):
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
        state = self.start
        for character in self.fold(text):
            state = self.step(state, character)
            if not state:
                return False
        return bool(state & self.accepting)

    def step(self, state: int, character: str) -> int:
        """Read one character, folded already."""
        return self._read(state, self.literals.get(character, 0), colon=character == ":")

    def includes(self, glob: Glob) -> bool:
        """Say whether one of the patterns includes the given one.

        Its tokens are read as if they were text: its `?` as a character that only wildcards take, its `*` as what a `*`
        takes, or a `?` that has a `*` beside it. That is exact: were the tokens not accepted, a text could be made that
        is not either, with each `*` being nothing, or a run of a strange character that is longer than the pattern.
        """
        state = self.start
        for token, _ in _normal(glob.tokens):
            if not isinstance(token, Wild):
                state = self.step(state, self.fold(token))
            elif token.many:
                state = self._settled(state & self.loose[token.colons])
            else:
                state = self._read(state, 0, colon=token.colons)
        return bool(state & self.accepting)

    def intersects(self, glob: Glob) -> bool:
        """Say whether one of the patterns shares a text with the given one."""
        state = self.start
        for token, _ in _normal(glob.tokens):
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


@lru_cache(maxsize=4096)
def _automaton(globs: tuple[Glob, ...], fold: bool) -> _Automaton:  # noqa: FBT001
    return _Automaton(globs, fold=fold)


@lru_cache(maxsize=4096)
def _normal(tokens: tuple[Token, ...]) -> tuple[tuple[Token, bool], ...]:
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
            before = found.pop()[0] if found and found[-1][0] in _RUNS else run
            found.append((max(before, run), False))
    return tuple(found)


def _search(wanted: Sequence[_Automaton], unwanted: _Automaton, unused: str, effort: int) -> str | GivenUp | None:
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
