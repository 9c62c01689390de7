"""Secrets that are written into the log in another form."""

import pytest

from validator.testing import check_rule, findings

RULE = "buildspec-secret-transform"
SPEC = """\
version: 0.2
env:
  secrets-manager: {{DB_PASSWORD: "prod/db:password", ALL: prod/db}}
phases:
  build:
    commands:
      - |
        {}
"""


def reported(command: str) -> list[str]:
    return [one.at.text for one in findings(RULE, {"buildspec.yml": SPEC.format(command)})]


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("echo $DB_PASSWORD | base64", "base64"),
        ("printf %s $DB_PASSWORD | rev 2>/dev/null", "rev"),
        ("echo $DB_PASSWORD | xxd | tee file", "xxd"),
        ('base64 <<< "$DB_PASSWORD"', "$DB_PASSWORD"),
        ("echo ${DB_PASSWORD:0:4}", "${DB_PASSWORD:0:4}"),
        ("echo ${DB_PASSWORD%?}", "${DB_PASSWORD%?}"),
        ("echo $ALL | jq -r .password", "jq"),
    ],
)
def test_reports(command: str, expected: str) -> None:
    assert reported(command) == [expected]


@pytest.mark.parametrize(
    "command",
    [
        *("echo $DB_PASSWORD | base64 > file", "X=$(echo $DB_PASSWORD | base64)", "echo $DB_PASSWORD | sha256sum"),
        *("echo $DB_PASSWORD | base64 | docker login --password-stdin", "echo $STAGE | base64", "base64 <<< $STAGE"),
        *("echo $ALL | jq -r .username", "echo $DB_PASSWORD | wc -c", "echo ${#DB_PASSWORD}", "echo $DB_PASSWORD"),
        *("echo ${DB_PASSWORD:0:4} > file", "cat file | base64", "base64 file"),
    ],
)
def test_accepts(command: str) -> None:
    assert not reported(command)
