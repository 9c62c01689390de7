"""Rule pipeline-role-missing."""

from collections.abc import Iterator

from validator.cloudformation.actions import action_of
from validator.cloudformation.pipeline import PipelineAction
from validator.rule import Finding, Severity, rule


@rule("pipeline-role-missing", Severity.WARNING)
def check(action: PipelineAction) -> Iterator[Finding]:
    """A CloudFormation action has no role to act with.

    `RoleArn` in the Configuration is the role that CloudFormation assumes. It is required in every ActionMode but
    CHANGE_SET_EXECUTE; the action's own RoleArn, beside the Configuration, is another role and does not stand in
    for it.

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
            - Name: Deploy
              Actions:
                - Name: DeployStack
                  ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: "1"}
                  InputArtifacts: [{Name: Source}]
                  Configuration:
                    ActionMode: CREATE_UPDATE
                    StackName: web
                    TemplatePath: Source::main.yml
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
            - Name: Deploy
              Actions:
                - Name: DeployStack
                  ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: "1"}
                  InputArtifacts: [{Name: Source}]
                  Configuration:
                    ActionMode: CREATE_UPDATE
                    StackName: web
                    RoleArn: arn:aws:iam::123456789012:role/deploy
                    TemplatePath: Source::main.yml
    ```
    """
    kind = action_of(action)
    if kind is None or not kind.mode or action.settings is None:
        return
    mode = action.pipeline.text(action.configuration(kind.mode)) or ""
    if mode in kind.modes and kind.modes[mode].role and action.lacks("RoleArn"):
        message = f"the action {action.name!r} has no RoleArn in its Configuration, which {mode} requires"
        advice = "give the ARN of a role that cloudformation.amazonaws.com can assume"
        yield Finding((action.configuration("RoleArn") or action.settings).key, message, advice, subject="RoleArn")
