"""Suppressions: somebody's word in a file that findings are accepted there."""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from validator.document import Document, Node, Region

# In YAML a comment starts a line or follows a blank.
_COMMENT = re.compile(r"(?<![^ \t\n\r\ufeff])#[ \t]*stackproof:[ \t]*ignore\b(?:\[([^\]\n\r]*)\])?[ \t]*([^\n\r]*)")


@dataclass(slots=True)
class Suppression:
    """Somebody's word that findings are accepted at a place: a comment, or an entry of a Metadata section.

    Attributes:
        at: The comment, or the metadata entry; rules that report on suppressions report here.
        rules: The rule ids it names, in order; none if the comment names none.
        reason: Empty if none was given.
        covers: The node within which metadata covers findings; None for a comment, which covers its line, or the
            next if it stands alone.
        unused: Of `rules`, those that suppressed nothing; filled in by the engine after all other rules ran.
    """

    at: Node
    rules: tuple[str, ...]
    reason: str
    covers: Node | None = None
    unused: tuple[str, ...] = ()


def suppressions(document: Document) -> Iterator[Suppression]:
    """Yield the suppressions of a file in order: its comments, then its metadata."""
    if document.format == "yaml" and "stackproof:" in document.text:
        comments = list(_COMMENT.finditer(document.text))
        quoted = sorted(_flow_scalars(document)) if comments else []
        for match in comments:
            before = bisect_right(quoted, (match.start(), sys.maxsize))
            if before and match.start() < quoted[before - 1].end:
                continue
            rules = tuple(name.strip() for name in (match.group(1) or "").split(",") if name.strip())
            at = document.root.pin(Region(match.start(), match.end()))
            yield Suppression(at, rules, match.group(2).strip())
    yield from _metadata(document.root)
    resources = document.root.get("Resources")
    for _, resource in resources.items() if resources is not None else ():
        yield from _metadata(resource)


def _flow_scalars(document: Document) -> Iterator[Region]:
    """Yield where scalars stand in which `#` is no comment; in a block scalar it is the shell's, as good as ours."""
    for node in document.root.walk():
        if isinstance(node.value, str) and "#" in node.value and node.style in {"plain", "'", '"'}:
            yield node.region


def _metadata(holder: Node) -> Iterator[Suppression]:
    entries = holder.get("Metadata", "stackproof", "ignore")
    if entries is None:
        return
    for entry in entries.elements() if isinstance(entries.value, list) else (entries,):
        rule, reason = entry.get("rule") or entry, entry.get("reason")
        names = (rule.value,) if isinstance(rule.value, str) else ()
        text = str(reason.value).strip() if reason is not None and reason.value is not None else ""
        yield Suppression(entry, names, text, holder)
