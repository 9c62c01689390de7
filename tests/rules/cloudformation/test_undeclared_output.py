"""Rule cloudformation-undeclared-output."""

import pytest

from validator import fix
from validator.rule import Finding, Severity
from validator.testing import findings

PARENT = """\
Parameters:
  X: {{Type: String}}
Conditions:
  C: !Equals [!Ref X, y]
Resources:
  Web:
    Type: {kind}
    Properties: {{{location}: {url}}}
Outputs:
  Url: {{Value: {value}}}
"""
CHILD = "Resources: {T: {Type: AWS::SNS::Topic}}\nOutputs: {Address: {Value: !Ref T}}\n"
BARE = "Resources: {T: {Type: AWS::SNS::Topic}}\n"


def found(
    value: str, *, url: str = "child.yml", kind: str = "AWS::CloudFormation::Stack", child: str = CHILD
) -> list[Finding]:
    location = "Location" if kind == "AWS::Serverless::Application" else "TemplateURL"
    parent = PARENT.format(value=value, url=url, kind=kind, location=location)
    return findings("cloudformation-undeclared-output", {"parent.yml": parent, "child.yml": child, "bare.yml": BARE})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("!GetAtt Web.Outputs.Nope", "Web.Outputs.Nope"),
        ("{'Fn::GetAtt': [Web, Outputs.Nope]}", "[Web, Outputs.Nope]"),
        ("!Sub 'https://${Web.Outputs.Nope}/'", "${Web.Outputs.Nope}"),
        ("!Sub ['${Web.Outputs.Nope}', {A: b}]", "${Web.Outputs.Nope}"),
        ("!Sub ['${A}', {A: !GetAtt Web.Outputs.Nope}]", "Web.Outputs.Nope"),
    ],
)
def test_points_at_the_reference(value: str, text: str) -> None:
    [finding] = found(value)
    assert (finding.at.text, finding.at.span.line, finding.severity) == (text, 10, None)


def test_names_the_nearest() -> None:
    [finding] = found("!GetAtt Web.Outputs.Adress")
    assert finding.help == "did you mean 'Address'?"


@pytest.mark.parametrize(
    "value",
    [
        "!GetAtt Web.Outputs.Address",
        "!GetAtt Other.Outputs.Nope",
        "!Ref Web",
        "!Sub '${!Web.Outputs.Nope}'",
        "!Sub ['${Web.Outputs.Nope}', {Web.Outputs.Nope: x}]",
        "Web.Outputs.Nope",
        "!GetAtt [Web, !Ref X]",
    ],
)
def test_accepts(value: str) -> None:
    assert not found(value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x/child.yml", []),
        ("https://x/bare.yml", [Severity.WARNING]),
        ("!If [C, child.yml, bare.yml]", []),  # one of them declares it
        ("!If [C, bare.yml, !Ref X]", []),
        ("!If [C, bare.yml, 'https://x/bare.yml']", [Severity.WARNING]),
        ("!Ref X", []),
        ("bare.yml", [None]),
    ],
)
def test_templates_that_are_not_certain(url: str, expected: list[Severity | None]) -> None:
    assert [finding.severity for finding in found("!GetAtt Web.Outputs.Address", url=url)] == expected


@pytest.mark.parametrize("more", ["Transform: Mine", "Transform: {Name: AWS::Include}"])
def test_a_macro_may_declare_it(more: str) -> None:
    assert not found("!GetAtt Web.Outputs.Nope", child=f"{more}\n{CHILD}")


def test_a_loop_may_declare_it() -> None:
    child = BARE + "Outputs: {'Fn::ForEach::O': [X, [a], {'O${X}': {Value: x}}]}\n"
    assert not found("!GetAtt Web.Outputs.Oa", child=child)


@pytest.mark.parametrize(
    ("value", "fixed"),
    [
        ("!GetAtt Web.Outputs.Adress", "!GetAtt Web.Outputs.Address"),
        ("!GetAtt 'Web.Outputs.address'", "!GetAtt 'Web.Outputs.Address'"),
        ("{'Fn::GetAtt': [Web, Outputs.Adress]}", "{'Fn::GetAtt': [Web, Outputs.Address]}"),
        ("!Sub 'Adress ${Web.Outputs.Adress}'", "!Sub 'Adress ${Web.Outputs.Address}'"),
    ],
)
def test_the_fix_mends_a_letter(value: str, fixed: str) -> None:
    parent = PARENT.format(value=value, url="child.yml", kind="AWS::CloudFormation::Stack", location="TemplateURL")
    [finding] = found(value)
    edits = fix.plan([finding.fix], {"parent.yml": parent}).edits["parent.yml"]
    assert fix.edited(parent, edits) == parent.replace(value, fixed)
    assert not found(fixed)


def test_another_name_is_not_fixed() -> None:
    assert [one.fix for one in found("!GetAtt Web.Outputs.Url")] == [()]


def test_serverless_applications_have_outputs_too() -> None:
    assert len(found("!GetAtt Web.Outputs.Nope", kind="AWS::Serverless::Application")) == 1


def test_many_references_and_many_stacks() -> None:
    stack = "  S%s: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yml}}\n"
    stacks = "".join(stack % index for index in range(500))
    references = " ".join(f"${{S{index % 500}.Outputs.{'Address' if index else 'Nope'}}}" for index in range(10_000))
    parent = f"Resources:\n{stacks}Outputs: {{All: {{Value: !Sub '{references}'}}}}\n"
    assert len(findings("cloudformation-undeclared-output", {"parent.yml": parent, "child.yml": CHILD})) == 1
