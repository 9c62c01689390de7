"""Rule cloudformation-unknown-nested-parameter."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import findings

PARENT = """\
Parameters:
  X: {{Type: String}}
Conditions:
  C: !Equals [!Ref X, y]
  Never: !Equals [a, b]
Resources:
  Db:
    Type: {kind}
    {condition}
    Properties:
      {location}: {url}
      Parameters: {parameters}
"""
CHILD = "Parameters: {Env: {Type: String}}\nResources: {T: {Type: AWS::SNS::Topic}}\n"
FREE = "Parameters: {Env: {Type: String}, Colour: {Type: String}}\nResources: {T: {Type: AWS::SNS::Topic}}\n"


def found(
    parameters: str,
    *,
    url: str = "child.yml",
    condition: str = "DependsOn: []",
    kind: str = "AWS::CloudFormation::Stack",
    child: str = CHILD,
) -> list[Finding]:
    location = "Location" if kind == "AWS::Serverless::Application" else "TemplateURL"
    parent = PARENT.format(parameters=parameters, url=url, condition=condition, kind=kind, location=location)
    files = {"parent.yml": parent, "child.yml": child, "free.yml": FREE}
    return findings("cloudformation-unknown-nested-parameter", files)


@pytest.mark.parametrize("kind", ["AWS::CloudFormation::Stack", "AWS::Serverless::Application"])
def test_points_at_the_name(kind: str) -> None:
    [finding] = found("{Env: x, Colour: red}", kind=kind)
    assert (finding.at.text, finding.at.span.line, finding.severity) == ("Colour", 12, None)


def test_names_the_nearest() -> None:
    [finding] = found("{env: x}")
    assert finding.help == "did you mean 'Env'?"


@pytest.mark.parametrize(
    ("parameters", "url", "condition"),
    [
        ("{Env: x}", "child.yml", ""),
        ("{Env: x, Colour: !Ref AWS::NoValue}", "child.yml", ""),
        ("{Colour: !If [C, red, !Ref AWS::NoValue]}", "!If [C, free.yml, child.yml]", ""),
        ("{Colour: !If [C, red, !Ref AWS::NoValue]}", "free.yml", ""),
        ("{Colour: !If [C, !Ref AWS::NoValue, red]}", "child.yml", "Condition: C"),
        ("{Colour: red}", "!If [C, free.yml, child.yml]", "Condition: C"),
        ("{Colour: red}", "child.yml", "Condition: Never"),
        ("{'Fn::Transform': {Name: AWS::Include}}", "child.yml", ""),
        ("!If [C, {Colour: red}, {}]", "child.yml", ""),
        ("[Colour]", "child.yml", ""),
    ],
)
def test_accepts(parameters: str, url: str, condition: str) -> None:
    assert not found(parameters, url=url, condition=condition or "DependsOn: []")


@pytest.mark.parametrize(
    ("parameters", "url", "severity"),
    [
        ("{Colour: red}", "https://x/child.yml", Severity.WARNING),
        ("{Colour: red}", "!If [C, free.yml, child.yml]", Severity.WARNING),
        ("{Colour: red}", "!If [C, child.yml, !Ref X]", Severity.WARNING),
        ("{Colour: !If [C, red, !Ref AWS::NoValue]}", "child.yml", None),
    ],
)
def test_what_is_not_certain_is_a_warning(parameters: str, url: str, severity: Severity | None) -> None:
    [finding] = found(parameters, url=url)
    assert finding.severity == severity


@pytest.mark.parametrize("transform", ["Transform: Mine", "'Fn::Transform': {Name: AWS::Include}"])
def test_a_macro_may_declare_it(transform: str) -> None:
    assert not found("{Colour: red}", child=f"{transform}\n{CHILD}")


def test_stack_sets_are_another_rules() -> None:
    assert not found("[{ParameterKey: Colour, ParameterValue: red}]", kind="AWS::CloudFormation::StackSet")
