"""What a run on one buildspec imports: it is what a commit waits for."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {"boto3", "botocore", "cfnlint", "jmespath", "networkx", "rich", "sympy"}
RUN = """\
import json, sys
from validator.cli import main
code = main(["check", "--format", "concise", *sys.argv[1:]])
print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""


@pytest.fixture(scope="module", params=["folder", "file"])
def modules(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Check a folder that holds one buildspec, or the one file of the sample delivery as a commit hook does."""
    folder, arguments = ROOT, ["fixtures/delivery/buildspec.yml"]
    if request.param == "folder":
        folder, arguments = tmp_path_factory.mktemp("one"), []
        shutil.copy(ROOT / "fixtures/delivery/buildspec.yml", folder)
    command = [sys.executable, "-c", RUN, *arguments]
    run = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    code, names = json.loads(run.stderr)
    assert (code, run.stdout) == (0, "")
    return set(names)


def test_a_buildspec_needs_nothing_heavy(modules: set[str]) -> None:
    assert {name.partition(".")[0] for name in modules} & HEAVY == set()


def test_a_buildspec_needs_its_rules_only(modules: set[str]) -> None:
    rules = {name.split(".")[2] for name in modules if name.startswith("validator.rules.") and name.count(".") > 2}
    assert rules == {"buildspec", "document", "pipeline", "suppression"}
