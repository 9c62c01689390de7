"""Rule cloudformation-quota-exceeded."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

RULE = "cloudformation-quota-exceeded"
SMALL = "Resources: {T: {Type: AWS::SNS::Topic}}\n"
BUILD = "version: 0.2\nphases:\n  build:\n    commands:\n      - {}\n"


def section(name: str, count: int) -> str:
    member = {
        "Resources": "{Type: AWS::SNS::Topic}",
        "Parameters": "{Type: String}",
        "Outputs": "{Value: x}",
        "Mappings": "{a: {b: c}}",
    }[name]
    rest = "" if name == "Resources" else SMALL
    return rest + f"{name}:\n" + "".join(f"  X{at}: {member}\n" for at in range(count))


def found(text: str, **files: str) -> list[Finding]:
    return findings(RULE, {"a.yml": text, **files})


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("name", "most"), [("Resources", 500), ("Parameters", 200), ("Outputs", 200), ("Mappings", 200)]
)
def test_counts_the_members_of_each_section(name: str, most: int) -> None:
    [over] = found(section(name, most + 1))
    assert (over.at.value, over.severity) == (name, None)
    assert over.message == f"the template has {most + 1} {name.lower()}, and CloudFormation allows {most}"
    [near] = found(section(name, most))
    assert (near.severity, near.message.startswith(f"the template has {most} of {most} ")) == (Severity.WARNING, True)
    assert not found(section(name, most * 9 // 10 - 1))


def test_counts_the_keys_of_a_mapping() -> None:
    rows = ", ".join(f"k{at}: {{a: b}}" for at in range(201))
    [finding] = found(SMALL + f"Mappings:\n  M: {{{rows}}}\n")
    assert finding.message == "mapping 'M' has 201 keys, and CloudFormation allows 200"


def test_measures_the_template_in_bytes() -> None:
    [finding] = found(SMALL + "# " + "ä" * 500_000 + "\n")
    assert finding.message.startswith("the template has 1,000,0")
    assert finding.at.span.line == 1


@pytest.mark.parametrize("size", [4_097, 3_700])
def test_measures_values_wherever_they_are_given(size: int) -> None:
    value = "x" * size
    parent = f"""\
Resources:
  A:
    Type: AWS::CloudFormation::Stack
    Properties: {{TemplateURL: b.yml, Parameters: {{P: {value}}}}}
"""
    child = f"Parameters: {{P: {{Type: String, Default: {value}}}}}\n{SMALL}"
    file = f'{{"Parameters": {{"P": "{value}"}}}}'
    config = '[[stacks]]\ntemplate = "b.yml"\nparameters = "x.json"\n'
    results = findings(RULE, {"a.yml": parent, "b.yml": child, "x.json": file, "stackproof.toml": config})
    assert {one.at.span.path for one in results} == {"a.yml", "b.yml", "x.json"}
    assert {one.severity for one in results} == {None if size > 4_096 else Severity.WARNING}


LARGE = SMALL + "# " + "x" * 51_200 + "\n"


@pytest.mark.parametrize(
    "command",
    [
        "aws cloudformation deploy --stack-name x --template-file a.yml",
        "aws cloudformation create-stack --stack-name x --template-body file://a.yml",
        "aws cloudformation validate-template --template-body=file://./a.yml",
    ],
)
def test_a_template_that_goes_with_the_request(command: str) -> None:
    [finding] = found(LARGE, **{"buildspec.yml": BUILD.format(command)})
    assert (finding.at.span.path, finding.at.span.line, finding.severity) == ("buildspec.yml", 5, None)
    assert finding.message.startswith("a.yml, which goes with the request, has 51,2")


@pytest.mark.parametrize(
    "command",
    [
        "aws cloudformation deploy --stack-name x --template-file a.yml --s3-bucket b",
        "aws cloudformation deploy --stack-name x --template-file $TEMPLATE",
        "aws cloudformation create-stack --template-url https://b.s3.amazonaws.com/a.yml",
        "aws cloudformation deploy --template-file packaged.yml",
        "aws s3 cp a.yml s3://b/",
    ],
)
def test_accepts(command: str) -> None:
    assert not found(LARGE, **{"buildspec.yml": BUILD.format(command)})


def test_a_template_found_by_name_gives_a_warning() -> None:
    command = "cd infra && aws cloudformation deploy --stack-name x --template-file a.yml"
    [finding] = findings(RULE, {"infra/a.yml": LARGE, "buildspec.yml": BUILD.format(command)})
    assert finding.severity is Severity.WARNING


def test_loops_are_not_counted() -> None:
    assert not found("Transform: AWS::LanguageExtensions\n" + SMALL + "Outputs: {'Fn::ForEach::O': [X, [a], {}]}\n")
