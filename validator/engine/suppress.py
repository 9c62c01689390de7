"""Suppression: which findings somebody accepted, and which of these words had an effect."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from validator.config import Accepted
from validator.document import Document, Node, Span
from validator.engine.baseline import relative
from validator.engine.report import Reported
from validator.project import Suppression
from validator.project.files import glob_matches

_COMMENT = re.compile(r"[ \t]*#")


@dataclass(slots=True)
class _Entry:
    """A suppression in force.

    Attributes:
        used: Those of the ids it names that suppressed something.
    """

    suppression: Suppression
    used: set[str] = field(default_factory=set)

    def takes(self, finding: Reported) -> bool:
        """Whether it names the finding's rule; never for what is said about the suppression itself."""
        names = {finding.rule, finding.rule.partition("/")[0]} & set(self.suppression.rules)
        if not names or self.suppression.at.span == finding.span:
            return False
        self.used |= names
        return True


class Suppressions:
    """All suppressions of a run: those in the files, then those of the configuration."""

    def __init__(self, inside: Iterable[Suppression], accepted: Iterable[Accepted], folder: Path) -> None:
        """Take suppressions that stand in files, and entries of the configuration in a folder."""
        self._folder = folder
        self._inside = [_Entry(one) for one in inside]
        self._configured = [(one, _Entry(Suppression(one.at, (one.rule,), one.reason))) for one in accepted]
        self._lines: dict[tuple[str, int], list[_Entry]] = defaultdict(list)
        self._nodes: dict[tuple[str, str], list[_Entry]] = defaultdict(list)
        lines = _covered_lines(entry.suppression.at for entry in self._inside if entry.suppression.covers is None)
        for entry in self._inside:
            if (node := entry.suppression.covers) is None:
                self._lines[lines[entry.suppression.at.span]].append(entry)
            else:
                self._nodes[node.document.path, node.pointer].append(entry)

    def reason(self, finding: Reported) -> str | None:
        """Give the reason for which a finding is accepted, which may be empty; None if nobody accepted it."""
        taken = [entry for entry in self._covering(finding) if entry.takes(finding)]
        return next((entry.suppression.reason for entry in taken if entry.suppression.reason), "") if taken else None

    def judged(self, idle: Callable[[str], bool], *, configured: bool) -> Iterator[Suppression]:
        """Yield the suppressions, each with those of its ids that suppressed nothing.

        Args:
            idle: Whether an id that suppressed nothing had its chance: it had none if its rule did not run.
            configured: Whether entries of the configuration had theirs: not if only some files were looked at.
        """
        for entry in [*self._inside, *(entry for _, entry in self._configured if configured)]:
            unused = (name for name in entry.suppression.rules if name not in entry.used and idle(name))
            yield replace(entry.suppression, unused=tuple(unused))

    def _covering(self, finding: Reported) -> Iterator[_Entry]:
        path = finding.span.path
        yield from self._lines.get((path, finding.span.line), ())
        for above in _upwards(finding.pointer):
            yield from self._nodes.get((path, above), ())
        for accepted, entry in self._configured:
            if accepted.pointer.rstrip("/") in _upwards(finding.pointer) and self._matches(path, accepted.path):
                yield entry

    def _matches(self, path: str, pattern: str) -> bool:
        return not pattern or glob_matches(relative(path, self._folder), pattern)


def _upwards(pointer: str) -> Iterator[str]:
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
