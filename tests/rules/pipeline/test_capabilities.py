"""Rules pipeline-capability-missing and pipeline-capability-excess."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

from .texts import MAIN, build, buildspec, deploy, pipeline

MISSING, EXCESS = "pipeline-capability-missing", "pipeline-capability-excess"
ROLE = "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties: {}\n"
NAMED = ROLE.replace("{}", "{RoleName: web}")
SAM = "Transform: AWS::Serverless-2016-10-31\nResources:\n  F: {Type: AWS::Serverless::Function, Properties: {}}\n"
MACRO = "Transform: [Mine]\nResources: {T: {Type: AWS::SNS::Topic}}\n"
NEST = "Resources:\n  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yml}}\n"
UNDER = "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, x]}\n"


def found(
    main: str, rule: str = MISSING, *, child: str = MAIN, mode: str = "CREATE_UPDATE", **members: str
) -> list[Finding]:
    text = pipeline(deploy(mode=mode, **members))
    return findings(rule, {"pipeline.yml": text, "main.yml": main, "child.yml": child})


def told(results: list[Finding]) -> list[tuple[str, Severity | None]]:
    return [(finding.subject, finding.severity) for finding in results]


@pytest.mark.parametrize("rule", [MISSING, EXCESS])
def test_documentation(rule: str) -> None:
    check_rule(rule)


def test_points_at_the_capabilities_and_at_what_needs_more() -> None:
    [finding] = found(NAMED, Capabilities="CAPABILITY_IAM")
    assert (finding.at.span.line, finding.at.value) == (30, "CAPABILITY_IAM")
    assert [(node.document.path, node.span.line) for node, _ in finding.related] == [("main.yml", 4)]
    assert len(finding.fix) == 1


def test_without_capabilities_points_at_the_configuration() -> None:
    [finding] = found(ROLE)
    assert (finding.at.span.line, finding.subject, finding.fix) == (25, "CAPABILITY_IAM", ())


@pytest.mark.parametrize(
    ("main", "mode", "expected"),
    [
        (SAM, "CREATE_UPDATE", [("CAPABILITY_AUTO_EXPAND", None), ("CAPABILITY_IAM", None)]),
        (SAM, "CHANGE_SET_REPLACE", [("CAPABILITY_IAM", None)]),
        (MACRO, "CREATE_UPDATE", [("CAPABILITY_AUTO_EXPAND", None)]),
        (MACRO, "REPLACE_ON_FAILURE", [("CAPABILITY_AUTO_EXPAND", None)]),
        (MACRO, "CHANGE_SET_REPLACE", []),
        (NAMED, "CHANGE_SET_REPLACE", [("CAPABILITY_NAMED_IAM", None)]),
        (NAMED, "DELETE_ONLY", []),
        (MAIN, "CREATE_UPDATE", []),
        (ROLE.replace("IAM::Role", "IAM::OIDCProvider"), "CREATE_UPDATE", []),
        (
            MAIN.replace("{T:", "{Fn::Transform: {Name: AWS::Include}, T:"),
            "CREATE_UPDATE",
            [("CAPABILITY_AUTO_EXPAND", None)],
        ),
        (
            "Transform: AWS::LanguageExtensions\n" + MAIN,
            "CREATE_UPDATE",
            [("CAPABILITY_AUTO_EXPAND", Severity.WARNING)],
        ),
    ],
)
def test_what_needs_what(main: str, mode: str, expected: list[tuple[str, Severity | None]]) -> None:
    assert sorted(told(found(main, mode=mode))) == expected


@pytest.mark.parametrize(
    ("main", "given"),
    [
        (ROLE, "CAPABILITY_IAM"),
        (ROLE, "CAPABILITY_NAMED_IAM"),
        (SAM, '"CAPABILITY_IAM,CAPABILITY_AUTO_EXPAND"'),
        (NAMED, "!Ref Token"),
        (NAMED, "!If [C, CAPABILITY_NAMED_IAM, CAPABILITY_NAMED_IAM]"),
        (
            SAM.replace("Properties: {}", "Properties: {Role: r}").replace("Transform", "Metadata: {}\nTransform"),
            "CAPABILITY_AUTO_EXPAND",
        ),
        ("Globals: {Function: {Role: r}}\n" + SAM, "CAPABILITY_AUTO_EXPAND"),
    ],
)
def test_accepts(main: str, given: str) -> None:
    assert not found(main, Capabilities=given)


@pytest.mark.parametrize(
    ("main", "given"),
    [
        (UNDER + NAMED.replace("    Type", "    Condition: C\n    Type"), "CAPABILITY_IAM"),
        (UNDER + ROLE.replace("{}", "{RoleName: !If [C, x, !Ref AWS::NoValue]}"), "CAPABILITY_IAM"),
        (NAMED, "!If [C, CAPABILITY_NAMED_IAM, CAPABILITY_IAM]"),
    ],
)
def test_a_need_under_a_condition_is_a_warning(main: str, given: str) -> None:
    assert told(found(main, Capabilities=given)) == [("CAPABILITY_NAMED_IAM", Severity.WARNING)]


def test_a_name_that_is_never_given_is_none() -> None:
    main = ROLE.replace("{}", "{RoleName: !Ref AWS::NoValue}")
    assert not found(main, Capabilities="CAPABILITY_IAM")


@pytest.mark.parametrize(
    ("child", "mode", "expected"),
    [
        (NAMED, "CREATE_UPDATE", [("CAPABILITY_NAMED_IAM", None)]),
        (MACRO, "CREATE_UPDATE", [("CAPABILITY_AUTO_EXPAND", None)]),
        (MACRO, "CHANGE_SET_REPLACE", [("CAPABILITY_AUTO_EXPAND", Severity.WARNING)]),
    ],
)
def test_looks_at_the_whole_tree(child: str, mode: str, expected: list[tuple[str, Severity | None]]) -> None:
    assert told(found(NEST, child=child, mode=mode)) == expected


def test_a_nested_application_needs_expansion() -> None:
    main = NEST.replace("AWS::CloudFormation::Stack", "AWS::Serverless::Application").replace("TemplateURL", "Location")
    assert ("CAPABILITY_AUTO_EXPAND", None) in told(found(main))


def test_a_parameter_file_decides_conditions() -> None:
    main = UNDER + NAMED.replace("    Type", "    Condition: C\n    Type")
    files = {"pipeline.yml": pipeline(deploy(TemplateConfiguration="Src::c.json")), "main.yml": main}
    assert not findings(MISSING, {**files, "c.json": '{"Parameters": {"P": "y"}}'})
    assert told(findings(MISSING, {**files, "c.json": '{"Parameters": {"P": "x"}}'})) == [
        ("CAPABILITY_NAMED_IAM", None)
    ]


def test_what_a_build_has_packaged_is_followed() -> None:
    command = "aws cloudformation package --template-file main.yml --output-template-file packaged.yml"
    files = {
        "pipeline.yml": pipeline(build(), deploy("Built::packaged.yml", inputs="[{Name: Built}]")),
        "buildspec.yml": buildspec("{files: [packaged.yml]}", command),
        "main.yml": NAMED,
    }
    assert told(findings(MISSING, files)) == [("CAPABILITY_NAMED_IAM", Severity.WARNING)]


# --- commands and stack sets -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("aws cloudformation deploy --template-file main.yml --stack-name s", [("CAPABILITY_NAMED_IAM", None)]),
        ("aws --region eu-west-1 cloudformation deploy --template-file main.yml", [("CAPABILITY_NAMED_IAM", None)]),
        (
            "aws cloudformation deploy --template-file main.yml --capabilities CAPABILITY_IAM",
            [("CAPABILITY_NAMED_IAM", None)],
        ),
        ("aws cloudformation deploy --capabilities CAPABILITY_NAMED_IAM --template-file main.yml", []),
        ("aws cloudformation deploy --template-file main.yml --capabilities $CAPS", []),
        ("aws cloudformation deploy --template-file main.yml $OPTIONS", []),
        ("aws cloudformation create-stack --template-body file://main.yml", [("CAPABILITY_NAMED_IAM", None)]),
        ("aws cloudformation deploy --template-file $DIR/main.yml", []),
        ("cd x && aws cloudformation deploy --template-file main.yml", [("CAPABILITY_NAMED_IAM", Severity.WARNING)]),
        ("sam deploy --template-file main.yml", []),
        ("sam deploy -t main.yml --capabilities CAPABILITY_IAM", [("CAPABILITY_NAMED_IAM", None)]),
        ("echo aws cloudformation deploy --template-file main.yml", []),
    ],
)
def test_commands(command: str, expected: list[tuple[str, Severity | None]]) -> None:
    files = {"buildspec.yml": buildspec("{files: [main.yml]}", command), "main.yml": NAMED}
    assert told(findings(MISSING, files)) == expected


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [
        ("", [("CAPABILITY_NAMED_IAM", None)]),
        ("Capabilities: [CAPABILITY_IAM]", [("CAPABILITY_NAMED_IAM", None)]),
        ("Capabilities: [CAPABILITY_NAMED_IAM]", []),
        ("Capabilities: !Ref Caps", []),
        ("Capabilities: [!Ref Cap]", []),
    ],
)
def test_stack_sets(capabilities: str, expected: list[tuple[str, Severity | None]]) -> None:
    parent = f"""\
Resources:
  Set:
    Type: AWS::CloudFormation::StackSet
    Properties:
      StackSetName: s
      TemplateURL: main.yml
      {capabilities}
"""
    assert told(findings(MISSING, {"set.yml": parent, "main.yml": NAMED})) == expected


# --- excess ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("main", "given", "expected"),
    [
        (MAIN, "CAPABILITY_IAM", ["remove it"]),
        (MAIN, '"CAPABILITY_IAM,CAPABILITY_AUTO_EXPAND"', ["remove it", "remove it"]),
        (ROLE, "CAPABILITY_NAMED_IAM", ["CAPABILITY_IAM is enough"]),
        (ROLE, "CAPABILITY_IAM", []),
        (NAMED, "CAPABILITY_NAMED_IAM", []),
        (MAIN, "!Ref Token", []),
        (MACRO, "CAPABILITY_IAM", []),
        (NEST.replace("child.yml", "!Sub 'https://${AWS::Region}.x/${AWS::StackName}'"), "CAPABILITY_IAM", []),
        (ROLE.replace("IAM::Role", "IAM::OIDCProvider"), "CAPABILITY_IAM", []),
    ],
)
def test_excess(main: str, given: str, expected: list[str]) -> None:
    assert [finding.help for finding in found(main, EXCESS, Capabilities=given)] == expected
