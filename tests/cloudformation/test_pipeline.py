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


BRANCHES = """\
Parameters:
  Token: {Type: String}
  Stage: {Type: String, Default: test}
Conditions:
  C: !Equals [!Ref Token, x]
Resources:
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Variables: [{Name: Tag}]
      Stages:
        - Name: A
          Actions:
            - !If
              - C
              - {Name: One, OutputArtifacts: [{Name: X}]}
              - {Name: Two, OutputArtifacts: !If [C, [{Name: X}], [{Name: Y}]]}
        - !If
          - C
          - {Name: B, Actions: [{Name: Three, RunOrder: "2"}, {Name: Four, RunOrder: !Ref Token}]}
          - !Ref AWS::NoValue
"""


def branches(text: str = BRANCHES) -> Pipeline:
    [found] = pipelines(Template(load("pipeline.yml", text.encode()).root))
    return found


def test_actions_under_conditions_are_actions() -> None:
    found = branches()
    assert [(one.name, one.place, one.run_order) for one in found.actions] == [
        ("One", 0, 1),
        ("Two", 0, 1),
        ("Three", 1, 2),
        ("Four", 1, None),
    ]
    assert [list(one.outputs) for one in found.actions] == [["X"], ["X", "Y"], [], []]
    assert (found.variables, found.is_open) == (frozenset({"Tag"}), False)


def test_what_can_be_there_together() -> None:
    found = branches()
    one, two, three, _ = (action.node for action in found.actions)
    assert not found.together(one, two)
    assert found.together(one, three)
    assert not found.together(two, three)


def test_order() -> None:
    one, two, three, four = branches().actions
    assert (one.runs_before(three), three.runs_before(one)) == (True, False)
    assert (one.runs_before(two), three.runs_before(four)) == (False, None)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[{Name: X}]}", "[Fn::Transform: {Name: M}]}"),
        ("[{Name: X}]}", "[{Name: !Ref Token}]}"),
        ("        - Name: A\n", "        - Fn::Transform: {Name: M}\n        - Name: A\n"),
        ("      Variables", "      Fn::Transform: {Name: M}\n      Variables"),
        ("Parameters:\n", "Transform: M\nParameters:\n"),
    ],
)
def test_what_cannot_be_read_makes_it_open(old: str, new: str) -> None:
    assert old in BRANCHES
    assert branches(BRANCHES.replace(old, new, 1)).is_open


def test_what_a_value_settles_at() -> None:
    found = pipeline('!Sub \'{"A": "${Stage}"}\'')
    overrides, path = (found.actions[1].configuration(name) for name in ("ParameterOverrides", "TemplatePath"))
    assert overrides is not None
    assert path is not None
    assert (found.text(overrides), found.settled(overrides)) == ('{"A": "test"}', None)
    assert found.settled(path) == "Src::main.yml"


def test_what_overrides_fetch() -> None:
    get, att = '{"Fn::GetParam": ["Src", "f.json", "k"]}', '{"Fn::GetArtifactAtt": ["Src", "URL"]}'
    text = f"""'{{"A": {get}, "B": {att}, "C": {{"x": 1}}}}'"""
    assert [tuple(one) for one in pipeline(text).actions[1].fetched()] == [
        ("Fn::GetParam", "Src", "f.json"),
        ("Fn::GetArtifactAtt", "Src", ""),
    ]


@pytest.mark.parametrize("text", ['!Sub \'{"${Token}": "x"}\'', "!Sub '{${Token}: \"x\"}'"])
def test_names_that_are_put_in_cannot_be_read(text: str) -> None:
    assert pipeline(text).actions[1].overrides() is None


@pytest.mark.parametrize(
    ("configuration", "lacks"),
    [("{A: b}", False), ("{B: c}", True), ("{A: !Ref AWS::NoValue}", True), ("!If [C, {A: b}, {}]", False)],
)
def test_what_a_configuration_surely_lacks(configuration: str, *, lacks: bool) -> None:
    text = BRANCHES.replace("{Name: Three,", f"{{Name: Three, Configuration: {configuration},")
    assert branches(text).actions[2].lacks("A") is lacks


def test_what_a_macro_may_add_is_not_lacking() -> None:
    assert not branches("Transform: Macro\n" + BRANCHES).actions[2].lacks("A")
    assert branches().actions[2].lacks("A")
