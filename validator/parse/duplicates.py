"""Keys that stand a second time in one mapping."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from validator.document import Document, Path, Problem, Region
from validator.parse.error import quoted

MAX_DUPLICATES = 100


class Duplicate(NamedTuple):
    """A key that stood in the mapping already; the later it stands in the text, the greater."""

    later: Region
    first: Region
    path: Path


def problems(document: Document, duplicates: Sequence[Duplicate]) -> Iterator[Problem]:
    """Tell each at the later key; after the first hundred, tell only that there are more."""
    for later, first, path in duplicates[:MAX_DUPLICATES]:
        node = document.root
        for part in path:  # a part of the way may itself have been overwritten by a later key
            node = node.get(part) or node
        yield Problem(
            node.key.pin(later),
            f"the key {quoted(str(path[-1]))} stands here a second time; only the last one counts",
            "remove one of them",
            "duplicate-key",
            ((node.key.pin(first), "the first one"),),
        )
    for later, _, _ in duplicates[MAX_DUPLICATES : MAX_DUPLICATES + 1]:
        message = f"more than {MAX_DUPLICATES} keys stand a second time; here is one more"
        yield Problem(document.root.pin(later), message, "remove one of each two", "duplicate-key")
