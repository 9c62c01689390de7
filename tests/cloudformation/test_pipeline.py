"""Views of pipelines."""

import pytest

from validator.cloudformation.pipeline import Pipeline, pipelines
from validator.cloudformation.template import Template
from validator.parse import load

TEXT = """\
Parameters:
  Stage: {Type: String, Default: test}
  Token: {Type: String}
  Env: {Type: String, AllowedValues: [a, b]}
Conditions:
  C: !Equals [!Ref Token, x]
Resources:
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages:
        - Name: Source
          Actions:
            - Name: Checkout
              ActionTypeId: {Category: Source, Provider: CodeCommit}
              OutputArtifacts: [{Name: Src}]
        - Name: !Sub Deploy-${Stage}
          Actions:
            - Name: Deploy
              ActionTypeId: {Category: Deploy, Provider: CloudFormation}
              InputArtifacts: [{Name: Src}, {Name: !Ref Token}]
              Configuration:
                TemplatePath: Src::main.yml
                TemplateConfiguration: !Sub Src::config-${Stage}.json
                ParameterOverrides: PLACE
        - !Ref AWS::NoValue
"""
JSON = """\
{"pipeline": {"stages": [{"name": "Source", "actions": [
  {"name": "Checkout", "actionTypeId": {"category": "Source", "provider": "S3"}, "outputArtifacts": [{"name": "Src"}]},
  {"name": "Deploy", "actionTypeId": {"category": "Deploy", "provider": "CloudFormation"},
   "inputArtifacts": [{"name": "Src"}],
   "configuration": {"TemplatePath": "Src::main.yml", "ParameterOverrides": "{\\"A\\": 1}"}}
]}]}}
"""


def pipeline(overrides: str = "''") -> Pipeline:
    root = load("pipeline.yml", TEXT.replace("PLACE", overrides).encode()).root
    [found] = pipelines(Template(root))
    return found


def test_actions() -> None:
    assert [(one.stage, one.name, one.category, one.provider) for one in pipeline().actions] == [
        ("Source", "Checkout", "Source", "CodeCommit"),
        ("Deploy-test", "Deploy", "Deploy", "CloudFormation"),
    ]


def test_artifacts_with_a_name_that_is_not_known_are_left_out() -> None:
    found = pipeline()
    deploy = found.actions[1]
    assert list(deploy.inputs) == ["Src"]
    assert found.producer("Src") == found.actions[0]
    assert found.producer("Other") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("TemplatePath", ("Src", "main.yml")),
        ("TemplateConfiguration", ("Src", "config-test.json")),
        ("ParameterOverrides", None),
        ("Nothing", None),
    ],
)
def test_file(name: str, expected: tuple[str, str] | None) -> None:
    assert pipeline().actions[1].file(name) == expected


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ("""'{"A": "1", "B": {"Fn::GetParam": ["Src", "f.json", "k"]}}'""", {"A", "B"}),
        ("""!Sub '{"A": "${Token}", "B": ${Token}}'""", {"A", "B"}),
        ("""!Sub ['{"A": "${T}"}', {T: !GetAtt X.Arn}]""", {"A"}),
        ("""!Join ['', ['{"A": "', !Ref Token, '"}']]""", {"A"}),
        ("""!If [C, '{"A": "1"}', '{"B": "1"}']""", {"A", "B"}),
        ("'{}'", set()),
        ("!Ref Token", None),
        ("'{bare: 1,}'", None),
        ("'[1]'", None),
        ("''", None),
        ("{A: b}", None),
        ("'" + '{"a":' * 5000 + "'", None),
    ],
)
def test_overrides(overrides: str, expected: set[str] | None) -> None:
    assert pipeline(overrides).actions[1].overrides() == expected


def test_the_command_lines_json_has_other_names() -> None:
    found = Pipeline(load("pipeline.json", JSON.encode()).root.get("pipeline") or load("x.json", b"{}").root)
    deploy = found.actions[1]
    assert (deploy.name, deploy.provider, list(deploy.inputs)) == ("Deploy", "CloudFormation", ["Src"])
    assert deploy.file("TemplatePath") == ("Src", "main.yml")
    assert deploy.overrides() == frozenset({"A"})


def test_no_overrides_are_none() -> None:
    assert pipeline().actions[0].overrides() == frozenset()
