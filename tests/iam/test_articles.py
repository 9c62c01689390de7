"""What is proved of policies like those that AWS's articles show; the texts are fixtures of the whole tool."""

from pathlib import Path

import pytest

from validator import config, discover
from validator.iam.catalogue import READS, details
from validator.iam.proof import Proof
from validator.iam.sets import prove_set
from validator.project import load
from validator.testing import findings, registry

FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture
def proofs(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> list[Proof]:
    """Prove the policies of a fixture as it is configured."""
    folder = FIXTURES / request.param
    monkeypatch.chdir(folder)
    found = config.read(Path(config.NAME), config.NAME, registry())
    project = load(discover.files(["."], root=folder), layout=found.layout, base=folder)
    return [prove_set(policies, found.settings) for policies in project.policy_sets]


@pytest.mark.parametrize("proofs", ["invalid/iam-region-escape/reads-anywhere"], indirect=True)
def test_reads_everywhere_and_writes_in_one_region_are_confined(proofs: list[Proof]) -> None:
    [proof] = proofs
    assert proof.verdict == "confined"
    assert proof.homes == ("iam",)
    assert proof.reads is not None
    known = details(proof.reads.action)
    assert known is not None
    assert known.level & READS


@pytest.mark.parametrize("proofs", ["invalid/iam-arn-missing-region-or-account/secret-read"], indirect=True)
def test_a_secret_without_region_and_account_is_none_that_could_be_read(proofs: list[Proof]) -> None:
    [proof] = proofs
    assert (proof.verdict, proof.reads) == ("confined", None)


def test_the_secret_is_reported_with_its_arn_as_it_should_be() -> None:
    rule_id = "iam-arn-missing-region-or-account"
    text = (FIXTURES / "invalid" / rule_id / "secret-read" / "read-secret.json").read_text("utf-8")
    [finding] = findings(rule_id, {"read-secret.json": text})
    assert finding.help.startswith("write 'arn:aws:secretsmanager:")
    assert finding.help.endswith(":secret:orders/database-??????'")


@pytest.mark.parametrize("proofs", ["valid/redshift-federation"], indirect=True)
def test_a_policy_variable_in_the_name_of_a_resource_leaves_its_region_certain(proofs: list[Proof]) -> None:
    assert [(proof.verdict, proof.reads) for proof in proofs] == [("confined", None)] * 2


@pytest.mark.parametrize("proofs", ["valid/codepipeline-role"], indirect=True)
def test_arns_in_the_region_of_the_stack_confine_a_role(proofs: list[Proof]) -> None:
    [proof] = proofs
    assert (proof.verdict, proof.homes) == ("confined", ("iam",))


@pytest.mark.parametrize("proofs", ["invalid/iam-region-escape/codepipeline-role"], indirect=True)
def test_of_a_role_with_such_arns_what_is_allowed_on_all_resources_escapes(proofs: list[Proof]) -> None:
    [proof] = proofs
    assert proof.verdict == "escapes"
    assert [witness.action for witness in proof.witnesses] == ["ecs:RegisterTaskDefinition", "ecs:UpdateService"]
    assert {witness.decision.allow and witness.decision.allow.statement.sid for witness in proof.witnesses} == {
        "RollOut"
    }
