"""A project of texts, all of it or as a commit hook names files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import pytest

from validator import discover
from validator.project import Project, load
from validator.settings import Layout


class Loading(Protocol):
    def __call__(self, files: Mapping[str, str], *given: str, layout: Layout | None = None) -> Project: ...


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loading:
    """Write files below a folder that is the working directory from then on; load it all, or the given files."""

    def make(files: Mapping[str, str], *given: str, layout: Layout | None = None) -> Project:
        folder = tmp_path / "project"
        (folder / ".git").mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text.encode())
        monkeypatch.chdir(folder)
        return load(discover.files(given or ["."]), layout=layout)

    return make
