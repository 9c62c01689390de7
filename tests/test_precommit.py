"""The hooks of .pre-commit-hooks.yaml, run by pre-commit itself."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LEFT_BEHIND = shutil.ignore_patterns(
    ".git", ".venv", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis"
)

PARENT = """\
Resources:
  Network:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: child.yml
      Parameters:
        Colour: blue
"""
CHILD = """\
Parameters:
  Size: {Type: String, Default: small}
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !Ref Size
"""
BUILDSPEC = """\
version: 0.2
phases:
  build:
    commands:
      - echo "Stack: $STACK"
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Keep pre-commit and git away from this user's own, and skip where pip has no index to install from."""
    ask = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--no-deps",
        "--ignore-installed",
        "--retries",
        "0",
        "pathspec",
    ]
    if shutil.which("git") is None or subprocess.run(ask, check=False, capture_output=True).returncode:
        pytest.skip("pre-commit needs git, and a package index to build the hook's environment from")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "PRE_COMMIT_HOME": str(tmp_path / "home"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
    }


def committed(folder: Path, environment: dict[str, str]) -> Path:
    git = ["git", "-c", "user.name=nobody", "-c", "user.email=nobody@localhost", "-c", "core.autocrlf=false"]
    for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "all"]):
        subprocess.run([*git, *arguments], cwd=folder, env=environment, check=True, capture_output=True)
    return folder


def test_both_hooks_install_and_report(tmp_path: Path, environment: dict[str, str]) -> None:
    hooks = committed(Path(shutil.copytree(ROOT, tmp_path / "hooks", ignore=LEFT_BEHIND)), environment)
    user = tmp_path / "user"
    user.mkdir()
    for name, text in {"parent.yml": PARENT, "child.yml": CHILD, "buildspec.yml": BUILDSPEC}.items():
        (user / name).write_text(text)
    committed(user, environment)

    run = subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", "--color=never", hooks, "--files", "child.yml", "README.md"],
        cwd=user, env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip

    changed, _, whole = run.stdout.partition("hook id: stackproof-all")
    assert run.returncode == 1, run.stdout + run.stderr
    # The first hook is given child.yml alone: what it breaks in its parent is told, what stands elsewhere is not.
    assert "cloudformation-unknown-nested-parameter" in changed
    assert "parent.yml:7:9" in changed
    assert "buildspec.yml" not in changed.partition("hook id: stackproof")[2]
    # The second looks at the whole repository.
    assert "cloudformation-unknown-nested-parameter" in whole
    assert "buildspec-command-is-mapping" in whole
