"""Rule parameters-placeholder."""

import pytest

from validator.testing import check_rule, findings

RULE = "parameters-placeholder"
TEMPLATE = "Parameters: {A: {Type: String}}\nResources: {T: {Type: AWS::SNS::Topic}}\n"
CONFIG = '[[stacks]]\ntemplate = "main.yml"\nparameters = "*.json"\n'


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def files(value: str, command: str = "make", path: str = "prod.json", script: str = "deploy.sh") -> dict[str, str]:
    text = f'{{"Parameters": {{"A": "{value}"}}}}'
    return {"main.yml": TEMPLATE, path: text, "stackproof.toml": CONFIG, script: command}


@pytest.mark.parametrize(
    "value",
    [
        *("VPC_PLACEHOLDER", "PLACEHOLDER", "__VPC__", "${VPC_ID}", "$VPC_ID", "{{ vpc }}", "@@VPC@@", "%VPC%"),
        *("<your-vpc>", "<YOUR VPC ID>", "CHANGE_ME", "CHANGEME", "REPLACE-ME", "TODO", "xxxxxxxx", "#{vpc}#"),
    ],
)
def test_knows_placeholders(value: str) -> None:
    [finding] = findings(RULE, files(value))
    assert (finding.at.value, finding.at.span.path) == (value, "prod.json")


@pytest.mark.parametrize(
    "value",
    [
        *("", "vpc-0123", "{{resolve:ssm:/vpc}}", "{{resolve:secretsmanager:a:SecretString:b}}", "a-$b", "100%"),
        *("ChangeThisPassword1234", "$[taskcat_getaz_2]", "__init__.py", "todo-list", "user@example.com", "<b>x</b>y"),
    ],
)
def test_knows_values(value: str) -> None:
    assert not findings(RULE, files(value))


@pytest.mark.parametrize(
    "command",
    [
        'sed -i "s/VPC_PLACEHOLDER/$VPC/" *.json',
        "python replace.py VPC_PLACEHOLDER",
        "envsubst < in.json > out.json",
        "jq '.Parameters.A = env.VPC' prod.json > t && mv t prod.json",
    ],
)
@pytest.mark.parametrize("script", ["deploy.sh", "Makefile"])
def test_a_command_replaces_it(command: str, script: str) -> None:
    assert not findings(RULE, files("VPC_PLACEHOLDER", f"\t{command}\n", script=script))


def test_without_a_program_nobody_knows_what_replaces_a_mark() -> None:
    given = files("__VPC__")
    del given["deploy.sh"]
    assert not findings(RULE, given)


def test_people_are_asked_to_fill_in_blanks_without_a_program_too() -> None:
    given = files("<your-vpc>")
    del given["deploy.sh"]
    assert findings(RULE, given)


def test_an_example_is_meant_to_be_filled_in() -> None:
    assert not findings(RULE, files("<your-vpc>", path="prod.example.json"))


def test_a_file_that_nothing_deploys_is_not_looked_at() -> None:
    given = files("<your-vpc>") | {"stackproof.toml": ""}
    given["other/place/values.json"] = given.pop("prod.json")
    assert not findings(RULE, given)
