"""Rule pipeline-action-configuration."""

from collections.abc import Iterator

from validator.cloudformation.actions import Action, action_of, longest_value
from validator.cloudformation.pipeline import PipelineAction
from validator.cloudformation.template import has_function
from validator.document import Node
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean, listed, nearest
from validator.values import text_of


@rule("pipeline-action-configuration", Severity.ERROR)
def check(action: PipelineAction) -> Iterator[Finding]:
    """An action's Configuration lacks what its provider requires, or has what it does not know.

    CodePipeline refuses the pipeline, or the action fails. What is required depends on the ActionMode of a
    CloudFormation action, and on how many artifacts a CodeBuild action takes: with more than one, PrimarySource
    says where the buildspec is.

    It is a warning for names that are nearly those of a member, for values longer than 1000 characters, and for
    values that are no strings; a note for members that the ActionMode ignores.

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
                    ActionMode: CREATE_OR_UPDATE
                    StackName: web
                    RoleArn: arn:aws:iam::123456789012:role/deploy
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
    settings = action.settings
    if kind is None or (settings is not None and has_function(settings)) or has_function(action.node):
        return
    required = [*kind.required]
    if len(action.inputs) > 1 and not action.inputs_open and not _has_branches(action):
        required += kind.several
    yield from _mode(action, kind, required)
    strangers = [name for name, _ in settings.items() if name not in kind.keys] if settings is not None else []
    for name in dict.fromkeys(required):
        if action.lacks(name) and not any(nearest(stranger, kind.keys) == (name,) for stranger in strangers):
            message = f"the Configuration of the action {action.name!r} lacks {name}"
            at = action.configuration(name) or settings or action.node
            yield Finding(at.key, message, f"{action.provider} requires it", subject=name)
    for name, node in settings.items() if settings is not None else ():
        if name in strangers and (meant := did_you_mean(name, kind.keys)):
            message = f"{action.provider} knows no {name!r} in a Configuration"
            yield Finding(node.key, message, meant, severity=Severity.WARNING)
        yield from _value(action, name, node)


def _mode(action: PipelineAction, kind: Action, required: list[str]) -> Iterator[Finding]:
    node = action.configuration(kind.mode) if kind.mode else None
    if node is None:
        return
    texts = [text_of(case.value) for case in action.pipeline.possible(node)]
    for text in texts:
        if text is not None and text not in kind.modes:
            severity = None if action.pipeline.settled(node) is not None else Severity.WARNING
            advice = did_you_mean(text, kind.modes) or f"expected one of {listed(kind.modes)}"
            yield Finding(
                node, f"{kind.mode} is {text!r}, which {action.provider} does not know", advice, severity=severity
            )
    mode = kind.modes.get(texts[0] or "") if len(texts) == 1 else None
    if mode is not None:
        required += mode.required
        for name in mode.ignored:
            if (member := action.configuration(name)) is not None:
                yield Finding(member.key, f"{texts[0]} ignores {name}", "remove it", severity=Severity.NOTE)


def _value(action: PipelineAction, name: str, node: Node) -> Iterator[Finding]:
    if isinstance(node.value, list) or (isinstance(node.value, dict) and not has_function(node)):
        message = f"{name} is {node.kind}, expected a string"
        yield Finding(node.key, message, "write it as a string, of JSON if need be", severity=Severity.WARNING)
        return
    text = action.pipeline.settled(node) if name != "ParameterOverrides" else None
    if text is not None and len(text) > longest_value():
        message = f"{name} has {len(text)} characters, {longest_value()} are allowed"
        yield Finding(node, message, severity=Severity.WARNING)


def _has_branches(action: PipelineAction) -> bool:
    return any("Fn::If" in node.path[len(action.node.path) :] for node in action.inputs.values())
