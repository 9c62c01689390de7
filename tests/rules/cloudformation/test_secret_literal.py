"""Rule cloudformation-secret-literal."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

RULE = "cloudformation-secret-literal"
PARENT = """\
Parameters:
  Pw: {{Type: String{more}}}
  Open: {{Type: String, Default: y}}
Conditions: {{C: !Equals [!Ref Open, y]}}
Resources:
  Web:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: {url}
      Parameters: {{{name}: {value}}}
"""
CHILD = """\
Parameters:
  P: {Type: String, NoEcho: true}
  DbUser: {Type: String, NoEcho: true, Default: ''}
  Looked: {Type: 'AWS::SSM::Parameter::Value<String>', NoEcho: true, Default: ''}
  Seen: {Type: String, Default: ''}
Resources: {T: {Type: AWS::SNS::Topic}}
"""
CONFIG = '[[stacks]]\ntemplate = "{}"\nparameters = "*.json"\n'


def found(
    value: str, *, name: str = "P", more: str = "", url: str = "child.yml", child: str = CHILD, **files: str
) -> list[Finding]:
    parent = PARENT.format(value=value, name=name, more=more, url=url)
    return findings(RULE, {"parent.yml": parent, "child.yml": child, **files})


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    "value",
    ["hunter2hunter2", "'hunter2'", "12345678", "!If [C, hunter2, !Ref Pw]", "!If [C, !If [C, hunter2, a], '']"],
)
def test_points_at_the_value(value: str) -> None:
    finding = found(value)[0]
    assert (finding.at.span.line, finding.severity) == (10, None)
    assert finding.message == "the value of 'P' stands here in clear, and child.yml hides it with NoEcho"
    assert [(node.span.path, node.span.line) for node, _ in finding.related] == [("child.yml", 2)]


@pytest.mark.parametrize(
    "value",
    [
        "''",
        "'{{resolve:secretsmanager:db:SecretString:password}}'",
        "!Sub '{{resolve:ssm-secure:/db/${Open}}}'",
        "!Sub '${Secret}'",
        "!GetAtt Web.Outputs.X",
        "!Ref Pw",
        "!Ref AWS::NoValue",
        "!Join ['', [prefix, !Ref Pw]]",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db",
        "/db/password",
        "__PASSWORD__",
        "<password>",
        "CHANGE_ME",
        "'****'",
        "none",
        "true",
        "[a, b]",
    ],
)
def test_accepts(value: str) -> None:
    assert not found(value)


@pytest.mark.parametrize("name", ["DbUser", "Looked", "Seen", "Nope"])
def test_accepts_what_is_no_secret(name: str) -> None:
    child = CHILD.replace("P: {Type: String,", "P: {Type: String, Default: '',")
    assert not found("admin", name=name, child=child)


def test_a_default_that_reaches_a_nested_stack_is_a_warning() -> None:
    [finding] = found("!Ref Pw", more=", Default: hunter2")
    assert (finding.at.span.line, finding.severity) == (2, Severity.WARNING)
    assert finding.message == "the value of 'Pw' stands here in clear, and a template below hides it with NoEcho"


def test_a_default_of_the_nested_template_counts_where_nobody_passes_a_value() -> None:
    child = CHILD.replace("P: {Type: String,", "P: {Type: String, Default: hunter2,")
    [finding] = found("x", name="Seen", child=child)
    assert (finding.at.span.path, finding.severity) == ("child.yml", Severity.WARNING)
    assert not found("'{{resolve:ssm-secure:/x}}'", child=child)


def test_a_default_of_a_template_on_its_own_is_no_business_between_files() -> None:
    assert not findings(RULE, {"child.yml": CHILD.replace("P: {Type: String,", "P: {Type: String, Default: hunter2,")})


def test_comes_down_through_parameters_that_are_not_hidden() -> None:
    middle = """\
Parameters: {Pw: {Type: String}}
Resources:
  Low:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: low.yml, Parameters: {P: !Ref Pw}}
"""
    [finding] = found("hunter2", name="Pw", child=middle, **{"low.yml": CHILD})
    assert (finding.at.span.path, finding.at.span.line) == ("parent.yml", 10)
    assert finding.message == "the value of 'Pw' stands here in clear, and a template below hides it with NoEcho"
    assert [node.span.path for node, _ in finding.related] == ["low.yml"]


def test_is_told_once_at_the_highest_level_that_hides_it() -> None:
    middle = """\
Parameters: {P: {Type: String, NoEcho: true}}
Resources:
  Low:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: low.yml, Parameters: {P: !Ref P}}
"""
    assert len(found("hunter2", child=middle, **{"low.yml": CHILD})) == 1


def test_a_guessed_template_gives_a_warning() -> None:
    assert [one.severity for one in found("hunter2", url="https://host/child.yml")] == [Severity.WARNING]


@pytest.mark.parametrize(
    "text",
    [
        '{"Parameters": {"P": "hunter2"}}',
        '[{"ParameterKey": "P", "ParameterValue": "hunter2"}]',
        '["P=hunter2"]',
    ],
)
def test_points_into_a_parameter_file(text: str) -> None:
    [finding] = findings(RULE, {"child.yml": CHILD, "x.json": text, "stackproof.toml": CONFIG.format("child.yml")})
    assert (finding.at.span.path, finding.severity) == ("x.json", None)
    assert "hunter2" in finding.at.text
    assert "hunter2" not in finding.message + finding.help


@pytest.mark.parametrize(
    "text",
    [
        '{"Parameters": {"P": "{{resolve:ssm-secure:/x}}", "DbUser": "admin"}}',
        '[{"ParameterKey": "P", "UsePreviousValue": true}]',
        '["P={{resolve:ssm-secure:/x}}", "Seen=hunter2"]',
        '["P="]',
    ],
)
def test_accepts_a_parameter_file(text: str) -> None:
    assert not findings(RULE, {"child.yml": CHILD, "x.json": text, "stackproof.toml": CONFIG.format("child.yml")})


def test_a_file_gives_what_a_template_below_hides() -> None:
    files = {"x.json": '{"Parameters": {"Pw": "hunter2"}}', "stackproof.toml": CONFIG.format("parent.yml")}
    [finding] = found("!Ref Pw", **files)
    assert (finding.at.span.path, finding.severity) == ("x.json", None)


def test_a_stack_set_is_given_one() -> None:
    parent = """\
Resources:
  All:
    Type: AWS::CloudFormation::StackSet
    Properties: {TemplateURL: child.yml, Parameters: [{ParameterKey: P, ParameterValue: hunter2}]}
"""
    [finding] = findings(RULE, {"parent.yml": parent, "child.yml": CHILD})
    assert finding.at.text == "hunter2"
