"""Rule buildspec-artifacts-without-files."""

import pytest

from validator.testing import findings

RULE = "buildspec-artifacts-without-files"
HEAD = "version: 0.2\nphases: {build: {commands: [make]}}\n"


def test_points_at_the_artifacts() -> None:
    text = f"{HEAD}artifacts: {{secondary-artifacts: {{a: {{files: [b]}}}}}}\n"
    [finding] = findings(RULE, {"buildspec.yml": text})
    assert (finding.at.text, finding.subject) == ("artifacts", "files")
    assert not findings("buildspec-shape", {"buildspec.yml": text})


@pytest.mark.parametrize("artifacts", ["{name: a}", "{secondary-artifacts: {a: {name: b}}}"])
def test_an_artifact_of_nothing_is_the_business_of_its_shape(artifacts: str) -> None:
    [finding] = findings("buildspec-shape", {"buildspec.yml": f"{HEAD}artifacts: {artifacts}\n"})
    assert finding.subject == "files"


@pytest.mark.parametrize("artifacts", ["{files: [a], secondary-artifacts: {b: {files: [c]}}}", "{files: a}", ""])
def test_accepts(artifacts: str) -> None:
    assert not findings(RULE, {"buildspec.yml": f"{HEAD}artifacts: {artifacts}\n"})
