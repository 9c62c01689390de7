"""Rule pipeline-project-missing."""

from collections.abc import Iterator

from validator.cloudformation.pipeline import PipelineAction, alternatives
from validator.document import Node
from validator.rule import Finding, Severity, rule
from validator.suggest import nearest
from validator.values import text_of

_PROJECT = "AWS::CodeBuild::Project"


@rule("pipeline-project-missing", Severity.ERROR)
def check(action: PipelineAction) -> Iterator[Finding]:
    """A CodeBuild action names no project.

    `ProjectName` refers to a resource that is not a CodeBuild project, and the action fails. It is a warning where
    the name is written out and nearly that of a project in the template, and where it is a project's ARN: a name is
    expected.

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
                  Configuration: {ProjectName: !Ref Role}
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE}
      Role:
        Type: AWS::IAM::Role
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
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE}
    ```
    """
    template = action.pipeline.template
    if action.provider != "CodeBuild" or template is None:
        return
    projects = {name: one for name, one in template.resources.items() if one.type == _PROJECT}
    for node in alternatives(action.configuration("ProjectName")):
        name, attribute = _referred(node)
        resource = template.resources.get(name)
        if resource is not None and resource.type and resource.type != _PROJECT:
            yield Finding(
                node,
                f"ProjectName is that of {name}, which is an {resource.type} and no CodeBuild project",
                f"name one of {', '.join(projects)}" if projects else "name a project",
                related=((resource.node.key, "the resource"),),
            )
        elif name in projects and attribute == "Arn":
            message = f"ProjectName is the ARN of {name}, expected its name"
            yield Finding(node, message, f"write '!Ref {name}'", severity=Severity.WARNING)
        elif isinstance(node.value, str):
            named = {text: one.node for one in projects.values() if (text := _name(action, one.property("Name")))}
            if near := nearest(node.value, named) if node.value not in named else ():
                yield Finding(
                    node,
                    f"no project of this template has the name {node.value!r}",
                    f"did you mean {near[0]!r}?",
                    severity=Severity.WARNING,
                    related=((named[near[0]].key, "the project that may have been meant"),),
                )


def _name(action: PipelineAction, node: Node | None) -> str | None:
    return text_of(action.pipeline.settled(node)) if node is not None else None


def _referred(node: Node) -> tuple[str, str]:
    """Give the resource, and the attribute of it, that a value is nothing else than."""
    value = node.value
    if not isinstance(value, dict) or len(value) != 1:
        return "", ""
    [(function, argument)] = value.items()
    if function == "Fn::GetAtt" and isinstance(argument, list):
        argument = ".".join(str(part) for part in argument)
    elif function == "Fn::Sub" and isinstance(argument, str):
        argument = argument[2:-1] if argument.startswith("${") and argument.endswith("}") else ""
    elif function not in {"Ref", "Fn::GetAtt"}:
        return "", ""
    name, _, attribute = argument.partition(".") if isinstance(argument, str) else ("", "", "")
    return name, attribute
