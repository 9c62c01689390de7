"""The files below a folder as git knows them: tracked, or untracked and not ignored."""

# Paths are strings here: pathlib would take most of the time over a large tree.
# ruff: noqa: PTH112, PTH114, PTH118

import os
import re
from pathlib import Path
from typing import NamedTuple

from validator.discover.walk import Unreadable

# A hook's git tells its children which repository to use; a listing asks the repository that the folder is in.
_OF_THE_CALLER = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"}
)
# The repository may be a stranger's: its configuration must not name a program for us to run.
_COMMAND = (
    *("git", "-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit"),
    *("ls-files", "-z", "--stage", "--cached", "--others", "--exclude-standard"),
)
_SECONDS = 60
_RECORD = re.compile(rb"(?:(?P<mode>\d{6}) [0-9a-f]{40,64} \d\t)?(?P<name>.+)", re.DOTALL)
_UNOPENED = re.compile(r"^warning: could not open directory '(.*?)/?': (.+)$", re.MULTILINE)
_SUBMODULE = b"160000"


class Listing(NamedTuple):
    """What git says of one folder; absolute paths, in no order.

    Attributes:
        files: Also those whose names do not matter, and some that are gone from the disk.
        repositories: Folders that are repositories of their own: submodules, clones.
    """

    files: tuple[str, ...]
    repositories: tuple[str, ...]
    unreadable: tuple[Unreadable, ...]


def work_tree(folder: str) -> str | None:
    """Find the folder with the `.git` that a folder, absolute, belongs to; None outside of git."""
    path = Path(folder)
    return next((str(above) for above in (path, *path.parents) if os.path.lexists(above / ".git")), None)


def listing(folder: str) -> Listing | None:
    """Ask git for the files below a folder of a work tree; None if it cannot say.

    It cannot where there is no git, where the repository is damaged or belongs to somebody else, or after a minute.
    """
    import subprocess  # noqa: PLC0415  # 5 ms

    environment = {name: value for name, value in os.environ.items() if name not in _OF_THE_CALLER}
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        run = subprocess.run(
            _COMMAND,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return _read(folder, run.stdout, os.fsdecode(run.stderr)) if run.returncode == 0 else None


def _read(folder: str, output: bytes, warnings: str) -> Listing:
    files: set[str] = set()
    repositories: set[str] = set()
    for record in filter(None, output.split(b"\0")):
        match = _RECORD.fullmatch(record)
        # `./` is the folder itself: a submodule that is not checked out.
        if match is None or match["name"] == b"./":
            continue
        path = os.path.join(folder, os.fsdecode(match["name"].rstrip(b"/")))
        if match["mode"] != _SUBMODULE and not match["name"].endswith(b"/"):
            files.add(path)
        elif not os.path.islink(path) and os.path.isdir(path):
            repositories.add(path)
    unreadable = tuple(Unreadable(os.path.join(folder, name), why.lower()) for name, why in _UNOPENED.findall(warnings))
    return Listing(tuple(files), tuple(repositories), unreadable)
