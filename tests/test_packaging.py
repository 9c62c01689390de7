"""What is shipped: built from a copy of the checkout, without the network."""

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from configparser import ConfigParser
from email.message import Message
from email.parser import Parser
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[1]
LEFT_BEHIND = shutil.ignore_patterns(
    ".git", ".venv", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis"
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(ROOT, tmp_path_factory.mktemp("packaging") / "checkout", ignore=LEFT_BEHIND))


@pytest.fixture(scope="module")
def wheel(checkout: Path) -> Path:
    return build("wheel", checkout)


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)  # noqa: S202  # our own wheel
    return folder


@pytest.fixture(scope="module")
def metadata(unpacked: Path) -> Path:
    [folder] = unpacked.glob("*.dist-info")
    return folder


def build(what: str, checkout: Path) -> Path:
    """Call the build backend in place of a build front end, which would want an index."""
    code = f"from setuptools import build_meta; build_meta.build_{what}('dist')"
    subprocess.run([sys.executable, "-c", code], cwd=checkout, check=True, capture_output=True)
    [file] = (checkout / "dist").glob({"wheel": "*.whl", "sdist": "*.tar.gz"}[what])
    return file


def members(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def sources(folder: str, keep: Callable[[Path], bool]) -> set[str]:
    files = (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(ROOT / folder).as_posix() for path in files if keep(path)}


def test_wheel_holds_one_import_root_and_nothing_else(wheel: Path) -> None:
    roots = {PurePosixPath(name).parts[0] for name in members(wheel)}
    assert {root for root in roots if not root.endswith(".dist-info")} == {"validator"}


@pytest.mark.parametrize(
    ("folder", "place"),
    [("validator", "validator/"), ("rules", "validator/rules/"), ("schemas", "validator/schemas/")],
)
def test_wheel_holds_all_code_and_data(wheel: Path, folder: str, place: str) -> None:
    shipped = sources(folder, lambda path: path.suffix in {".py", ".json", ".typed", ".gz"})
    assert shipped
    assert {place + name for name in shipped} <= members(wheel)


def test_wheel_holds_what_the_code_reads_at_run_time(wheel: Path) -> None:
    assert members(wheel) > {"validator/py.typed", "validator/rules/__init__.py", "validator/schemas/report.json"}
    assert any(name.startswith("validator/iam/data/") and name.endswith(".json") for name in members(wheel))


def test_wheel_names_its_command_and_its_rule_families(metadata: Path) -> None:
    points = ConfigParser()
    points.read(metadata / "entry_points.txt")
    families = {path.name for path in (ROOT / "rules").iterdir() if (path / "__init__.py").is_file()}
    assert dict(points["console_scripts"]) == {"stackproof": "validator.cli:main"}
    assert dict(points["stackproof.rules"]) == {name: f"validator.rules.{name}" for name in families}


def test_metadata_says_what_an_index_and_pip_need(metadata: Path) -> None:
    read: Message = Parser().parsestr((metadata / "METADATA").read_text())
    assert (read["Name"], read["License-Expression"], read["Requires-Python"]) == ("stackproof", "Apache-2.0", ">=3.11")
    assert (metadata / "licenses" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert (ROOT / "README.md").read_text() in read.get_payload()


def test_wheel_runs_on_its_own(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "buildspec.yml").write_text("version: 0.2\nphases:\n  biuld:\n    commands: [make]\n")
    code = f"""
import sys
sys.path.insert(0, {str(unpacked)!r})
from validator import cli
code = cli.main(["check", "--format", "concise"])
print(cli.__file__, file=sys.stderr)
sys.exit(code)
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert (run.stderr, run.returncode) == (f"{unpacked / 'validator/cli/__init__.py'}\n", 1)
    assert re.fullmatch(r"buildspec.yml:3:3: error: .* \[buildspec-unknown-key\]\n", run.stdout)


def test_sdist_holds_the_tests_and_builds_the_same_wheel(checkout: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(build("sdist", checkout)) as archive:
        # Security releases of 3.11 know the filter, the first ones do not.
        options = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(tmp_path, **options)  # type: ignore[arg-type]  # noqa: S202  # our own archive
    [folder] = tmp_path.iterdir()
    for wanted in ("fixtures/delivery/buildspec.yml", "tests/test_packaging.py", "LICENSE", ".ci/run"):
        assert (folder / wanted).is_file(), wanted
    assert members(build("wheel", folder)) == members(wheel)
