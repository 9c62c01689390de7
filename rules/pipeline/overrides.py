"""Rule pipeline-overrides."""

import json
from collections.abc import Iterator

from validator.cloudformation.actions import longest_value
from validator.cloudformation.pipeline import PipelineAction
from validator.document import Node
from validator.project import Deployment
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean, listed
from validator.values import Partial


@rule("pipeline-overrides", Severity.ERROR)
def check(target: PipelineAction | Deployment) -> Iterator[Finding]:
    """An action's ParameterOverrides are not ones that CloudFormation can take.

    They must be a JSON object, and every name in it a parameter of the template; else the action fails. They may
    have no more than 1000 characters. What is also set in the template configuration is set here in vain to whoever
    reads that: the override wins, which is worth a note.

    It is a warning where a build stands between the template and its deployment, and for what is too long.

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
                    ParameterOverrides: '{"Sise": "large"}'
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
                    ParameterOverrides: '{"Size": "large"}'
    ```

    ```yaml title="main.yml"
    Parameters:
      Size: {Type: String, Default: small}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```
    """
    if isinstance(target, Deployment):
        yield from _with_template(target)
    elif target.provider == "CloudFormation" and (node := target.configuration("ParameterOverrides")) is not None:
        yield from _alone(target, node)


def _alone(action: PipelineAction, node: Node) -> Iterator[Finding]:
    settled = action.pipeline.settled(node)
    for case in action.pipeline.possible(node):
        if isinstance(case.value, str) and case.value.strip() and (trouble := _trouble(case.value)):
            severity = None if settled is not None else Severity.WARNING
            yield Finding(node, f"ParameterOverrides is {trouble}", "write a JSON object", severity=severity)
        parts = case.value.parts if isinstance(case.value, Partial) else (case.value,)
        length = sum(len(part) for part in parts if isinstance(part, str))
        if length > longest_value():
            message = f"ParameterOverrides has {length} characters, {longest_value()} are allowed"
            advice = "move what does not change to the template configuration"
            yield Finding(node, message, advice, severity=Severity.WARNING)


def _trouble(text: str) -> str:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        return f"not JSON: {error.msg[:1].lower()}{error.msg[1:]} at character {error.pos + 1}"
    except (ValueError, RecursionError):
        return "not JSON that can be read"
    return "" if isinstance(value, dict) else "JSON, but no object"


def _with_template(deployment: Deployment) -> Iterator[Finding]:
    action, template = deployment.action, deployment.template
    node = action.configuration("ParameterOverrides") if action is not None else None
    names = action.overrides() if action is not None else None
    if action is None or node is None or names is None:
        return
    sure = deployment.certain and action.pipeline.settled(node) is not None
    for name in sorted(names):
        if name not in template.parameters and not template.is_open("Parameters"):
            declared = f"remove it, or declare it there (declared: {listed(template.parameters)})"
            yield Finding(
                node,
                f"ParameterOverrides sets {name!r}, which {template.path} does not declare",
                did_you_mean(name, template.parameters) or declared,
                severity=None if sure else Severity.WARNING,
                related=((template.heading("Parameters"), "the parameters of the template"),),
            )
        elif deployment.file is not None and (set_there := deployment.file.file.names.get(name)) is not None:
            yield Finding(
                node,
                f"ParameterOverrides sets {name!r}, and so does {deployment.file.file.document.path}",
                "remove it in one of them: what stands here wins",
                severity=Severity.NOTE,
                related=((set_there, "it is set here, too"),),
            )
