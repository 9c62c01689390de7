"""Commands whose answers are secrets, in the log."""

import pytest

from validator.testing import check_rule, findings

RULE = "buildspec-credentials-in-log"
SPEC = "version: 0.2\nphases:\n  build:\n    commands:\n      - |\n        {}\n"


def reported(command: str) -> list[str | None]:
    return [one.severity and str(one.severity) for one in findings(RULE, {"buildspec.yml": SPEC.format(command)})]


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("command", "severity"),
    [
        ("aws secretsmanager get-secret-value --secret-id $ID", None),
        ("aws --region x secretsmanager get-secret-value --secret-id a | cat", None),
        ("test -f x && aws secretsmanager get-secret-value --secret-id a", "warning"),
        ("aws ssm get-parameter --name x --with-decryption", "warning"),
        ("aws sts assume-role --role-arn $ROLE --role-session-name x", "note"),
        ("aws sts assume-role --role-arn $ROLE --role-session-name x --query 'Credentials.[SecretAccessKey]'", "note"),
        ("aws ecr get-login-password", "note"),
    ],
)
def test_reports(command: str, severity: str | None) -> None:
    assert reported(command) == [severity]


@pytest.mark.parametrize(
    "command",
    [
        *("aws secretsmanager get-secret-value --secret-id a --query ARN", "aws ssm get-parameter --name x"),
        *("aws secretsmanager get-secret-value --secret-id a > f", "A=$(aws sts assume-role --role-arn x)"),
        *("aws sts assume-role --role-arn x --query AssumedRoleUser.Arn", "aws sts get-caller-identity"),
        *("aws sts assume-role --role-arn x --query Credentials.Expiration", "aws sts assume-role help"),
        *("aws ecr get-login-password | docker login --password-stdin", "aws secretsmanager describe-secret"),
        *("aws secretsmanager get-secret-value $OPTIONS", "echo aws secretsmanager get-secret-value"),
        "exec > log; aws secretsmanager get-secret-value --secret-id a",
    ],
)
def test_accepts(command: str) -> None:
    assert not reported(command)
