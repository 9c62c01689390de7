"""Secrets that are written out; the tokens are made up, and put together so that no scanner takes them for real."""

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "buildspec-plaintext-secret"
TOKEN = "ghp" + "_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3hJ5"
KEY = "AKIA" + "QW3RTY7UPA5DFGH2"
HEAD = "-----BEGIN RSA PRIVATE" + " KEY-----"
VARIABLES = "version: 0.2\nenv:\n  variables:\n    {}\nphases: {{build: {{commands: [make]}}}}\n"
COMMANDS = "version: 0.2\nphases:\n  build:\n    commands:\n      - {}\n"


def reported(text: str) -> list[tuple[str, str]]:
    found = findings(RULE, {"buildspec.yml": text})
    return [
        (str(one.severity or Severity.ERROR), one.at.document.text[one.at.region.start : one.at.region.end])
        for one in found
    ]


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"A: {TOKEN}", ("error", TOKEN)),
        (f'A: "https://{TOKEN}@github.com/x"', ("error", TOKEN)),
        (f"KEY_ID: {KEY}", ("error", KEY)),
        (f"A: {KEY.replace('AKIA', 'ASIA')}", ("warning", KEY.replace("AKIA", "ASIA"))),
        (
            "AWS_SECRET_ACCESS_KEY: aB3/dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3hJ5+k7",
            ("error", "aB3/dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3hJ5+k7"),
        ),
        ("DB_PASSWORD: Tr0ub4dor&3", ("warning", "Tr0ub4dor&3")),
        ("NPM_TOKEN: 'x9Kd82jLq0'", ("warning", "'x9Kd82jLq0'")),
    ],
)
def test_reports_what_a_variable_is_set_to(line: str, expected: tuple[str, str]) -> None:
    assert reported(VARIABLES.format(line)) == [expected]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (f"git clone https://{TOKEN}@github.com/x", ("error", TOKEN)),
        (f"'# {TOKEN}'", ("error", TOKEN)),
        ("export DB_PASSWORD=Tr0ub4dor&3x", ("warning", "Tr0ub4dor")),
        ('export DB_PASSWORD="Tr0ub4dor&3"', ("warning", "Tr0ub4dor&3")),
        ("docker login -u ci -p Tr0ub4dor3", ("warning", "Tr0ub4dor3")),
        ("curl -u ci:Tr0ub4dor3 https://example.com", ("warning", "Tr0ub4dor3")),
        ("mysql -uroot -pTr0ub4dor3", ("warning", "Tr0ub4dor3")),
        ("docker run -e DB_PASSWORD=Tr0ub4dor3 app", ("warning", "Tr0ub4dor3")),
        ("'docker run -e \"DB_PASSWORD=Tr0ub4dor3\" app'", ("warning", "Tr0ub4dor3")),
    ],
)
def test_reports_what_a_command_writes_out(command: str, expected: tuple[str, str]) -> None:
    assert reported(COMMANDS.format(command)) == [expected]


def test_reports_a_private_key_as_one() -> None:
    body = "MIIEpAIBAAKCAQEA1c7+9z5Pad7OejecsQ0buezAF3CgPIlWo9hyPBSVUg8/w7OM"
    text = VARIABLES.format(f"KEY: |\n      {HEAD}\n      {body}\n      {body[:20]}\n  # end")
    [(severity, found)] = reported(text)
    assert (severity, found.startswith(HEAD), found.rstrip().endswith(body[:20])) == ("error", True, True)


@pytest.mark.parametrize(
    "line",
    [
        *("EKSA_GIT_PRIVATE_KEY: /tmp/private-key", "DB_PASSWORD: $OTHER", "DB_PASSWORD: ${OTHER}", "TOKEN: ''"),
        *("SECRET_TOKEN: https://example.com/x", "API_KEY: arn:aws:secretsmanager:eu-west-1:1:secret:x"),
        *(
            "DB_PASSWORD: prod/db:password",
            "DB_PASSWORD: my-db-password",
            "API_KEY: MyApiKey",
            "SSH_PRIVATE_KEY: id_rsa",
        ),
        *("API_KEY: key.pem", "DB_PASSWORD: changeme", "DB_PASSWORD: <password>", "DB_PASSWORD: xxxxxxxx"),
        *("POSTGRES_PASSWORD: postgres", "DB_PASSWORD: test1234", "MYSQL_PWD: root", "MAX_TOKEN: 4096", "TOKEN: yes"),
        *(
            "SECRET_NAME: hunter2x9",
            "TOKENS: hunter2x9",
            "PWD: hunter2x9",
            "AWS_ACCESS_KEY_ID: AKIA" + "IOSFODNN7EXAMPLE",
        ),
        "AWS_SECRET_ACCESS_KEY: wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY",
        "A: ghp_" + "x" * 36,
        "A: xghp_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3hJ5",
    ],
)
def test_accepts_variables(line: str) -> None:
    assert not reported(VARIABLES.format(line))


@pytest.mark.parametrize(
    "command",
    [
        f"grep -q -- '{HEAD}' key.pem",
        "export DB_PASSWORD=$(cat /run/secrets/db)",
        'export DB_PASSWORD="${OTHER}-x9K"',
        "docker login -u ci -p $PASSWORD",
        "docker login -u ci --password-stdin",
        "docker run -e DB_PASSWORD app",
        "echo DB_PASSWORD=Tr0ub4dor3",
        "$env:DB_PASSWORD = 'Tr0ub4dor3'",
        "mysql -u root -p Tr0ub4dor3",  # which is the name of a database
    ],
)
def test_accepts_commands(command: str) -> None:
    assert not reported(COMMANDS.format(command))


def test_reads_the_variables_of_a_batch() -> None:
    text = "version: 0.2\nbatch:\n  build-list:\n    - env: {variables: {DB_PASSWORD: Tr0ub4dor3}}\n"
    assert reported(text) == [("warning", "Tr0ub4dor3")]


def test_asks_for_no_values_of_what_is_kept_elsewhere() -> None:
    text = "version: 0.2\nenv: {secrets-manager: {DB_PASSWORD: hunter2x9}}\nphases: {build: {commands: [make]}}\n"
    assert not reported(text)
