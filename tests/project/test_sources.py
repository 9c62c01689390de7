"""What a build of a buildspec starts with: files and variables."""

import pytest

from validator.project import Source

from .conftest import Loading

SPEC = "version: 0.2\nphases: {build: {commands: [make]}}\n"
TEMPLATE = """\
Resources:
  Project:
    Type: AWS::CodeBuild::Project
    Properties:
      Source: {{Type: {source}, BuildSpec: {path}}}
      Environment: {{Image: "aws/codebuild/standard:7.0", EnvironmentVariables: [{{Name: STAGE, Value: a}}]}}
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages:
        - Name: All
          Actions:
            - Name: S
              ActionTypeId: {{Category: Source, Provider: S3}}
              OutputArtifacts: [{{Name: Src}}]
            - Name: T
              ActionTypeId: {{Category: Build, Provider: CodeBuild}}
              Configuration: {{ProjectName: other}}
              InputArtifacts: [{{Name: Src}}]
              OutputArtifacts: [{{Name: Made}}]
            - Name: B
              ActionTypeId: {{Category: Build, Provider: CodeBuild}}
              Configuration:
                ProjectName: !Ref Project
                EnvironmentVariables: {variables}
              InputArtifacts: [{{Name: {artifact}}}]
"""


def template(
    path: str = "buildspec.yml", source: str = "CODEPIPELINE", variables: str = "'[]'", artifact: str = "Src"
) -> str:
    return TEMPLATE.format(path=path, source=source, variables=variables, artifact=artifact)


def source_of(loaded: Loading, files: dict[str, str]) -> Source:
    [found] = loaded(files).sources
    return found


@pytest.mark.parametrize(
    ("files", "certain"),
    [
        ({"buildspec.yml": SPEC}, True),
        ({"ci/buildspec.yml": SPEC}, False),
        ({"ci/buildspec.yml": SPEC, "t.yml": template("ci/buildspec.yml")}, True),
        ({"buildspec.yml": SPEC, "t.yml": template()}, True),
        ({"buildspec.yml": SPEC, "t.yml": template(artifact="Made")}, False),
    ],
)
def test_whether_the_source_is_the_repository(loaded: Loading, files: dict[str, str], certain: bool) -> None:  # noqa: FBT001  # a fact
    assert source_of(loaded, files).certain is certain


def test_a_path_may_count_from_every_folder_down_to_the_buildspec(loaded: Loading) -> None:
    found = source_of(loaded, {"a/b/buildspec.yml": SPEC, "a/x.sh": "", "a/b/y.sh": "", "z/w.sh": ""})
    assert [found.has(path) for path in ("a/x.sh", "x.sh", "y.sh", "w.sh")] == [True, True, True, False]
    assert (found.near("x.hs"), found.elsewhere("w.sh")) == ("x.sh", "z/w.sh")


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ("'[]'", {"STAGE"}),
        ('\'[{"name": "TAG", "value": "#{S.Id}"}]\'', {"STAGE", "TAG"}),
        ("!Ref Variables", None),
        ("'{}'", None),
        ("'['", None),
    ],
)
def test_which_variables_are_set(loaded: Loading, variables: str, expected: set[str] | None) -> None:
    files = {"buildspec.yml": SPEC, "t.yml": template(variables=variables)}
    assert source_of(loaded, files).variables == expected


def test_no_variables_are_known_without_a_project(loaded: Loading) -> None:
    assert source_of(loaded, {"buildspec.yml": SPEC}).variables is None
