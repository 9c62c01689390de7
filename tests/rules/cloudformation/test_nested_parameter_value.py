import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

RULE = "cloudformation-nested-parameter-value"
PARENT = """\
Parameters:
  Stage: {{Type: String}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
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
MIDDLE = """\
Parameters:
  Env: {Type: String}
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: grand.yml
      Parameters:
        Env: !Ref Env
"""


def one(files: dict[str, str]) -> Finding:
    [finding] = findings(RULE, files)
    return finding


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_points_at_the_value_and_the_declaration() -> None:
    finding = one({"parent.yml": PARENT.format(passed="staging"), "child.yml": CHILD})
    places = [(node.span.path, node.span.line) for node, _ in finding.related]
    assert (finding.at.span.line, finding.at.span.column, places) == (11, 14, [("child.yml", 2)])


def test_says_what_is_refused_and_what_is_taken() -> None:
    finding = one({"parent.yml": PARENT.format(passed="staging"), "child.yml": CHILD})
    assert finding.message == "'staging' is passed to 'Env' of child.yml, which allows only dev, prod"


def test_offers_the_nearest_value_that_is_allowed() -> None:
    assert one({"parent.yml": PARENT.format(passed="Prod"), "child.yml": CHILD}).help == "did you mean 'prod'?"


def test_follows_a_value_through_a_template() -> None:
    finding = one({"parent.yml": PARENT.format(passed="staging"), "child.yml": MIDDLE, "grand.yml": CHILD})
    places = [(node.span.path, node.span.line) for node, _ in finding.related]
    assert (finding.at.span.path, finding.severity, places) == (
        "parent.yml",
        None,
        [("child.yml", 9), ("grand.yml", 2)],
    )


def test_says_once_what_is_refused_on_the_way_and_again_below() -> None:
    middle = MIDDLE.replace("{Type: String}", "{Type: String, AllowedValues: [dev]}")
    finding = one({"parent.yml": PARENT.format(passed="staging"), "child.yml": middle, "grand.yml": CHILD})
    assert "of child.yml" in finding.message


def test_is_a_warning_under_a_condition() -> None:
    finding = one({"parent.yml": PARENT.format(passed="!If [IsProd, prod, staging]"), "child.yml": CHILD})
    assert (finding.severity, finding.at.span.column) == (Severity.WARNING, 33)


def test_is_an_error_where_every_branch_is_refused() -> None:
    files = {"parent.yml": PARENT.format(passed="!If [IsProd, production, staging]"), "child.yml": CHILD}
    assert [finding.severity for finding in findings(RULE, files)] == [None, None]


def test_is_a_warning_where_the_stack_is_made_under_a_condition() -> None:
    parent = PARENT.format(passed="staging").replace("    Properties", "    Condition: IsProd\n    Properties")
    assert one({"parent.yml": parent, "child.yml": CHILD}).severity is Severity.WARNING


def test_is_a_warning_where_the_template_was_found_by_its_name() -> None:
    parent = PARENT.format(passed="staging").replace("child.yml", "https://b.s3.amazonaws.com/child.yml")
    assert one({"parent.yml": parent, "child.yml": CHILD}).severity is Severity.WARNING


def test_is_a_warning_where_another_template_may_stand_there() -> None:
    parent = PARENT.format(passed="staging").replace("child.yml", "!If [IsProd, child.yml, other.yml]")
    files = {"parent.yml": parent, "child.yml": CHILD, "other.yml": CHILD.replace("dev", "staging")}
    assert one(files).severity is Severity.WARNING


def test_reports_null() -> None:
    finding = one(
        {"parent.yml": PARENT.format(passed=""), "child.yml": CHILD.replace(", AllowedValues: [dev, prod]", "")}
    )
    assert (finding.message, finding.at.span.line) == ("null is passed to 'Env' of child.yml, which takes no null", 11)


def test_names_the_item_of_a_list_that_is_refused() -> None:
    child = CHILD.replace("String", "CommaDelimitedList")
    finding = one({"parent.yml": PARENT.format(passed='"dev,qa"'), "child.yml": child})
    assert finding.message.startswith("'qa' in 'dev,qa' is passed")


@pytest.mark.parametrize(
    "passed",
    [
        "dev",
        "!Ref Stage",
        "!Sub '${Stage}-x'",
        "!If [IsProd, prod, dev]",
        "!If [IsProd, !Ref Stage, dev]",
        "'{{resolve:ssm:/env}}'",
        "!ImportValue env",
        "!GetAtt Other.Outputs.Env",
        "__ENV__",
        "!Ref AWS::Region",
    ],
)
def test_accepts(passed: str) -> None:
    assert not findings(RULE, {"parent.yml": PARENT.format(passed=passed), "child.yml": CHILD})


def test_leaves_what_cannot_come_to_be() -> None:
    parent = PARENT.format(passed="!If [IsProd, prod, staging]").replace(
        "    Properties", "    Condition: IsProd\n    Properties"
    )
    assert not findings(RULE, {"parent.yml": parent, "child.yml": CHILD})


def test_leaves_what_two_levels_together_rule_out() -> None:
    middle = MIDDLE.replace("Resources:", "Conditions:\n  IsDev: !Equals [!Ref Env, dev]\nResources:")
    middle = middle.replace("Env: !Ref Env", "Env: !If [IsDev, qa, live]")
    parent = PARENT.format(passed="!Ref Stage").replace("    Properties", "    Condition: IsProd\n    Properties")
    grand = CHILD.replace("[dev, prod]", "[live]")
    assert not findings(RULE, {"parent.yml": parent, "child.yml": middle, "grand.yml": grand})


def test_leaves_what_quotes_would_cure_to_another_rule() -> None:
    child = CHILD.replace("[dev, prod]", "['8.10']")
    assert not findings(RULE, {"parent.yml": PARENT.format(passed="8.10"), "child.yml": child})


def test_leaves_a_template_that_a_macro_rewrites() -> None:
    files = {"parent.yml": PARENT.format(passed="staging"), "child.yml": "Transform: Mine\n" + CHILD}
    assert not findings(RULE, files)


def test_never_judges_a_value_by_what_ssm_may_hold() -> None:
    child = "Parameters:\n  Env: {Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>'}\nResources: {}\n"
    assert not findings(RULE, {"parent.yml": PARENT.format(passed="/aws/x"), "child.yml": child})


MAPPED = PARENT.replace(
    "Resources:", "Mappings:\n  Sizes:\n    test: {{Env: dev}}\n    live: {{Env: staging}}\nResources:"
)


def test_takes_what_a_mapping_holds_for_a_text_of_the_template() -> None:
    finding = one({"parent.yml": MAPPED.format(passed="!FindInMap [Sizes, !Ref Stage, Env]"), "child.yml": CHILD})
    assert (finding.at.span.line, finding.severity) == (15, Severity.WARNING)


def test_leaves_what_a_mapping_holds_for_others() -> None:
    parent = MAPPED.format(passed="!FindInMap [Sizes, !Ref Stage, Env]")
    files = {"parent.yml": parent, "child.yml": CHILD, "test.json": '{"Stage": "test"}'}
    paired = '[[stacks]]\ntemplate = "parent.yml"\nparameters = "test.json"\n'
    assert not findings(RULE, files | {"stackproof.toml": paired})


def test_shows_no_part_of_a_secret() -> None:
    child = CHILD.replace("String,", "CommaDelimitedList, NoEcho: true,")
    finding = one({"parent.yml": PARENT.format(passed='"dev,qa"'), "child.yml": child})
    assert finding.message.startswith("'dev,qa' is passed")
