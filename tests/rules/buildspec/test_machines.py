"""Rules on what the machine of a build can do: on-failure-unsupported, lambda-compute, privileged-mode-missing …."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

from .texts import HEAD, SPEC, both, commands, project

FAILURE, LAMBDA = "buildspec-on-failure-unsupported", "buildspec-lambda-compute"
PRIVILEGED, SYSTEM = "buildspec-privileged-mode-missing", "buildspec-wrong-operating-system"
WARNING = Severity.WARNING
ON_LAMBDA, ON_LINUX, ON_WINDOWS = (
    f"Type: {name}" for name in ("LINUX_LAMBDA_CONTAINER", "LINUX_CONTAINER", "WINDOWS_SERVER_2022_CONTAINER")
)
FLEET = "Fleet: {FleetArn: 'arn:aws:codebuild:eu-central-1:123456789012:fleet/x'}"


def found(rule: str, spec: str, *properties: str) -> list[Finding]:
    return findings(rule, both(spec, *properties))


def told(rule: str, spec: str, *properties: str) -> list[Severity | None]:
    return [finding.severity for finding in found(rule, spec, *properties)]


@pytest.mark.parametrize("rule", [FAILURE, LAMBDA, PRIVILEGED, SYSTEM])
def test_documentation(rule: str) -> None:
    check_rule(rule)


# --- on-failure ------------------------------------------------------------------------------------------------------


def failing(value: str) -> str:
    return f"version: 0.2\nphases:\n  build:\n    on-failure: {value}\n    commands: [make]\n"


@pytest.mark.parametrize(
    ("value", "properties", "severities"),
    [
        ("CONTINUE", (ON_LAMBDA,), [None]),
        ("Retry-3", (ON_LAMBDA,), [None]),
        ("CONTINUE", (ON_LINUX, FLEET), [None]),
        ("ABORT", (ON_LAMBDA,), [WARNING]),
        ("CONTINUE", (ON_LINUX,), []),
        ("CONTINUE", ("Type: !Ref Free",), []),
        ("CONTINUE", ("Type: !If [C, LINUX_CONTAINER, LINUX_LAMBDA_CONTAINER]",), []),
        ("CONTINUE", (ON_LINUX, "Fleet: !If [C, {FleetArn: a}, !Ref 'AWS::NoValue']"), []),
    ],
)
def test_on_failure_works_on_ec2_only(
    value: str, properties: tuple[str, ...], severities: list[Severity | None]
) -> None:
    assert told(FAILURE, failing(value), *properties) == severities


@pytest.mark.parametrize("rule", [FAILURE, LAMBDA])
def test_a_batch_may_run_on_other_machines(rule: str) -> None:
    assert not found(rule, failing("CONTINUE").replace("make", "yum") + "batch: {build-list: []}\n", ON_LAMBDA)


def test_points_at_the_value_and_names_the_machine() -> None:
    [finding] = found(FAILURE, failing("CONTINUE"), ON_LAMBDA)
    assert (finding.at.span.line, finding.at.span.column) == (4, 17)
    assert [(at.span.path, at.text) for at, _ in finding.related] == [("template.yml", "LINUX_LAMBDA_CONTAINER")]


# --- Lambda compute --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "severities"),
    [
        (("docker build .",), [None]),
        (("docker build .", "docker push x"), [None]),
        (("yum install -y jq", "docker build ."), [None, None]),
        (("sudo make install",), [None]),
        (("which docker && docker build .",), [WARNING]),
        (("if [ -e Dockerfile ]; then docker build .; fi",), [WARNING]),
        (("if true; then docker pull x; fi", "docker build ."), [None]),
        (("make docker",), []),
        (("echo sudo yum docker",), []),
        (("./docker.sh",), []),
        (("# docker build .",), []),
    ],
)
def test_reports_what_lambda_compute_has_not(texts: tuple[str, ...], severities: list[Severity | None]) -> None:
    assert told(LAMBDA, commands(*(repr(text) for text in texts)), ON_LAMBDA) == severities


def test_points_at_the_call() -> None:
    [finding] = found(LAMBDA, commands("make && docker build ."), ON_LAMBDA)
    assert (finding.at.span.line, finding.at.span.column, finding.at.text) == (5, 17, "docker build .")


@pytest.mark.parametrize(
    ("spec", "properties", "text"),
    [
        (SPEC + "cache: {paths: [a]}\n", (), "cache"),
        (SPEC, ("PrivilegedMode: true",), "true"),
        (SPEC, ("/TimeoutInMinutes: 60",), "TimeoutInMinutes"),
        (SPEC, ("PrivilegedMode: false",), None),
        (SPEC, ("PrivilegedMode: !Ref Free",), None),
        (SPEC, (), None),
    ],
)
def test_reports_settings_that_are_not_heeded(spec: str, properties: tuple[str, ...], text: str | None) -> None:
    reported = [(one.at.text, one.severity) for one in found(LAMBDA, spec, ON_LAMBDA, *properties)]
    assert reported == ([(text, WARNING)] if text else [])


@pytest.mark.parametrize(
    ("size", "kind", "severities"),
    [
        ("BUILD_LAMBDA_2GB", "LINUX_CONTAINER", [None]),
        ("BUILD_LAMBDA_2GB", "!If [C, ARM_CONTAINER, LINUX_CONTAINER]", []),
        ("BUILD_LAMBDA_2GB", "ARM_LAMBDA_CONTAINER", []),
        ("BUILD_GENERAL1_SMALL", "LINUX_CONTAINER", []),
        ("!Ref Free", "LINUX_CONTAINER", []),
    ],
)
def test_sizes_of_lambda_compute_are_there_only(size: str, kind: str, severities: list[Severity | None]) -> None:
    text = (HEAD + project(f"Type: {kind}")).replace("BUILD_GENERAL1_SMALL", size)
    reported = findings(LAMBDA, {"template.yml": text})
    assert [finding.severity for finding in reported] == severities


def test_says_nothing_of_other_machines() -> None:
    assert not found(LAMBDA, commands("docker build ."), ON_LINUX)


# --- privileged mode -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("properties", "severities"),
    [
        (("PrivilegedMode: false",), [None]),
        (('PrivilegedMode: "false"',), [None]),
        ((), [WARNING]),
        (("PrivilegedMode: !Ref Mode",), [WARNING]),
        (("PrivilegedMode: true",), []),
        (("PrivilegedMode: !Ref Free",), []),
        (("PrivilegedMode: !If [C, true, false]",), []),
        (("PrivilegedMode: false", "DockerServer: {ComputeType: BUILD_GENERAL1_SMALL}"), []),
        (("PrivilegedMode: false", "EnvironmentVariables: [{Name: DOCKER_HOST, Value: tcp://host:2375}]"), []),
    ],
)
def test_docker_needs_privileged_mode(properties: tuple[str, ...], severities: list[Severity | None]) -> None:
    assert told(PRIVILEGED, commands("docker build ."), ON_LINUX, *properties) == severities


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("docker build .", True),
        ("dockerd &", True),
        ("docker-compose up", True),
        ("docker login -u AWS", False),
        ("docker --version", False),
        ("docker manifest create a b", False),
        ("export DOCKER_HOST=tcp://host:2375; docker build .", False),
        ("docker context use remote && docker build .", False),
        ("echo docker build .", False),
        ("make", False),
    ],
)
def test_only_what_needs_the_daemon(text: str, *, reported: bool) -> None:
    assert bool(found(PRIVILEGED, commands(repr(text)), ON_LINUX, "PrivilegedMode: false")) is reported


@pytest.mark.parametrize("kind", ["LINUX_EC2", "MAC_ARM", "WINDOWS_CONTAINER", "LINUX_LAMBDA_CONTAINER", "!Ref Free"])
def test_other_machines_have_other_rules(kind: str) -> None:
    assert not found(PRIVILEGED, commands("docker build ."), f"Type: {kind}", "PrivilegedMode: false")


def test_points_at_the_mode_and_names_the_command() -> None:
    [finding] = found(PRIVILEGED, commands("docker build ."), ON_LINUX, "PrivilegedMode: false")
    assert (finding.at.span.path, finding.at.text) == ("template.yml", "false")
    assert [(at.span.path, at.span.line, at.text) for at, _ in finding.related] == [
        ("buildspec.yml", 5, "docker build .")
    ]


def test_each_project_is_told_of() -> None:
    text = HEAD + project(ON_LINUX) + project(ON_LINUX, name="Other")
    assert len(findings(PRIVILEGED, {"template.yml": text, "buildspec.yml": commands("docker build .")})) == 2


def test_a_build_that_may_leave_docker_out_makes_a_warning() -> None:
    spec = commands("'[ -z $PUSH ] || docker push x'")
    assert told(PRIVILEGED, spec, ON_LINUX, "PrivilegedMode: false") == [WARNING]


# --- operating systems -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shell", "kind", "severities"),
    [
        ("bash", ON_WINDOWS, [None]),
        ("/bin/sh", ON_WINDOWS, [None]),
        ("powershell.exe", ON_LINUX, [None]),
        ("cmd.exe", ON_LINUX, [None]),
        ("bash", ON_LINUX, []),
        ("powershell.exe", ON_WINDOWS, []),
        ("bash", "Type: !Ref Free", []),
        ("bash", "Type: MAC_ARM", []),
        ("zsh", ON_LINUX, []),
    ],
)
def test_shells_belong_to_a_system(shell: str, kind: str, severities: list[Severity | None]) -> None:
    assert told(SYSTEM, f"env: {{shell: {shell}}}\n" + SPEC, kind) == severities


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ("run-as: Administrator\n" + SPEC, "run-as"),
        (commands("apt-get install -y jq", "apt-get update"), "apt-get install -y jq"),
        (commands("echo apt-get"), None),
        (SPEC, None),
    ],
)
def test_windows_has_not_what_linux_has(spec: str, text: str | None) -> None:
    reported = [(one.at.text, one.severity) for one in found(SYSTEM, spec, ON_WINDOWS)]
    assert reported == ([(text, WARNING)] if text else [])
