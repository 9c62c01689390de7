"""Rule pipeline-output-empty."""

from collections.abc import Iterator

from validator.cloudformation.pipeline import PipelineAction
from validator.document import Node
from validator.project import Build, Project
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean, listed


@rule("pipeline-output-empty", Severity.ERROR)
def check(project: Project) -> Iterator[Finding]:
    """A CodeBuild action hands on an artifact into which its buildspec puts nothing.

    What a build hands on is what `artifacts` in its buildspec lists. With several output artifacts, each needs a
    secondary artifact of its own name. An action that takes an artifact that is not there fails: CodePipeline is
    "unable to access the artifact".

    It is a warning where the buildspec is not surely that of the project, and a note where no action takes the
    artifact. A file that an action wants out of it is the business of pipeline-file-missing.

    Bad:

    ```yaml title="pipeline.yml"
    Resources:
      Pipeline:
        Type: AWS::CodePipeline::Pipeline
        Properties:
          RoleArn: arn:aws:iam::123456789012:role/pipeline
          ArtifactStore: {Type: S3, Location: artifacts}
          Stages:
            - Name: Source
              Actions:
                - Name: Checkout
                  ActionTypeId: {Category: Source, Owner: AWS, Provider: CodeCommit, Version: "1"}
                  Configuration: {RepositoryName: web, BranchName: main}
                  OutputArtifacts: [{Name: Source}]
            - Name: Build
              Actions:
                - Name: Package
                  ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild, Version: "1"}
                  InputArtifacts: [{Name: Source}]
                  OutputArtifacts: [{Name: Built}]
                  Configuration: {ProjectName: !Ref Project}
            - Name: Deploy
              Actions:
                - Name: Publish
                  ActionTypeId: {Category: Deploy, Owner: AWS, Provider: S3, Version: "1"}
                  InputArtifacts: [{Name: Built}]
                  Configuration: {BucketName: web, Extract: "true"}
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE, BuildSpec: buildspec.yml}
          Artifacts: {Type: CODEPIPELINE}
          ServiceRole: build
          Environment: {Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL, Image: "aws/codebuild/standard:8.0"}
    ```

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    ```

    Good:

    ```yaml title="pipeline.yml"
    Resources:
      Pipeline:
        Type: AWS::CodePipeline::Pipeline
        Properties:
          RoleArn: arn:aws:iam::123456789012:role/pipeline
          ArtifactStore: {Type: S3, Location: artifacts}
          Stages:
            - Name: Source
              Actions:
                - Name: Checkout
                  ActionTypeId: {Category: Source, Owner: AWS, Provider: CodeCommit, Version: "1"}
                  Configuration: {RepositoryName: web, BranchName: main}
                  OutputArtifacts: [{Name: Source}]
            - Name: Build
              Actions:
                - Name: Package
                  ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild, Version: "1"}
                  InputArtifacts: [{Name: Source}]
                  OutputArtifacts: [{Name: Built}]
                  Configuration: {ProjectName: !Ref Project}
            - Name: Deploy
              Actions:
                - Name: Publish
                  ActionTypeId: {Category: Deploy, Owner: AWS, Provider: S3, Version: "1"}
                  InputArtifacts: [{Name: Built}]
                  Configuration: {BucketName: web, Extract: "true"}
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE, BuildSpec: buildspec.yml}
          Artifacts: {Type: CODEPIPELINE}
          ServiceRole: build
          Environment: {Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL, Image: "aws/codebuild/standard:8.0"}
    ```

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    artifacts:
      files:
        - dist/**/*
    ```
    """
    told = {(one.action.pipeline, one.artifact) for one in project.deliveries.artifact_files if one.absent}
    for action, build in project.deliveries.builds.items():
        spec = build.buildspec
        if spec is None or action.outputs_open or spec.node.get("batch") is not None:
            continue
        if action.configuration("BatchEnabled") is not None or not _is_plain(build):
            continue
        for name, at in action.outputs.items():
            if (action.pipeline, name) not in told and build.handed_on(name) is None:
                yield _finding(action, build, name, at)


def _is_plain(build: Build) -> bool:
    """Whether all artifacts of a buildspec can be read here."""
    assert build.buildspec is not None
    section = build.buildspec.node.get("artifacts")
    return section is None or not any(build.buildspec.is_open(node) for node in (section, *section.walk()))


def _finding(action: PipelineAction, build: Build, name: str, at: Node) -> Finding:
    assert build.buildspec is not None
    root = build.buildspec.node
    section = root.get("artifacts")
    given = [one.identifier for one in build.buildspec.artifacts() if one.identifier]
    taken = any(name in other.inputs for other in action.pipeline.actions)
    sure = build.certain and action.pipeline.settled(at) is not None and not action.pipeline.is_open
    advice = f"list its files in {'artifacts' if len(action.outputs) == 1 else f'artifacts.secondary-artifacts.{name}'}"
    if given:
        advice = did_you_mean(name, given) or f"{advice} (there are: {listed(given)})"
    return Finding(
        at,
        f"the buildspec of the action {action.name!r} puts nothing into the artifact {name!r}",
        advice,
        severity=Severity.NOTE if not taken else None if sure else Severity.WARNING,
        related=((section.key, "what the build hands on") if section is not None else (root, "no artifacts here"),),
        subject=name,
    )
