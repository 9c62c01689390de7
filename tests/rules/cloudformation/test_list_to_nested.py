import pytest

from validator import fix
from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

RULE = "cloudformation-list-to-nested"
PARENT = """\
Parameters:
  Ids: {{Type: 'List<AWS::EC2::Subnet::Id>'}}
  Names: {{Type: CommaDelimitedList}}
  Stored: {{Type: 'AWS::SSM::Parameter::Value<List<String>>'}}
  Text: {{Type: String}}
Conditions:
  Old: !Equals [!Ref Text, old]
Mappings:
  M: {{k: {{list: [a, b], text: a}}}}
Resources:
  Web:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: child.yml
      Parameters: {{Ids: {passed}}}
"""
CHILD = "Parameters: {Ids: {Type: CommaDelimitedList}}\nResources: {}\n"


def found(passed: str) -> list[Finding]:
    return findings(RULE, {"parent.yml": PARENT.format(passed=passed), "child.yml": CHILD})


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    "passed",
    [
        "!Ref Ids",
        "!Ref Names",
        "!Ref Stored",
        "!Split [',', !Ref Text]",
        "!GetAZs ''",
        "!Cidr [10.0.0.0/16, 2, 8]",
        "[a, b]",
        "!FindInMap [M, k, list]",
    ],
)
def test_reports(passed: str) -> None:
    [finding] = found(passed)
    assert (finding.at.span.line, finding.severity) == (15, None)


@pytest.mark.parametrize(
    "passed",
    [
        "!Ref Text",
        "!Join [',', !Ref Ids]",
        "!Select [0, !Ref Ids]",
        "'a,b'",
        "!FindInMap [M, k, text]",
        "!FindInMap [M, !Ref Text, text]",
        "!ImportValue x",
    ],
)
def test_accepts(passed: str) -> None:
    assert not found(passed)


def test_is_a_warning_under_a_condition() -> None:
    [finding] = found("!If [Old, !Ref Ids, a]")
    assert finding.severity is Severity.WARNING


def test_names_both_declarations() -> None:
    [finding] = found("!Ref Ids")
    assert [(node.span.path, node.span.line) for node, _ in finding.related] == [("parent.yml", 2), ("child.yml", 1)]


@pytest.mark.parametrize(
    ("passed", "fixed"),
    [
        ("!Ref Ids", '!Join [",", !Ref Ids]'),
        ("!If [Old, !Ref Ids, a]", '!If [Old, !Join [",", !Ref Ids], a]'),
        ("{Ref: Ids}", '!Join [",", {Ref: Ids}]'),
    ],
)
def test_joins_a_reference(passed: str, fixed: str) -> None:
    before = PARENT.format(passed=passed)
    [finding] = found(passed)
    assert fix.edited(before, finding.fix) == PARENT.format(passed=fixed)


@pytest.mark.parametrize("passed", ["!Split [';', !Ref Text]", "[a, b]"])
def test_offers_no_fix_for_anything_else(passed: str) -> None:
    assert not found(passed)[0].fix


def test_joins_a_reference_in_json() -> None:
    parent = (
        '{"Parameters": {"Ids": {"Type": "CommaDelimitedList"}}, "Resources": {"Web": {"Type": '
        '"AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "child.yml", "Parameters": {"Ids": %s}}}}}'
    )
    [finding] = findings(RULE, {"parent.json": parent % '{"Ref": "Ids"}', "child.yml": CHILD})
    edited = fix.edited(parent % '{"Ref": "Ids"}', finding.fix)
    assert edited == parent % '{"Fn::Join": [",", {"Ref": "Ids"}]}'
