"""Rule parameters-unknown."""

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

TEMPLATE = "Parameters: {Env: {Type: String}}\nResources: {T: {Type: AWS::SNS::Topic}}\n"
CONFIG = '[[stacks]]\ntemplate = "main.yml"\nparameters = "p.json"\n'


def test_does_what_its_documentation_says() -> None:
    check_rule("parameters-unknown")


def _files(text: str, template: str = TEMPLATE) -> dict[str, str]:
    return {"main.yml": template, "p.json": text, "stackproof.toml": CONFIG}


@pytest.mark.parametrize(
    ("text", "at", "line"),
    [
        ('{"Parameters": {"Env": "x",\n"Colour": "red"}}', '"Colour"', 2),
        ('[{"ParameterKey": "Colour", "ParameterValue": "red"}]', '"Colour"', 1),
        ('["Env=x", "Colour=red"]', '"Colour=red"', 1),
        ('{"Env": "x", "Colour": "red"}', '"Colour"', 1),
    ],
)
def test_points_at_the_name(text: str, at: str, line: int) -> None:
    [finding] = findings("parameters-unknown", _files(text))
    assert (finding.at.text, finding.at.span.line, finding.severity) == (at, line, None)
    assert [(node.span.path, node.span.line) for node, _ in finding.related] == [("main.yml", 1)]


def test_names_the_nearest() -> None:
    [finding] = findings("parameters-unknown", _files('{"Parameters": {"env": "x"}}'))
    assert finding.help == "did you mean 'Env'? It is required, and nothing gives it a value"


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ('{"Parameters": {"Env": "x"}, "Tags": {"Colour": "red"}}', TEMPLATE),
        ('{"Parameters": {"Colour": "red"}}', f"Transform: Mine\n{TEMPLATE}"),
        (
            '{"Parameters": {"Colour": "red"}}',
            TEMPLATE.replace("{Env:", "{'Fn::Transform': {Name: AWS::Include}, Env:"),
        ),
    ],
)
def test_accepts(text: str, template: str) -> None:
    assert not findings("parameters-unknown", _files(text, template))


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ('{"Parameters": {"Envi": "x"}}', "Envi"),
        ('[{"ParameterKey": "Envi", "ParameterValue": "x"}]', "Envi"),
        ('["Envi=x"]', "Envi"),
        ('{"Envi": "x"}', "Envi"),
    ],
)
def test_a_misspelt_name_is_written_as_it_is_declared(text: str, region: str) -> None:
    [finding] = findings("parameters-unknown", _files(text))
    [edit] = finding.fix
    assert (text[edit.span.start : edit.span.end], edit.text) == (region, "Env")


@pytest.mark.parametrize(
    ("parameters", "given"),
    [
        ("Env: {Type: String}", '"Colour": "x"'),  # nothing is near
        ("Env: {Type: String}", '"Env": "x", "env": "x"'),  # it is given already
        ("Env: {Type: String}", '"Enva": "x", "Envb": "x"'),  # which of the two
        ("Subnet1: {Type: String}", '"Subnet2": "x"'),  # another number is another thing
    ],
)
def test_no_guess_is_written(parameters: str, given: str) -> None:
    template = f"Parameters: {{{parameters}}}\nResources: {{T: {{Type: AWS::SNS::Topic}}}}\n"
    found = findings("parameters-unknown", _files(f'{{"Parameters": {{{given}}}}}', template))
    assert found
    assert not any(one.fix for one in found)


def test_a_parameter_with_a_default_may_be_left_out() -> None:
    template = TEMPLATE.replace("String", "String, Default: x")
    [finding] = findings("parameters-unknown", _files('{"Parameters": {"env": "x"}}', template))
    assert finding.help == "did you mean 'Env'?"


def test_points_into_a_command_and_mends_it() -> None:
    command = "aws cloudformation deploy --template-file main.yml --parameter-overrides Envi=x\n"
    [finding] = findings("parameters-unknown", {"main.yml": TEMPLATE, "deploy.sh": f"set -e\n{command}"})
    assert (finding.at.span.line, finding.at.text, finding.severity) == (2, "Envi", None)
    assert [(edit.span.line, edit.text) for edit in finding.fix] == [(2, "Env")]


def test_names_side_by_side_say_little() -> None:
    text = '{"Parameters": {"A": "1", "B": "2", "C": "3", "D": "4", "Colour": "red"}}'
    template = "Parameters: {A: {Type: String}, B: {Type: String}, C: {Type: String}, D: {Type: String}}\n"
    files = {"main.yml": f"{template}Resources: {{T: {{Type: AWS::SNS::Topic}}}}\n", "config-prod.json": text}
    assert [finding.severity for finding in findings("parameters-unknown", files)] == [Severity.NOTE]
