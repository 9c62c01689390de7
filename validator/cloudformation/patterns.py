"""Java regular expressions, in which AllowedPattern is written: does one match the whole of a text.

They are matched by sets of positions, without backtracking, in a number of steps that is bounded: no pattern hangs.
What is not understood exactly as Java does makes the answer unknown, never wrong.
"""

import string
from collections.abc import Callable, Iterator
from functools import lru_cache

# A text or a pattern longer than these decides nothing worth the time.
MAX_TEXT = 5_000
MAX_PATTERN = 2_000
_MAX_STEPS = 200_000
_MAX_DEPTH = 50

_LINE_ENDS = "\n\r\u0085\u2028\u2029"
_DIGITS = frozenset(string.digits)
_WORD = frozenset(string.ascii_letters + string.digits + "_")
_ASCII = frozenset(map(chr, range(128)))
_CLASSES: dict[str, frozenset[str]] = {
    "d": _DIGITS,
    "w": _WORD,
    "s": frozenset(" \t\n\x0b\f\r"),
    "h": frozenset(" \t\xa0\u1680\u180e\u202f\u205f\u3000") | frozenset(map(chr, range(0x2000, 0x200B))),
    "v": frozenset("\n\x0b\f\r\x85\u2028\u2029"),
}
_PROPERTIES: dict[str, frozenset[str]] = {
    "Lower": frozenset(string.ascii_lowercase),
    "Upper": frozenset(string.ascii_uppercase),
    "ASCII": _ASCII,
    "Alpha": frozenset(string.ascii_letters),
    "Digit": _DIGITS,
    "Alnum": frozenset(string.ascii_letters + string.digits),
    "Punct": frozenset(string.punctuation),
    "Graph": frozenset(string.ascii_letters + string.digits + string.punctuation),
    "Print": frozenset(string.ascii_letters + string.digits + string.punctuation + " "),
    "Blank": frozenset(" \t"),
    "Space": frozenset(" \t\n\x0b\f\r"),
    "XDigit": frozenset(string.hexdigits),
}
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\x07", "e": "\x1b"}

_Test = Callable[[str], bool]
# From where a part of a pattern may start to where it may end, in the text of a run.
_Part = Callable[["_Run", frozenset[int]], frozenset[int]]


class _UnknownError(Exception):
    """What the pattern says, or whether it matches, cannot be told."""


def matches(pattern: str, text: str) -> bool | None:
    """Say whether a pattern matches the whole of a text; None if that cannot be told."""
    if len(text) > MAX_TEXT or max(text, default="") > "\uffff":
        return None
    part = _compiled(pattern)
    if part is None:
        return None
    try:
        return len(text) in part(_Run(text), frozenset({0}))
    except _UnknownError:
        return None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> _Part | None:
    if len(pattern) > MAX_PATTERN or max(pattern, default="") > "\uffff":
        return None
    try:
        return _Parser(pattern).whole()
    except _UnknownError:
        return None


class _Run:
    """One matching: the text, and the steps that are left."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._left = _MAX_STEPS

    def step(self, count: int) -> None:
        """Take steps.

        Raises:
            _UnknownError: There are none left.
        """
        self._left -= count + 1
        if self._left < 0:
            raise _UnknownError


class _Parser:
    """Reads one pattern."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._depth = 0
        self._fold = False

    def whole(self) -> _Part:
        """Read all of it."""
        if self._taken("(?i)"):
            self._fold = True
        part = self._alternatives()
        if self._at < len(self._pattern):
            raise _UnknownError
        return part

    def _taken(self, text: str) -> bool:
        found = self._pattern.startswith(text, self._at)
        self._at += len(text) if found else 0
        return found

    def _next(self) -> str:
        if self._at >= len(self._pattern):
            raise _UnknownError
        self._at += 1
        return self._pattern[self._at - 1]

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _alternatives(self) -> _Part:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _UnknownError
        parts = [self._sequence()]
        while self._taken("|"):
            parts.append(self._sequence())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else _any_of(parts)

    def _sequence(self) -> _Part:
        parts: list[_Part] = []
        while self._peek() not in {"", "|", ")"}:
            parts.append(self._quantified(self._atom()))
        return _in_order(parts)

    def _quantified(self, part: _Part) -> _Part:
        least, most = 1, 1
        sign = self._peek()
        if not sign or sign not in "*+?{":
            return part
        self._at += 1
        if sign == "{":
            least, most = self._bounds()
        else:
            least, most = {"*": (0, -1), "+": (1, -1), "?": (0, 1)}[sign]
        # Whether it takes as much as it can or as little makes no difference to a match of the whole.
        self._taken("?")
        if self._peek() and self._peek() in "*+?{":
            raise _UnknownError
        return _repeated(part, least, most)

    def _bounds(self) -> tuple[int, int]:
        end = self._pattern.find("}", self._at)
        least, comma, most = self._pattern[self._at : end].partition(",")
        numbers = [one for one in (least, most) if one]
        if end < 0 or not least or any(not one.isascii() or not one.isdigit() or len(one) > 6 for one in numbers):
            raise _UnknownError
        self._at = end + 1
        lower, upper = int(least), int(most) if most else -1 if comma else int(least)
        if -1 < upper < lower:
            raise _UnknownError
        return lower, upper

    def _atom(self) -> _Part:
        character = self._next()
        if character == "(":
            return self._group()
        if character == "[":
            return _one(self._class())
        if character == ".":
            return _one(lambda one: one not in _LINE_ENDS)
        if character == "^":
            return lambda _, starts: starts & {0}
        if character == "$":
            return lambda run, starts: starts & _ends(run.text)
        if character == "\\":
            return self._escaped()
        if character in "*+?{":
            raise _UnknownError
        return _one(self._is(character))

    def _group(self) -> _Part:
        look = None
        if self._peek() == "?":
            ahead, behind = self._taken("?="), self._taken("?!")
            if ahead or behind:
                look = ahead
            elif not self._taken("?:"):
                raise _UnknownError
        part = self._alternatives()
        if not self._taken(")"):
            raise _UnknownError
        return part if look is None else _ahead(part, wanted=look)

    def _escaped(self) -> _Part:
        character = self._next()
        if character == "A":
            return lambda _, starts: starts & {0}
        if character == "z":
            return lambda run, starts: starts & {len(run.text)}
        if character == "Z":
            return lambda run, starts: starts & _ends(run.text)
        return _one(self._escape(character))

    def _escape(self, character: str) -> _Test:
        """Read what an escape that stands for one character stands for, in a class or outside."""
        if character.lower() in _CLASSES:
            members = _CLASSES[character.lower()]
            return members.__contains__ if character.islower() else lambda one: one not in members
        if character in {"p", "P"}:
            if not self._taken("{"):
                raise _UnknownError
            name, end, _ = self._pattern[self._at :].partition("}")
            # Without Unicode's say they are about ASCII; ignoring case widens some of them.
            if not end or name not in _PROPERTIES or self._fold:
                raise _UnknownError
            self._at += len(name) + 1
            members = _PROPERTIES[name]
            return members.__contains__ if character == "p" else lambda one: one not in members
        return self._is(self._escaped_character(character))

    def _escaped_character(self, character: str) -> str:
        if character in _ESCAPES:
            return _ESCAPES[character]
        if character in {"x", "u"}:
            length = 2 if character == "x" else 4
            digits = self._pattern[self._at : self._at + length]
            if len(digits) < length or not frozenset(digits) <= _PROPERTIES["XDigit"]:
                raise _UnknownError
            self._at += length
            return chr(int(digits, 16))
        if character.isascii() and character.isalnum():
            raise _UnknownError
        return character

    def _is(self, character: str) -> _Test:
        if self._fold and not character.isascii():
            raise _UnknownError
        both = {character.lower(), character.upper()} if self._fold else {character}
        return both.__contains__

    def _class(self) -> _Test:
        """Read a class of characters, behind its bracket."""
        self._depth += 1
        negated = self._taken("^")
        if self._depth > _MAX_DEPTH or self._peek() in {"]", "&"}:
            raise _UnknownError
        tests: list[_Test] = []
        while not self._taken("]"):
            if self._taken("["):
                # What `^` is about when classes are nested has changed between versions of Java.
                if negated:
                    raise _UnknownError
                tests.append(self._class())
            elif self._taken("&&"):
                raise _UnknownError
            else:
                tests.append(self._range())
        self._depth -= 1
        return lambda one: any(test(one) for test in tests) is not negated

    def _range(self) -> _Test:
        first, test = self._member()
        # Behind what stands for several, as in `[\\w-.]`, it is a hyphen and nothing else.
        if not first or self._peek() != "-" or self._pattern[self._at + 1 : self._at + 2] in {"]", ""}:
            return test
        if self._pattern[self._at + 1] == "[":
            raise _UnknownError
        self._at += 1
        last, _ = self._member()
        if not last or last < first:
            raise _UnknownError
        if self._fold:
            low, high = first, last
            return lambda one: any(low <= each <= high for each in _cases(one))
        return lambda one: first <= one <= last

    def _member(self) -> tuple[str, _Test]:
        """Read one member of a class: the character, empty if it is several, and the test for it."""
        character = self._next()
        if character != "\\":
            return character, self._is(character)
        character = self._next()
        if character.lower() in _CLASSES or character in {"p", "P"}:
            return "", self._escape(character)
        character = self._escaped_character(character)
        return character, self._is(character)


def _cases(character: str) -> set[str]:
    return {character, character.lower(), character.upper()} if character.isascii() else {character}


def _ends(text: str) -> frozenset[int]:
    """Give the positions that Java's `$` matches: the end, and before a line end there."""
    end = len(text)
    found = {end}
    if text.endswith("\r\n"):
        found.add(end - 2)
    elif text and text[-1] in _LINE_ENDS:
        found.add(end - 1)
    return frozenset(found)


def _one(test: _Test) -> _Part:
    def part(run: _Run, starts: frozenset[int]) -> frozenset[int]:
        run.step(len(starts))
        text = run.text
        return frozenset(at + 1 for at in starts if at < len(text) and test(text[at]))

    return part


def _in_order(parts: list[_Part]) -> _Part:
    def part(run: _Run, starts: frozenset[int]) -> frozenset[int]:
        for one in parts:
            if not starts:
                break
            starts = one(run, starts)
        return starts

    return part


def _any_of(parts: list[_Part]) -> _Part:
    def part(run: _Run, starts: frozenset[int]) -> frozenset[int]:
        return frozenset().union(*(one(run, starts) for one in parts))

    return part


def _repeated(one: _Part, least: int, most: int) -> _Part:
    def part(run: _Run, starts: frozenset[int]) -> frozenset[int]:
        for _ in range(least):
            if not starts:
                return starts
            run.step(0)
            starts = one(run, starts)
        found = set(starts)
        for _ in _counted(most - least if most >= 0 else -1):
            starts = one(run, starts) - found
            if not starts:
                break
            found |= starts
            run.step(len(starts))
        return frozenset(found)

    return part


def _counted(most: int) -> Iterator[int]:
    count = 0
    while count != most:
        yield count
        count += 1


def _ahead(one: _Part, *, wanted: bool) -> _Part:
    def part(run: _Run, starts: frozenset[int]) -> frozenset[int]:
        return frozenset(at for at in starts if bool(one(run, frozenset({at}))) is wanted)

    return part
