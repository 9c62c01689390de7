"""Nearest names: what every "did you mean" is made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from difflib import SequenceMatcher

# A wild guess is worse than none: below this share of common text, nothing is offered.
_CUT_OFF = 0.8
# Longer texts are no names; comparing them takes quadratic time.
_LONGEST = 200


def nearest(name: str, known: Iterable[str], *, most: int = 1) -> tuple[str, ...]:
    """Find the known names that `name` may have been meant to be.

    Args:
        name: The name as written, presumably not known.
        known: The names to choose from, in any order.
        most: How many to return at most.

    Returns:
        Best first: names that differ in case only, then those one edit away, then by share of common text;
        equals by name. Never `name` itself; nothing when nothing is near.
    """
    folded = name.casefold()
    ranked: list[tuple[int, float, str]] = []
    matcher: SequenceMatcher[str] | None = None
    for other in dict.fromkeys(known):
        candidate = other.casefold()
        if other == name:
            continue
        if candidate == folded:
            ranked.append((0, 0.0, other))
        elif not _comparable(folded, candidate):
            continue
        # Names of one or two letters have too many neighbours one edit away.
        elif min(len(folded), len(candidate)) > 2 and _one_edit_apart(folded, candidate):
            ranked.append((1, 0.0, other))
        else:
            if matcher is None:
                from difflib import SequenceMatcher  # noqa: PLC0415  # 6 ms, where something is amiss

                matcher = SequenceMatcher(None, "", folded, autojunk=False)
            matcher.set_seq1(candidate)
            if matcher.real_quick_ratio() >= _CUT_OFF <= matcher.quick_ratio() and (r := matcher.ratio()) >= _CUT_OFF:
                ranked.append((2, -r, other))
    return tuple(other for _, _, other in sorted(ranked)[:most])


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Write "did you mean 'X'?", or nothing when no known name is near."""
    return f"did you mean {found[0]!r}?" if (found := nearest(name, known)) else ""


def one_edit_apart(one: str, other: str) -> bool:
    """Say whether one letter put in, left out, mistaken or swapped with its neighbour makes the difference.

    Case does not count; texts that differ in nothing else are not one edit apart.
    """
    return _one_edit_apart(one.casefold(), other.casefold())


def _one_edit_apart(one: str, other: str) -> bool:
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    shorter = min(len(one), len(other))
    start = 0
    while start < shorter and one[start] == other[start]:
        start += 1
    # What is left after the first difference agrees without its first letter on either side, or after a swap.
    left, right = one[start:], other[start:]
    if left[1:] == right[1:] or left[1:] == right or left == right[1:]:
        return True
    return left[:2] == right[1::-1] and left[2:] == right[2:]


def _comparable(one: str, other: str) -> bool:
    """Rule out, cheaply, candidates that can be neither one edit away nor above the cut-off."""
    short, long = sorted((len(one), len(other)))
    if long > _LONGEST or (long - short > 1 and short < _CUT_OFF * (short + long) / 2):
        return False
    # Two names that start and end differently are hardly the same word mistyped.
    return short > 0 and (one[:1] == other[:1] or one[1:2] == other[1:2] or one[-1:] == other[-1:])


def listed(names: Iterable[str], *, most: int = 5) -> str:
    """Write names for a message: at most a handful, then how many more there are; `none` for none."""
    every = list(names)
    if not every:
        return "none"
    rest = len(every) - most
    return ", ".join(every[:most]) + (f" and {rest} more" if rest > 0 else "")
