"""Rule appspec-octal-mode."""

import pytest

from validator.testing import check_rule, findings

RULE = "appspec-octal-mode"
TEXT = "version: 0.0\nos: linux\npermissions:\n  - object: /srv\n    mode: %s\nfiles: []\n"


def test_documentation() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("mode", "seen", "then"), [("0755", 493, "fails"), ("0644", 420, "sets that"), ("04755", 2541, "sets that")]
)
def test_says_what_the_agent_sees(mode: str, seen: int, then: str) -> None:
    [finding] = findings(RULE, {"appspec.yml": TEXT % mode})
    assert (finding.at.text, finding.at.span.line, finding.at.span.column) == (mode, 5, 11)
    assert finding.message == f"YAML reads the mode {mode} as the number {seen}, and CodeDeploy {then}"


@pytest.mark.parametrize("mode", ["755", "'0755'", '"4755"', "7", "07", "00", "", "true", "rwx", "0855"])
def test_accepts(mode: str) -> None:
    assert not findings(RULE, {"appspec.yml": TEXT % mode})
