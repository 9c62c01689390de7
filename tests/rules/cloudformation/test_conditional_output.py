"""Rule cloudformation-conditional-output."""

from itertools import product

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

RULE = "cloudformation-conditional-output"
PARENT = """\
Parameters:
  Env: {{Type: String, AllowedValues: [dev, prod], Default: dev}}
  Free: {{Type: String, Default: dev}}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsFree: !Equals [!Ref Free, prod]
  Other: !Equals [!Ref Free, other]
Resources:
  Web:
    Type: AWS::CloudFormation::Stack
    {condition}
    Properties:
      TemplateURL: {url}
      Parameters: {{Env: {passed}}}
Outputs:
  Url:
    {also}
    Value: {value}
"""
CHILD = """\
Parameters: {Env: {Type: String, Default: dev}}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
Resources:
  T: {Type: AWS::SNS::Topic}
Outputs:
  Always: {Value: !Ref T}
  Url: {Value: !Ref T, Condition: IsProd}
  Odd: {Value: !Ref T, Condition: Nowhere}
"""
READ = "!GetAtt Web.Outputs.Url"


def found(
    passed: str,
    *,
    value: str = READ,
    condition: str = "DependsOn: []",
    also: str = "Description: x",
    url: str = "child.yml",
    child: str = CHILD,
    **files: str,
) -> list[Finding]:
    parent = PARENT.format(passed=passed, value=value, condition=condition, also=also, url=url)
    return findings(RULE, {"parent.yml": parent, "child.yml": child, **files})


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize("passed", ["dev", "!Ref AWS::NoValue", "!If [IsProd, dev, test]", "!Sub dev"])
def test_points_at_what_reads_an_output_that_is_never_there(passed: str) -> None:
    [finding] = found(passed)
    assert (finding.at.span.line, finding.severity) == (18, None)


def test_names_what_decides_it() -> None:
    [finding] = found("dev")
    assert finding.message == "Web has no output 'Url' where IsProd is false in child.yml"
    places = [(node.span.path, node.span.line) for node, _ in finding.related]
    assert places == [("child.yml", 8), ("parent.yml", 14)]


def test_names_the_default_that_decides_it() -> None:
    [finding] = found("!Ref AWS::NoValue")
    assert finding.related[1][0].span.path == "parent.yml"


@pytest.mark.parametrize("passed", ["!Ref Env", "!If [IsProd, prod, dev]", "!If [IsFree, prod, dev]"])
def test_what_fails_for_some_values_is_a_warning(passed: str) -> None:
    [finding] = found(passed)
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("passed", "value", "condition", "also"),
    [
        ("prod", READ, "", ""),
        ("dev", "!GetAtt Web.Outputs.Always", "", ""),
        ("dev", "!GetAtt Web.Outputs.Odd", "", ""),
        ("dev", "!GetAtt Web.Outputs.Nope", "", ""),
        # read only where it is there
        ("!Ref Env", READ, "", "Condition: IsProd"),
        ("!Ref Env", f"!If [IsProd, {READ}, none]", "", ""),
        ("!Ref Env", READ, "Condition: IsProd", ""),
        ("!If [IsFree, prod, dev]", READ, "", "Condition: IsFree"),
        # what nobody can know
        ("!Ref Free", READ, "", ""),
        ("!Ref Free", READ, "", "Condition: IsFree"),
        ("!GetAtt X.Y", READ, "", ""),
        # two conditions of which nobody knows whether they go together
        ("!If [IsFree, prod, dev]", READ, "", "Condition: Other"),
    ],
)
def test_accepts(passed: str, value: str, condition: str, also: str) -> None:
    assert not found(passed, value=value, condition=condition or "DependsOn: []", also=also or "Description: x")


@pytest.mark.parametrize("value", ["!Sub '${Web.Outputs.Url}/x'", "!Join ['', [a, !GetAtt Web.Outputs.Url]]"])
def test_sees_reads_within_functions(value: str) -> None:
    assert len(found("dev", value=value)) == 1


def test_a_guessed_template_gives_a_warning() -> None:
    [finding] = found("dev", url="https://host/child.yml")
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize("child", ["Transform: Mine\n" + CHILD, CHILD + "  'Fn::ForEach::O': [X, [a], {'${X}': {}}]\n"])
def test_a_macro_may_make_it(child: str) -> None:
    assert not found("dev", child=child)


def test_a_parameter_file_decides() -> None:
    config = '[[stacks]]\ntemplate = "parent.yml"\nparameters = "*.json"\n'
    files = {"dev.json": '{"Parameters": {"Env": "dev"}}', "stackproof.toml": config}
    parent = PARENT.format(passed="!Ref Env", value=READ, condition="DependsOn: []", also="Description: x", url="c.yml")
    [finding] = findings(RULE, {"parent.yml": parent, "c.yml": CHILD, **files})
    assert finding.severity is None
    files["dev.json"] = '{"Parameters": {"Env": "prod"}}'
    assert not findings(RULE, {"parent.yml": parent, "c.yml": CHILD, **files})


def test_values_come_down_through_levels() -> None:
    root = """\
Resources:
  Mid:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: parent.yml, Parameters: {Env: ENV}}
"""
    assert not found("!Ref Env", **{"root.yml": root.replace("ENV", "prod")})
    [finding] = found("!Ref Env", **{"root.yml": root.replace("ENV", "dev")})
    assert (finding.at.span.path, finding.severity) == ("parent.yml", None)


def test_many_reads_of_many_outputs() -> None:
    names = [f"O{at}" for at in range(200)]
    outputs = "".join(f"  {name}: {{Value: !Ref T, Condition: IsProd}}\n" for name in names)
    value = "!Sub '" + "".join(f"${{Web.Outputs.{name}}}" for name in names) + "'"
    assert len(found("dev", value=value, child=CHILD + outputs)) == 200


# Conditions and values over two parameters, each with what it is for their values aa, ab, ba and bb.
CONDITIONS = {"": "++++", "P": "++--", "Q": "+-+-", "N": "--++"}
VALUES = {
    "a": "aaaa",
    "b": "bbbb",
    "!Ref P": "aabb",
    "!If [P, b, a]": "bbaa",
    "!If [Q, !Ref P, b]": "abbb",
    "!If [N, !Ref AWS::NoValue, !Ref Q]": "abaa",
}
CHOSEN = """\
Parameters: {{P: {{Type: String, AllowedValues: [a, b]}}, Q: {{Type: String, AllowedValues: [a, b]}}}}
Conditions: {{P: !Equals [!Ref P, a], Q: !Equals [!Ref Q, a], N: !Not [!Condition P]}}
Resources:
  Web:
    Type: AWS::CloudFormation::Stack
    {stack}
    Properties: {{TemplateURL: child.yml, Parameters: {{X: {value}}}}}
Outputs:
  Url: {{Value: !GetAtt Web.Outputs.Url{output}}}
"""
CHOSEN_CHILD = """\
Parameters: {X: {Type: String, Default: a}}
Conditions: {C: !Equals [!Ref X, a]}
Resources: {T: {Type: AWS::SNS::Topic}}
Outputs: {Url: {Value: !Ref T, Condition: C}}
"""


@pytest.mark.parametrize(("stack", "output", "value"), list(product(CONDITIONS, CONDITIONS, VALUES)))
def test_agrees_with_trying_all_values(stack: str, output: str, value: str) -> None:
    rows = zip(CONDITIONS[stack], CONDITIONS[output], VALUES[value], strict=True)
    fails = {passed != "a" for exists, read, passed in rows if exists == read == "+"}
    expected = [] if True not in fails else [Severity.WARNING if False in fails else None]
    parent = CHOSEN.format(
        stack=f"Condition: {stack}" if stack else "DependsOn: []",
        value=value,
        output=f", Condition: {output}" if output else "",
    )
    found = findings(RULE, {"parent.yml": parent, "child.yml": CHOSEN_CHILD})
    assert [one.severity for one in found] == expected
