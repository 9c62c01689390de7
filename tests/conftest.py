"""What tests share: goldens that can be rewritten, projects and rules made of texts."""

import itertools
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from validator import discover
from validator.project import Project, load
from validator.registry import Entry, Registry

# A busy machine is no reason to fail.
settings.register_profile("stackproof", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("stackproof")

_numbers = itertools.count()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite expected.txt files; then read the diff")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether expected output is to be rewritten rather than compared."""
    return bool(request.config.getoption("--update"))


@pytest.fixture
def project_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Mapping[str, str]], Project]:
    """Make a project of texts by path, in a folder that is the working directory from then on."""

    def make(files: Mapping[str, str]) -> Project:
        folder = tmp_path / "project"
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text.encode())
        monkeypatch.chdir(folder)
        return load(discover.files(["."]), base=folder)

    return make


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Make an importable package of sources by module name; give its name."""

    def make(modules: Mapping[str, str], init: str = "") -> str:
        name = f"pack{next(_numbers)}"
        (tmp_path / "site" / name).mkdir(parents=True)
        for module, source in {"__init__": init, **modules}.items():
            (tmp_path / "site" / name / f"{module}.py").write_text(source)
        monkeypatch.syspath_prepend(tmp_path / "site")
        return name

    return make


@pytest.fixture
def rules_of(package: Callable[..., str]) -> Callable[..., Registry]:
    """Make a registry of one family, `pack`, of the bodies of its rules by module name."""

    def make(bodies: Mapping[str, str], init: str = "") -> Registry:
        modules = {module: _rule(module, body) for module, body in bodies.items()}
        return Registry([Entry("pack", package(modules, init), "acme-pack")])

    return make


def _rule(module: str, body: str) -> str:
    """Write a rule's module; a body is its parameters, then code; above `---` may stand arguments of the decorator."""
    decoration, _, rest = body.strip().rpartition("\n---\n")
    parameters, _, code = rest.partition("\n")
    lines = "".join(f"    {line}\n" for line in code.split("\n"))
    return (
        "from validator.document import Document\n"
        "from validator.project import Project, Suppression\n"
        "from validator.rule import Edit, Finding, Severity, Undecided, rule\n"
        "from validator.settings import Settings\n\n"
        f"@rule('pack-{module.replace('_', '-')}', Severity.ERROR{decoration})\n"
        f"def check({parameters}):\n{lines}"
    )


def imported(package: str) -> set[str]:
    """Say which modules of a package are imported."""
    return {name.rpartition(".")[2] for name in sys.modules if name.startswith(package + ".")}
