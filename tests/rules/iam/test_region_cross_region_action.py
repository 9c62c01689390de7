"""Rule iam-region-cross-region-action."""

import json
from typing import Any

import pytest

from validator.testing import check_rule, findings

RULE = "iam-region-cross-region-action"
CONFIG = 'approved-regions = ["eu-central-1"]\n'


def files(*statements: dict[str, Any], config: str = CONFIG) -> dict[str, str]:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"policy.json": json.dumps(policy, indent=1), "stackproof.toml": config}


def allow(*actions: str, **elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*"} | elements


def only(key: str, operator: str = "StringEquals") -> dict[str, Any]:
    return {operator: {key: "eu-central-1"}}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_one_action_is_described() -> None:
    [finding] = findings(RULE, files(allow("ecr:GetAuthorizationToken", "ecr:PutReplicationConfiguration")))
    assert finding.message == (
        "ecr:PutReplicationConfiguration replicates images to registries of other regions, whichever region is called"
    )
    assert finding.help.startswith("leave it out where it is not needed")


def test_a_statement_is_one_finding_that_names_the_keys() -> None:
    [finding] = findings(RULE, files(allow("kms:*", "secretsmanager:Replicate*", "s3:PutReplicationConfiguration")))
    assert finding.message == (
        "s3:PutReplicationConfiguration, kms:ReplicateKey, kms:UpdatePrimaryRegion, "
        "secretsmanager:ReplicateSecretToRegions act on other regions, whichever is called"
    )
    assert finding.help == (
        "limit the region at the other end by kms:ReplicaRegion, kms:PrimaryRegion, secretsmanager:AddReplicaRegions"
    )


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([allow("*")], id="everything"),
        pytest.param([allow("*:*")], id="everything, with a colon"),
        pytest.param([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], id="NotAction"),
        pytest.param([allow("kms:ReplicateKey", Effect="Deny")], id="Deny"),
        pytest.param([allow("kms:CreateKey")], id="another action"),
        pytest.param([allow("kms:ReplicateKey", Condition=only("KMS:replicaregion"))], id="its key"),
        pytest.param([allow("kms:ReplicateKey"), allow("kms:*", Effect="Deny")], id="denied"),
        pytest.param(
            [
                allow("kms:ReplicateKey"),
                allow("kms:ReplicateKey", Effect="Deny", Condition=only("kms:ReplicaRegion", "StringNotEquals")),
            ],
            id="its key in a Deny",
        ),
    ],
)
def test_accepts(statements: list[dict[str, Any]]) -> None:
    assert not findings(RULE, files(*statements))


def test_that_a_key_is_there_limits_nothing() -> None:
    assert findings(RULE, files(allow("kms:ReplicateKey", Condition={"Null": {"kms:ReplicaRegion": "false"}})))


def test_nothing_is_said_where_regions_do_not_matter() -> None:
    assert not findings(RULE, files(allow("kms:ReplicateKey"), config=""))


def test_nor_of_what_is_exempt() -> None:
    exempt = CONFIG + 'exempt = { services = ["kms"], actions = ["S3:PutReplicationConfiguration"] }\n'
    assert not findings(RULE, files(allow("kms:*", "s3:*"), config=exempt))
