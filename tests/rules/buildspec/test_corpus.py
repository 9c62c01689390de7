"""Buildspecs that people use are reported for true defects only."""

from pathlib import Path

import pytest

from validator.testing import findings

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
RULES = (
    *("batch-dependency", "batch-identifier", "batch-kinds", "cache-keys", "command-is-mapping", "command-not-string"),
    *("command-starts-with-dash", "empty-command", "env-name", "env-not-expanded", "glob-stray-quote", "glob-syntax"),
    *("joined-commands", "no-phases", "secret-reference", "shape", "too-many-reports", "unknown-key"),
)
ADF = "awslabs+aws-deployment-framework__samples~sample-"
TRUE = {
    # All its siblings have a version.
    "buildspec-shape": {
        "aws+eks-anywhere-build-tooling__projects~fluxcd~source-controller~buildspecs~batch-build.yml": 15,
    },
    # A dash without a command behind it.
    "buildspec-empty-command": {
        "aws-samples+aws-container-devsecops-workshop__initial-pipeline~initial-commit~buildspec_push.yml": 11,
    },
    # A double quote within single quotes.
    "buildspec-glob-stray-quote": {
        f"{ADF}codebuild-vpc~buildspec.yml": 28,
        f"{ADF}mono-repo~apps~alpha~buildspec.yml": 27,
        f"{ADF}mono-repo~apps~beta~buildspec.yml": 27,
    },
}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not there")
@pytest.mark.parametrize("rule_id", [f"buildspec-{name}" for name in RULES])
def test_nothing_but_true_defects(rule_id: str) -> None:
    single = {f"{path.stem}/buildspec.yml": path for path in sorted((CORPUS / "buildspec").iterdir())}
    nested = sorted((CORPUS / "nested").rglob("*buildspec*.y*ml"))
    paths = single | {path.relative_to(CORPUS).as_posix(): path for path in nested}
    files = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
    found = [finding.at.span for finding in findings(rule_id, files)]
    assert {f"{at.path.partition('/')[0]}.yml": at.line for at in found} == TRUE.get(rule_id, {})
    assert len(found) == len(TRUE.get(rule_id, {}))
