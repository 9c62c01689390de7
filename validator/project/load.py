"""Loading: what was found becomes a project."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from validator import discover
from validator.discover import Found, Missed
from validator.project.files import Reader, connected
from validator.project.model import Project
from validator.settings import Layout

_LARGEST_CONTEXT = 2 * 2**20


def load(
    found: Iterable[Found | Missed],
    *,
    layout: Layout | None = None,
    base: Path | None = None,
    exclude: Iterable[str] = (),
) -> Project:
    """Read, parse and classify files and link them.

    When all files were named one by one, as a commit hook does, the project also holds what is connected with them,
    so that a link from an unchanged parent to a changed child is seen; findings are asked for at the named ones.

    Args:
        found: What discovery found.
        layout: What the configuration says of how files belong together.
        base: The folder that the configuration's globs are relative to; the working directory by default.
        exclude: Globs of files that are not looked at even as connected ones.
    """
    base = base or Path.cwd()
    layout = layout or Layout()
    reader = Reader(layout, base)
    named = sorted(found, key=lambda one: one.path)
    files = [reader.read(one) for one in named]
    folders = {one.file.parent for one in named if isinstance(one, Found)}
    roots = frozenset(_root(folder) for folder in folders or {Path.cwd()})
    given = None
    if files and all(file.given for file in files):
        given = frozenset(file.path for file in files)
        files += connected(files, _others(named, roots, exclude, base), _read, reader)
        files.sort(key=lambda file: file.path)
    return Project(tuple(files), layout=layout, reader=reader, roots=roots, given=given)


def _others(
    named: Iterable[Found | Missed], roots: Iterable[str], exclude: Iterable[str], base: Path
) -> Iterator[Found]:
    """Yield the files beside those that were named, under paths like theirs: absolute, or relative."""
    taken = {one.file.resolve() for one in named if isinstance(one, Found)}
    absolute = any(Path(one.path).is_absolute() for one in named)
    folders = [root if absolute else os.path.relpath(root) for root in sorted(roots)]
    for one in discover.files(folders, exclude=tuple(exclude), root=base):
        if isinstance(one, Found) and one.file.resolve() not in taken:
            yield one


def _read(found: Found) -> bytes:
    try:
        with found.file.open("rb") as stream:
            data = stream.read(_LARGEST_CONTEXT + 1)
    except OSError:
        return b""
    return data if len(data) <= _LARGEST_CONTEXT else b""


def _root(folder: Path) -> str:
    """Give the folder that a file's relations are looked for in.

    It is the git work tree around the file; without one the working directory if the file lies in it, else the file's
    own folder.
    """
    real = folder.resolve()
    for parent in (real, *real.parents):
        if (parent / ".git").exists():
            return str(parent)
    here = Path.cwd().resolve()
    return str(here if real.is_relative_to(here) else real)
