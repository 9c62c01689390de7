"""Which files a run looks at."""

# Paths are strings here: pathlib would take most of the time over a large tree.
# ruff: noqa: PTH100, PTH109, PTH114, PTH116, PTH117, PTH118, PTH119, PTH120

import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from validator.discover.git import listing, work_tree
from validator.discover.patterns import Patterns, ignore_file, left_out
from validator.discover.walk import ENVIRONMENT, SKIPPED, Unreadable, matters, reason, walk


@dataclass(frozen=True, slots=True)
class Found:
    """A file to look at.

    Attributes:
        path: As findings show it: relative to the working directory, with `/`; absolute if it was given so and lies
            outside. Control characters and bytes that are no text are written as escapes.
        file: Where it is on the disk.
        given: Whether the user named the file itself, rather than a folder that it was met in.
    """

    path: str
    file: Path
    given: bool


@dataclass(frozen=True, slots=True)
class Missed:
    """A path that nothing can be read from: gone, a link in a circle, a folder that may not be listed.

    Attributes:
        path: As for `Found`.
        reason: What is the matter with it, in words: `does not exist`, `permission denied`.
        given: Whether the user named it, rather than a folder that it was met in.
    """

    path: str
    reason: str
    given: bool


def files(paths: Iterable[str], *, exclude: Sequence[str] = (), root: Path | None = None) -> Iterator[Found | Missed]:
    """Find the files to look at, sorted by path, each once.

    A file that is named itself is taken whatever its name is; in a folder only those whose names can matter are, and
    none that git ignores, unless it ignores the whole folder. A link is the same file as what it leads to.

    Args:
        paths: Files and folders, as the user wrote them.
        exclude: Patterns as in `.gitignore` for what is left out, named by the user or not: a commit hook names files
            one by one, and does not know them.
        root: The folder that these patterns are relative to; the working directory if not given.
    """
    excluded = (Patterns(os.path.abspath(root or Path.cwd()), exclude),) if exclude else ()
    found: dict[str, _Candidate] = {}
    missed: dict[str, Missed] = {}
    for text in paths:
        for seen in _expand(text, excluded):
            if isinstance(seen, Missed):
                missed.setdefault(seen.path, seen)
            else:
                _keep(found, seen)
    every: list[Found | Missed] = [candidate.found for candidate in found.values()]
    yield from sorted([*every, *missed.values()], key=lambda one: one.path)


class _Candidate(NamedTuple):
    found: Found
    real: str

    @property
    def rank(self) -> tuple[bool, str]:
        """The least is the path that a file is shown under: its own, rather than that of a link to it."""
        return str(self.found.file) != self.real, self.found.path


def _keep(found: dict[str, _Candidate], new: _Candidate) -> None:
    old = found.setdefault(new.real, new)
    best = min(old, new, key=lambda candidate: candidate.rank)
    given = old.found.given or new.found.given
    found[new.real] = best._replace(found=replace(best.found, given=given))


def _expand(text: str, excluded: tuple[Patterns, ...]) -> Iterator[_Candidate | Missed]:
    path = _absolute(text)
    shown = _Shown(path, keep=os.path.isabs(text))
    try:
        status = os.stat(path)
        real = os.path.realpath(path, strict=True)
    except (OSError, ValueError) as error:
        if not left_out(path, excluded):
            yield Missed(shown(path), _reason(path, error), given=True)
        return
    folder = stat.S_ISDIR(status.st_mode)
    if left_out(path, excluded, folder=folder):
        return
    if folder:
        yield from _below(path, real, shown, excluded)
    elif stat.S_ISREG(status.st_mode):
        yield _Candidate(Found(shown(path), Path(path), given=True), real)
    else:
        yield Missed(shown(path), "is not a regular file", given=True)


def _absolute(text: str) -> str:
    # Behind a link to a folder `..` is not the folder that was named before it.
    if os.pardir in Path(text).parts:
        return os.path.realpath(text)
    return os.path.abspath(text)


def _below(folder: str, real: str, shown: "_Shown", excluded: tuple[Patterns, ...]) -> Iterator[_Candidate | Missed]:
    for path in _contents(folder, excluded, named=True):
        if isinstance(path, Unreadable):
            yield Missed(shown(path.path), path.reason, given=False)
            continue
        if left_out(path, excluded):
            continue
        try:
            mode = os.lstat(path).st_mode
            own = os.path.join(real, os.path.relpath(path, folder)) if folder != real else path
            if stat.S_ISLNK(mode):
                mode = os.stat(path).st_mode
                own = os.path.realpath(path, strict=True)
        except OSError as error:
            # Git lists tracked files that are deleted, or were never checked out.
            if os.path.islink(path) or not isinstance(error, FileNotFoundError | NotADirectoryError):
                yield Missed(shown(path), _reason(path, error), given=False)
            continue
        if stat.S_ISREG(mode):
            yield _Candidate(Found(shown(path), Path(path), given=False), own)


def _contents(folder: str, excluded: tuple[Patterns, ...], *, named: bool) -> Iterator[str | Unreadable]:
    """Yield the files of a folder whose names matter, by git if it can say.

    Args:
        folder: Absolute.
        excluded: To walk around; what is yielded may still be excluded.
        named: Whether the user named the folder, so that its files count even if git ignores them all.
    """
    top = work_tree(os.path.realpath(folder))
    known = listing(folder) if top is not None else None
    if known is None:
        yield from walk(folder, (*excluded, *_ignored_above(folder, top)))
        return
    if named and not (known.files or known.repositories):
        yield from walk(folder, excluded)
        return
    yield from known.unreadable
    environments = {os.path.dirname(path) for path in known.files if os.path.basename(path) == ENVIRONMENT} - {folder}
    skips = _Skips(folder, frozenset(environments))
    yield from (path for path in known.files if matters(os.path.basename(path)) and not skips(os.path.dirname(path)))
    for repository in known.repositories:
        if not skips(repository) and not left_out(repository, excluded, folder=True):
            yield from _contents(repository, excluded, named=False)


def _ignored_above(folder: str, top: str | None) -> Iterator[Patterns]:
    """Yield the ignore files between a work tree's top and a folder in it; none if they leave out the folder itself."""
    if top is None:
        return
    between = [str(parent) for parent in reversed(Path(folder).parents) if parent.is_relative_to(top)]
    patterns = [own for parent in between if (own := ignore_file(parent))]
    if not left_out(folder, patterns, folder=True):
        yield from patterns


class _Skips:
    """Whether a folder that git knows of is one that a walk would not enter; remembers its answers."""

    def __init__(self, top: str, environments: frozenset[str]) -> None:
        self._environments = environments
        self._known = {top: False}

    def __call__(self, folder: str) -> bool:
        unknown = []
        while folder not in self._known:
            unknown.append(folder)
            folder = os.path.dirname(folder)
        skipped = self._known[folder]
        for below in reversed(unknown):
            skipped = skipped or os.path.basename(below) in SKIPPED or below in self._environments
            self._known[below] = skipped
        return skipped


class _Shown:
    """How the paths at and below one given path are shown."""

    def __init__(self, given: str, *, keep: bool) -> None:
        """Prepare for an absolute path and what stands below; outside the working directory `keep` them as they are."""
        here = os.path.join(os.getcwd(), "")
        self._inside = here if os.path.join(given, "").startswith(here) else None
        self._keep = keep

    def __call__(self, path: str) -> str:
        if self._inside is not None:
            path = path[len(self._inside) :] or "."
        elif not self._keep:
            path = _relative(path)
        return _printable(Path(path).as_posix())


def _relative(path: str) -> str:
    try:
        return os.path.relpath(path)
    except ValueError:  # on another drive
        return path


def _printable(path: str) -> str:
    if path.isprintable():
        return path
    return "".join(_escape(character) for character in path)


def _escape(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    if "\udc80" <= character <= "\udcff":  # a byte of the name that is no text
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")


def _reason(path: str, error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError) and os.path.islink(path):
        return "is a symbolic link that leads nowhere"
    return reason(error)
