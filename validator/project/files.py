"""Files: read, parsed and classified."""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path

from validator import discover, parse
from validator.cloudformation.parameters import parameter_form
from validator.discover import Found, Kind, Missed
from validator.document import Document
from validator.settings import Layout, TemplateMap

# What a file's name, or one within a path, an artifact's or a variable's, looks like in any text.
_WORD = re.compile(rb"""[^\s"'`,;:=/\\(){}\[\]<>|&?#*]+""")


@dataclass(frozen=True, slots=True)
class File:
    """One file that was found.

    Attributes:
        path: As findings show it: relative to the working directory, with `/`.
        given: Whether the user named the file itself, rather than a folder that it was met in.
        document: None for a file of no kind of ours, and for one that could not be read.
        reason: Why it could not be read; empty if it could.
        file: Where it is on the disk.
    """

    path: str
    kind: Kind
    given: bool
    document: Document | None
    reason: str = ""
    file: Path = Path()

    @property
    def place(self) -> str:
        """The file's own absolute path, with `/` and without links: what links between files are made on."""
        return self.file.resolve().as_posix()

    @property
    def unreadable(self) -> bool:
        """Whether the file was meant to be checked and could not be."""
        return bool(self.reason) or (self.document is not None and self.document.broken)


class Reader:
    """Reads, parses and classifies files, with the configuration's word on what they are."""

    def __init__(self, layout: Layout, base: Path) -> None:
        """Take the configuration and the folder that its globs are relative to."""
        self._layout = layout
        self._base = base

    def read(self, found: Found | Missed) -> File:
        """Read one file; whatever is wrong with it is said in the result."""
        if isinstance(found, Missed):
            return _unread(found, found.reason)
        try:
            with found.file.open("rb") as stream:
                data = stream.read(max(parse.LIMITS.values()) + 1)
        except OSError as error:
            return _unread(found, (error.strerror or str(error)).lower())
        return self.parse(found, data)

    def parse(self, found: Found, data: bytes) -> File:
        """Parse and classify the bytes of one file."""
        if (plain := discover.text(found.path)) is not None:
            return File(found.path, plain, found.given, parse.plain(found.path, data), file=found.file)
        document = parse.load(found.path, data)
        kind = self._configured(found.file, document) or discover.classify(document)
        # What did not parse and looks like nothing we know is worth a word only if the user asked for this very file;
        # another tool's file is not ours to judge.
        unsure = not kind.sure and document.broken
        if kind.kind == "other" and not unsure:
            return File(found.path, kind, found.given, None, file=found.file)
        if unsure and not found.given:
            document.problems = tuple(problem.unsure() for problem in document.problems)
        return File(found.path, kind, found.given, document, file=found.file)

    def _configured(self, file: Path, document: Document) -> Kind | None:
        if document.broken:
            # What a glob takes in may be anything, but hardly if it is for such files.
            named = (stack.parameters for stack in self._layout.stacks)
            ours = any(self.matches(file, pattern) for patterns in named for pattern in patterns)
            found = discover.classify(document)
            return Kind("parameters", why="the configuration says so") if ours and found.kind == "other" else None
        for entry in self._layout.policies:
            if any(self.matches(file, pattern) for pattern in entry.files):
                return Kind("policy", entry.kind, "the configuration says so", at=discover.classify(document).at)
        for stack in self._layout.stacks:
            if any(self.matches(file, pattern) for pattern in stack.parameters):
                found = discover.classify(document)
                form = found.form if found.kind == "parameters" else parameter_form(document.value)
                # A glob may take in more than parameter files; what is surely something else stays that.
                if form and found.kind in {"parameters", "other"}:
                    return Kind("parameters", form, "the configuration says so")
        return None

    def groups(self, file: Path) -> Iterator[int]:
        """Yield the numbers of the groups of files that the configuration makes a file one of."""
        stacks = [(stack.template, *stack.parameters) for stack in self._layout.stacks]
        sets = [(*group.scp, *group.rcp, *group.boundary, *group.identity) for group in self._layout.policy_sets]
        for number, patterns in enumerate([*stacks, *sets]):
            if any(self.matches(file, pattern) for pattern in patterns):
                yield number

    def placed(self, template_map: Iterable[TemplateMap]) -> list[TemplateMap]:
        """Give a map with its folders as absolute paths."""
        return [TemplateMap(entry.url, (self._base / entry.path).resolve().as_posix()) for entry in template_map]

    def matches(self, file: Path, pattern: str) -> bool:
        """Whether a glob of the configuration names a file; `**` stands for any folders, as in ignore files."""
        try:
            relative = Path(os.path.relpath(file, self._base)).as_posix()
        except ValueError:  # another drive
            return False
        return glob_matches(relative, pattern)


def _unread(found: Found | Missed, reason: str) -> File:
    """Make the file that could not be read.

    One that was met in a folder has a document that says so, mildly, since nobody knows what it is; for one that was
    named whoever named it is told.
    """
    document = None if found.given else parse.unread(found.path, reason)
    if document is not None:
        document.problems = tuple(problem.unsure() for problem in document.problems)
    return File(found.path, Kind("other", why=reason, sure=False), found.given, document, reason)


def glob_matches(path: str, pattern: str) -> bool:
    """Match a relative path segment by segment: `*` stays within a folder, `**` stands for any number of them."""
    segments = path.split("/")
    reached = {0}
    for wanted in pattern.removeprefix("./").split("/"):
        if wanted == "**":
            reached = set(range(min(reached), len(segments) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(segments) and fnmatchcase(segments[at], wanted)}
        if not reached:
            return False
    return len(segments) in reached


def connected(
    given: Iterable[File], candidates: Iterable[Found], open_file: Callable[[Found], bytes], reader: Reader
) -> Iterator[File]:
    """Yield the files that belong to given ones: that name one of them, or are named by one, and so on.

    Only the bytes of the others are read; those with a name in common with what is at hand are parsed.
    """
    reached = [_Member(file.path, _text(file), reader, Path(file.path)) for file in given]
    waiting = {found.path: (found, open_file(found)) for found in candidates}
    members = [_Member(path, data, reader, found.file) for path, (found, data) in waiting.items()]
    by_name: dict[object, list[_Member]] = defaultdict(list)
    for member in members:
        for name in member.names:
            by_name[name].append(member)
    known = frozenset(by_name).union(*(member.names for member in reached))
    by_mention: dict[object, list[_Member]] = defaultdict(list)
    for member in [*members, *reached]:
        member.mentions = member.words() & known
        for name in member.mentions:
            by_mention[name].append(member)
    while reached:
        member = reached.pop()
        near = [by_mention.pop(name, []) for name in member.names] + [by_name.pop(name, []) for name in member.mentions]
        for other in chain(*near):
            if other.path not in waiting:
                continue
            file = reader.parse(*waiting.pop(other.path))
            if file.document is not None:
                reached.append(other)
                yield file


class _Member:
    """A file among others: what it may be called, and what it calls others."""

    def __init__(self, path: str, data: bytes, reader: Reader, file: Path) -> None:
        self.path = path
        self.mentions: frozenset[object] = frozenset()
        self._data = data
        self._groups = frozenset(reader.groups(file))
        folder, _, name = os.fsencode(path.lower()).rpartition(b"/")
        called = [name]
        if name.startswith(b"template."):  # may be called by its folder's name
            called.append(folder.rpartition(b"/")[2])
        if name.startswith(b"buildspec."):  # what CodeBuild takes if nobody says
            called.append(b"codebuild")
        # Of a name that has blanks or brackets the last part has to do.
        self.names = self._groups | {words[-1] for name in called if (words := _WORD.findall(name))}

    def words(self) -> frozenset[object]:
        return self._groups.union(_WORD.findall(self._data.lower()))


def _text(file: File) -> bytes:
    return file.document.text.encode(errors="replace") if file.document is not None else b""
