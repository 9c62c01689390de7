"""Which values of a list say nothing that another does not say, and how one is taken out of its list."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from validator.document import Node, Region, Span
from validator.iam.actions import has_placeholder
from validator.iam.arns import bound
from validator.iam.globs import Pieces, consists_of, glob

# Only patterns made for it have so many others under one beginning, or are so long; then some go unnoticed.
_MOST_COMPARED = 20_000
_WILDCARD = re.compile(r"[*?]")


def covered(texts: Sequence[str], includes: Callable[[int, int], bool]) -> Iterator[tuple[int, int]]:
    """Yield each pattern that another one of the list covers, with that other, by their places in the list.

    Of patterns that cover each other only the later ones are yielded.

    Args:
        texts: The patterns in IAM's spelling, in one case if case does not count.
        includes: Whether the pattern at one place covers the one at another; asked only where the text before the first
            wildcard allows it.
    """
    # A text without wildcards covers itself alone, and in most lists there is nothing else.
    if len(set(texts)) == len(texts) and not any("*" in text or "?" in text for text in texts):
        return
    heads: defaultdict[str, list[int]] = defaultdict(list)
    begun = [text.partition("*")[0].partition("?")[0] for text in texts]
    for at, head in enumerate(begun):
        heads[head].append(at)
    room = _MOST_COMPARED
    # Only what begins as a pattern does is worth a look.
    lengths = sorted({len(head) for head, text in zip(begun, texts, strict=True) if head != text})
    for at, (head, text) in enumerate(zip(begun, texts, strict=True)):
        for length in chain((one for one in lengths if one < len(head)), (len(head),)):
            wider = None
            for other in heads.get(head[:length], ()):
                if other == at or (length == len(text) and other > at):
                    continue
                room -= 1 + len(text) // 50
                if includes(other, at) and (other < at or not includes(at, other)):
                    wider = other
                    break
                if room < 0:
                    return
            if wider is not None:
                yield at, wider
                break


def includes_action(wide: str, narrow: str) -> bool:
    """Say whether one pattern of actions covers another, for whatever actions there will be."""
    wide, narrow = wide.lower(), narrow.lower()
    return _begins(wide, narrow) and _includes(wide, narrow)


def includes_arn(wide: str, narrow: str) -> bool:
    """Say whether one pattern of ARNs covers another, whether or not a wildcard may leave its field."""
    if not _begins(wide, narrow) or not _includes(wide, narrow):
        return False
    if wide.count(":") < 5 or narrow.count(":") < 5 or "${" in wide or "${" in narrow:
        return wide == "*" or bound(glob(wide)).includes(bound(glob(narrow)))
    return all(map(_includes, wide.split(":", 5), narrow.split(":", 5)))


def _includes(wide: str, narrow: str) -> bool:
    """Say whether one pattern covers another, which mostly is to say whether it matches the text of the other."""
    if "?" in wide or "${" in wide or "${" in narrow:
        return glob(wide).includes(glob(narrow))
    texts = tuple(wide.split("*"))
    return consists_of(narrow, Pieces(texts, (0,) * (len(texts) - 1)))


def _begins(wide: str, narrow: str) -> bool:
    """Rule out most pairs at a fraction of the cost, and those where a `?` would stand for part of a variable."""
    if wide == narrow:
        return True
    head, *others = _WILDCARD.split(wide)
    if not others or not narrow.startswith(head) or not (narrow.endswith(others[-1]) or "${" in wide):
        return False
    return not ("?" in wide and has_placeholder(narrow))


def cut(node: Node) -> Span | None:
    """Give the span to delete so that an element is gone from its list; None where that is not simple and sure.

    It takes the element with its comma, or the whole line that it stands on in a block of YAML. What would take a
    comment along, or leave an empty list, is not simple.
    """
    parent = node.parent
    if parent is None or not isinstance(node.name, int) or not isinstance(parent.value, list) or len(parent.value) < 2:
        return None
    document = node.document
    flow = document.format == "json" or parent.style == "flow"
    region = _between(parent, node.name) if flow else _line(node)
    if region is None:
        return None
    span = document.span(region)
    file = document
    while file.outer is not None:
        file = file.outer.document
    # Inside another text, only what stands there just so can be told to be the same.
    same = file.text[span.start : span.end].split() == document.text[region.start : region.end].split()
    return span if same else None


def _between(parent: Node, at: int) -> Region | None:
    """Take an element with the comma before it; the first one with the comma behind."""
    one, other = parent.get(max(at, 1) - 1), parent.get(max(at, 1))
    if one is None or other is None:
        return None
    first, second = one.region, other.region
    text = one.document.text
    if first.end > second.start or text[first.end : second.start].strip() != ",":
        return None
    region = Region(first.end, second.end) if at else Region(first.start, second.start)
    return None if one.document.format == "yaml" and "#" in text[region.start : region.end] else region


def _line(node: Node) -> Region | None:
    """Take the line of an element that has one for itself."""
    text, region = node.document.text, node.region
    start = max(text.rfind("\n", 0, region.start), text.rfind("\r", 0, region.start)) + 1
    ends = [at for at in (text.find("\n", region.end), text.find("\r", region.end)) if at >= 0]
    end = min(ends, default=len(text))
    plain = isinstance(node.value, str) and node.style in {"plain", "'", '"'} and "\n" not in node.text
    before, behind = text[start : region.start].strip(" "), text[region.end : end].strip(" ")
    if not plain or before != "-" or behind or end == len(text):
        return None
    return Region(start, end + (2 if text.startswith("\r\n", end) else 1))
