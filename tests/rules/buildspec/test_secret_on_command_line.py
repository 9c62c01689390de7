"""Passwords that programs are given on their command lines."""

import pytest

from validator.testing import check_rule, findings

RULE = "buildspec-secret-on-command-line"
SPEC = "version: 0.2\nphases:\n  build:\n    commands:\n      - |\n        {}\n"


def reported(command: str) -> list[str]:
    return [one.at.text for one in findings(RULE, {"buildspec.yml": SPEC.format(command)})]


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("docker login -u ci -p $P", "$P"),
        ('docker login --password="${P}" example.com', "${P}"),
        ("docker login -u AWS -p $(aws ecr get-login-password) x", "$(aws ecr get-login-password)"),
        ("helm registry login -p $P x", "$P"),
        ('curl -u "${CI_USER:-ci}:$P" https://example.com', "$P"),
        ("mysql -uroot -p$P", "$P"),
        ("sshpass -p $P ssh x", "$P"),
    ],
)
def test_points_at_the_password(command: str, expected: str) -> None:
    assert reported(command) == [expected]


@pytest.mark.parametrize(
    "command",
    [
        *("docker login -u ci --password-stdin", "docker login -u $U", "docker run -p $PORT:80 app", "curl -u $U: x"),
        *(
            "docker login -p Tr0ub4dor3",
            "curl -u $U x",
            "mysql -p",
            "mysql -P $PORT",
            "mkdir -p $P",
            "sshpass -e ssh x",
        ),
        *('curl -H "Authorization: Bearer $P" x', 'echo "docker login -p $P"', "# docker login -p $P"),
    ],
)
def test_accepts(command: str) -> None:
    assert not reported(command)


def test_is_milder_for_curl_which_hides_it() -> None:
    [finding] = findings(RULE, {"buildspec.yml": SPEC.format("curl -u a:$P x")})
    assert finding.severity == "note"
