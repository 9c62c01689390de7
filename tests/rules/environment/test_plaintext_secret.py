"""Rule environment-plaintext-secret."""

import pytest

from validator.testing import findings

RULE = "environment-plaintext-secret"


def spec(expect: str, sensitive: str = "") -> dict[str, str]:
    return {
        "spec.yml": f"envspec: 1\nsensitive: [{sensitive}]\nchecks:\n- {{id: a, resource: R, expect: {{{expect}}}}}\n"
    }


@pytest.mark.parametrize(
    ("expect", "sensitive", "severity"),
    [
        ("MasterUserPassword: hunter2hunter2", "'*Password'", None),
        ("MasterUserPassword: hunter2hunter2", "", "warning"),
        ("Environment: {Variables: {API_KEY: {equals: hunter2hunter2}}}", "", "warning"),
        ("Environment.Variables.API_KEY: {in: [hunter2hunter2, '${var.key}']}", "", "warning"),
        ("UserData: hunter2hunter2", "UserData", None),
    ],
)
def test_points_at_the_value(expect: str, sensitive: str, severity: str | None) -> None:
    [finding] = findings(RULE, spec(expect, sensitive))
    assert (finding.at.text, finding.severity) == ("hunter2hunter2", severity)


@pytest.mark.parametrize(
    "expect",
    [
        "MasterUserPassword: {exists: true}",
        "MasterUserPassword: '${param:Password}'",
        "MasterUserPassword: '{{resolve:secretsmanager:a}}'",
        "MasterUserPassword: {not: {empty: true}}",
        "AllowUsersToChangePassword: true",
        "SecretName: a-name",
        "DBName: hunter2hunter2",
    ],
)
def test_accepts(expect: str) -> None:
    assert not findings(RULE, spec(expect))
