"""Rule cloudformation-stackset-value."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

RULE = "cloudformation-stackset-value"
PARENT = """\
Parameters:
  Env: {{Type: String{default}}}
  Few: {{Type: String, AllowedValues: [a, b]}}
Conditions: {{C: !Equals [!Ref Env, x]}}
Resources:
  All:
    Type: AWS::CloudFormation::StackSet
    {condition}
    Properties:
      {location}
      Parameters: [{{ParameterKey: Stage, ParameterValue: {value}}}]
      StackInstancesGroup:
        - Regions: [eu-central-1]
          ParameterOverrides: [{{ParameterKey: Stage, ParameterValue: {override}}}]
"""
STAGE = "{Type: String, AllowedValues: [test, prod]}"


def found(
    value: str,
    override: str = "test",
    *,
    stage: str = STAGE,
    location: str = "TemplateURL: child.yml",
    condition: str = "DependsOn: []",
    default: str = "",
) -> list[Finding]:
    parent = PARENT.format(value=value, override=override, location=location, condition=condition, default=default)
    child = f"Parameters: {{Stage: {stage}}}\nResources: {{T: {{Type: AWS::SNS::Topic}}}}\n"
    return findings(RULE, {"parent.yml": parent, "child.yml": child})


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_points_at_the_value() -> None:
    [finding] = found("tset")
    assert finding.message == "'tset' is given for 'Stage' of child.yml, which allows only test, prod"
    assert (finding.at.text, finding.at.span.line, finding.severity) == ("tset", 11, None)
    assert (finding.help, finding.related[0][0].span.path) == ("did you mean 'test'?", "child.yml")


def test_points_at_an_override() -> None:
    [finding] = found("test", "live")
    assert (finding.at.text, finding.at.span.line) == ("live", 14)


@pytest.mark.parametrize(
    ("value", "options"),
    [
        ("!If [C, live, test]", {}),
        ("live", {"condition": "Condition: C"}),
        ("live", {"location": "TemplateURL: https://s3.amazonaws.com/elsewhere/child.yml"}),
        ("!Ref Env", {"default": ", Default: live"}),
    ],
)
def test_is_a_warning_where_it_need_not_come_to_that(value: str, options: dict[str, str]) -> None:
    assert [finding.severity for finding in found(value, **options)] == [Severity.WARNING]


def test_names_all_that_a_parameter_allows_and_the_template_refuses() -> None:
    [finding] = found("!Ref Few")
    assert finding.message == "'a', 'b' are given for 'Stage' of child.yml, which allows only test, prod"
    assert finding.severity is None


@pytest.mark.parametrize(
    "value",
    ["test", "!Ref Env", "!Sub '${Env}-x'", "!If [C, test, prod]", "'{{resolve:ssm:stage}}'", "!Ref AWS::NoValue"],
)
def test_accepts(value: str) -> None:
    assert not found(value)


def test_a_missing_value_is_another_matter() -> None:
    text = PARENT.format(
        value="test", override="test", location="TemplateURL: child.yml", condition="DependsOn: []", default=""
    ).replace(", ParameterValue: test", "")
    child = f"Parameters: {{Stage: {STAGE}}}\nResources: {{T: {{Type: AWS::SNS::Topic}}}}\n"
    assert not findings(RULE, {"parent.yml": text, "child.yml": child})


def test_of_a_secret_no_part_is_shown() -> None:
    hidden = "{Type: CommaDelimitedList, NoEcho: true, AllowedValues: [one, two]}"
    [finding] = found("'one,three'", "one", stage=hidden)
    assert finding.message.startswith("'one,three' is given")
