"""Rule appspec-shape."""

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "appspec-shape"
HEAD = "version: 0.0\nos: linux\n"
SERVICE = "version: 0.0\nResources: [{T: {Type: AWS::ECS::Service, Properties: %s}}]\n"
ECS = "{TaskDefinition: <TASK_DEFINITION>, LoadBalancerInfo: {ContainerName: a, ContainerPort: 80}}"


def messages(text: str, path: str = "appspec.yml") -> list[str]:
    return [finding.message for finding in findings(RULE, {path: text})]


def test_documentation() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("version: '0.0'\nos: linux\nfiles: []\n", "version is '0.0', expected 0.0"),
        ("version: 1.0\nos: linux\nfiles: [{source: /, destination: /a}]\n", "version is 1.0, expected 0.0"),
        ("os: linux\nfiles: [{source: /, destination: /a}]\n", "the document lacks 'version'"),
        ("version: 0.0\nos: Linux\nfiles: []\n", "os is 'Linux', expected one of 'linux', 'windows'"),
        ("version: 0.0\nfiles: []\n", "the document lacks 'os'"),
        (HEAD + "files: {source: /, destination: /a}\n", "files is a mapping, expected a list"),
        (HEAD + "files: [{source: /}]\n", "files[0] lacks 'destination'"),
        (HEAD + "hooks: [{AfterInstall: []}]\n", "hooks is a list, expected a mapping"),
        (HEAD + "hooks: {AfterInstall: a.sh}\n", "AfterInstall is 'a.sh', expected a list"),
        (HEAD + "hooks: {AfterInstall: [a.sh]}\n", "AfterInstall[0] is 'a.sh', expected a mapping"),
        (HEAD + "hooks: {AfterInstall: [{timeout: 3}]}\n", "AfterInstall[0] lacks 'location'"),
        (HEAD + "hooks: {AfterInstall: [{location: }]}\n", "location is empty, expected a string"),
        (HEAD + "hooks: {AfterInstall: [{location: a, timeout: 0}]}\n", "timeout is 0, expected 1 or more"),
        (
            HEAD + "hooks: {AfterInstall: [{location: a, timeout: 5m}]}\n",
            "timeout is '5m', expected something like '300'",
        ),
        (HEAD + "hooks: {}\npermissions: [{owner: a}]\n", "permissions[0] lacks 'object'"),
        (HEAD + "hooks: {}\npermissions: [{object: /a, type: file}]\n", "type is 'file', expected a list"),
        (HEAD + "hooks: {}\npermissions: [{object: /a, context: {name: u}}]\n", "context lacks 'type'"),
        (HEAD + "hooks: {}\nfile_exists_behavior: REPLACE\n", "file_exists_behavior is 'REPLACE', expected one of"),
        (
            "version: 0.0\nos: windows\nfiles: []\npermissions: [{object: c, mode: 755}]\n",
            "permissions are not set on Windows",
        ),
    ],
)
def test_reports_what_fails_on_the_server_once(text: str, says: str) -> None:
    [finding] = findings(RULE, {"appspec.yml": text})
    assert finding.message.startswith(says)
    assert finding.severity is None


@pytest.mark.parametrize(
    "text",
    [
        "version: 0\nos: linux\nfiles: []\n",
        "version: 0.0\nos: windows\nfiles: [{source: \\, destination: 'c:\\a'}]\npermissions:\n",
        HEAD + "files:\nhooks:\npermissions:\n",
        HEAD + "hooks: {AfterInstall: [{location: a, timeout: '300', runas: 1000, sudo: true}]}\n",
        HEAD + "hooks: {AfterInstall: [{location: a, timeout: $TIMEOUT}]}\n",
        HEAD + "hooks: {Custom: 1}\n",
        SERVICE % ECS,
        SERVICE % ECS.replace("80", "'${PORT}'"),
        SERVICE % ECS.replace("80", "<PORT>"),
        SERVICE.replace("Resources", "resources") % ECS + "hooks: [{AfterInstall: f}]\n",
        HEAD + "files: []\n" + (SERVICE % ECS).partition("\n")[2],
    ],
)
def test_accepts(text: str) -> None:
    assert not messages(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SERVICE % "{TaskDefinition: a}", "Properties lacks 'LoadBalancerInfo'"),
        ((SERVICE % ECS).replace("ECS::Service", "ECS::Servise"), "Type is 'AWS::ECS::Servise', expected one of"),
        ((SERVICE % "{Name: f, Alias: a}").replace("ECS::Service", "Lambda::Function"), "Properties lacks 'TargetV"),
        (SERVICE % ECS + "Hooks: {AfterInstall: f}\n", "Hooks is a mapping, expected a list"),
        (HEAD + "hooks: {AfterInstall: }\n", "AfterInstall is empty, expected a list"),
    ],
)
def test_is_a_warning_where_only_the_documentation_says_so(text: str, says: str) -> None:
    [finding] = findings(RULE, {"appspec.yml": text})
    assert finding.message.startswith(says)
    assert finding.severity == Severity.WARNING


@pytest.mark.parametrize(("version", "count"), [("1.0", 1), ("1", 1), ("0.0", 0), ("'0.0'", 0)])
def test_a_service_may_well_be_deployed_with_another_version(version: str, count: int) -> None:
    found = findings(RULE, {"appspec.yml": (SERVICE % ECS).replace("0.0", version, 1)})
    assert [finding.severity for finding in found] == [Severity.NOTE] * count


def test_points_at_what_is_wrong() -> None:
    text = HEAD + "hooks:\n  AfterInstall:\n    - location: a.sh\n      timeout: 5m\n"
    [finding] = findings(RULE, {"appspec.yml": text})
    assert (finding.at.span.line, finding.at.span.column, finding.at.text) == (6, 16, "5m")
