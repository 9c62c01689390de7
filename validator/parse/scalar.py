"""What a YAML scalar is: YAML 1.1 without timestamps, as CloudFormation reads it."""

import math
import re
from functools import reduce
from typing import TypeVar

from validator.parse.error import MAX_DIGITS

STANDARD = "tag:yaml.org,2002:"
_TEXTS = frozenset({f"{STANDARD}str", f"{STANDARD}binary", "!"})
_Number = TypeVar("_Number", int, float)
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {
    word: value
    for words, value in (("yes true on", True), ("no false off", False))
    for low in words.split()
    for word in (low, low.capitalize(), low.upper())
}
_INT = re.compile(
    r"[-+]?(?:0b(?P<two>[01_]+)|0x(?P<sixteen>[0-9a-fA-F_]+)|0(?P<eight>[0-7_]+)"
    r"|(?P<ten>0|[1-9][0-9_]*)|(?P<sixty>[1-9][0-9_]*(?::[0-5]?[0-9])+))\Z"
)
_FLOAT = re.compile(r"(?:[-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?\Z")
_SIXTIETHS = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*\Z")
_BASES = {"two": 2, "eight": 8, "ten": 10, "sixteen": 16}


def resolve(text: str, tag: str | None, *, plain: bool) -> bool | int | float | str | None:
    """Give the value of a scalar's decoded text.

    Infinity and what is not a number stay text, since JSON cannot say them.

    Args:
        text: The decoded text.
        tag: The tag that the author wrote, if any; one that is not YAML's leaves the value a string
            if quoted, and as it would be without a tag if plain.
        plain: Whether it stands without quotes, so that its looks decide.

    Raises:
        ValueError: A number of absurd length.
    """
    if tag in _TEXTS or not (plain or (tag or "").startswith(STANDARD)):
        return text
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if text[0] not in "+-.0123456789":
        return text
    if match := _INT.match(text):
        return _integer(match)
    if _FLOAT.match(text):
        number = float(text.replace("_", ""))
    elif _SIXTIETHS.match(text):
        number = _sixty([float(part) for part in text.replace("_", "").lstrip("+-").split(":")])
        number = -number if text.startswith("-") else number
    else:
        return text
    return number if math.isfinite(number) else text


def _integer(match: re.Match[str]) -> int:
    name = match.lastgroup or "ten"
    digits = match[name].replace("_", "")
    if len(digits) > MAX_DIGITS:
        message = f"found a number of {len(digits)} digits"
        raise ValueError(message)
    number = _sixty([int(part) for part in digits.split(":")]) if name == "sixty" else int(digits or "0", _BASES[name])
    return -number if match[0].startswith("-") else number


def _sixty(parts: list[_Number]) -> _Number:
    return reduce(lambda total, part: total * 60 + part, parts)
