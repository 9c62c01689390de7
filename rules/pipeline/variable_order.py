"""Rule pipeline-variable-order."""

from collections.abc import Iterator

from validator.cloudformation.pipeline import PipelineAction
from validator.cloudformation.variables import references
from validator.rule import Finding, Severity, rule


@rule("pipeline-variable-order", Severity.ERROR)
def check(action: PipelineAction) -> Iterator[Finding]:
    """An action reads a variable before the action that sets it has run.

    `#{Namespace.Variable}` can be read in a later stage, or in the same stage with a higher RunOrder. Actions of
    one RunOrder run at the same time.

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
                - Name: Package
                  ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild, Version: "1"}
                  Namespace: Built
                  InputArtifacts: [{Name: Source}]
                  OutputArtifacts: [{Name: Built}]
                  Configuration: {ProjectName: !Ref Project}
                - Name: Approve
                  ActionTypeId: {Category: Approval, Owner: AWS, Provider: Manual, Version: "1"}
                  Configuration: {CustomData: "deploy #{Built.VERSION}?"}
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE}
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
                - Name: Package
                  ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild, Version: "1"}
                  Namespace: Built
                  InputArtifacts: [{Name: Source}]
                  OutputArtifacts: [{Name: Built}]
                  Configuration: {ProjectName: !Ref Project}
                - Name: Approve
                  ActionTypeId: {Category: Approval, Owner: AWS, Provider: Manual, Version: "1"}
                  RunOrder: 2
                  Configuration: {CustomData: "deploy #{Built.VERSION}?"}
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE}
    ```
    """
    pipeline = action.pipeline
    for reference in references(action):
        setting = [one for one, name in pipeline.namespaces.items() if name == reference.namespace]
        if not setting or any(one.runs_before(action) is not False for one in setting):
            continue
        late = setting[0]
        assert late.namespace is not None
        yield Finding(
            reference.at,
            f"the action {action.name!r} reads {reference.name!r} of {reference.namespace!r}, which is set no earlier",
            "read it in a later stage, or in a higher RunOrder",
            related=((late.namespace, "the action that sets it"),),
        )
