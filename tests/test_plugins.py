"""A rule pack of others, installed as pip installs it: tests/data/pack is all that its authors write."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PACK = Path(__file__).parent / "data/pack"
BUILDSPEC = "version: 0.2\nrun-as: root\nphases: {build: {commands: [make]}}\n"
TESTS = """\
import pytest
from validator.testing import check_rule, findings, rule_ids

@pytest.mark.parametrize("rule_id", rule_ids("acme-rules"))
def test_documentation(rule_id):
    check_rule(rule_id)

def test_option():
    [finding] = findings("acme-root-user", {"buildspec.yml": "version: 0.2\\nrun-as: root\\n"}, instead="anvil")
    assert finding.help == "run it as 'anvil'"
"""

Ran = subprocess.CompletedProcess[str]
Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the pack to a folder of its own, without the network."""
    folder = tmp_path_factory.mktemp("pack")
    shutil.copytree(PACK, folder / "source")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--quiet"]
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        *options,
        "--target",
        str(folder / "site"),
        str(folder / "source"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "site"


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    """Run a module of Python where the pack is installed, in a folder with one buildspec."""
    (tmp_path / "buildspec.yml").write_text(BUILDSPEC)

    def run(*arguments: str, besides: Path | None = None) -> Ran:
        places = [str(installed), *([str(besides)] if besides else [])]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(places)}
        command = [sys.executable, "-m", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)

    return run


def test_its_rules_run(run: Run) -> None:
    ran = run("validator", "check", "--format", "concise")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == "buildspec.yml:2:9: warning: the build runs as root [acme-root-user]\n"


@pytest.mark.parametrize(
    ("option", "found"), [("--select=acme", 1), ("--select=iam", 0), ("--ignore=acme-root-user", 0)]
)
def test_its_rules_are_selected(run: Run, option: str, found: int) -> None:
    assert run("validator", "check", "--format", "concise", option).stdout.count("[acme-root-user]") == found


def test_its_rules_are_configured(run: Run, tmp_path: Path) -> None:
    text = '[severity]\nacme-root-user = "error"\n[rules.acme-root-user]\ninstead = "anvil"\n'
    (tmp_path / "stackproof.toml").write_text(text)
    ran = run("validator", "check", "--format", "full")
    assert ran.returncode == 1
    assert "help: run it as 'anvil'" in ran.stdout


def test_its_rules_fix(run: Run, tmp_path: Path) -> None:
    assert run("validator", "check", "--fix").stderr == "stackproof: 1 fixed\n"
    assert (tmp_path / "buildspec.yml").read_text() == BUILDSPEC.replace("root", "builder")


def test_its_rules_are_documented(run: Run) -> None:
    assert "A buildspec runs all its commands as root" in run("validator", "rules").stdout
    assert "Options, in `[rules.acme-root-user]`" in run("validator", "explain", "acme-root-user").stdout


def test_its_rules_are_tested_by_the_same_kit(run: Run, tmp_path: Path) -> None:
    (tmp_path / "test_acme.py").write_text(TESTS)
    ran = run("pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "test_acme.py")
    assert ran.returncode == 0, ran.stdout
    assert "2 passed" in ran.stdout


@pytest.mark.parametrize(
    ("module", "source", "fault"),
    [
        ("__init__", "import nowhere", "broken-rules: broken: No module named 'nowhere'"),
        ("star", "import nowhere", "broken-rules: broken.star: No module named 'nowhere'"),
        ("star", "x = 1", "broken-rules: broken.star: it holds 0 rules, expected one"),
        (
            "star",
            (PACK / "acme_rules/root_user.py").read_text(),
            "broken-rules: broken.star: its rule has the id 'acme-root-user', expected 'broken-star'",
        ),
    ],
)
def test_a_malformed_pack_ends_with_2_and_hides_nothing(
    run: Run, tmp_path: Path, module: str, source: str, fault: str
) -> None:
    site = tmp_path / "site"
    (site / "broken").mkdir(parents=True)
    (site / "broken_rules-1.0.dist-info").mkdir()
    (site / "broken_rules-1.0.dist-info/entry_points.txt").write_text("[stackproof.rules]\nbroken = broken\n")
    (site / "broken/__init__.py").write_text("")
    (site / f"broken/{module}.py").write_text(source)
    ran = run("validator", "check", "--format", "concise", besides=site)
    assert ran.returncode == 2
    assert ran.stderr.startswith(f"stackproof: {fault}")
    assert ran.stderr.count("\n") == 1
    assert ran.stdout == "buildspec.yml:2:9: warning: the build runs as root [acme-root-user]\n"
