"""Rule parameters-missing."""

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

TEMPLATE = (
    "Parameters: {Env: {Type: String}, Size: {Type: String, Default: ''}}\nResources: {T: {Type: AWS::SNS::Topic}}\n"
)
CONFIG = '[[stacks]]\ntemplate = "main.yml"\nparameters = "p.json"\n'
PIPELINE = """\
Resources:
  P:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages:
        - Name: S
          Actions:
            - {Name: S, ActionTypeId: {Category: Source, Provider: S3}, OutputArtifacts: [{Name: Src}]}
            - {Name: B, ActionTypeId: {Category: Build, Provider: CodeBuild}, OutputArtifacts: [{Name: Out}]}
            - Name: D
              ActionTypeId: {Category: Deploy, Provider: CloudFormation}
              Configuration:
                TemplatePath: FROM::main.yml
                TemplateConfiguration: FROM::p.json
                ParameterOverrides: OVERRIDES
"""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"Parameters": {"Size": "1"}}', 1),
        ('{\n"Tags": {},\n"Parameters": {}}', 3),
        ('[{"ParameterKey": "Size", "ParameterValue": "1"}]', 1),
        ('["Size=1"]', 1),
        ('{"Size": "1"}', 1),
    ],
)
def test_points_at_the_heading(text: str, line: int) -> None:
    [finding] = findings("parameters-missing", {"main.yml": TEMPLATE, "p.json": text, "stackproof.toml": CONFIG})
    assert (finding.at.span.path, finding.at.span.line, finding.severity) == ("p.json", line, None)
    assert [(node.span.path, node.span.line) for node, _ in finding.related] == [("main.yml", 1)]


@pytest.mark.parametrize(
    ("template", "text"),
    [
        (TEMPLATE, '{"Parameters": {"Env": "x"}}'),
        (TEMPLATE, '[{"ParameterKey": "Env", "UsePreviousValue": true}]'),
        (TEMPLATE, '["Env=x"]'),
        (f"Transform: Mine\n{TEMPLATE}", '{"Parameters": {}}'),
    ],
)
def test_accepts(template: str, text: str) -> None:
    assert not findings("parameters-missing", {"main.yml": template, "p.json": text, "stackproof.toml": CONFIG})


@pytest.mark.parametrize(
    ("artifact", "overrides", "expected"),
    [
        ("Src", "'{}'", [None]),
        ("Out", "'{}'", [Severity.WARNING]),
        ("Src", """'{"Env": "x"}'""", []),
        ("Src", "!Ref Unknown", []),
    ],
)
def test_through_a_pipeline(artifact: str, overrides: str, expected: list[Severity | None]) -> None:
    pipeline = PIPELINE.replace("FROM", artifact).replace("OVERRIDES", overrides)
    files = {"main.yml": TEMPLATE, "p.json": '{"Parameters": {}}', "pipeline.yml": pipeline}
    found = findings("parameters-missing", files)
    assert [finding.severity for finding in found] == expected
    assert all(finding.related[1][0].span.line == 14 for finding in found)


def test_does_what_its_documentation_says() -> None:
    check_rule("parameters-missing")


def test_a_misspelt_name_is_not_missing_too() -> None:
    files = {"main.yml": TEMPLATE, "p.json": '{"Parameters": {"Envi": "x"}}', "stackproof.toml": CONFIG}
    assert not findings("parameters-missing", files)


@pytest.mark.parametrize(
    ("call", "missing"),
    [
        ("create-stack --template-body file://main.yml --parameters ParameterKey=Size,ParameterValue=1", ["Env"]),
        ("create-stack --template-body file://main.yml --parameters ParameterKey=Env,ParameterValue=$E", []),
        ("deploy --template-file main.yml --parameter-overrides Size=1", []),
        ("deploy --template-file main.yml --parameter-overrides $PARAMETERS", []),
        ("create-stack --template-body file://main.yml", []),
    ],
)
def test_in_a_command(call: str, missing: list[str]) -> None:
    found = findings("parameters-missing", {"main.yml": TEMPLATE, "deploy.sh": f"aws cloudformation {call}\n"})
    assert [finding.subject for finding in found] == missing
    assert all(finding.at.text == "--parameters" for finding in found)
