"""Rule environment-legacy-unknown-property."""

import pytest

from validator.testing import findings

RULE = "environment-legacy-unknown-property"


def test_suggests_what_was_meant() -> None:
    text = "get_role:\n  Name: a\n  Properties:\n    AssumeRolePolicyDocumment: []\n"
    [finding] = findings(RULE, {"env-details.yml": text})
    assert (finding.at.span.line, finding.at.span.column) == (4, 5)
    assert finding.help == "did you mean 'AssumeRolePolicyDocument'?"


def test_looks_into_listeners() -> None:
    text = "describe_load_balancers: {Name: a, Properties: {Listeners: [{InstancePor: 80}]}}\n"
    [finding] = findings(RULE, {"env-details.yml": text})
    assert (finding.at.text, finding.help) == ("InstancePor", "did you mean 'InstancePort'?")


@pytest.mark.parametrize("size", ["1", "'1'"])
def test_accepts(size: str) -> None:
    text = f"describe_auto_scaling_groups: {{Name: a, Properties: {{MinSize: {size}, HealthCheckType: ELB}}}}\n"
    assert not findings(RULE, {"env-details.yml": text})
