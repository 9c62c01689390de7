"""Rule pipeline-template-not-uploaded."""

import pytest

from validator.rule import Finding
from validator.testing import check_rule, findings

from .texts import MAIN, build, buildspec, deploy, pipeline

RULE = "pipeline-template-not-uploaded"
LOCAL = """\
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: child.yml
"""
REMOTE = """\
Parameters: {Bucket: {Type: String}}
Resources:
  One:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: !Sub "https://${Bucket}.s3.amazonaws.com/templates/one.yml"}
  Two:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: !Sub "https://${Bucket}.s3.amazonaws.com/templates/two.yml"}
"""


def found(main: str, *commands: str, path: str = "Built::main.yml", text: str = "") -> list[Finding]:
    own = text or pipeline(build(), deploy(path, inputs="[{Name: Built}]"))
    spec = buildspec("{files: ['*.yml']}", *commands)
    nested = {"child.yml": MAIN, "templates/one.yml": MAIN, "templates/two.yml": MAIN}
    return findings(RULE, {"pipeline.yml": own, "main.yml": main, "buildspec.yml": spec, **nested})


def test_documentation() -> None:
    check_rule(RULE)


def test_points_at_the_local_path_and_the_commands() -> None:
    [finding] = found(LOCAL, "cfn-lint main.yml")
    assert (finding.at.document.path, finding.at.span.line) == ("main.yml", 5)
    assert [(node.document.path, node.span.line) for node, _ in finding.related] == [("buildspec.yml", 2)]


@pytest.mark.parametrize(
    "command",
    [
        "aws cloudformation package --template-file main.yml --output-template-file main.yml",
        "aws --profile x cloudformation package --template-file main.yml > main.yml",
        "sam package --output-template-file main.yml",
        "make",
        "./package.sh",
        "python package.py",
        "npm run package",
        "$PACKAGE main.yml",
        'sed -i "s|child.yml|https://b.s3.amazonaws.com/child.yml|" main.yml',
        "cp generated/main.yml .",
        "cp out/*.yml ./",
        "yq '.x' main.yml > main.yml",
    ],
)
def test_silent_where_a_command_may_rewrite_it(command: str) -> None:
    assert not found(LOCAL, command)


def test_silent_on_what_is_packaged_under_another_name() -> None:
    command = "aws cloudformation package --template-file main.yml --output-template-file packaged.yml"
    assert not found(LOCAL, command, path="Built::packaged.yml")


def test_a_source_is_deployed_as_it_is() -> None:
    [finding] = found(LOCAL, text=pipeline(deploy()))
    assert [word for _, word in finding.related] == ["the template is deployed from here as it is"]


@pytest.mark.parametrize(
    "other",
    [
        "- {Name: F, ActionTypeId: {Category: Invoke, Owner: AWS, Provider: Lambda}, RunOrder: 1}\n",
        "- {Name: J, ActionTypeId: {Category: Build, Owner: Custom, Provider: Jenkins}, RunOrder: 1}\n",
        build(project="other"),
    ],
)
def test_silent_where_something_unknown_runs_before(other: str) -> None:
    assert not found(
        LOCAL, text=pipeline(other, deploy()).replace("Project: {Type: AWS::CodeBuild", "Job: {Type: AWS::Batch")
    )


# --- URLs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "commands",
    [
        ["aws s3 cp templates/one.yml s3://b/templates/"],
        ["for t in one.yml; do aws s3 cp templates/$t s3://b/templates/$t; done"],
        ["LIST=templates/one.yml", "for t in $LIST; do aws s3 cp $t s3://b/; done"],
        [
            "for t in one two; do cfn-lint templates/$t.yml; done",
            "for t in one; do aws s3 cp templates/$t.yml s3://b/; done",
        ],
        ["aws s3 cp templates/one.yml s3://b/templates/", "aws s3 cp s3://b/templates/two.yml ."],
        ["aws s3api put-object --bucket b --key one.yml --body templates/one.yml"],
    ],
)
def test_reports_the_one_that_a_list_leaves_out(commands: list[str]) -> None:
    [finding] = found(REMOTE, *commands)
    assert (finding.at.document.path, finding.at.span.line) == ("main.yml", 8)
    assert finding.message.startswith("no command uploads 'two.yml', which Two takes")


@pytest.mark.parametrize(
    "commands",
    [
        ["cfn-lint main.yml"],
        ["aws s3 sync templates s3://b/templates"],
        ["aws s3 cp --recursive templates/ s3://b/templates/"],
        ["aws s3 cp templates s3://b/templates --recursive"],
        ["aws s3 sync . s3://b --exclude '*' --include '*.yml'"],
        ["aws s3 cp templates/one.yml s3://b/", "aws s3 sync dist s3://b"],
        ["for t in templates/*.yml; do aws s3 cp $t s3://b/; done"],
        ["for t in $(ls templates); do aws s3 cp templates/$t s3://b/; done"],
        ["aws s3 cp templates/one.yml s3://b/", 'aws s3 cp "$OTHERS" s3://b/'],
        ["for t in one two; do aws s3 cp templates/$t.yml s3://b/; done"],
        ["aws s3 cp templates/one.yml s3://b/", "./upload.sh templates/two.yml"],
        ["aws s3 cp child.yml s3://b/"],
    ],
)
def test_silent_where_it_may_be_uploaded(commands: list[str]) -> None:
    assert not found(REMOTE, *commands)


def test_silent_on_what_lies_elsewhere() -> None:
    main = REMOTE.replace("templates/two.yml", "shared/two.yml")
    assert not found(main, "aws s3 cp templates/one.yml s3://b/templates/")
