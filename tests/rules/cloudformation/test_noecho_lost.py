"""Rule cloudformation-noecho-lost."""

import pytest

from validator import fix
from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

RULE = "cloudformation-noecho-lost"
PARENT = """\
Parameters:
  Pw: {{Type: String, NoEcho: {hides}}}
  Open: {{Type: String}}
Conditions: {{C: !Equals [!Ref Open, y], Never: !Equals [a, b]}}
Mappings: {{M: {{a: {{b: c}}}}}}
Resources:
  Web:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: {url}
      Parameters:
        P: {value}
"""
CHILD = "Parameters:\n  P:\n    Type: String  # of the door\nResources: {T: {Type: AWS::SNS::Topic}}\n"
HIDING = "Parameters: {P: {Type: String, NoEcho: true}}\nResources: {T: {Type: AWS::SNS::Topic}}\n"


def found(
    value: str, *, child: str = CHILD, url: str = "child.yml", hides: str = "true", **files: str
) -> list[Finding]:
    parent = PARENT.format(value=value, url=url, hides=hides)
    return findings(RULE, {"parent.yml": parent, "child.yml": child, "hiding.yml": HIDING, **files})


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    "value",
    [
        "!Ref Pw",
        "!Sub '${Pw}'",
        "!Sub 'x${Pw}y'",
        "!Sub ['${A}', {A: !Ref Pw}]",
        "!Join [':', [admin, !Ref Pw]]",
        "!If [C, !Ref Pw, none]",
        "!Base64 {Ref: Pw}",
    ],
)
def test_points_at_the_value_and_at_both_ends(value: str) -> None:
    [finding] = found(value)
    assert (finding.at.span.line, finding.severity) == (12, None)
    assert finding.message == "Web passes 'Pw', which has NoEcho, to 'P', which has none in child.yml"
    places = [(node.span.path, node.span.line) for node, _ in finding.related]
    assert places == [("parent.yml", 2), ("child.yml", 2)]


@pytest.mark.parametrize("hides", ["true", '"true"', "True"])
def test_knows_the_ways_to_write_it(hides: str) -> None:
    assert len(found("!Ref Pw", hides=hides)) == 1


@pytest.mark.parametrize(
    "value",
    [
        "!Ref Open",
        "literal",
        "!Sub '${!Pw}'",
        "!Sub ['${Pw}', {Pw: x}]",
        "!If [Never, !Ref Pw, none]",
        "!FindInMap [M, !Ref Pw, b]",
        "!GetAtt Pw.Value",
    ],
)
def test_accepts(value: str) -> None:
    assert not found(value)


@pytest.mark.parametrize("child", [HIDING, "Transform: Mine\n" + CHILD, "Resources: {}\n"])
def test_accepts_a_child_that_hides_it_or_may(child: str) -> None:
    assert not found("!Ref Pw", child=child)


def test_what_is_not_hidden_above_is_not_lost() -> None:
    assert not found("!Ref Pw", hides="false")


@pytest.mark.parametrize(
    "url", ["https://host/child.yml", "!If [C, child.yml, hiding.yml]", "!If [C, child.yml, !Ref Open]"]
)
def test_what_is_not_certain_is_a_warning(url: str) -> None:
    assert [one.severity for one in found("!Ref Pw", url=url)] == [Severity.WARNING]


def test_the_name_of_a_user_is_a_warning() -> None:
    parent = PARENT.format(value="!Ref DbUser", url="child.yml", hides="true").replace("Pw:", "DbUser:")
    assert [one.severity for one in findings(RULE, {"parent.yml": parent, "child.yml": CHILD})] == [Severity.WARNING]


def test_is_told_at_the_level_where_it_is_lost() -> None:
    middle = """\
Parameters: {P: {Type: String, NoEcho: true}}
Resources:
  Low:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: low.yml, Parameters: {P: !Ref P}}
"""
    [finding] = found("!Ref Pw", child=middle, **{"low.yml": CHILD})
    assert (finding.at.span.path, finding.at.span.line) == ("child.yml", 5)
    # What was lost above is not lost again.
    assert len(found("!Ref Pw", child=middle.replace(", NoEcho: true", ""), **{"low.yml": CHILD})) == 1


@pytest.mark.parametrize(("name", "severity"), [("Password", None), ("P", Severity.WARNING)])
def test_an_output_shows_what_the_parent_hides(name: str, severity: Severity | None) -> None:
    child = HIDING.replace("P:", f"{name}:") + f"Outputs: {{O: {{Value: !Sub 'x${{{name}}}'}}}}\n"
    parent = PARENT.format(value="!Ref Pw", url="child.yml", hides="true").replace(" P: ", f" {name}: ")
    [finding] = findings(RULE, {"parent.yml": parent, "child.yml": child})
    assert (finding.at.text, finding.severity) == (f"${{{name}}}", severity)
    assert finding.message == f"output 'O' shows {name!r}, which has NoEcho"


def test_what_one_template_shows_of_its_own_is_cfn_lints() -> None:
    assert not findings(RULE, {"a.yml": HIDING + "Metadata: {X: !Ref P}\nOutputs: {O: {Value: !Ref P}}\n"})


def test_a_stack_set_loses_it_too() -> None:
    parent = """\
Parameters: {Pw: {Type: String, NoEcho: true}}
Resources:
  All:
    Type: AWS::CloudFormation::StackSet
    Properties: {TemplateURL: child.yml, Parameters: [{ParameterKey: P, ParameterValue: !Ref Pw}]}
"""
    [finding] = findings(RULE, {"parent.yml": parent, "child.yml": CHILD})
    assert finding.at.span.line == 5


@pytest.mark.parametrize(
    ("child", "fixed"),
    [
        (CHILD, "Parameters:\n  P:\n    Type: String\n    NoEcho: true  # of the door\n"),
        ("Parameters: {P: {Type: String}}\nResources: {}\n", "Parameters: {P: {Type: String, NoEcho: true}}\n"),
        (
            "Parameters:\n  P:\n    Type: 'String'\nResources: {}\n",
            "Parameters:\n  P:\n    Type: 'String'\n    NoEcho: true\n",
        ),
    ],
)
def test_the_fix_hides_it(child: str, fixed: str) -> None:
    [finding] = found("!Ref Pw", child=child)
    plan = fix.plan([finding.fix], {"child.yml": child})
    assert fix.edited(child, plan.edits["child.yml"]).startswith(fixed)


def test_the_fix_in_json() -> None:
    child = '{"Parameters": {"P": {\n  "Type": "String"\n}}, "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}'
    [finding] = found("!Ref Pw", url="child.json", **{"child.json": child})
    plan = fix.plan([finding.fix], {"child.json": child})
    assert '"Type": "String", "NoEcho": true\n' in fix.edited(child, plan.edits["child.json"])


def test_nothing_is_fixed_that_says_otherwise() -> None:
    [finding] = found("!Ref Pw", child="Parameters: {P: {Type: String, NoEcho: false}}\nResources: {}\n")
    assert finding.fix == ()
