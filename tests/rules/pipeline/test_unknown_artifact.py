"""Rule pipeline-unknown-artifact."""

import json

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

from .texts import build, deploy, pipeline

RULE = "pipeline-unknown-artifact"


def found(*actions: str) -> list[Finding]:
    return findings(RULE, {"pipeline.yml": pipeline(*actions)})


def test_documentation() -> None:
    check_rule(RULE)


def test_points_at_the_path_and_at_what_the_action_takes() -> None:
    [finding] = found(deploy("Sorce::main.yml"))
    assert (finding.at.span.line, finding.severity) == (29, None)
    assert [node.span.line for node, _ in finding.related] == [24]


def test_offers_an_artifact_of_nearly_that_name() -> None:
    [finding] = found(deploy("Source::main.yml", inputs="[{Name: Source1}]"), build(outputs="[{Name: Source1}]"))[:1]
    assert finding.help == "did you mean 'Source1'?"


def test_says_that_an_artifact_of_another_action_must_be_taken() -> None:
    [finding] = found(build(), deploy("Built::main.yml"))
    assert finding.help == "add it to the action's InputArtifacts: {Name: Built}"


@pytest.mark.parametrize(
    "member",
    [
        {"TemplateConfiguration": "Other::c.json"},
        {"ParameterOverrides": """'{"A": {"Fn::GetParam": ["Other", "f.json", "k"]}}'"""},
        {"ParameterOverrides": """!Sub '{"A": {"Fn::GetArtifactAtt": ["Other", "BucketName"]}, "B": "${Token}"}'"""},
    ],
)
def test_looks_at_every_member_that_names_an_artifact(member: dict[str, str]) -> None:
    [finding] = found(deploy(**member))
    assert "'Other'" in finding.message
    assert finding.at.span.line == 30


def test_the_primary_source_is_an_input() -> None:
    [finding] = found(build(extra=", PrimarySource: Source"))
    assert finding.message == "PrimarySource names the artifact 'Source', which the action 'Build' does not take"


@pytest.mark.parametrize(
    ("path", "severities"),
    [
        ("!Sub Other::${Name}.yml", [Severity.WARNING]),
        ("!If [C, Src::a.yml, Other::b.yml]", [Severity.WARNING]),
        ("!Sub '${Stage}::main.yml'", [Severity.WARNING, Severity.WARNING]),
        ("!Sub Other::${Token}.yml", [Severity.WARNING]),
        ("!Ref Token", []),
        ("!Sub '${Token}::main.yml'", []),
        ("!Sub Src::${Token}", []),
    ],
)
def test_what_rests_on_a_parameter_is_a_warning(path: str, severities: list[Severity]) -> None:
    assert [finding.severity for finding in found(deploy(path))] == severities


def test_a_path_without_an_artifact() -> None:
    [finding] = found(deploy("main.yml"))
    assert finding.help == "write 'Src::main.yml'"


@pytest.mark.parametrize(
    "inputs",
    ["!If [C, [{Name: Src}], [{Name: Built}]]", "[!If [C, {Name: Src}, {Name: Built}]]", "[{Name: !Ref Token}]"],
)
def test_inputs_under_a_condition_or_unknown_count(inputs: str) -> None:
    assert not found(build(), deploy("Built::main.yml", inputs=inputs))


def test_an_input_that_nobody_produces_is_told_once() -> None:
    [finding] = found(build(inputs="[{Name: Sources}]"), build(inputs="[{Name: Sources}]", outputs="[{Name: X}]"))
    assert (finding.at.span.line, [node.span.line for node, _ in finding.related]) == (24, [30])


def test_an_input_that_is_produced_later() -> None:
    [finding] = found(deploy("Built::a.yml", inputs="[{Name: Built}]", order=1), build())
    assert finding.message == "the action 'Deploy' takes the artifact 'Built' before 'Build' has produced it"
    assert [node.span.line for node, _ in finding.related] == [34]


@pytest.mark.parametrize(
    "other",
    [
        build(outputs="[{Name: !Ref Token}]"),
        build(outputs="!If [C, [{Name: Built}], !Ref AWS::NoValue]"),
        build(outputs="[Fn::Transform: {Name: M}]"),
        "- !If [C, {Name: B, OutputArtifacts: [{Name: Built}]}, !Ref AWS::NoValue]\n",
        "- Fn::Transform: {Name: Macro}\n",
    ],
)
def test_silent_where_something_may_produce_it(other: str) -> None:
    assert not found(other, deploy("Built::a.yml", inputs="[{Name: Built}]"))


def test_text_parameters_of_a_stack_set_are_no_path() -> None:
    action = deploy(Parameters="ParameterKey=A,ParameterValue=AWS::Region").replace(
        "Provider: CloudFormation,", "Provider: CloudFormationStackSet,"
    )
    assert not found(action)


def test_the_command_lines_json() -> None:
    configuration = {"TemplatePath": "Sorce::main.yml"}
    kind = {"category": "Deploy", "owner": "AWS", "provider": "CloudFormation", "version": "1"}
    source = {**kind, "category": "Source", "provider": "CodeCommit"}
    stages = [
        {"name": "A", "actions": [{"name": "S", "actionTypeId": source, "outputArtifacts": [{"name": "Src"}]}]},
        {
            "name": "B",
            "actions": [
                {"name": "D", "actionTypeId": kind, "inputArtifacts": [{"name": "Src"}], "configuration": configuration}
            ],
        },
    ]
    text = json.dumps({"pipeline": {"name": "p", "roleArn": "r", "stages": stages, "version": 1}}, indent=1)
    [finding] = findings(RULE, {"pipeline.json": text})
    assert "'Sorce'" in finding.message
