"""Rules about what commands hand on to one another: names and values, images, deliveries."""

import json

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings


def spec(*commands: str, post: tuple[str, ...] = (), more: str = "", build: str = "") -> str:
    after = f", post_build: {{commands: {json.dumps(list(post))}}}" if post else ""
    return f"version: 0.2\n{more}phases: {{build: {{{build}commands: {json.dumps(list(commands))}}}{after}}}\n"


@pytest.mark.parametrize(
    "name",
    [
        *("command-subst-of-var", "docker-push-untagged", "echo-missing-dollar", "ecr-get-login", "exported-not-set"),
        *("finally-fails", "missing-file", "post-build-after-failure", "unset-variable"),
    ],
)
def test_does_what_its_documentation_says(name: str) -> None:
    check_rule(f"buildspec-{name}")


def found(name: str, text: str) -> list[tuple[str, Severity | None]]:
    return [(one.at.text, one.severity) for one in findings(f"buildspec-{name}", {"buildspec.yml": text})]


# --- ecr-get-login ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", ["$(aws ecr get-login --region a)", "eval `aws --region a ecr get-login`", "aws ecr get-login"]
)
def test_get_login_is_found_where_it_is_called(command: str) -> None:
    assert found("ecr-get-login", spec(command)) == [("get-login", None)]


def test_get_login_is_a_warning_where_the_old_version_is_installed() -> None:
    assert found("ecr-get-login", spec("pip install awscli", "aws ecr get-login")) == [("get-login", Severity.WARNING)]


@pytest.mark.parametrize("command", ["aws ecr get-login-password", "echo aws ecr get-login", "# aws ecr get-login"])
def test_get_login_is_not_found_elsewhere(command: str) -> None:
    assert not found("ecr-get-login", spec(command))


# --- docker-push-untagged --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("commands", "at"),
    [
        (["docker tag a $R:$V", "docker push $R"], "$R"),
        (["docker build -t r/a:1 .", "docker push r/a"], "r/a"),
        (["docker tag a ${R}:1", 'docker push "$R"'], '\\"$R\\"'),
        (["docker tag a $A.dkr.ecr.$B.amazonaws.com/x:$V", "docker push $A.dkr.ecr.$B.amazonaws.com/x"], ""),
    ],
)
def test_a_push_without_the_tag_is_reported(commands: list[str], at: str) -> None:
    assert found("docker-push-untagged", spec(*commands)) == [(at or "$A.dkr.ecr.$B.amazonaws.com/x", None)]


@pytest.mark.parametrize(
    "commands",
    [
        ["docker tag a $R:$V", "docker push $R:$V"],
        ["docker tag a $R:$V", "docker push -a $R"],
        ["docker tag a $R:$V", "docker tag a $R", "docker push $R"],
        ["docker tag a $R:latest", "docker push $R"],
        ["docker tag a $R:$V", "docker push $OTHER"],
        ["docker build -t $R .", "docker push $R"],
        ["docker push $R"],
    ],
)
def test_a_push_is_accepted(commands: list[str]) -> None:
    assert not found("docker-push-untagged", spec(*commands))


# --- command-subst-of-var and echo-missing-dollar --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "at"),
    [
        ("ls $(AWS_REGION)", "$(AWS_REGION)"),
        ("A_B=1; ls x$(A_B)", "$(A_B)"),
        ('ls "$(CODEBUILD_SRC_DIR)/a"', "$(CODEBUILD_SRC_DIR)"),
    ],
)
def test_a_variable_that_is_run_is_reported(command: str, at: str) -> None:
    assert found("command-subst-of-var", spec(command)) == [(at, None)]


@pytest.mark.parametrize(
    "command", ["ls $(UNKNOWN)", "ls $(date)", "F() { a; }; F=1; ls $(F)", "ls '$(AWS_REGION)'", "ls $(AWS_REGION x)"]
)
def test_what_is_run_may_be_a_program(command: str) -> None:
    assert not found("command-subst-of-var", spec(command))


def test_a_variable_before_letters_is_left_to_its_author() -> None:
    [finding] = findings("buildspec-command-subst-of-var", {"buildspec.yml": spec("ls $(AWS_REGION)a")})
    assert (finding.fix, finding.help) == ((), "write '${AWS_REGION}'")


def test_a_printed_name_is_reported() -> None:
    assert found("echo-missing-dollar", spec("IMAGE=a", "echo IMAGE")) == [("IMAGE", None)]


@pytest.mark.parametrize(
    "command",
    [
        "echo IMAGE a",
        "echo 'IMAGE'",
        "echo $IMAGE",
        "echo IMAGE > a",
        "echo IMAGE | a",
        "a $(echo IMAGE)",
        "echo OTHER",
        "a IMAGE",
    ],
)
def test_a_printed_name_may_be_meant(command: str) -> None:
    assert not found("echo-missing-dollar", spec("IMAGE=a", command))


# --- exported-not-set ------------------------------------------------------------------------------------------------

EXPORTED = "env: {variables: {A: b}, exported-variables: [TAG]}\n"


@pytest.mark.parametrize(
    ("command", "severity"),
    [("make", Severity.WARNING), ("TAGS=1", Severity.WARNING), ("TAG=1", Severity.NOTE)],
)
def test_what_is_exported_and_not_set_is_reported(command: str, severity: Severity) -> None:
    assert found("exported-not-set", spec(command, more=EXPORTED)) == [("TAG", severity)]


@pytest.mark.parametrize(
    "command",
    ["export TAG=1", "TAG=1; export TAG", "set -a; TAG=1", ". ./env", "export $(a)", "eval a", "read TAG; export TAG"],
)
def test_what_is_exported_may_be_set(command: str) -> None:
    assert not found("exported-not-set", spec(command, more=EXPORTED))


@pytest.mark.parametrize("name", ["A", "CODEBUILD_BUILD_ID"])
def test_what_is_in_the_environment_can_be_exported(name: str) -> None:
    assert not found("exported-not-set", spec("make", more=EXPORTED.replace("TAG", name)))


def test_is_an_error_where_the_project_is_known() -> None:
    project = (
        "Resources:\n  P:\n    Type: AWS::CodeBuild::Project\n    Properties:\n      ServiceRole: a\n"
        "      Source: {Type: GITHUB, BuildSpec: buildspec.yml}\n      Artifacts: {Type: NO_ARTIFACTS}\n"
        "      Environment: {Type: LINUX_CONTAINER, ComputeType: a, Image: aws/codebuild/standard:7.0}\n"
    )
    files = {"buildspec.yml": spec("make", more=EXPORTED), "project.yml": project}
    assert [one.severity for one in findings("buildspec-exported-not-set", files)] == [None]


# --- post-build-after-failure and finally-fails ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("commands", "post", "at", "severity"),
    [
        (["npm test"], ("npm publish",), "npm publish", None),
        (["make"], ("echo a", "aws cloudformation deploy --x", "docker push a"), "aws cloudformation deploy --x", None),
        (["docker build -t a .", "npm test"], ("docker push a",), "docker push a", None),
        (["docker build -t a .", "docker tag a b", "echo c"], ("docker push b",), "docker push b", Severity.NOTE),
    ],
)
def test_a_delivery_after_a_failure_is_reported_once(
    commands: list[str], post: tuple[str, ...], at: str, severity: Severity | None
) -> None:
    assert found("post-build-after-failure", spec(*commands, post=post)) == [(at, severity)]


@pytest.mark.parametrize(
    ("post", "build"),
    [
        (("npm publish",), "on-failure: ABORT, "),
        (("npm publish",), "on-failure: retry-3, "),
        (("[ $CODEBUILD_BUILD_SUCCEEDING = 1 ] || exit 1", "npm publish"), ""),
        (("aws s3 cp log.txt s3://logs/",), ""),
        (("echo docker push a",), ""),
    ],
)
def test_what_is_done_after_a_failure_may_be_right(post: tuple[str, ...], build: str) -> None:
    assert not found("post-build-after-failure", spec("npm test", post=post, build=build))


def test_nothing_can_fail_before_without_a_build() -> None:
    text = "version: 0.2\nphases: {post_build: {commands: [npm publish]}}\n"
    assert not found("post-build-after-failure", text)


@pytest.mark.parametrize(
    ("command", "count"), [("a", 1), ("a | b", 1), ("a || true", 0), ("a; echo b", 0), ("rm -rf a", 0), ("rm a", 1)]
)
def test_what_may_fail_at_the_end(command: str, count: int) -> None:
    text = f"version: 0.2\nphases: {{build: {{commands: [a], finally: [{json.dumps(command)}]}}}}\n"
    assert len(found("finally-fails", text)) == count
