import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

RULE = "cloudformation-default-rejected"
PARENT = """\
Parameters:
  Stage: {{Type: String, Default: staging}}
  Mode: {{Type: String, Default: slow}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsFast: !Equals [!Ref Mode, fast]
Resources:
  Db:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: child.yml
      Parameters:
        Env: {passed}
"""
CHILD = """\
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod]}
Resources:
  Topic: {Type: AWS::SNS::Topic}
"""
PAIRED = '[[stacks]]\ntemplate = "parent.yml"\nparameters = "test.json"\n'


def one(files: dict[str, str]) -> Finding:
    [finding] = findings(RULE, files)
    return finding


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_points_at_what_is_passed_on() -> None:
    finding = one({"parent.yml": PARENT.format(passed="!Ref Stage"), "child.yml": CHILD})
    places = [(node.span.path, node.span.line) for node, _ in finding.related]
    assert (finding.at.span.line, finding.severity) == (13, Severity.WARNING)
    assert places == [("parent.yml", 2), ("child.yml", 2)]


def test_names_the_parameter_with_the_default() -> None:
    finding = one({"parent.yml": PARENT.format(passed="!Sub '${Stage}-x'"), "child.yml": CHILD})
    assert finding.message == (
        "with the Default of 'Stage', 'staging-x' is passed to 'Env' of child.yml, which allows only dev, prod"
    )


def test_is_an_error_beside_a_parameter_file_that_leaves_it() -> None:
    files = {"parent.yml": PARENT.format(passed="!Ref Stage"), "child.yml": CHILD}
    assert one(files | {"test.json": '{"Parameters": {"Mode": "fast"}}', "stackproof.toml": PAIRED}).severity is None


def test_does_not_matter_where_a_parameter_file_gives_a_value() -> None:
    files = {"parent.yml": PARENT.format(passed="!Ref Stage"), "child.yml": CHILD}
    assert not findings(RULE, files | {"test.json": '{"Parameters": {"Stage": "dev"}}', "stackproof.toml": PAIRED})


def test_does_not_matter_where_the_parent_gives_a_value() -> None:
    properties = "{TemplateURL: parent.yml, Parameters: {Stage: dev}}"
    top = f"Resources:\n  S:\n    Type: AWS::CloudFormation::Stack\n    Properties: {properties}\n"
    assert not findings(RULE, {"top.yml": top, "parent.yml": PARENT.format(passed="!Ref Stage"), "child.yml": CHILD})


def test_is_an_error_where_the_parent_passes_nothing() -> None:
    top = "Resources:\n  S:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: parent.yml}\n"
    finding = one({"top.yml": top, "parent.yml": PARENT.format(passed="!Ref Stage"), "child.yml": CHILD})
    assert (finding.at.span.path, finding.severity) == ("parent.yml", None)


def test_is_said_where_another_parameter_decides() -> None:
    finding = one({"parent.yml": PARENT.format(passed="!If [IsFast, !Ref Stage, dev]"), "child.yml": CHILD})
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    "passed", ["!If [IsProd, !Ref Stage, dev]", "!If [IsProd, !Ref Stage, !Ref AWS::NoValue]", "dev", "!ImportValue x"]
)
def test_accepts(passed: str) -> None:
    child = CHILD.replace("prod]", "prod], Default: dev")
    assert not findings(RULE, {"parent.yml": PARENT.format(passed=passed), "child.yml": child})


def test_is_not_said_of_a_stack_that_is_not_made_with_the_default() -> None:
    parent = PARENT.format(passed="!Ref Stage").replace("    Properties", "    Condition: IsProd\n    Properties")
    assert not findings(RULE, {"parent.yml": parent, "child.yml": CHILD})


def test_is_not_said_of_a_stack_two_levels_down_that_is_not_made_with_the_default() -> None:
    middle = PARENT.format(passed="!Ref Stage").replace("    Properties", "    Condition: IsProd\n    Properties")
    middle = middle.replace(", Default: staging", "").replace("child.yml", "grand.yml")
    parent = PARENT.replace("Env:", "Stage:").format(passed="!Ref Stage")
    assert not findings(RULE, {"parent.yml": parent, "child.yml": middle, "grand.yml": CHILD})


def test_leaves_a_default_that_its_own_template_refuses() -> None:
    parent = PARENT.format(passed="!Ref Stage").replace("Default: staging", "Default: staging, AllowedValues: [dev]")
    assert not findings(RULE, {"parent.yml": parent, "child.yml": CHILD})


def test_leaves_a_default_among_values_that_are_all_refused() -> None:
    parent = PARENT.format(passed="!Ref Stage").replace("staging", "staging, AllowedValues: [staging, qa]")
    assert not findings(RULE, {"parent.yml": parent, "child.yml": CHILD})
