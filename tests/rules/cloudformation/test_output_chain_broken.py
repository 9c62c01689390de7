"""Rule cloudformation-output-chain-broken."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

RULE = "cloudformation-output-chain-broken"
ROOT = """\
Parameters: {{With: {{Type: String, AllowedValues: ['yes', 'no']}}}}
Conditions: {{Has: !Equals [!Ref With, 'yes']}}
Resources:
  App:
    Type: AWS::CloudFormation::Stack
    Properties: {{TemplateURL: {url}, Parameters: {{With: {passed}}}}}
"""
APP = """\
Parameters: {With: {Type: String}}
Conditions: {Has: !Equals [!Ref With, 'yes']}
Resources:
  Db:
    Type: AWS::CloudFormation::Stack
    Condition: Has
    Properties: {TemplateURL: db.yml}
Outputs:
  Endpoint: {Value: !GetAtt Db.Outputs.Endpoint}
"""
DB = "Resources: {T: {Type: AWS::SNS::Topic}}\nOutputs: {Endpoint: {Value: !Ref T}}\n"


def found(passed: str, *, url: str = "app.yml", app: str = APP) -> list[Finding]:
    return findings(RULE, {"root.yml": ROOT.format(passed=passed, url=url), "app.yml": app, "db.yml": DB})


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_points_at_the_read_and_says_what_decides() -> None:
    [finding] = found("'no'")
    assert (finding.at.span.path, finding.at.span.line, finding.severity) == ("app.yml", 9, None)
    places = [(node.span.path, node.span.line) for node, _ in finding.related]
    assert places == [("app.yml", 4), ("root.yml", 6)]


@pytest.mark.parametrize("passed", ["'yes'", "!Ref With", "!GetAtt App.X", "!If [Has, 'yes', 'no']"])
def test_accepts_what_may_be_there(passed: str) -> None:
    assert not found(passed)


@pytest.mark.parametrize(
    "output",
    [
        "{Condition: Has, Value: !GetAtt Db.Outputs.Endpoint}",
        "{Value: !If [Has, !GetAtt Db.Outputs.Endpoint, none]}",
        "{Value: !If [Has, !Sub '${Db.Outputs.Endpoint}', none]}",
    ],
)
def test_accepts_an_output_under_the_same_condition(output: str) -> None:
    assert not found("'no'", app=APP.replace("{Value: !GetAtt Db.Outputs.Endpoint}", output))


def test_a_template_on_its_own_is_cfn_lints() -> None:
    assert not findings(RULE, {"app.yml": APP, "db.yml": DB})


def test_a_guessed_template_gives_a_warning() -> None:
    [finding] = found("'no'", url="https://host/app.yml")
    assert finding.severity is Severity.WARNING
