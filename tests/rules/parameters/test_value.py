import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

RULE = "parameters-value"
MAIN = """\
Parameters:
  Env: {Type: String}
  Size: {Type: Number, Default: 1, MaxValue: 5}
Conditions:
  IsBig: !Equals [!Ref Size, '5']
Resources:
  Web:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: child.yml
      Parameters:
        Stage: !Ref Env
"""
CHILD = """\
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
Resources:
  Topic: {Type: AWS::SNS::Topic}
"""
PAIRED = '[[stacks]]\ntemplate = "main.yml"\nparameters = "*.json"\n'


def found(values: str, main: str = MAIN, child: str = CHILD) -> list[Finding]:
    files = {"main.yml": main, "child.yml": child, "test.json": values, "stackproof.toml": PAIRED}
    return findings(RULE, files)


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_reports_what_the_root_refuses() -> None:
    [finding] = found('{"Parameters": {"Env": "dev", "Size": "7"}}')
    assert (finding.severity, finding.message) == (None, "'7' is passed to 'Size' of main.yml, which takes at most 5")


def test_reports_what_a_nested_stack_refuses_at_the_value_in_the_file() -> None:
    [finding] = found('{"Parameters": {\n"Env": "staging"}}')
    places = [(node.span.path, node.span.line) for node, _ in finding.related]
    assert (finding.at.span.path, finding.at.span.line, finding.severity) == ("test.json", 2, None)
    assert places == [("main.yml", 12), ("child.yml", 2)]


@pytest.mark.parametrize(
    "values",
    [
        '[{"ParameterKey": "Env", "ParameterValue": "staging"}]',
        '["Env=staging"]',
        '{"Parameters": [{"ParameterKey": "Env", "ParameterValue": "staging"}]}',
        '{"Env": "staging"}',
    ],
)
def test_reads_every_form(values: str) -> None:
    assert len(found(values)) == 1


@pytest.mark.parametrize(
    "values",
    [
        '{"Env": "dev"}',
        '{"Env": "dev", "Unknown": "x"}',
        '[{"ParameterKey": "Env", "UsePreviousValue": true}]',
        '{"Parameters": {"Env": ["staging"]}}',
        '{"Env": "{{resolve:ssm:/env}}"}',
        '{"Env": "__ENV__"}',
    ],
)
def test_accepts(values: str) -> None:
    assert not found(values)


def test_says_of_each_file_what_is_wrong_with_it() -> None:
    files = {"main.yml": MAIN, "child.yml": CHILD, "stackproof.toml": PAIRED}
    files |= {"a.json": '{"Env": "staging"}', "b.json": '{"Env": "dev"}', "c.json": '{"Env": "qa"}'}
    assert [finding.at.span.path for finding in findings(RULE, files)] == ["a.json", "c.json"]


def test_leaves_a_branch_that_the_file_does_not_take() -> None:
    main = MAIN.replace("!Ref Env", "!If [IsBig, !Ref Env, dev]")
    assert not found('{"Env": "staging"}', main)


def test_reports_a_branch_that_the_file_takes() -> None:
    main = MAIN.replace("!Ref Env", "!If [IsBig, !Ref Env, dev]")
    [finding] = found('{"Env": "staging", "Size": "5"}', main)
    assert finding.severity is None


def test_leaves_a_stack_that_is_not_made() -> None:
    main = MAIN.replace("    Properties", "    Condition: IsBig\n    Properties")
    assert not found('{"Env": "staging"}', main)


def test_is_a_warning_where_a_template_was_found_by_its_name() -> None:
    main = MAIN.replace("child.yml", "https://b.s3.amazonaws.com/child.yml")
    [finding] = found('{"Env": "staging"}', main)
    assert finding.severity is Severity.WARNING


def test_reports_what_becomes_of_a_value() -> None:
    [finding] = found('{"Env": "dev"}', MAIN.replace("!Ref Env", "!Sub '${Env}-x'"))
    assert finding.message.startswith("'dev-x' is passed to 'Stage' of child.yml")


def test_leaves_types_that_do_not_fit_to_the_rule_on_them() -> None:
    main = MAIN.replace("Env: {Type: String}", "Env: {Type: 'AWS::EC2::VPC::Id'}")
    child = CHILD.replace("String, AllowedValues: [dev, prod]", "'AWS::EC2::Subnet::Id'")
    assert not found('{"Env": "vpc-12345678"}', main, child)
