"""README.md shows what is so."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from validator.testing import findings

ROOT = Path(__file__).parents[1]
FILE = ROOT / "README.md"
README = FILE.read_text()

ASKED = ("s3:CreateBucket", "kms:CreateKey", "ec2:RunInstances", "iam:CreateRole")
# What stands behind which mark: the command, the folder it is run in, its exit code.
OUTPUTS = {
    "<!-- output of the first line -->": (("check", "fixtures/delivery"), ".", 1),
    "<!-- output of reach -->": (("reach", "policies/deploy-role.json"), "fixtures/delivery", 0),
    "<!-- output of reach for an SCP -->": (
        ("reach", "scp.json", *(f"--action={one}" for one in ASKED)),
        "fixtures/invalid/iam-region-guard-incomplete/kms-left-out",
        1,
    ),
    "<!-- output of tree -->": (("tree", "templates/root.yml"), "fixtures/delivery", 0),
}


def block(behind: str, language: str) -> str:
    """Take the first code block of a language behind a text."""
    found = re.search(rf"^```{language}\n(.*?)^```$", README.partition(behind)[2], re.DOTALL | re.MULTILINE)
    assert found, behind
    return found[1]


@pytest.mark.parametrize("mark", OUTPUTS)
def test_shows_true_output(mark: str, *, update: bool) -> None:
    arguments, folder, code = OUTPUTS[mark]
    command = [sys.executable, "-m", "validator", *arguments]
    run = subprocess.run(command, cwd=ROOT / folder, check=False, capture_output=True, text=True)
    assert (run.stderr, run.returncode) == ("", code)
    shown = block(mark, "text")
    if update:
        text = FILE.read_text()
        FILE.write_text(text.replace(f"{mark}\n```text\n{shown}", f"{mark}\n```text\n{run.stdout.rstrip()}\n"))
    else:
        assert shown.rstrip() == run.stdout.rstrip()


def test_shows_the_sample_of_a_validation_stage() -> None:
    sample = (ROOT / "fixtures/valid/validation-stage/buildspec.yml").read_text()
    assert sample.endswith(block("## In CodeBuild", "yaml"))


def test_shows_a_configuration_that_is_one() -> None:
    for behind in ("## Configuration", "In the configuration, by rule"):
        assert not findings("suppression-unused", {"stackproof.toml": block(behind, "toml")})


def test_shows_a_comment_that_suppresses() -> None:
    assert not findings("suppression-unused", {"buildspec.yml": block("### Accepting findings", "yaml")})


def test_names_the_command_of_the_package() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert list(scripts) == ["stackproof"]


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?://)([^)#]+)", README))))
def test_links_to_what_exists(link: str) -> None:
    assert (ROOT / link).exists()
