"""Rule environment-unbounded-wait."""

import pytest

from validator.testing import findings

RULE = "environment-unbounded-wait"


def spec(timeout: str) -> dict[str, str]:
    text = f"envspec: 1\ndefaults: {{wait: {{timeout: {timeout}}}}}\n"
    return {"spec.yml": f"{text}checks: [{{id: a, stack: .}}, {{id: b, stack: .}}]\n"}


@pytest.mark.parametrize("timeout", ["61m", "2h", "3601"])
def test_points_at_the_time_once(timeout: str) -> None:
    [finding] = findings(RULE, spec(timeout))
    assert finding.at.text == timeout


@pytest.mark.parametrize("timeout", ["1h", "3600", "'${var.t}'"])
def test_accepts(timeout: str) -> None:
    assert not findings(RULE, spec(timeout))


def test_the_limit_is_an_option() -> None:
    assert findings(RULE, spec("20m"), longest="10m")
