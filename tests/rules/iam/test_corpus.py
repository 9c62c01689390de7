"""Policies that AWS accepts are not reported, but for what is truly wrong with them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "iam"
# Read one by one: what is reported worse than as a note, by rule and by the name of the file.
TRUE = {
    # Larger than any managed policy can be: AWS does not hold its own to the quota.
    "iam-size-exceeded": {
        "AIOpsAssistantPolicy.json", "AWSResourceExplorerServiceRolePolicy.json",
        "AmazonRDSCustomPreviewServiceRolePolicy.json",
        "AmazonSageMakerServiceCatalogProductsLambdaServiceRolePolicy.json",
        "SageMakerStudioAdminIAMPermissiveExecutionPolicy.json", "SageMakerStudioProjectProvisioningRolePolicy.json",
    },
    # aws:ViaAWSService is never the name of a service.
    # The encryption header is AES256 or aws:kms, never true.
    "iam-condition-type-mismatch": {"AIOpsAssistantPolicy.json", "s3-policies_DenyS3UnEncryptedObjectUploads.json"},
    "iam-condition-key-unknown": {"AmazonDataZoneGlueManageAccessRolePolicy.json"},
    # Each takes no resource, and the statement names ARNs only.
    "iam-action-needs-star": {
        "AWSBackupFullAccess.json", "AWSBudgetsSpendLimitMemberRolePolicy.json",
        "AWSTransformInfrastructureExecutorAccessBatch.json", "AmplifyBackendDeployFullAccess.json",
        "SageMakerStudioProjectProvisioningRolePolicy.json",
        "Protect-cloud-platform-resource_Deny-modifications-to-specific-Amazon-Lambda-functions.json",
    },
    "iam-resource-type-mismatch": {
        "AWSWAFConsoleReadOnlyAccess.json", "SageMakerStudioProjectProvisioningRolePolicy.json",
    },
    # iam:PassRole of any role to a service that runs code, and the means to run it.
    "iam-privilege-escalation": {"AWSDataPipelineRole.json", "AmazonDynamoDBFullAccesswithDataPipeline.json"},
    # No action of S3 matches it: what deletes the block needs s3:PutBucketPublicAccessBlock.
    "iam-unknown-action": {"s3-policies_DenyS3BucketsPublicAccess.json"},
    "iam-region-denylist": {"DenyRegions_DenyRegions.json"},
    "iam-confused-deputy": {
        "examples_security-hub_templates_aws-config__Resources_ConfigAuditBucketPolicy_Properties_PolicyDocument.json",
    },
}  # fmt: skip


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not there")
def test_nothing_but_true_defects(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "validator", "check", "--select", "iam", "--format", "json", str(CORPUS)]
    run = subprocess.run(command, capture_output=True, check=False, text=True, cwd=tmp_path)
    found: dict[str, set[str]] = {}
    for finding in json.loads(run.stdout)["findings"]:
        if finding["severity"] != "note":
            found.setdefault(finding["rule"], set()).add(Path(finding["path"]).name)
    assert found == TRUE
