"""Rule pipeline-capability-excess."""

from collections.abc import Iterator

from validator.cloudformation import capabilities
from validator.cloudformation.capabilities import is_readable, needs
from validator.project import Deployment
from validator.rule import Finding, Severity, rule


@rule("pipeline-capability-excess", Severity.NOTE)
def check(deployment: Deployment) -> Iterator[Finding]:
    """An action acknowledges a capability that nothing in the tree needs.

    It takes away the warning that CloudFormation would give when somebody adds an IAM resource, or a macro. Nothing
    is said where not every template of the tree is at hand.

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
                    RoleArn: arn:aws:iam::123456789012:role/deploy
                    TemplatePath: Source::main.yml
                    Capabilities: CAPABILITY_IAM
    ```

    ```yaml title="main.yml"
    Parameters:
      Size: {Type: String, Default: small}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
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

    ```yaml title="main.yml"
    Parameters:
      Size: {Type: String, Default: small}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```
    """
    action = deployment.action
    node = action.configuration("Capabilities") if action is not None else None
    text = action.pipeline.settled(node) if action is not None and node is not None else None
    if node is None or text is None or not is_readable(deployment.stacks):
        return
    needed = {need.capability for need in needs(deployment.stacks)}
    for name in dict.fromkeys(part.strip() for part in text.split(",")):
        if name in needed or name not in capabilities.known():
            continue
        message = f"nothing in the tree of {deployment.template.path} needs {name}"
        enough = name == capabilities.NAMED_IAM and capabilities.IAM in needed
        yield Finding(node, message, f"{capabilities.IAM} is enough" if enough else "remove it")
