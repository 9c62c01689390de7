"""The algebra of IAM's globs: what a pattern matches, and how patterns lie to one another.

`*` is any run of characters, an empty one too; `?` is exactly one; whatever else stands in a pattern is itself.

What the literal parts of patterns do not settle is left to automata.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import combinations, pairwise, takewhile
from typing import NamedTuple

from validator.iam.automata import RUNS, Automaton, GivenUp, Pattern, Token, Wild, automaton, normal, search, unused_by
from validator.lazy import lazy


@dataclass(frozen=True)
class Glob:
    """A pattern.

    Attributes:
        tokens: Wildcards, and characters that stand for themselves.
    """

    tokens: Pattern

    def __hash__(self) -> int:
        """Hash once: patterns are long, and the keys of every cache."""
        return self._hash

    @lazy
    def _hash(self) -> int:
        return hash(self.tokens)

    def matches(self, text: str, *, ignore_case: bool = False) -> bool:
        """Say whether the whole text fits the pattern."""
        if self._pieces is None or ignore_case:
            return automaton((self.tokens,), ignore_case).accepts(text)
        parts = text.split(":", len(self._pieces) - 1)
        return len(parts) == len(self._pieces) and all(map(consists_of, parts, self._pieces))

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

    @lazy
    def head(self) -> str:
        """The text before the first wildcard."""
        return "".join(self.tokens[: self._wild[0]] if self._wild else self.tokens)  # type: ignore[arg-type]  # no wildcard

    @lazy
    def closed(self) -> bool:
        """Whether no wildcard takes a colon, so that all texts have as many as the pattern."""
        return not any(self.tokens[at].colons for at in self._wild)  # type: ignore[union-attr]  # wildcards

    @lazy
    def _wild(self) -> tuple[int, ...]:
        """Where the wildcards stand."""
        return tuple([at for at, one in enumerate(self.tokens) if one.__class__ is Wild])

    @lazy
    def parts(self) -> tuple["_Ends", ...]:
        """How what stands between its colons begins and ends."""
        colons = (at for at, one in enumerate(self.tokens) if one == ":")
        return tuple(_ends(self.tokens[start + 1 : end]) for start, end in pairwise((-1, *colons, len(self.tokens))))

    @lazy
    def _fields(self) -> tuple[tuple[Token, ...], ...]:
        """The pattern, or its fields if each text has as many: all runs but those in the last end at a colon."""
        colons = [at for at, one in enumerate(self.tokens) if one == ":"][:5]
        if not colons or any(self.tokens[at].colons for at in self._wild if at < colons[-1]):  # type: ignore[union-attr]
            return (self.tokens,)
        return tuple(self.tokens[start + 1 : end] for start, end in pairwise((-1, *colons, len(self.tokens))))

    @lazy
    def _pieces(self) -> tuple["Pieces", ...] | None:
        """What to look for in each field; None if that is not enough to say what matches."""
        fields = self._fields
        start = len(self.tokens) - len(fields[-1])
        if not all(self.tokens[at].colons for at in self._wild if at >= start):  # type: ignore[union-attr]
            return None
        found = tuple(map(_pieces, fields))
        return None if None in found else found  # type: ignore[return-value]

    @lazy
    def ends(self) -> tuple["_Ends", ...]:
        """How it begins and ends, or how each of its fields does."""
        return tuple(map(_ends, self._fields))

    def includes(self, other: "Glob", *, ignore_case: bool = False) -> bool:
        """Say whether every text that the other pattern matches is matched by this one.

        Exact where no wildcard excludes colons; otherwise a yes is certain, and a no may be too cautious.
        """
        return automaton((self.tokens,), ignore_case).includes(other.tokens)

    def intersects(self, other: "Glob", *, ignore_case: bool = False) -> bool:
        """Say whether some text is matched by both."""
        return automaton((self.tokens,), ignore_case).intersects(other.tokens)

    def __str__(self) -> str:
        """Write the pattern as IAM reads it; that a wildcard excludes colons is not shown."""
        return "".join("?*"[one.many] if isinstance(one, Wild) else _ESCAPES.get(one, one) for one in self.tokens)


@lru_cache(maxsize=2048)
def glob(text: str, *, escapes: bool = True) -> Glob:
    """Read a pattern.

    Args:
        text: The pattern as it stands in the policy.
        escapes: Whether `${*}`, `${?}` and `${$}` stand for the characters themselves: since version 2012-10-17 of the
            policy language.
    """
    return Glob(_tokens(text, escapes=escapes))


def literal(text: str) -> Glob:
    """Make the pattern that matches this text only."""
    return Glob(tuple(text))


def closed(pattern: Glob) -> Glob:
    """Make the pattern whose wildcards take no colon."""
    return Glob(tuple(Wild(one.many, colons=False) if isinstance(one, Wild) else one for one in pattern.tokens))


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
        fitting = next((text for text in likely if suits(text, inside, outside)), None)
        if fitting is not None:
            return fitting
    groups = [tuple(one.tokens for one in group) for group in inside]
    wanted = [automaton(group, ignore_case) for group in groups]
    unwanted = automaton(tuple(one.tokens for one in outside), ignore_case)
    if not few and (found := _first(likely, wanted, unwanted)) is not None:
        return found
    paired = sorted(zip(groups, wanted, strict=True), key=lambda pair: len(pair[0]))
    if any(_affordable(one, unwanted) and all(map(unwanted.includes, group)) for group, one in paired):
        return None
    for (group, some), (_, many) in combinations(paired, 2):
        if _affordable(some, many) and not any(map(many.intersects, group)):
            return None
    unused = unused_by((*wanted, unwanted))
    shortest = (_instance(one, unused) for group in groups for one in group[:_FEW])
    if (found := _first(shortest, wanted, unwanted)) is not None:
        return found
    return search(wanted, unwanted, unused, effort)


@lru_cache(maxsize=1024)
def progress(patterns: tuple[Glob, ...], head: str, texts: tuple[str, ...]) -> tuple[object, ...]:
    """Give, for each text after a head, a value for what is left to match then: for the same value, the same is.

    Args:
        patterns: What is matched.
        head: What comes first; ends in a colon.
        texts: What comes next, and a colon after it; without any itself, and not empty.
    """
    named: dict[str, int] = {}
    others = []
    for at, one in enumerate(patterns):
        found = _next_field(one, head)
        if found is None:
            others.append(one.tokens)
        elif found:
            named[found] = named.get(found, 0) | 1 << at
    together = automaton(tuple(others))
    start = reduce(together.step, head, together.start) if others else 0
    if not start:
        return tuple(named.get(text, 0) for text in texts)
    return tuple((named.get(text, 0), reduce(together.step, text, start)) for text in texts)


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
    return "" if alone and tokens[len(head)] in RUNS else None


def spellings(patterns: Iterable[Glob], text: str, most: int = 500) -> list[str] | None:
    """Spell a text in upper and lower case in each way that patterns tell apart; None for more ways than `most`."""
    together = automaton(tuple(one.tokens for one in patterns))
    found = {together.start: ""}
    for letter in text:
        grown: dict[int, str] = {}
        for state, begun in found.items():
            for spelled in dict.fromkeys((letter, letter.swapcase())):
                if spelled.lower() == letter.lower():
                    grown.setdefault(reduce(together.step, spelled, state), begun + spelled)
        if len(grown) > most:
            return None
        found = grown
    return list(found.values())


def suits(text: str, inside: Sequence[Sequence[Glob]], outside: Sequence[Glob]) -> bool:
    """Say whether a text is matched by one pattern at least of each group inside, and by no pattern outside."""
    return all(any(one.matches(text) for one in group) for group in inside) and not any(
        one.matches(text) for one in outside
    )


class Pieces(NamedTuple):
    """The texts of a pattern that stand between its runs, and how many characters each run takes at least."""

    texts: tuple[str, ...]
    gaps: tuple[int, ...]


def _pieces(tokens: Pattern) -> Pieces | None:
    """Cut a pattern at its runs; None if it has wildcards that stand for a fixed number of characters."""
    wild = [at for at, one in enumerate(tokens) if one.__class__ is Wild]
    if not wild:
        return Pieces(("".join(tokens),), ())  # type: ignore[arg-type]  # no wildcard
    if len(wild) == 1 and tokens[wild[0]] in RUNS:
        return Pieces(("".join(tokens[: wild[0]]), "".join(tokens[wild[0] + 1 :])), (0,))  # type: ignore[arg-type]
    texts, gaps = [""], list[int]()
    for token, beside in normal(tokens):
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
    return Pieces(tuple(texts), tuple(gaps))


def consists_of(text: str, pieces: Pieces) -> bool:
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
    wild = [at for at, one in enumerate(tokens) if one.__class__ is Wild]
    if not wild:
        head = "".join(tokens)  # type: ignore[arg-type]  # no wildcard
        return _Ends(head, head, whole=True)
    return _Ends("".join(tokens[: wild[0]]), "".join(tokens[wild[-1] + 1 :]), whole=False)  # type: ignore[arg-type]


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


def _first(texts: Iterable[str], wanted: Sequence[Automaton], unwanted: Automaton) -> str | None:
    fitting = (text for text in texts if all(one.accepts(text) for one in wanted) and not unwanted.accepts(text))
    return next(fitting, None)


def _affordable(few: Automaton, many: Automaton) -> bool:
    """Say whether the patterns of one automaton can be compared with another in a fraction of a second."""
    return few.size * (1 + many.size // 512) < 200_000


def _instance(pattern: Pattern, unused: str) -> str:
    """Give the shortest text of a pattern, as far from other patterns as can be."""
    return "".join("" if token in RUNS else unused if isinstance(token, Wild) else token for token in pattern)


_FEW = 16
_ESCAPED = re.compile(r"\$\{([*?$])\}|(.)", re.DOTALL)


def _tokens(text: str, *, escapes: bool) -> Pattern:
    if escapes and "${" in text:
        return tuple([match[1] or _WILD.get(match[2], match[2]) for match in _ESCAPED.finditer(text)])
    if "*" in text or "?" in text:
        return tuple([_WILD.get(character, character) for character in text])
    return tuple(text)


_ESCAPES = {character: f"${{{character}}}" for character in "*?$"}
_WILD: dict[str, Token] = {"*": Wild(many=True), "?": Wild(many=False)}
