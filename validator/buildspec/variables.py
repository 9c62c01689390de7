"""The variables that are set in every build, and names that may be misspelt ones."""

import json
import re
from collections.abc import Iterable
from fnmatch import translate
from functools import cache
from importlib.resources import files

from validator.suggest import one_edit_apart

# Below these lengths too many words differ in one letter, or in two.
_ONE_EDIT, _TWO_EDITS = 4, 7


def always_set(name: str) -> bool:
    """Whether CodeBuild, one of its images or the shell itself may set a variable."""
    return _known().fullmatch(name) is not None


def misspelt(name: str, known: Iterable[str]) -> str:
    """Give the name that another was surely meant to be; empty if there is none, or if both may well be meant.

    They differ in case only, or in a letter or two of one long word that is no number and no plural.
    """
    words = name.split("_")
    for other in sorted(set(known) - {name}):
        others = other.split("_")
        if len(others) != len(words):
            continue
        if other.casefold() == name.casefold():
            return other
        pairs = [(one, two) for one, two in zip(words, others, strict=True) if one != two]
        if len(pairs) == 1 and _slipped(*pairs[0]):
            return other
    return ""


def _slipped(one: str, other: str) -> bool:
    shorter, longer = sorted((one.casefold(), other.casefold()), key=len)
    if longer == shorter + "s" or any(letter.isdigit() for letter in one + other):
        return False
    # Letters that are only swapped make another word seldom.
    enough = len(shorter) >= _ONE_EDIT or (len(shorter) > 2 and sorted(shorter) == sorted(longer))
    if enough and one_edit_apart(shorter, longer):
        return True
    return len(shorter) >= _TWO_EDITS and any(one_edit_apart(each, longer) for each in _one_letter_less(shorter))


def _one_letter_less(word: str) -> Iterable[str]:
    return (word[:at] + word[at + 1 :] for at in range(1, len(word)))


@cache
def _known() -> re.Pattern[str]:
    text = (files("validator.buildspec") / "data" / "variables.json").read_text("utf-8")
    names = [name for group in json.loads(text).values() for name in group["names"]]
    return re.compile("|".join(map(translate, names)))
