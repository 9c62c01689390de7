"""Rule environment-unknown-operator."""

import pytest

from validator.testing import findings

RULE = "environment-unknown-operator"


def test_points_at_the_key() -> None:
    text = "envspec: 1\nchecks:\n- {id: a, resource: A, expect: {Size: {gtee: 1}}}\n"
    [finding] = findings(RULE, {"spec.yml": text})
    assert (finding.at.span.line, finding.at.span.column, finding.help) == (3, 40, "did you mean 'gte'?")


def test_that_it_is_then_no_mapping_is_not_told_beside_it() -> None:
    check = "{id: a, call: elb.describe_load_balancers, expect: {LoadBalancerDescriptions: {sme: {a: 1}}}}"
    text = f"envspec: 1\nchecks:\n- {check}\n"
    assert not findings("environment-expectation-type", {"spec.yml": text})
    assert len(findings(RULE, {"spec.yml": text})) == 1


@pytest.mark.parametrize(
    "matcher",
    ["{version: '1.2', name: web}", "{versions: [1]}", "{Contains: 1}", "{gte: 1, lte: 2}", "{state: running}"],
)
def test_accepts(matcher: str) -> None:
    text = f"envspec: 1\nchecks:\n- {{id: a, call: eks.describe_cluster, expect: {{cluster: {matcher}}}}}\n"
    assert not findings(RULE, {"spec.yml": text})
