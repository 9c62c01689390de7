"""Rule parameters-unknown."""

import pytest

from validator.testing import findings

TEMPLATE = "Parameters: {Env: {Type: String}}\nResources: {T: {Type: AWS::SNS::Topic}}\n"
CONFIG = '[[stacks]]\ntemplate = "main.yml"\nparameters = "p.json"\n'


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
    assert finding.help == "did you mean 'Env'?"


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
