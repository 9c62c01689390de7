"""Rule pipeline-batch-mismatch."""

from collections.abc import Iterator

from validator.cloudformation.pipeline import PipelineAction
from validator.project import BuildLink
from validator.rule import Finding, Severity, rule


@rule("pipeline-batch-mismatch", Severity.WARNING)
def check(target: BuildLink | PipelineAction) -> Iterator[Finding]:
    """A CodeBuild action and its buildspec do not agree on whether they are a batch.

    An action with `BatchEnabled` starts the builds that the `batch` of the buildspec lists, so there must be one. An
    action without it starts one build, which runs the buildspec's `phases`. `CombineArtifacts` has an effect on batches
    only; that is a note.

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
                  Configuration: {ProjectName: !Ref Project, BatchEnabled: true}
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE, BuildSpec: buildspec.yml}
    ```

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands: [make]
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
                  Configuration: {ProjectName: !Ref Project, BatchEnabled: true}
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE, BuildSpec: buildspec.yml}
    ```

    ```yaml title="buildspec.yml"
    version: 0.2
    batch:
      build-list:
        - identifier: linux
        - identifier: windows
    phases:
      build:
        commands: [make]
    ```
    """
    if isinstance(target, PipelineAction):
        yield from _idle(target)
    elif target.action is not None and target.buildspec is not None and target.certain:
        action, root = target.action, target.buildspec.node
        path = root.document.path
        at = action.configuration("BatchEnabled")
        if at is not None and _is(action, "BatchEnabled", "true") and root.get("batch") is None:
            yield Finding(
                at,
                f"BatchEnabled starts a batch of builds, and {path} has no 'batch'",
                "list the builds under 'batch' there, or remove BatchEnabled",
                related=((root, "the buildspec"),),
            )
        elif (batch := root.get("batch")) is not None and root.get("phases") is None and _single(action):
            yield Finding(
                at or (action.settings or action.node).key,
                f"the action starts a single build, and {path} has a 'batch' and no phases",
                "write 'BatchEnabled: true'",
                related=((batch.key, "the batch"),),
            )


def _idle(action: PipelineAction) -> Iterator[Finding]:
    at = action.configuration("CombineArtifacts")
    if (
        action.provider == "CodeBuild"
        and at is not None
        and _is(action, "CombineArtifacts", "true")
        and _single(action)
    ):
        yield Finding(
            at.key,
            "CombineArtifacts does nothing without BatchEnabled",
            "write 'BatchEnabled: true', or remove it",
            severity=Severity.NOTE,
        )


def _single(action: PipelineAction) -> bool:
    """Whether an action surely starts one build, and no batch of them."""
    return action.lacks("BatchEnabled") or _is(action, "BatchEnabled", "false")


def _is(action: PipelineAction, name: str, text: str) -> bool:
    node = action.configuration(name)
    return node is not None and (action.pipeline.settled(node) or "").lower() == text
