import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

RULE = "cloudformation-allowed-values-wider"
PARENT = """\
Parameters:
  Stage: {{Type: String, AllowedValues: {allowed}}}
Conditions:
  IsQa: !Equals [!Ref Stage, qa]
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


def one(allowed: str, passed: str = "!Ref Stage", **more: str) -> Finding:
    [finding] = findings(RULE, files(allowed, passed, **more))
    return finding


def files(allowed: str, passed: str = "!Ref Stage", **more: str) -> dict[str, str]:
    return {"parent.yml": PARENT.format(allowed=allowed, passed=passed), "child.yml": CHILD} | more


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_names_what_is_too_much() -> None:
    finding = one("[dev, qa, test]")
    assert (finding.severity, finding.message) == (
        Severity.WARNING,
        "'Stage' may be 'qa', 'test', and is passed to 'Env' of child.yml, which allows only dev, prod",
    )


def test_points_at_what_is_passed_on_and_both_declarations() -> None:
    finding = one("[dev, qa]")
    places = [(node.span.path, node.span.line) for node, _ in finding.related]
    assert (finding.at.span.line, places) == (11, [("parent.yml", 2), ("child.yml", 2)])


def test_is_an_error_where_nothing_is_taken() -> None:
    assert one("[qa, test]").severity is None


def test_lists_five_values_at_most() -> None:
    assert "'e' and 2 more" in one("[dev, a, b, c, d, e, f, g]").message


def test_knows_lists_that_are_longer_than_alternatives_are_followed() -> None:
    assert one("[dev, " + ", ".join(f"m{number}" for number in range(100)) + "]").message.startswith("'Stage' may be")


def test_holds_a_value_that_anybody_gives_to_what_is_allowed_in_between() -> None:
    top = """\
Parameters: {Any: {Type: String}}
Resources:
  S:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: parent.yml, Parameters: {Stage: !Ref Any}}
"""
    finding = one("[dev, qa]", **{"top.yml": top})
    assert (finding.at.span.path, finding.at.span.line) == ("parent.yml", 11)


def test_leaves_values_that_a_template_above_does_not_allow() -> None:
    top = """\
Parameters: {Any: {Type: String, AllowedValues: [dev]}}
Resources:
  S:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: parent.yml, Parameters: {Stage: !Ref Any}}
"""
    assert not findings(RULE, files("[dev, qa]", **{"top.yml": top}))


def test_leaves_what_a_parameter_file_decides() -> None:
    paired = {
        "test.json": '{"Parameters": {"Stage": "dev"}}',
        "stackproof.toml": '[[stacks]]\ntemplate = "parent.yml"\nparameters = "test.json"\n',
    }
    assert not findings(RULE, files("[dev, qa]", **paired))


def test_leaves_a_default_from_further_up_that_is_refused_to_the_rule_on_it() -> None:
    top = """\
Parameters: {Any: {Type: String, Default: qa}}
Resources:
  S:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: parent.yml, Parameters: {Stage: !Ref Any}}
"""
    assert not findings(RULE, files("[dev, qa]", **{"top.yml": top}))


def test_leaves_a_default_that_is_refused_to_the_rule_on_it() -> None:
    assert not findings(RULE, files("[dev, qa], Default: qa"))


@pytest.mark.parametrize("passed", ["!If [IsQa, dev, !Ref Stage]", "dev", "!Select [0, !Ref Stage]"])
def test_accepts(passed: str) -> None:
    assert not findings(RULE, files("[dev, prod, qa]", passed))


def test_accepts_what_is_refused_only_where_the_stack_is_not_made() -> None:
    parent = PARENT.format(allowed="[dev, qa]", passed="!Ref Stage").replace(
        "    Properties", "    Condition: NotQa\n    Properties"
    )
    parent = parent.replace("Resources:", "  NotQa: !Not [{Condition: IsQa}]\nResources:")
    assert not findings(RULE, {"parent.yml": parent, "child.yml": CHILD})


def test_compares_numbers_as_numbers() -> None:
    parent = PARENT.format(allowed="[1, 2]", passed="!Ref Stage")
    child = "Parameters: {Env: {Type: Number, AllowedValues: ['1.0', 2]}}\nResources: {}\n"
    assert not findings(RULE, {"parent.yml": parent, "child.yml": child})
