"""JSON texts: values from the standard decoder, places found by walking the text when asked."""

import json
import math
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice

from validator.document import Document, Path, Region, Style, Value
from validator.parse import duplicates
from validator.parse.characters import json_characters
from validator.parse.duplicates import Duplicate
from validator.parse.error import MAX_DEPTH, MAX_DIGITS, ParseError, quoted, too_deep, too_many

MAX_NODES = 1_000_000

_SPACE = re.compile(r"[ \t\n\r]*")
_BRACKET = re.compile(r'["\[\]{}]')
_VALUE = re.compile(r'["\[{,]')
_UNUSABLE = re.compile(r'"|NaN|-?Infinity|-?[0-9][-+.0-9eE]*')
_WORD = re.compile(r'"[^"\\\n]{0,40}"?|[^\s",:\[\]{}]{1,40}|.', re.DOTALL)
_BARE_STRING = re.compile(r'"[^"]*"')
_NOT_BRACKETS = re.compile(r"[^\[\]{}]+")
# These are for texts that were decoded, so that every string has its end.
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_NEXT_BRACKET = re.compile(rf"""[^"\[\]{{}}]*+(?:{_STRING.pattern}[^"\[\]{{}}]*+)*+([\[\]{{}}])""")
_COMMA = re.compile(r"[ \t\n\r]*+,?[ \t\n\r]*+")
# The key, and the value with the comma behind it unless it is a container.
_VALUE_OF = rf"""(?:({_STRING.pattern}|[^"\[\]{{}},\s]++){_COMMA.pattern})?"""
_IN_MAPPING = re.compile(rf"({_STRING.pattern})[ \t\n\r]*+:[ \t\n\r]*+{_VALUE_OF}")
_IN_LIST = re.compile(rf"(){_VALUE_OF}")
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}
_HALF = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}|[\ud800-\udfff]")
# Two halves that belong together, one that stands alone, or any other escape.
_HALVES = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<half>\\u[dD][89a-fA-F]..|[\ud800-\udfff])|\\.")
_scan = json.JSONDecoder().raw_decode
_EXPECTED = {
    "Expecting value": "a value",
    "Expecting ',' delimiter": "',' or a closing bracket",
    "Expecting ':' delimiter": "':' after the key",
    "Expecting property name enclosed in double quotes": "a key in double quotes",
    "Extra data": "the end of the text",
}


class _UnusableError(ValueError):
    """What the decoder could read but nobody can use."""


def parse(path: str, text: str) -> Document:
    """Parse a JSON text; see `validator.parse.parse`."""
    start = _skip(text, 1 if text.startswith("\ufeff") else 0)
    repeated = False

    def pairs(members: list[tuple[str, Value]]) -> dict[str, Value]:
        nonlocal repeated
        value = dict(members)
        repeated = repeated or len(value) != len(members)
        return value

    decoder = json.JSONDecoder(object_pairs_hook=pairs, parse_int=_integer, parse_float=_float, parse_constant=_refuse)
    try:
        _check_size(text)
        value, end = decoder.raw_decode(text, start)
        end = _skip(text, end)
        if end != len(text):
            raise json.JSONDecodeError("Extra data", text, end)  # noqa: TRY301  # told like the decoder's own
    except json.JSONDecodeError as error:
        raise _explain(text, error) from None
    except _UnusableError:
        raise _unusable(text) from None
    # Faster than to search: most texts can hold none.
    if ("\\u" in text or not text.isascii()) and _HALF.search(text):
        _check_halves(text)
    places = JsonPlaces(text, start, repeated=repeated)
    document = Document(path, text, value, places, "json")
    if repeated:
        found = islice(places.duplicates(), duplicates.MAX_DUPLICATES + 1)
        document.problems = tuple(duplicates.problems(document, sorted(found)))
    return document


# One child of a container: where its key starts and ends (nothing, in a list), and where the value starts.
_Member = tuple[int, int, int]


class JsonPlaces:
    """Where the nodes of a JSON text stand; what was walked is remembered, and no more is walked than is asked for."""

    def __init__(self, text: str, start: int, *, repeated: bool) -> None:
        """Take the text, the offset at which its value starts, and whether some mapping has a key twice."""
        self._text = text
        self._start = start
        self._repeated = repeated
        # By where containers start: their members so far, and where to go on, which is perhaps at one to be skipped.
        self._members: dict[int, dict[str | int, _Member]] = {}
        self._next: dict[int, tuple[int, bool]] = {}
        self._overwritten: dict[int, list[tuple[str, _Member, Region]]] = {}
        self._ends: dict[int, int] = {}
        self._opened: list[int] = []
        self._read = 0

    def region(self, path: Path) -> Region:
        """Give the region of the value at a path that exists."""
        start = self._start
        for part in path:
            start = self._member(start, part)[2]
        return Region(start, self._end(start))

    def key_region(self, path: Path) -> Region:
        """Give the region of the key that leads to a path; of the element itself in a list."""
        if not path or isinstance(path[-1], int):
            return self.region(path)
        start, end, _ = self._member(self.region(path[:-1]).start, path[-1])
        return Region(start, end)

    def style(self, path: Path) -> Style:
        """Say how the value is written."""
        first = self._text[self.region(path).start]
        return '"' if first == '"' else "flow" if first in "[{" else "plain"

    def characters(self, path: Path, *, key: bool = False) -> Sequence[Region]:
        """Map each character of a string's value, or of its key, to its source characters."""
        return json_characters(self._text, self.key_region(path) if key else self.region(path))

    def duplicates(self) -> Iterator[Duplicate]:
        """Yield the keys that stand a second time, in no particular order."""
        stack: list[tuple[Path, int]] = [((), self._start)] if self._text[self._start] in "[{" else []
        while stack:
            path, start = stack.pop()
            children = [(key, at) for key, (_, _, at) in self._open(start).items()]
            for key, (first, end, at), later in self._overwritten[start]:
                children.append((key, at))
                yield Duplicate(later, Region(first, end), (*path, key))
            stack.extend(((*path, key), at) for key, at in children if self._text[at] in "[{")

    def _end(self, start: int) -> int:
        if self._text[start] in "[{":
            return self._end_of_container(start)
        string = _STRING.match(self._text, start)
        return string.end() if string is not None else _scan(self._text, start)[1]

    def _end_of_container(self, start: int) -> int:
        """Give where a container ends; every bracket is read once, and none behind what was asked about."""
        ends, opened = self._ends, self._opened
        while start not in ends:
            match = _NEXT_BRACKET.match(self._text, self._read)
            assert match is not None
            self._read = match.end()
            if match[1] in "[{":
                opened.append(match.end() - 1)
            else:
                ends[opened.pop()] = match.end()
        return ends[start]

    def _member(self, start: int, part: str | int) -> _Member:
        """Give a member of the container at an offset."""
        # The last of several with the same key is the one that counts.
        if self._repeated or part not in self._members.get(start, ()):
            self._open(start, None if self._repeated else part)
        return self._members[start][part]

    def _open(self, start: int, wanted: str | int | None = None) -> dict[str | int, _Member]:
        """Give the members of the container at an offset: up to one, or all."""
        text = self._text
        if start not in self._members:
            self._members[start], self._overwritten[start] = {}, []
            self._next[start] = _skip(text, start + 1), False
        members, (at, inside) = self._members[start], self._next[start]
        is_mapping = text[start] == "{"
        pattern = _IN_MAPPING if is_mapping else _IN_LIST
        while wanted is None or wanted not in members:
            if inside:
                at, inside = _after(_COMMA, text, self._end_of_container(at)), False
            if text[at] in "]}":
                break
            match = pattern.match(text, at)
            assert match is not None
            value, at = match.start(2), match.end()
            if value < 0:
                value, inside = at, True
            if is_mapping:
                written = match[1]
                key = _scan(written)[0] if "\\" in written else written[1:-1]
                if key in members:
                    self._overwritten[start].append((key, members[key], Region(*match.span(1))))
                members[key] = (*match.span(1), value)
            else:
                members[len(members)] = (value, value, value)
        self._next[start] = at, inside
        return members


def _skip(text: str, at: int) -> int:
    return _after(_SPACE, text, at)


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Give the end of what a pattern, which matches anywhere, takes in."""
    match = pattern.match(text, at)
    assert match is not None
    return match.end()


def _outside_strings(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Find a pattern, which must match a quote too, wherever no string stands."""
    at = 0
    while match := pattern.search(text, at):
        at = match.end()
        if match.group() == '"':
            at = _scan(text, match.start())[1]
        else:
            yield match


def _check_size(text: str) -> None:
    """Refuse what is too deep or too much before it is decoded."""
    if text.count(",") + text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    bare = _BARE_STRING.sub("", text.replace("\\\\", "").replace('\\"', ""))
    if bare.count(",") + bare.count("[") + bare.count("{") > MAX_NODES:
        values = (match for match in _outside_strings(_VALUE, text))
        for match in islice(values, MAX_NODES, None):
            raise too_many(MAX_NODES, match.start())
    brackets = _NOT_BRACKETS.sub("", bare)
    if max(accumulate(map(_STEPS.__getitem__, brackets)), default=0) > MAX_DEPTH:
        depth = 0
        for match in _outside_strings(_BRACKET, text):
            depth += _STEPS[match.group()]
            if depth > MAX_DEPTH:
                raise too_deep(match.start())


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise _UnusableError
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise _UnusableError
    return number


def _refuse(constant: str) -> Value:
    raise _UnusableError(constant)


def _explain(text: str, error: json.JSONDecodeError) -> ParseError:
    at = error.pos
    if error.msg.startswith("Illegal trailing comma") or _closes_after_comma(text, at):
        comma = text.rindex(",", 0, at + 1)
        message = "found a comma before a closing bracket, expected another member"
        return ParseError(message, Region(comma, comma + 1), "remove the comma")
    if text.startswith(("//", "/*"), at):
        return ParseError("found a comment, which JSON does not have", Region(at, at + 2), "remove it")
    if error.msg.startswith("Invalid control character"):
        return ParseError(
            f"found {text[at]!r} inside a string",
            Region(at, at + 1),
            "write it as an escape, or close the string before it",
        )
    if error.msg.startswith("Unterminated string"):
        return ParseError("found a string without an end, expected '\"'", Region(at, at + 1))
    if error.msg.startswith("Invalid \\"):
        at -= text[at] != "\\"  # some messages stand at the letter behind it
        end = min(at + 2, len(text))
        return ParseError(
            f"found the escape {text[at:end]!r}, which JSON does not have", Region(at, end), "double the backslash"
        )
    match = _WORD.match(text, at)
    found, end = (quoted(match.group()), match.end()) if match else ("the end of the text", at)
    hint = "JSON strings stand in double quotes" if found.startswith("\"'") else ""
    return ParseError(f"found {found}, expected {_EXPECTED.get(error.msg, error.msg)}", Region(at, end), hint)


def _closes_after_comma(text: str, at: int) -> bool:
    """Whether a comma is followed by a closing bracket here; Python's versions put the error at either."""
    return text[at : at + 1] in {"]", "}"} and text[:at].rstrip(" \t\r\n").endswith(",")


def _unusable(text: str) -> ParseError:
    """Find what the decoder could read but nobody can use: NaN, Infinity, numbers of absurd size."""
    for match in _outside_strings(_UNUSABLE, text):
        token, region = match.group(), Region(*match.span())
        if not token[-1].isdigit():
            return ParseError(f"found {token}, which JSON does not have", region)
        if token.lstrip("-").isdigit() and len(token) > MAX_DIGITS:
            return ParseError(f"found a number of {len(token)} digits", region)
        if math.isinf(float(token)):
            return ParseError(f"found {quoted(token)}, a number too large to read", region)
    message = "the decoder refused a number that is not here"
    raise AssertionError(message)


def _check_halves(text: str) -> None:
    """Refuse half of a surrogate pair: it cannot be written anywhere as UTF-8."""
    for match in _HALVES.finditer(text):
        if match["half"]:
            message = f"found {match['half']!a}, half of a surrogate pair"
            raise ParseError(message, Region(*match.span()), "write both halves, or the character itself")
