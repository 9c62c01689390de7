"""Secrets that commands write into the log."""

import pytest

from validator.testing import check_rule, findings

RULE = "buildspec-echo-secret"
FETCHED = "TOKEN=$(aws secretsmanager get-secret-value --secret-id ci --query SecretString --output text)"
SPEC = """\
version: 0.2
env:
  variables: {{STAGE: test}}
  secrets-manager: {{DB_PASSWORD: "prod/db:password", ALL: prod/db, DB_HOST: "prod/db:host"}}
  parameter-store: {{IMAGE_TAG: /app/tag, KEY: /app/api-key}}
phases:
  build:
    commands:
      - {}
      - |
        {}
"""


def reported(command: str, before: str = FETCHED) -> list[tuple[str | None, str]]:
    found = findings(RULE, {"buildspec.yml": SPEC.format(before, command.replace("\n", "\n        "))})
    return [(one.severity and str(one.severity), one.at.text) for one in found]


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("echo $DB_PASSWORD", ("warning", "$DB_PASSWORD")),
        ('echo "a ${DB_PASSWORD:-none} b"', ("warning", "${DB_PASSWORD:-none}")),
        ("printf '%s' $KEY", ("warning", "$KEY")),
        ("echo $ALL", ("warning", "$ALL")),
        ("printenv DB_PASSWORD", ("warning", "DB_PASSWORD")),
        ("echo $TOKEN", (None, "$TOKEN")),
        ("echo $TOKEN >&2", (None, "$TOKEN")),
        ("echo $TOKEN 2>/dev/null", (None, "$TOKEN")),
        ("echo $TOKEN > /dev/stderr", (None, "$TOKEN")),
        ("echo $TOKEN | tee file", (None, "$TOKEN")),
        ('echo "$(echo "$TOKEN")"', (None, "$TOKEN")),
        ("{ echo $TOKEN; }", (None, "$TOKEN")),
        ("cd x && (echo $TOKEN)", (None, "$TOKEN")),
        ("if test -f x; then echo $TOKEN; fi", ("warning", "$TOKEN")),
        ("echo $AWS_SECRET_ACCESS_KEY", ("warning", "$AWS_SECRET_ACCESS_KEY")),
        ("export AWS_SESSION_TOKEN=$(cat x)\necho $AWS_SESSION_TOKEN", (None, "$AWS_SESSION_TOKEN")),
        ("set -x\ncurl -d $TOKEN x", ("warning", "set -x")),
        ("set -euxo pipefail\ncurl -d $TOKEN x", ("warning", "set -euxo pipefail")),
        ("set", ("warning", "set")),
    ],
)
def test_reports(command: str, expected: tuple[str | None, str]) -> None:
    assert reported(command) == [expected]


@pytest.mark.parametrize("command", ["env", "printenv", "env | sort", "env | tee environment"])
def test_reports_a_list_of_all_variables_where_a_fetched_one_is_exported(command: str) -> None:
    assert [severity for severity, _ in reported(command, "export " + FETCHED)] == ["warning"]


@pytest.mark.parametrize(
    "command",
    [
        *("echo $STAGE $IMAGE_TAG $DB_HOST", "echo '$TOKEN'", "echo \\$TOKEN", "# echo $TOKEN", "echo TOKEN"),
        *("echo ${TOKEN:+set}", "echo ${#TOKEN}", "echo $TOKEN > file", "echo $TOKEN >> file 2>&1", "> f echo $TOKEN"),
        *("echo $TOKEN | docker login --password-stdin", "{ echo $TOKEN; echo x; } > file", "echo $TOKEN > /dev/null"),
        *(
            "echo $TOKEN | tee file > /dev/null",
            "X=$(echo $TOKEN)",
            "curl -H @<(echo $TOKEN) x",
            "printf -v X %s $TOKEN",
        ),
        *("show() { echo $TOKEN; }", "for i in 1 2; do echo $TOKEN; done > file", "echo $TOKEN | sha256sum"),
        *("cat <<END > file\n$TOKEN\nEND", "echo <<END\n$TOKEN\nEND", "echo $AWS_ACCESS_KEY_ID $AWS_REGION"),
        *("set -e\ncurl -d $TOKEN x", "set -x\nmake\nset +x\ncurl -d $TOKEN x", "set +x\ncurl -d $TOKEN x", "env"),
        *("env | grep CODEBUILD", "env A=1 make", "printenv STAGE", "exec > log\necho $TOKEN", "TOKEN=x\necho $TOKEN"),
    ],
)
def test_accepts(command: str) -> None:
    assert not reported(command)


def test_leaves_powershell_alone() -> None:
    assert not reported("echo $DB_PASSWORD", "Get-ChildItem $env:TEMP")


def test_knows_a_fetched_variable_by_its_name_where_other_programs_change_the_answer() -> None:
    fetch = "aws secretsmanager get-secret-value --secret-id ci | jq -r .SecretString"
    assert reported("echo $DB_TOKEN", f"DB_TOKEN=$({fetch})") == [(None, "$DB_TOKEN")]
    assert not reported("echo $HOST", f"HOST=$({fetch})")


def test_names_where_the_secret_is_from() -> None:
    [finding] = findings(RULE, {"buildspec.yml": SPEC.format(FETCHED, "echo $TOKEN")})
    assert [(node.span.line, node.text) for node, _ in finding.related] == [(9, "TOKEN")]
