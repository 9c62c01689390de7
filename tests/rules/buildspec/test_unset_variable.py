"""Rule buildspec-unset-variable."""

import json

import pytest

from validator.testing import findings

RULE = "buildspec-unset-variable"
PROJECT = """\
Resources:
  Project:
    Type: AWS::CodeBuild::Project
    Properties:
      Source: {{Type: {source}, BuildSpec: buildspec.yml}}
      Artifacts: {{Type: NO_ARTIFACTS}}
      ServiceRole: build
      Environment:
        Type: LINUX_CONTAINER
        ComputeType: BUILD_GENERAL1_SMALL
        Image: {image}
        EnvironmentVariables: {variables}
"""


def spec(*commands: str, variables: str = "{BUILD_DIR: a}") -> str:
    listed = json.dumps(list(commands))
    return f"version: 0.2\nenv: {{variables: {variables}}}\nphases: {{build: {{commands: {listed}}}}}\n"


def found(
    *commands: str,
    variables: str = "[{Name: STAGE, Value: a}]",
    image: str = "aws/codebuild/standard:7.0",
    source: str = "GITHUB",
) -> list[str]:
    project = PROJECT.format(variables=variables, image=image, source=source)
    return [one.at.text for one in findings(RULE, {"buildspec.yml": spec(*commands), "project.yml": project})]


@pytest.mark.parametrize("use", ["$BULID_DIR", "${BULID_DIR}", "$BUILD_DRI", "$build_dir", "$BILD_DIR", "$BUIL_DIR"])
def test_reports_a_slip(use: str) -> None:
    [finding] = findings(RULE, {"buildspec.yml": spec(f'make -C "{use}/x"')})
    assert (finding.at.text, finding.help) == (use, "did you mean 'BUILD_DIR'?")


@pytest.mark.parametrize(
    ("variables", "command"),
    [
        ("{IMAGE_TAG: a}", "a $IMAGE_TAGS"),
        ("{SUBNET_1: a}", "a $SUBNET_2"),
        ("{DEV_URL: a}", "a $DEB_URL"),
        ("{SOURCE_BUCKET: a}", "a $TARGET_BUCKET"),
        ("{BUILD_DIR: a}", "a ${BULID_DIR:-b}"),
        ("{BUILD_DIR: a}", "a '$BULID_DIR' \\$BULID_DIR"),
        ("{BUILD_DIR: a}", ". ./env; a $BULID_DIR"),
        ("{BUILD_DIR: a}", "export $(cat env); a $BULID_DIR"),
        ("{BUILD_DIR: a}", "BULID_DIR=b; a $BULID_DIR"),
        ("{BUILD_DIR: a}", "read BULID_DIR; a $BULID_DIR"),
        ("{HOMES: a}", "a $HOME"),
        ("{BUILD_DIR: a}", "a $ANYTHING_ELSE"),
        ("{BUILD_DIR: a}", "$env:STAGE = $BULID_DIR"),
    ],
)
def test_accepts_what_may_be_set_elsewhere(variables: str, command: str) -> None:
    assert not findings(RULE, {"buildspec.yml": spec(command, variables=variables)})


def test_reports_what_nothing_sets_where_the_project_is_known() -> None:
    assert found("a $STAGE $BUILD_DIR $TARGET $AWS_REGION $CODEBUILD_BUILD_ID $HOME $1") == ["$TARGET"]


@pytest.mark.parametrize(
    "project",
    [
        {"image": "example.com/own:1"},
        {"image": "!Ref Image"},
        {"variables": "!Ref Variables"},
        {"variables": "[{Name: !Ref Name, Value: a}]"},
        {"source": "CODEPIPELINE"},
    ],
)
def test_says_nothing_where_the_project_is_not_known(project: dict[str, str]) -> None:
    assert not found("a $TARGET", **project)


def test_takes_variables_of_every_branch() -> None:
    assert not found("a $TARGET", variables="[!If [C, {Name: TARGET, Value: a}, !Ref AWS::NoValue]]")


def test_accepts_an_upper_case_name_that_is_only_tested() -> None:
    assert not found('[ -z "$SKIP" ] && a')


@pytest.mark.parametrize("test", ['[ -z "$var" ]', 'test -n "$var"', "[[ $var == a ]]", 'if [ "$var" ]; then a; fi'])
def test_reports_a_lower_case_name_that_is_only_tested(test: str) -> None:
    [finding] = findings(RULE, {"buildspec.yml": spec("result=$(a)", test)})
    assert finding.message == "'var' is tested, and nothing sets it"


@pytest.mark.parametrize("command", ['[ -z "$var" ] && a $var', "a $var", '[ -z "$http_proxy" ]'])
def test_accepts_a_lower_case_name_otherwise(command: str) -> None:
    assert not findings(RULE, {"buildspec.yml": spec(command)})


def test_reports_each_name_once() -> None:
    assert len(found("a $TARGET $TARGET", "b $TARGET")) == 1
