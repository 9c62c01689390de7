"""Rules pipeline-action-configuration, pipeline-role-missing and pipeline-project-missing."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

from .texts import build, deploy, pipeline

RULE, ROLE, PROJECT = "pipeline-action-configuration", "pipeline-role-missing", "pipeline-project-missing"


def found(*actions: str, rule: str = RULE) -> list[Finding]:
    return findings(rule, {"pipeline.yml": pipeline(*actions)})


@pytest.mark.parametrize("rule", [RULE, ROLE, PROJECT])
def test_documentation(rule: str) -> None:
    check_rule(rule)


def test_points_at_the_mode() -> None:
    [finding] = found(deploy(mode="CREATE_UPDATES"))
    assert (finding.at.span.line, finding.severity, finding.help) == (26, None, "did you mean 'CREATE_UPDATE'?")


@pytest.mark.parametrize("mode", ["!Ref Name", "!If [C, CREATE_UPDATE, MAIN]"])
def test_a_mode_that_rests_on_a_parameter_is_a_warning(mode: str) -> None:
    assert [finding.severity for finding in found(deploy(mode=mode))] == [Severity.WARNING]


def test_a_mode_that_is_not_known_is_none_to_speak_of() -> None:
    assert not found(deploy(mode="!Ref Token").replace("    TemplatePath: Src::main.yml\n", ""))


@pytest.mark.parametrize(
    ("mode", "lacking"),
    [
        ("CREATE_UPDATE", ["TemplatePath"]),
        ("REPLACE_ON_FAILURE", ["TemplatePath"]),
        ("CHANGE_SET_REPLACE", ["TemplatePath", "ChangeSetName"]),
        ("CHANGE_SET_EXECUTE", ["ChangeSetName"]),
        ("DELETE_ONLY", []),
    ],
)
def test_what_a_mode_requires(mode: str, lacking: list[str]) -> None:
    results = found(deploy(mode=mode).replace("    TemplatePath: Src::main.yml\n", ""))
    assert [finding.subject for finding in results] == lacking
    assert all(finding.at.span.line == 25 for finding in results)


def test_what_is_never_there_is_lacking() -> None:
    [finding] = found(deploy("!Ref AWS::NoValue"))
    assert (finding.subject, finding.at.span.line) == ("TemplatePath", 29)
    assert not found(deploy("!If [C, Src::main.yml, !Ref AWS::NoValue]"))


def test_a_misspelt_member_is_one_finding() -> None:
    [finding] = found(deploy().replace("TemplatePath", "TemplatPath"))
    assert (finding.at.span.line, finding.severity) == (29, Severity.WARNING)
    assert finding.help == "did you mean 'TemplatePath'?"


@pytest.mark.parametrize("member", ["SomethingNew: x", "Other: !Ref Token"])
def test_members_that_are_like_none_are_new(member: str) -> None:
    name, _, value = member.partition(": ")
    assert not found(deploy(**{name: value}))


def test_a_deletion_ignores_a_template() -> None:
    [finding] = found(deploy(mode="DELETE_ONLY"))
    assert (finding.at.span.line, finding.severity) == (29, Severity.NOTE)


@pytest.mark.parametrize(
    ("value", "severities"),
    [
        ("{A: b}", [Severity.WARNING]),
        ("[a]", [Severity.WARNING]),
        ("x" * 1001, [Severity.WARNING]),
        ("x" * 1000, []),
        ("5", []),
    ],
)
def test_values(value: str, severities: list[Severity]) -> None:
    assert [finding.severity for finding in found(deploy(OutputFileName=value))] == severities


BOTH = "[{Name: Src}, {Name: Other}]"


@pytest.mark.parametrize(
    ("inputs", "extra", "lacking"),
    [
        (BOTH, "", ["PrimarySource"]),
        (BOTH, ", PrimarySource: Src", []),
        ("[{Name: Src}]", "", []),
        ("!If [C, [{Name: Src}], [{Name: Other}]]", "", []),
        ("[{Name: Src}, {Name: !Ref Token}]", "", []),
    ],
)
def test_several_inputs_need_a_primary_source(inputs: str, extra: str, lacking: list[str]) -> None:
    assert [finding.subject for finding in found(build(inputs=inputs, extra=extra))] == lacking


@pytest.mark.parametrize(
    "action",
    [
        deploy().replace("Configuration:", "Configuration: !If [C, {ActionMode: X}, {}]\n  Ignored:"),
        "- {Name: X, ActionTypeId: {Category: Deploy, Owner: Custom, Provider: CloudFormation}}\n",
        "- {Name: X, ActionTypeId: {Category: Deploy, Owner: AWS, Provider: NewOne}, Configuration: {A: b}}\n",
        "- {Name: X, ActionTypeId: !Ref Token}\n",
        "- text\n",
        "- []\n",
    ],
)
def test_silent_on_what_it_does_not_know(action: str) -> None:
    assert not found(action)


# --- roles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "count"), [("CREATE_UPDATE", 1), ("DELETE_ONLY", 1), ("CHANGE_SET_REPLACE", 1), ("CHANGE_SET_EXECUTE", 0)]
)
def test_which_modes_need_a_role(mode: str, count: int) -> None:
    action = deploy(mode=mode).replace("    RoleArn: arn:aws:iam::123456789012:role/deploy\n", "")
    assert len(found(action, rule=ROLE)) == count


def test_the_role_of_the_action_is_another() -> None:
    action = (
        deploy()
        .replace("    RoleArn: arn", "    StackName: s\n  RoleArn: arn")
        .replace("    TemplatePath", "  Configuratio")
    )
    assert [finding.at.span.line for finding in found(action.replace("    StackName: web\n", ""), rule=ROLE)] == [25]


# --- projects --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("project", "severities"),
    [
        ("!Ref Role", [None]),
        ("!Sub '${Role}'", [None]),
        ("!If [C, !Ref Project, !Ref Role]", [None]),
        ("!GetAtt Project.Arn", [Severity.WARNING]),
        ("!Ref Project", []),
        ("!Ref Token", []),
        ("!Ref Missing", []),
        ("!Sub '${AWS::StackName}-build'", []),
        ("elsewhere", []),
    ],
)
def test_projects(project: str, severities: list[Severity | None]) -> None:
    assert [finding.severity for finding in found(build(project=project), rule=PROJECT)] == severities


def test_a_name_that_is_nearly_a_projects() -> None:
    text = pipeline(build(project="bulid-it")).replace("Properties: {Source", "Properties: {Name: build-it, Source")
    [finding] = findings(PROJECT, {"pipeline.yml": text})
    assert (finding.severity, finding.help) == (Severity.WARNING, "did you mean 'build-it'?")
