"""The rule that CONTRIBUTING.md shows, put where it says and run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAMPLE = re.compile(r"`((?:rules|tests)/[\w/]+\.py)`[^`]*?````python\n(.*?)````\n", re.DOTALL)


@pytest.fixture
def samples() -> dict[str, str]:
    return dict(SAMPLE.findall((ROOT / "CONTRIBUTING.md").read_text()))


def test_the_sample_is_two_files(samples: dict[str, str]) -> None:
    assert [path.partition("/")[0] for path in samples] == ["rules", "tests"]


def test_the_sample_rule_passes_its_tests(tmp_path: Path, samples: dict[str, str]) -> None:
    # As installed, so that the rule is found as any other is.
    shutil.copytree(ROOT / "validator", tmp_path / "validator")
    for mapped in ("rules", "schemas"):
        shutil.copytree(ROOT / mapped, tmp_path / "validator" / mapped)
    (tmp_path / "stackproof-0.dist-info").mkdir()
    points = "[stackproof.rules]\nbuildspec = validator.rules.buildspec\n"
    (tmp_path / "stackproof-0.dist-info" / "entry_points.txt").write_text(points)
    for path, text in samples.items():
        place = tmp_path / (f"validator/{path}" if path.startswith("rules/") else path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    pytest_alone = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", os.devnull]
    run = subprocess.run(
        [*pytest_alone, "--import-mode=importlib", "tests"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "6 passed" in run.stdout


def test_the_sample_is_as_tidy_as_the_rest(samples: dict[str, str]) -> None:
    for path, text in samples.items():
        for tidy in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
            command = [sys.executable, "-m", "ruff", *tidy, "--stdin-filename", path, "-"]
            run = subprocess.run(command, cwd=ROOT, input=text, check=False, capture_output=True, text=True)
            assert run.returncode == 0, run.stdout + run.stderr
