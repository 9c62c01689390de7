"""Rule pipeline-buildspec-missing."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

RULE = "pipeline-buildspec-missing"
PIPELINE = """\
Parameters: {{Any: {{Type: String}}}}
Resources:
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages:
        - Name: Source
          Actions:
            - Name: Checkout
              ActionTypeId: {{Category: Source, Owner: AWS, Provider: {provider}, Version: "1"}}
              Configuration: {{RepositoryName: web, BranchName: main}}
              OutputArtifacts: [{{Name: Source}}]
        - Name: Build
          Actions:
            - Name: Package
              ActionTypeId: {{Category: Build, Owner: AWS, Provider: CodeBuild, Version: "1"}}
              InputArtifacts: [{{Name: Source}}]
              Configuration: {{ProjectName: !Ref Project{more}}}
            - Name: Deploy
              ActionTypeId: {{Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: "1"}}
              InputArtifacts: [{{Name: Source}}]
              Configuration: {{ActionMode: CREATE_UPDATE, StackName: web, TemplatePath: "Source::{template}"}}
  Project:
    Type: AWS::CodeBuild::Project
    Properties:
      Source: {{Type: {type}{buildspec}}}
"""
BUILDSPEC = "version: 0.2\nphases: {build: {commands: [make]}}\n"
MAIN = "Resources: {T: {Type: AWS::SNS::Topic}}\n"
PATH = ", BuildSpec: ci/build.yml"


def found(
    buildspec: str = PATH,
    *paths: str,
    more: str = "",
    provider: str = "CodeCommit",
    type: str = "CODEPIPELINE",
    template: str = "main.yml",
    at: str = "pipeline.yml",
) -> list[Finding]:
    text = PIPELINE.format(buildspec=buildspec, more=more, provider=provider, type=type, template=template)
    return findings(RULE, {at: text, "main.yml": MAIN, **dict.fromkeys(paths, BUILDSPEC)})


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_points_at_the_path() -> None:
    [finding] = found(PATH, "ci/biuld.yml")
    assert finding.message == "Project runs 'ci/build.yml', which its source does not hold: 'YAML file does not exist'"
    assert (finding.at.text, finding.at.span.line, finding.severity) == ("ci/build.yml", 26, None)
    assert (finding.help, finding.related[0][0].text) == ("did you mean 'ci/biuld.yml'?", '"Source::main.yml"')


def test_without_a_path_it_is_the_default() -> None:
    [finding] = found("")
    assert finding.message == "Project runs 'buildspec.yml', which its source does not hold: 'YAML file does not exist'"
    assert (finding.at.text, finding.severity) == ("Source", None)


def test_one_that_lies_elsewhere_in_the_source_is_not_found() -> None:
    assert [finding.severity for finding in found(PATH, "other/ci/build.yml")] == [None]


@pytest.mark.parametrize(
    "options",
    [
        {"provider": "S3"},
        {"template": "elsewhere.yml"},
        {"type": "GITHUB"},
        {"more": ", BuildspecOverride: other.yml"},
    ],
)
def test_of_an_unknown_source_only_a_name_that_is_nearly_right_is_told(options: dict[str, str]) -> None:
    assert not found(PATH, **options)
    assert [finding.severity for finding in found(PATH, "ci/biuld.yml", **options)] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("buildspec", "path"),
    [
        (PATH, "ci/build.yml"),
        (", BuildSpec: ./ci/build.yml", "ci/build.yml"),
        ("", "buildspec.yml"),
        ("", "buildspec.yaml"),
        (", BuildSpec: 'arn:aws:s3:::bucket/build.yml'", "x/buildspec.yml"),
        (", BuildSpec: !Sub '${Any}.yml'", "x/buildspec.yml"),
        (", BuildSpec: !Ref Any", "x/buildspec.yml"),
        (", BuildSpec: '{\"version\": 0.2}'", "x/buildspec.yml"),
        (", BuildSpec: __SPEC__$X", "x/buildspec.yml"),
    ],
)
def test_accepts(buildspec: str, path: str) -> None:
    assert not found(buildspec, path)


def test_accepts_one_beside_the_template() -> None:
    assert not found(PATH, "infra/ci/build.yml", at="infra/pipeline.yml")


def test_what_another_project_runs_was_not_meant() -> None:
    text = PIPELINE.format(
        buildspec=", BuildSpec: ci/biuld.yml", more="", provider="S3", type="CODEPIPELINE", template="main.yml"
    )
    source = "{Type: GITHUB, BuildSpec: ci/build.yml}"
    second = f"  Second:\n    Type: AWS::CodeBuild::Project\n    Properties:\n      Source: {source}\n"
    assert not findings(RULE, {"pipeline.yml": text + second, "ci/biuld.yml": BUILDSPEC})
