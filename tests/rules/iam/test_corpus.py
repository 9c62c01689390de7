"""Policies that AWS accepts are not reported."""

from pathlib import Path

import pytest

from validator.rule import Severity
from validator.testing import findings

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "iam"
# No action of S3 matches 's3:Delete*PublicAccessBlock': what deletes the block needs s3:PutBucketPublicAccessBlock.
TRUE = {"cloudposse-scp/s3-policies_DenyS3BucketsPublicAccess.json"}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not there")
@pytest.mark.parametrize("rule_id", ["iam-shape", "iam-effect-case", "iam-unknown-action"])
def test_nothing_but_true_defects(rule_id: str) -> None:
    files = {str(path.relative_to(CORPUS)): path.read_text(encoding="utf-8") for path in CORPUS.glob("*/*.json")}
    found = {each.at.document.path for each in findings(rule_id, files) if each.severity is not Severity.NOTE}
    assert found == (TRUE if rule_id == "iam-unknown-action" else set())
