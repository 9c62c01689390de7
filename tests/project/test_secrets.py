"""Which scalars must not be shown."""

import pytest

from validator.document import Value
from validator.project.secrets import identifier_like, in_clear, secret_like

from .conftest import Loading

CHILD = """\
Parameters: {Hidden: {Type: String, NoEcho: true}, Open: {Type: String}}
Resources: {T: {Type: AWS::SNS::Topic}}
"""
BUILD = """\
Resources:
  B:
    Type: AWS::CodeBuild::Project
    Properties:
      Environment:
        EnvironmentVariables:
          - {Name: API_TOKEN, Value: t1}
          - {Name: DB_PASSWORD, Value: /p, Type: PARAMETER_STORE}
          - {Name: STAGE, Value: x}
"""
SPEC = """\
version: 0.2
env: {variables: {NPM_TOKEN: t2, STAGE: x, DB_PASSWORD: $OTHER}}
phases: {build: {commands: [make]}}
"""
PARENT = """\
Parameters:
  Handed: {Type: String, Default: d1}
  Other: {Type: String, Default: d2}
  Pin: {Type: Number, NoEcho: true, Default: 1234}
  Empty: {Type: String, NoEcho: true, Default: ""}
  DbPassword: {Type: String, Default: d3}
Conditions: {C: !Equals [!Ref Other, x]}
Resources:
  A:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yml, Parameters: {Hidden: PLACE, Open: plain}}
"""


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        ("literal", ["1234", "d3", "literal"]),
        ("!Ref Handed", ["d1", "1234", "d3"]),
        ("!If [C, one, !Ref Handed]", ["d1", "1234", "d3", "one"]),
        ("!If [C, one, !If [C, two, !GetAtt T.Name]]", ["1234", "d3", "one", "two"]),
        ("'{{resolve:ssm-secure:/x}}'", ["1234", "d3"]),
        ("!Sub 'x${Handed}'", ["1234", "d3", "'x${Handed}'"]),
    ],
)
def test_in_templates(passed: str, expected: list[str], loaded: Loading) -> None:
    project = loaded({"child.yml": CHILD, "parent.yml": PARENT.replace("PLACE", passed)})
    assert [node.text for node in project.secrets] == expected


def test_in_parameter_files_by_the_names_that_are_hidden_anywhere(loaded: Loading) -> None:
    values = '{"Hidden": "h", "Handed": "i", "Open": "o", "ApiKey": "k", "Pin": "12", "SecretArn": "arn:aws:x"}'
    files = {
        "config.json": f'{{"Parameters": {values}}}',
        "child.yml": CHILD,
        "parent.yml": PARENT.replace("PLACE", "!Ref Handed"),
    }
    found = [node.value for node in loaded(files).secrets if node.document.path == "config.json"]
    assert found == ["h", "i", "k", "12"]


def test_in_builds(loaded: Loading) -> None:
    assert [node.value for node in loaded({"t.yml": BUILD, "buildspec.yml": SPEC}).secrets] == ["t1", "t2"]


@pytest.mark.parametrize(
    "name",
    ["Password", "DB_PASSWORD", "MasterUserPassword", "ApiKey", "api-key", "SecretValue", "GitHubToken", "passwd"],
)
def test_secret_like(name: str) -> None:
    assert secret_like(name)


@pytest.mark.parametrize(
    "name", ["SecretArn", "SecretName", "SecretId", "KeyPair", "Tokens", "PasswordLength", "KmsKeyId"]
)
def test_not_secret_like(name: str) -> None:
    assert not secret_like(name)


@pytest.mark.parametrize(
    "name",
    [
        *("DbUser", "MasterUserName", "DBUsername", "ADMIN_USER", "OperatorEmail", "admin"),
        *("AccountId", "ACCOUNT_ID", "SecretArn", "db-secret-name", "id", "HookUrl"),
    ],
)
def test_identifier_like(name: str) -> None:
    assert identifier_like(name)


@pytest.mark.parametrize(
    "name", ["Password", "UserPassword", "AdminPassword", "UserToken", "Paid", "Curl", "MasterKey"]
)
def test_not_identifier_like(name: str) -> None:
    assert not identifier_like(name)


@pytest.mark.parametrize("value", ["hunter2", "dbpAssw0rd", "correct horse", 1234, "replica7", "xyzzy"])
def test_in_clear(value: str | int) -> None:
    assert in_clear(value)


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            "{{resolve:ssm:/x}}",
            "$PASSWORD",
            "${PASSWORD}",
            "$(cat pw)",
            "/db/password",
            "https://x/y",
            "arn:aws:x",
        ),
        *(
            "__PW__",
            "@PW@",
            "<your password>",
            "{{ pw }}",
            "CHANGEME",
            "change_it",
            "TODO",
            "xxxx",
            "FFFF",
            "none",
            "n/a",
        ),
        *("PASSWORD_PLACEHOLDER", "REPLACE_ME", True, None, ["a"], {"Ref": "X"}),
    ],
)
def test_not_in_clear(value: Value) -> None:
    assert not in_clear(value)
