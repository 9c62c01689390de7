"""Rule pipeline-unknown-artifact."""

import re
from collections.abc import Iterator

from validator.cloudformation.actions import action_of
from validator.cloudformation.pipeline import PipelineAction
from validator.document import Node
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean, listed
from validator.values import Partial, text_of

# What may be a text as well is a file in this form only.
_FILE = re.compile(r"[A-Za-z0-9_-]+::[^:=,]+")


@rule("pipeline-unknown-artifact", Severity.ERROR, supersedes=("cfn-lint/E3701", "cfn-lint/E3703"))
def check(action: PipelineAction) -> Iterator[Finding]:
    """An action names an artifact that it does not take, or takes one that nothing before it produces.

    `TemplatePath`, `TemplateConfiguration` and the like name a file as `Artifact::path`, `PrimarySource` names an
    artifact, and `Fn::GetParam` and `Fn::GetArtifactAtt` in ParameterOverrides do; each must be one of the action's
    InputArtifacts. CodePipeline refuses the pipeline otherwise, or the action fails.

    It is a warning where the name rests on a parameter's Default, or is one of several that it can be.

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
                    TemplatePath: Sorce::main.yml
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
    yield from _taken(action)
    kind = action_of(action)
    if kind is None or action.inputs_open:
        return
    for name in kind.files:
        if (node := action.configuration(name)) is not None:
            yield from _named(action, name, node, optional=name not in {"TemplatePath", "TemplateConfiguration"})
    for name in kind.artifacts:
        if (node := action.configuration(name)) is not None:
            for text, sure in _texts(action, node):
                if text not in action.inputs:
                    yield _finding(action, node, text, f"{name} names", sure=sure)
    node = action.configuration("ParameterOverrides")
    for one in action.fetched() if node is not None and action.provider == "CloudFormation" else ():
        if one.artifact not in action.inputs:
            assert node is not None
            yield _finding(
                action, node, one.artifact, f"{one.function} reads", sure=action.pipeline.settled(node) is not None
            )


def _named(action: PipelineAction, name: str, node: Node, *, optional: bool) -> Iterator[Finding]:
    for text, sure in _texts(action, node):
        artifact, colons, _ = text.partition("::")
        if optional and not _FILE.fullmatch(text):
            continue
        if colons and artifact not in action.inputs:
            yield _finding(action, node, artifact, f"{name} names", sure=sure)
        elif not colons and not optional:
            message = f"{name} is {text!r}, which names no artifact: expected Artifact::path"
            first = next(iter(action.inputs), "Artifact")
            severity = None if sure else Severity.WARNING
            yield Finding(node, message, f"write '{first}::{text}'", severity=severity)


def _texts(action: PipelineAction, node: Node) -> Iterator[tuple[str, bool]]:
    """Yield what a value can be, and whether it is that whatever the parameters are given."""
    settled = action.pipeline.settled(node)
    for case in action.pipeline.possible(node):
        first = case.value.parts[0] if isinstance(case.value, Partial) else ""
        # Of a path that is put together the artifact may be known.
        text = first if isinstance(first, str) and "::" in first else text_of(case.value)
        if text:
            yield text, settled is not None


def _finding(action: PipelineAction, node: Node, artifact: str, verb: str, *, sure: bool) -> Finding:
    pipeline = action.pipeline
    known = f"take it, or name one that the action takes (taken: {listed(action.inputs)})"
    if pipeline.producer(artifact) is not None:
        known = f"add it to the action's InputArtifacts: {{Name: {artifact}}}"
    taken = pipeline.member(action.node, "InputArtifacts")
    return Finding(
        node,
        f"{verb} the artifact {artifact!r}, which the action {action.name!r} does not take",
        did_you_mean(artifact, action.inputs) or known,
        severity=None if sure else Severity.WARNING,
        related=((taken.key, "the artifacts that it takes"),) if taken is not None else (),
    )


def _taken(action: PipelineAction) -> Iterator[Finding]:
    """Yield the inputs that no action before produces."""
    pipeline = action.pipeline
    if pipeline.is_open:
        return
    for name, node in action.inputs.items():
        producers = [one for one in pipeline.producers(name) if pipeline.together(one.outputs[name], node)]
        if any(one.runs_before(action) is not False for one in producers):
            continue
        severity = None if pipeline.settled(node) is not None else Severity.WARNING
        if not producers:
            taking = [one for one in pipeline.actions if name in one.inputs]
            if pipeline.producers(name) or taking[0] != action:
                continue
            produced = [name for one in pipeline.actions for name in one.outputs]
            message = f"the action {action.name!r} takes the artifact {name!r}, which no action produces"
            advice = did_you_mean(name, produced) or f"produced are: {listed(produced)}"
            others = tuple((one.inputs[name], "it is taken here, too") for one in taking[1:])
            yield Finding(node, message, advice, severity=severity, related=others)
            continue
        [at] = [producers[0].outputs[name]]
        yield Finding(
            node,
            f"the action {action.name!r} takes the artifact {name!r} before {producers[0].name!r} has produced it",
            "move it to a later stage, or give it a higher RunOrder",
            severity=severity,
            related=((at, "it is produced here"),),
        )
