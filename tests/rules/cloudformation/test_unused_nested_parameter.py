"""Rule cloudformation-unused-nested-parameter."""

import pytest

from validator.rule import Finding
from validator.testing import check_rule, findings

RULE = "cloudformation-unused-nested-parameter"
PARENT = """\
Resources:
  Web:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yml, Parameters: {X: a}}
  Api:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yml, Parameters: {X: b}}
"""
CHILD = """\
Parameters:
  X: {Type: String}
  Y: {Type: String, Default: ''}
Metadata: {AWS::CloudFormation::Interface: {ParameterLabels: {X: {default: x}}}}
Resources:
  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: USE}}
"""


def found(use: str, more: str = "", **files: str) -> list[Finding]:
    return findings(RULE, {"parent.yml": PARENT, "child.yml": CHILD.replace("USE", use) + more, **files})


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize("use", ["X", "!Sub '${!X}'", "!Sub ['${X}', {X: a}]", "!GetAtt X.Y", "!Ref Y"])
def test_points_at_the_parameter_and_at_all_that_pass_it(use: str) -> None:
    [finding] = found(use)
    assert (finding.at.value, finding.at.span.line) == ("X", 2)
    assert [node.span.line for node, _ in finding.related] == [4, 7]


@pytest.mark.parametrize(
    "use",
    [
        "!Ref X",
        "!Sub 'a${X}b'",
        "!If [C, !Ref X, b]",
        "!Join ['', [!Ref X]]",
        "{'Fn::Transform': {Name: AWS::Include, Parameters: {Location: s3://x/y}}}",
    ],
)
def test_accepts(use: str) -> None:
    assert not found(use)


@pytest.mark.parametrize(
    "more",
    [
        "Conditions: {C: !Equals [!Ref X, a]}\n",
        "Rules: {R: {Assertions: [{Assert: {'Fn::EachMemberIn': [{'Fn::ValueOf': [X, a]}, [b]]}}]}}\n",
        "Transform: Mine\n",
    ],
)
def test_accepts_what_other_sections_use(more: str) -> None:
    assert not found("a", more)


def test_passing_it_on_is_using_it() -> None:
    more = "  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: low.yml, Parameters: {Z: !Ref X}}}\n"
    low = "Parameters: {Z: {Type: String}}\nResources: {T: {Type: AWS::SNS::Topic}}\n"
    [finding] = found("a", more, **{"low.yml": low})
    assert (finding.at.span.path, finding.at.value) == ("low.yml", "Z")


def test_what_a_stack_set_passes_counts() -> None:
    parent = """\
Resources:
  Web:
    Type: AWS::CloudFormation::StackSet
    Properties: {TemplateURL: child.yml, Parameters: [{ParameterKey: X, ParameterValue: a}]}
"""
    [finding] = findings(RULE, {"parent.yml": parent, "child.yml": CHILD})
    assert finding.related[0][0].text == "X"
