"""Rule environment-unused-target."""

import pytest

from validator.testing import findings

RULE = "environment-unused-target"


def spec(checks: str) -> dict[str, str]:
    return {"spec.yml": f"envspec: 1\ntargets: {{a: {{stack: x}}, b: {{stack: y}}}}\nchecks: [{checks}]\n"}


def test_points_at_the_target() -> None:
    [finding] = findings(RULE, spec("{id: a, stack: ., targets: [a]}"))
    assert (finding.at.text, finding.at.is_key) == ("b", True)


@pytest.mark.parametrize("checks", ["", "{id: a, stack: .}", "{id: a, stack: ., targets: [a, b]}"])
def test_accepts(checks: str) -> None:
    assert not findings(RULE, spec(checks))
