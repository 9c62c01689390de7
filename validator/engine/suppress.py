"""Suppression: which findings somebody accepted, and which of these words had an effect."""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from validator.config import Accepted
from validator.discover.patterns import Patterns
from validator.document import Document, Node, Span
from validator.engine.report import Reported
from validator.project import Suppression

_COMMENT = re.compile(r"[ \t]*#")


@dataclass(slots=True)
class _Entry:
    """A suppression in force.

    Attributes:
        used: Those of the ids it names that suppressed something.
    """

    suppression: Suppression
    span: Span
    used: set[str] = field(default_factory=set)


class _Group:
    """Suppressions of one rule at one place; there may be as many as findings, so none is looked at for each."""

    def __init__(self, name: str, entries: Iterable[_Entry]) -> None:
        self._name = name
        self._entries = sorted(entries, key=lambda entry: not entry.suppression.reason)
        self._waiting = self._entries

    def reason(self, finding: Reported) -> str | None:
        """Give the reason for which they accept a finding; none accepts what is said about itself."""
        for entry in self._waiting:
            if entry.span != finding.span:
                entry.used.add(self._name)
        self._waiting = [entry for entry in self._waiting if entry.span == finding.span]
        return next((entry.suppression.reason for entry in self._entries if entry.span != finding.span), None)


_Place = tuple[str, int | str]  # a path, and a line or a pointer in it
_Groups = dict[tuple[_Place, str], _Group]  # by the rule's id too


class Suppressions:
    """All suppressions of a run: those in the files, then those of the configuration."""

    def __init__(self, inside: Iterable[Suppression], accepted: Iterable[Accepted], folder: Path) -> None:
        """Take suppressions that stand in files, and entries of the configuration in a folder."""
        self._folder = folder
        self._inside = [_Entry(one, one.at.span) for one in inside]
        self._configured = [
            (one, _Entry(Suppression(one.at, (one.rule,), one.reason), one.at.span)) for one in accepted
        ]
        self._by_path: dict[str, _Groups] = {}
        self._known: dict[str, Patterns] = {}
        lines = _covered_lines(entry.suppression.at for entry in self._inside if entry.suppression.covers is None)
        places: list[tuple[_Place, _Entry]] = []
        for entry in self._inside:
            if (node := entry.suppression.covers) is None:
                places.append((lines[entry.span], entry))
            else:
                places.append(((node.document.path, node.pointer), entry))
        self._groups = _grouped(places)

    def reason(self, finding: Reported) -> str | None:
        """Give the reason for which a finding is accepted, which may be empty; None if nobody accepted it."""
        reasons = [group.reason(finding) for group in self._covering(finding)]
        return max((reason for reason in reasons if reason is not None), key=bool, default=None)

    def judged(self, idle: Callable[[str], bool], *, configured: bool) -> Iterator[Suppression]:
        """Yield the suppressions, each with those of its ids that suppressed nothing.

        Args:
            idle: Whether an id that suppressed nothing had its chance: it had none if its rule did not run.
            configured: Whether entries of the configuration had theirs: not if only some files were looked at.
        """
        for entry in [*self._inside, *(entry for _, entry in self._configured if configured)]:
            unused = (name for name in entry.suppression.rules if name not in entry.used and idle(name))
            yield replace(entry.suppression, unused=tuple(unused))

    def _covering(self, finding: Reported) -> Iterator[_Group]:
        path = finding.span.path
        if path not in self._by_path:
            self._by_path[path] = self._configured_for(path)
        places: list[_Place] = [(path, finding.span.line), *((path, above) for above in upwards(finding.pointer))]
        for groups in (self._groups, self._by_path[path]):
            for place in places:
                for name in sorted({finding.rule, finding.rule.partition("/")[0]}):
                    if (group := groups.get((place, name))) is not None:
                        yield group

    def _configured_for(self, path: str) -> _Groups:
        # A link is meant by its own name, unless it leads to the whole checkout.
        places = {os.path.abspath(path), os.path.realpath(path)}  # noqa: PTH100
        return _grouped(
            ((path, accepted.pointer.rstrip("/")), entry)
            for accepted, entry in self._configured
            if not accepted.path or any(map(self._patterns(accepted.path).verdict, places))
        )

    def _patterns(self, pattern: str) -> Patterns:
        if pattern not in self._known:
            self._known[pattern] = Patterns(str(self._folder), [pattern])
        return self._known[pattern]


def _grouped(places: Iterable[tuple[_Place, _Entry]]) -> _Groups:
    found: dict[tuple[_Place, str], list[_Entry]] = defaultdict(list)
    for place, entry in places:
        for name in entry.suppression.rules:
            found[place, name].append(entry)
    return {(place, name): _Group(name, entries) for (place, name), entries in found.items()}


def upwards(pointer: str) -> Iterator[str]:
    """Yield a pointer and all above it."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]
    yield ""


def _covered_lines(comments: Iterable[Node]) -> dict[Span, tuple[str, int]]:
    """Find the line that each comment speaks of: its own, or, if it stands alone, the next that is no comment.

    From the last to the first, so that a comment above another need not look beyond it.
    """
    found: dict[Span, tuple[str, int]] = {}
    alone: dict[tuple[str, int], int] = {}
    for span, document in sorted(((one.span, _file(one)) for one in comments), key=lambda pair: pair[0], reverse=True):
        line = span.line
        if not document.text[document.line_starts[line - 1] : span.start].strip(" \t\ufeff"):
            line += 1
            while (span.path, line) not in alone and _is_comment(document, line):
                line += 1
            line = alone[span.path, span.line] = alone.get((span.path, line), line)
        found[span] = span.path, line
    return found


def _file(node: Node) -> Document:
    document = node.document
    while document.outer is not None:
        document = document.outer.document
    return document


def _is_comment(document: Document, line: int) -> bool:
    starts = document.line_starts
    return line <= len(starts) and _COMMENT.match(document.text, starts[line - 1]) is not None
