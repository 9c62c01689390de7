"""Rule pipeline-image-placeholder."""

from collections.abc import Iterator

from validator.buildspec.deliveries import opaque, rewrites
from validator.cloudformation.pipeline import PipelineAction
from validator.document import Document, Node
from validator.project import ArtifactFile, Project
from validator.rule import Finding, Severity, rule
from validator.suggest import listed

# As many images as one action can put in.
_MOST = 4


@rule("pipeline-image-placeholder", Severity.WARNING)
def check(project: Project) -> Iterator[Finding]:
    """An action puts an image into a task definition that has no place for it.

    Of `Image1ContainerName: IMAGE1_NAME` CodePipeline makes a search for `<IMAGE1_NAME>` in the task definition, and
    puts the image in its place. Where there is none, what is deployed is the image that stands there.

    Nothing is said of a task definition that a build makes or changes.

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
                - Name: Image
                  ActionTypeId: {Category: Source, Owner: AWS, Provider: ECR, Version: "1"}
                  Configuration: {RepositoryName: web}
                  OutputArtifacts: [{Name: Image}]
            - Name: Deploy
              Actions:
                - Name: DeployService
                  ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CodeDeployToECS, Version: "1"}
                  InputArtifacts: [{Name: Source}, {Name: Image}]
                  Configuration:
                    ApplicationName: web
                    DeploymentGroupName: web
                    TaskDefinitionTemplateArtifact: Source
                    AppSpecTemplateArtifact: Source
                    Image1ArtifactName: Image
                    Image1ContainerName: IMAGE1_NAME
    ```

    ```json title="taskdef.json"
    {"family": "web", "containerDefinitions": [{"name": "web", "image": "<IMAGE_NAME>"}]}
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
                - Name: Image
                  ActionTypeId: {Category: Source, Owner: AWS, Provider: ECR, Version: "1"}
                  Configuration: {RepositoryName: web}
                  OutputArtifacts: [{Name: Image}]
            - Name: Deploy
              Actions:
                - Name: DeployService
                  ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CodeDeployToECS, Version: "1"}
                  InputArtifacts: [{Name: Source}, {Name: Image}]
                  Configuration:
                    ApplicationName: web
                    DeploymentGroupName: web
                    TaskDefinitionTemplateArtifact: Source
                    AppSpecTemplateArtifact: Source
                    Image1ArtifactName: Image
                    Image1ContainerName: IMAGE1_NAME
    ```

    ```json title="taskdef.json"
    {"family": "web", "containerDefinitions": [{"name": "web", "image": "<IMAGE1_NAME>"}]}
    ```
    """
    for file in project.deliveries.artifact_files:
        document = project.task_definitions.get(file.place or "")
        if document is None or not _is_template(file) or not _as_it_is(project, file):
            continue
        for at, name in _placeholders(file.action):
            if f"<{name}>" not in document.text:
                images = list(_images(document))
                texts = dict.fromkeys(str(image.value) for image in images)
                yield Finding(
                    at,
                    f"{file.path!r} has no '<{name}>', so that the image is put nowhere",
                    f"write '<{name}>' as the image of the container (its images are {listed(texts)})",
                    related=tuple((image, "an image of the task definition") for image in images[:_MOST]),
                )


def _is_template(file: ArtifactFile) -> bool:
    members = ("TaskDefinitionTemplatePath", "TaskDefinitionTemplateArtifact")
    return file.action.provider == "CodeDeployToECS" and file.at in [file.action.configuration(one) for one in members]


def _as_it_is(project: Project, file: ArtifactFile) -> bool:
    """Whether what the action gets is surely the file of the repository."""
    producer = file.action.pipeline.producer(file.artifact)
    build = project.deliveries.builds.get(producer) if producer is not None else None
    if build is None:
        return producer is not None and file.certain
    changed = any(opaque(build.calls)) or rewrites(build.calls, file.path)
    return build.certain and build.buildspec is not None and not build.buildspec.flow.unread and not changed


def _placeholders(action: PipelineAction) -> Iterator[tuple[Node, str]]:
    """Yield the names of what images are put in place of, where they stand."""
    for number in range(1, _MOST + 1):
        at = action.configuration(f"Image{number}ContainerName")
        name = action.pipeline.settled(at) if at is not None else None
        if at is not None and name and action.configuration(f"Image{number}ArtifactName") is not None:
            yield at, name


def _images(document: Document) -> Iterator[Node]:
    containers = document.root.get("containerDefinitions")
    for container in containers.elements() if containers is not None else ():
        if (image := container.get("image")) is not None:
            yield image
