"""Rule cloudformation-stackset-parameters."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

RULE = "cloudformation-stackset-parameters"
PARENT = """\
Parameters: {{X: {{Type: String}}}}
Conditions: {{C: !Equals [!Ref X, y]}}
Resources:
  All:
    Type: AWS::CloudFormation::StackSet
    Properties:
      {location}
      Parameters: {parameters}
      {more}
"""
CHILD = "Parameters: {Env: {Type: String}, Size: {Type: String, Default: s}}\nResources: {T: {Type: AWS::SNS::Topic}}\n"
ENV = "{ParameterKey: Env, ParameterValue: x}"
INLINE = "TemplateBody: |\n        " + CHILD.replace("\n", "\n        ").rstrip()


def found(
    parameters: str, *, location: str = "TemplateURL: child.yml", more: str = "", child: str = CHILD
) -> list[Finding]:
    parent = PARENT.format(parameters=parameters, location=location, more=more)
    return findings(RULE, {"parent.yml": parent, "child.yml": child})


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize("location", ["TemplateURL: child.yml", INLINE])
def test_points_at_the_name_that_is_unknown(location: str) -> None:
    [finding] = found(f"[{ENV}, {{ParameterKey: Envv, ParameterValue: x}}]", location=location)
    assert (finding.at.text, finding.severity, finding.help) == ("Envv", None, "did you mean 'Env'?")


@pytest.mark.parametrize(
    ("location", "called"), [("TemplateURL: child.yml", "child.yml"), (INLINE, "its TemplateBody")]
)
def test_points_at_the_list_that_lacks_a_name(location: str, called: str) -> None:
    [finding] = found("[]", location=location)
    assert finding.message == f"All does not give 'Env', which {called} requires"
    assert (finding.at.text, finding.related[0][0].text) == ("Parameters", "Env")


def test_places_in_a_text_are_those_of_the_file() -> None:
    [finding] = found("[]", location=INLINE)
    assert (finding.related[0][0].span.path, finding.related[0][0].span.line) == ("parent.yml", 8)


@pytest.mark.parametrize(
    "parameters",
    [
        f"[{ENV}]",
        f"[{ENV}, {{ParameterKey: Size, ParameterValue: x}}]",
        "[{ParameterKey: Env, UsePreviousValue: true}]",
        f"!If [C, [{ENV}], []]",
        f"[!If [C, {ENV}, !Ref AWS::NoValue]]",
        "!Ref X",
    ],
)
def test_accepts(parameters: str) -> None:
    assert not found(parameters)


def test_overrides_of_some_stacks_count() -> None:
    more = (
        "StackInstancesGroup: [{Regions: [eu-west-1], ParameterOverrides: [{ParameterKey: Nope, ParameterValue: x}]}]"
    )
    [finding] = found(f"[{ENV}]", more=more)
    assert finding.at.text == "Nope"
    assert not found("[]", more=more.replace("Nope", "Env"))


@pytest.mark.parametrize(
    "location",
    [
        "TemplateURL: nothing.yml",
        "TemplateBody: !Ref X",
        "TemplateBody: 'no template'",
        "TemplateBody: '{'",
        "TemplateBody: [x]",
        "Description: x",
    ],
)
def test_accepts_what_it_cannot_read(location: str) -> None:
    assert not found("[]", location=location)


def test_a_macro_may_declare_it() -> None:
    assert not found("[{ParameterKey: Nope, ParameterValue: x}]", child="Transform: Mine\n" + CHILD)


@pytest.mark.parametrize("url", ["https://host/child.yml", "!If [C, child.yml, !Ref X]"])
def test_what_is_not_certain_is_a_warning(url: str) -> None:
    assert [one.severity for one in found("[]", location=f"TemplateURL: {url}")] == [Severity.WARNING]


def test_the_text_of_a_sub_is_read() -> None:
    text = '{"Parameters": {"Env": {"Type": "String"}}, "Resources": {"${X}": {"Type": "AWS::SNS::Topic"}}}'
    assert len(found("[]", location=f"TemplateBody: !Sub '{text}'")) == 1
