"""Rule environment-no-account-guard."""

import pytest

from validator.testing import findings

RULE = "environment-no-account-guard"


@pytest.mark.parametrize("name", ["prod", "eu-prod", "PRODUCTION", "prod2", "web.prd.eu"])
def test_production(name: str) -> None:
    [finding] = findings(RULE, {"spec.yml": f"envspec: 1\ntargets: {{{name}: {{stack: a}}}}\n"})
    assert (finding.at.text, finding.at.is_key) == (name, True)


@pytest.mark.parametrize(
    "target",
    [
        "test: {stack: a}",
        "product: {stack: a}",
        "delivery: {stack: a}",
        "live: {stack: a}",
        "prod: {account: '123456789012'}",
        "prod: {role_arn: 'arn:aws:iam::123456789012:role/a'}",
        "prod: {endpoint_url: 'http://127.0.0.1:5000'}",
    ],
)
def test_accepts(target: str) -> None:
    assert not findings(RULE, {"spec.yml": f"envspec: 1\ntargets: {{{target}}}\n"})
