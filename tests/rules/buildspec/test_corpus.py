"""Buildspecs that people use are reported for true defects only."""

from pathlib import Path

import pytest

from validator.testing import findings

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "buildspec"
TRUE = {
    # All its siblings have a version.
    ("buildspec-shape", "aws+eks-anywhere-build-tooling__projects~fluxcd~source-controller~buildspecs~batch-build.yml"),
}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not there")
@pytest.mark.parametrize("rule_id", ["buildspec-shape", "buildspec-unknown-key", "buildspec-command-is-mapping"])
def test_nothing_but_true_defects(rule_id: str) -> None:
    files = {f"{path.stem}/buildspec.yml": path.read_text(encoding="utf-8") for path in CORPUS.iterdir()}
    found = {(rule_id, f"{finding.at.document.path.partition('/')[0]}.yml") for finding in findings(rule_id, files)}
    assert found == {each for each in TRUE if each[0] == rule_id}
