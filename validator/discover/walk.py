"""The files below a folder by walking it, where git cannot say."""

import errno
import os
from collections.abc import Iterator
from typing import NamedTuple

from validator.discover.patterns import Patterns, ignore_file, left_out

# Folders of other programs: nothing below them was written for this delivery. SAM's build folder holds a rewritten copy
# of each template; `cdk.out` is not here, since its templates stand nowhere else.
SKIPPED = frozenset(
    {
        *(".git", ".hg", ".svn", ".aws-sam", ".serverless", ".terraform", ".terragrunt-cache"),
        *(".tox", ".nox", ".venv", "__pycache__", "node_modules"),
    }
)
# A Python environment, whatever its name.
ENVIRONMENT = "pyvenv.cfg"

_SUFFIXES = (".json", ".yaml", ".yml", ".template", ".sh")
_NAMES = frozenset({"buildspec", "makefile", "samconfig.toml"})


class Unreadable(NamedTuple):
    """A folder, absolute, that could not be listed, and why."""

    path: str
    reason: str


def matters(name: str) -> bool:
    """Say whether a file of this name can be one of ours."""
    lower = name.lower()
    return lower.endswith(_SUFFIXES) or lower in _NAMES


def walk(top: str, patterns: tuple[Patterns, ...] = ()) -> Iterator[str | Unreadable]:
    """Yield the files below a folder whose names matter, in no order; ignore files found on the way hold.

    Links to folders are not followed: what they lead to is met under its own path, or lies outside.

    Args:
        top: Absolute path of the folder.
        patterns: What is left out, outermost first.
    """
    stack = [(top, patterns)]
    while stack:
        folder, above = stack.pop()
        try:
            with os.scandir(folder) as entries:
                found = [(entry.name, entry.path, entry.is_dir(follow_symlinks=False)) for entry in entries]
        except OSError as error:
            yield Unreadable(folder, reason(error))
            continue
        names = {name for name, _, _ in found}
        if ENVIRONMENT in names and folder != top:
            continue
        own = ignore_file(folder) if ".gitignore" in names else None
        holding = (*above, own) if own else above
        for name, path, is_folder in found:
            if name in SKIPPED if is_folder else not matters(name):
                continue
            if left_out(path, holding, folder=is_folder):
                continue
            if is_folder:
                stack.append((path, holding))
            else:
                yield path


def reason(error: OSError | ValueError) -> str:
    """Say in a few words why a path could not be looked at."""
    if isinstance(error, FileNotFoundError):
        return "does not exist"
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return "is a symbolic link that leads in a circle"
    return str((isinstance(error, OSError) and error.strerror) or error).lower()
