"""`npm install` beside a lock file."""

import pytest

from validator.testing import check_rule, findings

RULE = "buildspec-npm-install-with-lock"
SPEC = "version: 0.2\nphases:\n  build:\n    commands:\n      - {}\n"


def reported(command: str, lock: str = "package-lock.json", spec: str = "buildspec.yml") -> list[str]:
    return [one.at.text for one in findings(RULE, {spec: SPEC.format(command), lock: '{"lockfileVersion": 3}'})]


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("command", "lock", "spec"),
    [
        ("npm install", "package-lock.json", "buildspec.yml"),
        ("cd web && npm install --no-audit", "web/package-lock.json", "buildspec.yml"),
        ("npm install", "npm-shrinkwrap.json", "ci/buildspec.yml"),
        ("npm install", "app/package-lock.json", "app/buildspec.yml"),
    ],
)
def test_reports(command: str, lock: str, spec: str) -> None:
    assert reported(command, lock, spec) == ["install"]


@pytest.mark.parametrize(
    "command",
    ["npm ci", "npm install x", "npm install -g x", "cd web && npm install", "npm install --prefix web", "npm test"],
)
def test_accepts(command: str) -> None:
    assert not reported(command)


def test_accepts_without_a_lock_file() -> None:
    assert not reported("npm install", "other.json")
