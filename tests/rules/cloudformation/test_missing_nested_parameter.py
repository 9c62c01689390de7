"""Rule cloudformation-missing-nested-parameter."""

import pytest

from validator import fix
from validator.rule import Finding, Severity
from validator.testing import findings

RULE = "cloudformation-missing-nested-parameter"
PARENT = """\
Parameters:
  X: {{Type: String}}
  Env: {{Type: String}}
  Stage: {{Type: String, AllowedValues: [test, prod], Default: test}}
Conditions:
  C: !Equals [!Ref X, y]
  NotC: !Not [!Condition C]
  Never: !Equals [a, b]
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Db:
    Type: AWS::CloudFormation::Stack
    {condition}
    Properties:
      TemplateURL: {url}
      {parameters}
"""
CHILD = (
    "Parameters: {Env: {Type: String}, Size: {Type: String, Default: ''}}\nResources: {T: {Type: AWS::SNS::Topic}}\n"
)
FREE = "Resources: {T: {Type: AWS::SNS::Topic}}\n"


def found(parameters: str, *, url: str = "child.yml", condition: str = "DependsOn: []", **files: str) -> list[Finding]:
    parent = PARENT.format(parameters=f"Parameters: {parameters}" if parameters else "", url=url, condition=condition)
    return findings(
        RULE, {"parent.yml": parent, "child.yml": CHILD, "free.yml": FREE, **{f"{k}.yml": v for k, v in files.items()}}
    )


@pytest.mark.parametrize(
    ("parameters", "line", "severity"),
    [
        ("", 11, None),
        ("{}", 16, None),
        ("{Size: x}", 16, None),
        ("{Env: !Ref AWS::NoValue}", 16, None),
        ("{Env: !If [C, x, !Ref AWS::NoValue]}", 16, Severity.WARNING),
        ("{Env: !If [C, !Ref AWS::NoValue, !Ref AWS::NoValue]}", 16, None),
        ("{Env: !If [C, !If [NotC, x, !Ref AWS::NoValue], !Ref AWS::NoValue]}", 16, None),
    ],
)
def test_points_at_what_should_pass_it(parameters: str, line: int, severity: Severity | None) -> None:
    [finding] = found(parameters)
    assert (finding.at.span.line, finding.severity) == (line, severity)


@pytest.mark.parametrize(
    ("parameters", "url", "condition"),
    [
        ("{Env: x}", "child.yml", ""),
        ("{Env: !Ref Env}", "child.yml", ""),
        ("{Env: }", "child.yml", ""),  # null is another defect
        ("{Env: !If [C, x, !Ref AWS::NoValue]}", "child.yml", "Condition: C"),
        ("{Env: !If [NotC, !Ref AWS::NoValue, x]}", "child.yml", "Condition: C"),
        ("{Env: !If [C, x, !Ref AWS::NoValue]}", "!If [C, child.yml, free.yml]", ""),
        ("{}", "child.yml", "Condition: Never"),
        ("!If [C, {Env: x}, {Env: y}]", "child.yml", ""),
        ("{'Fn::Transform': {Name: AWS::Include}}", "child.yml", ""),
        ("!Ref X", "child.yml", ""),
        ("{}", "other.yml", ""),
        ("{}", "!Ref X", ""),
    ],
)
def test_accepts(parameters: str, url: str, condition: str) -> None:
    assert not found(parameters, url=url, condition=condition or "DependsOn: []")


def test_says_when() -> None:
    [finding] = found("{Env: !If [NotC, !Ref AWS::NoValue, x]}")
    assert finding.message == "Db does not pass 'Env', which child.yml requires if not C"
    assert [(node.span.path, node.span.line) for node, _ in finding.related] == [("parent.yml", 6), ("child.yml", 1)]


def test_says_for_which_value_of_a_parameter() -> None:
    [finding] = found("{Env: !If [IsProd, x, !Ref AWS::NoValue]}")
    assert finding.message == "Db does not pass 'Env', which child.yml requires if Stage is 'test'"
    assert finding.related[0][0].span.line == 4


def test_helps_to_pass_on_what_the_parent_has() -> None:
    [finding] = found("{}")
    assert finding.help == "pass it on: 'Env: !Ref Env'"


@pytest.mark.parametrize(
    ("url", "severity"),
    [
        ("https://x/child.yml", Severity.WARNING),  # found by its name
        ("!If [C, child.yml, free.yml]", Severity.WARNING),  # one of two
        ("!If [C, child.yml, !Ref X]", Severity.WARNING),
        ("!If [C, child.yml, other.yml]", None),
    ],
)
def test_what_is_not_certain_is_a_warning(url: str, severity: Severity | None) -> None:
    [finding] = found("{}", url=url, other=CHILD)
    assert finding.severity == severity


def test_a_child_that_only_may_be_this_one_by_its_name_is_left_alone() -> None:
    assert not found("{}", url="!If [C, 'https://x/child.yml', 'https://x/free.yml']")


@pytest.mark.parametrize("transform", ["Transform: Mine\n", "Transform: {Name: AWS::Include}\n"])
def test_a_macro_may_pass_it_or_give_it_a_default(transform: str) -> None:
    assert not found("{}", child=transform + CHILD)
    parent = PARENT.format(parameters="", url="child.yml", condition="")
    assert not findings(RULE, {"parent.yml": transform + parent, "child.yml": CHILD})


FIXABLE = """\
Parameters: {Env: {Type: TYPE}}
Resources:
  Db:
    Type: AWS::CloudFormation::Stack
    Properties:
"""


@pytest.mark.parametrize(
    ("properties", "fixed"),
    [
        (
            "      TemplateURL: child.yml\n",
            "      Parameters:\n        Env: !Ref Env\n      TemplateURL: child.yml\n",
        ),
        (
            "      Parameters:\n        Size: x  # small\n      TemplateURL: child.yml\n",
            "      Parameters:\n        Env: !Ref Env\n        Size: x  # small\n      TemplateURL: child.yml\n",
        ),
        (
            "      TemplateURL: child.yml\n      Parameters: {Size: x}\n",
            "      TemplateURL: child.yml\n      Parameters: {Env: !Ref Env, Size: x}\n",
        ),
        (
            "      {TemplateURL: child.yml}\n",
            "      {Parameters: {Env: !Ref Env}, TemplateURL: child.yml}\n",
        ),
    ],
)
def test_the_fix_passes_on_what_the_parent_has(properties: str, fixed: str) -> None:
    parent = FIXABLE.replace("TYPE", "String")
    [finding] = findings(RULE, {"parent.yml": parent + properties, "child.yml": CHILD})
    plan = fix.plan([finding.fix], {"parent.yml": parent + properties})
    assert fix.edited(parent + properties, plan.edits["parent.yml"]) == parent + fixed
    assert not findings(RULE, {"parent.yml": parent + fixed, "child.yml": CHILD})


@pytest.mark.parametrize("passed", ["", ', "Parameters": {"Size": "x"}'])
def test_the_fix_in_json(passed: str) -> None:
    stack = f'{{"Type": "AWS::CloudFormation::Stack", "Properties": {{"TemplateURL": "child.yml"{passed}}}}}'
    parent = f'{{"Parameters": {{"Env": {{"Type": "String"}}}}, "Resources": {{"Db": {stack}}}}}'
    [finding] = findings(RULE, {"parent.json": parent, "child.yml": CHILD})
    edited = fix.edited(parent, fix.plan([finding.fix], {"parent.json": parent}).edits["parent.json"])
    assert '{"Env": {"Ref": "Env"}' in edited
    assert not findings(RULE, {"parent.json": edited, "child.yml": CHILD})


@pytest.mark.parametrize("type", ["Number", "List<String>", "AWS::EC2::VPC::Id"])
def test_what_is_of_another_type_is_not_passed_on(type: str) -> None:
    parent = FIXABLE.replace("TYPE", type) + "      TemplateURL: child.yml\n"
    [finding] = findings(RULE, {"parent.yml": parent, "child.yml": CHILD})
    assert finding.fix == ()


def test_many_stacks_with_many_parameters() -> None:
    names = [f"P{index}" for index in range(200)]
    child = f"Parameters: {{{', '.join(f'{name}: {{Type: String}}' for name in names)}}}\nResources: {{}}\n"
    passed = ", ".join(
        f"{name}: !If [C{index % 50}, !Ref X, !Ref AWS::NoValue]" for index, name in enumerate(names[:199])
    )
    conditions = "".join(f"  C{index}: !Not [!Equals [!Ref X, '{index}']]\n" for index in range(50))
    stack = "  S%s: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yml, Parameters: &p {%s}}}\n"
    first = stack % (0, passed)
    rest = "".join(first.replace("S0:", f"S{index}:") for index in range(1, 100))
    parent = f"Parameters: {{X: {{Type: String}}}}\nConditions:\n{conditions}Resources:\n{first}{rest}"
    assert len(findings(RULE, {"parent.yml": parent.replace("&p ", ""), "child.yml": child})) == 20_000
