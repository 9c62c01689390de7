"""Views of templates."""

import pytest

from validator.cloudformation.template import Template
from validator.parse import load

TEXT = """\
Parameters:
  Secret: {Type: String, NoEcho: "true", Default: ""}
  Plain: {Type: String}
  "Fn::Transform": {Name: AWS::Include}
Resources:
  A:
    Type: AWS::SNS::Topic
    Condition: C
    Properties:
      Name: !Sub "x-${Child.Outputs.One}-${!Child.Outputs.Two}-${Plain}-${ Child.Outputs.Three }"
      Other: !Sub ["${Child.Outputs.Four}${Local.X}", {Local.X: !GetAtt [Child, Outputs.Five]}]
Outputs:
  B: {Value: !GetAtt Child.Outputs.Six}
  C: {Value: {"Fn::GetAtt": [Child, !Ref Plain]}}
"""


def template(text: str) -> Template:
    return Template(load("template.yml", text.encode()).root)


def test_sections_leave_out_what_functions_add() -> None:
    found = template(TEXT)
    assert [list(found.parameters), list(found.resources), list(found.outputs)] == [
        ["Secret", "Plain"],
        ["A"],
        ["B", "C"],
    ]


def test_parameter() -> None:
    found = template(TEXT).parameters
    assert [(one.type, one.no_echo, one.default is not None) for one in found.values()] == [
        ("String", True, True),
        ("String", False, False),
    ]


def test_reads_stand_where_they_are_written() -> None:
    reads = template(TEXT).reads["Child"]
    assert [(one.attribute, one.at.span.line, one.at.text) for one in reads] == [
        ("Outputs.One", 10, "${Child.Outputs.One}"),
        ("Outputs.Three", 10, "${ Child.Outputs.Three }"),
        ("Outputs.Four", 11, "${Child.Outputs.Four}"),
        ("Outputs.Five", 11, "[Child, Outputs.Five]"),
        ("Outputs.Six", 13, "Child.Outputs.Six"),
    ]


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("{}", False),
        ("Outputs: {A: {Value: x}}", False),
        ("Outputs: {'Fn::ForEach::X': []}", True),
        ("Outputs: {'Fn::Transform': {Name: AWS::Include}}", True),
        ("Outputs: !Ref X", True),
        ("Outputs:", True),
        ("Transform: AWS::Serverless-2016-10-31", False),
        ("Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]", False),
        ("Transform: [AWS::LanguageExtensions, Mine]", True),
        ("Transform: {Name: AWS::Include}", True),
        ("'Fn::Transform': {Name: AWS::Include}", True),
    ],
)
def test_open_sections(text: str, *, is_open: bool) -> None:
    assert template(text).is_open("Outputs") is is_open


def test_heading_is_the_key_or_the_template() -> None:
    found = template(TEXT)
    assert [found.heading(name).span.line for name in ("Outputs", "Nothing")] == [12, 1]


def test_references_are_those_to_plain_names() -> None:
    found = template(TEXT).references
    assert {name: [one.text for one in nodes] for name, nodes in found.items()} == {"Plain": ["${Plain}", "Plain"]}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("Direct", ("A",)),
        ("Through", ("B", "A")),
        ("Round", ("A",)),
        ("Constant", ()),
        ("Nowhere", ()),
    ],
)
def test_decides_names_the_parameters_behind_a_condition(condition: str, expected: tuple[str, ...]) -> None:
    text = """\
Parameters: {A: {Type: String}, B: {Type: String}, C: {Type: String}}
Conditions:
  Direct: !Equals [!Ref A, !Ref AWS::Region]
  Through: !And [!Condition Direct, !Not [!Equals [!Sub "${B}", x]]]
  Round: !Or [!Condition Round, !Condition Direct]
  Constant: !Equals [a, b]
"""
    assert template(text).decides(condition) == expected


@pytest.mark.parametrize(
    ("text", "has_macro"),
    [
        ("Transform: AWS::Serverless-2016-10-31", False),
        ("Transform: Mine", True),
        ("Resources: {A: {'Fn::Transform': {Name: AWS::Include}}}", True),
        ("Resources: {A: {Properties: {X: ['Fn::Transform', x]}}}", False),
    ],
)
def test_has_macro(text: str, *, has_macro: bool) -> None:
    assert template(text).has_macro is has_macro
