"""Which scalars must not be shown."""

import re
from pathlib import Path

import pytest

from validator.cli import main
from validator.document import Value
from validator.project.secrets import identifier_like, in_clear, is_example, secret_like, tokens

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


# --- what is known by its form ---------------------------------------------------------------------------------------

# Made up, and put together so that no scanner takes them for real.
TOKENS = {
    "an access key id of AWS": "AKIA" + "QW3RTY7UPA5DFGH2",
    "a temporary access key id of AWS": "ASIA" + "QW3RTY7UPA5DFGH2",
    "a token of GitHub": "ghp" + "_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3hJ5",
    "a token of GitLab": "glpat" + "-aB3dE5gH7jK9mN1pQ3sT",
    "a token of Slack": "xoxb" + "-123456780123-aB3dE5gH7jK9mN1p",
    "a token of npm": "npm" + "_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3hJ5",
    "a token of PyPI": "pypi" + "-AgE" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3hJ5" * 2,
    "a token of Docker Hub": "dckr" + "_pat_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9",
    "a live key of Stripe": "sk" + "_live_aB3dE5gH7jK9mN1pQ3sT5vW7",
    "a key of SendGrid": "SG" + ".aB3dE5gH7jK9mN1pQ3sT5v.aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3hJ5aB3dE5g",
    "a token of Vault": "hvs" + ".aB3dE5gH7jK9mN1pQ3sT5vW7yZ9",
    "a token of DigitalOcean": "dop" + "_v1_" + "0123456789abcdef" * 4,
    "a key of a Google API": "AIza" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3hJ",
    "a JSON Web Token": "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.aB3dE5gH7jK9mN1pQ3sT5vW7",
    "a private key": "-----BEGIN PRIVATE" + f" KEY-----\n{'aB3dE5gH7jK9mN1p' * 4}\n-----END PRIVATE" + " KEY-----",
}
SECRETS = """\
version: 0.2
env:
  variables: {{DB_PASSWORD: hunter2-variable, B: "{token}"}}
  biuld: 1
phases:
  build:
    commands:
      - export API_TOKEN=hunter2-assigned; docker login -u x -p hunter2-login  # {token}
      - 'docker run -e "API_KEY=hunter2-container" x; curl -u me:hunter2-curl x; mysql -phunter2-mysql'
    biuld: hunter2-variable {token}
"""


@pytest.mark.parametrize(("name", "token"), TOKENS.items())
def test_knows_tokens_by_their_form(name: str, token: str) -> None:
    text = f"a {token} b"
    assert [(one.name, text[one.start : one.end].strip()) for one in tokens(text)] == [(name, token)]


@pytest.mark.parametrize("token", [each for name, each in TOKENS.items() if name != "a private key"])
def test_a_part_of_a_longer_word_is_no_token(token: str) -> None:
    assert not list(tokens(f"x{token}"))
    assert not list(tokens(token[:12]))


@pytest.mark.parametrize(
    "text", ["AKIAIOSFODNN7EXAMPLE", "ghp_" + "x" * 36, "npm_123456789012345678901234567890123456"]
)
def test_what_documentation_shows_is_an_example(text: str) -> None:
    assert is_example(text)


@pytest.mark.parametrize("token", TOKENS.values())
def test_no_token_is_an_example(token: str) -> None:
    assert not is_example(token) or "0123456789" in token


@pytest.mark.parametrize(
    "begins", ["AKIA", "eyJ", "-eyJ", "ghp_", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----\n", "xoxb-1"]
)
def test_looks_for_tokens_in_time_that_grows_with_the_text(begins: str) -> None:
    assert not list(tokens(begins * 100_000))


@pytest.mark.parametrize("form", ["full", "concise", "json", "junit"])
@pytest.mark.parametrize("token", [TOKENS["a token of GitHub"], TOKENS["an access key id of AWS"]])
def test_no_report_shows_a_secret(
    form: str, token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "buildspec.yml").write_text(SECRETS.format(token=token))
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--format", form]) == 1
    shown = capsys.readouterr().out
    assert "buildspec-plaintext-secret" in shown
    assert not re.findall(rf"hunter2-\w+|{token}", shown)


@pytest.mark.parametrize("text", ["Resources: {{T: {{Type: AWS::SNS::Topic}}}}\n# {}\n", "Resources: [\n# {}\n"])
def test_finds_tokens_in_comments_and_in_what_is_broken(text: str, loaded: Loading) -> None:
    token = TOKENS["a token of GitLab"]
    assert {node.text for node in loaded({"template.yml": text.format(token)}).secrets} == {token}


def test_a_private_key_is_hidden_in_every_style(loaded: Loading) -> None:
    lines = TOKENS["a private key"].splitlines()
    block = "version: 0.2\nenv:\n  variables:\n    A: |\n" + "".join(f"      {line}\n" for line in lines)
    quoted = 'version: 0.2\nenv:\n  variables:\n    A: "' + "\\n".join(lines) + '"\n'
    for text in (block, quoted):
        spans = [node.span for node in loaded({"buildspec.yml": text}).secrets]
        assert any(text.index(lines[0]) == span.start and text.index(lines[2]) <= span.end for span in spans)
