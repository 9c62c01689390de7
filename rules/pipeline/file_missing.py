"""Rule pipeline-file-missing."""

from collections.abc import Iterator

from validator.project import ArtifactFile, Project
from validator.rule import Finding, Severity, rule


@rule("pipeline-file-missing", Severity.ERROR)
def check(project: Project) -> Iterator[Finding]:
    """An action takes a file out of an artifact that does not hold it.

    The action fails: `File [test.json] does not exist in artifact [Built]`. What an artifact holds is known from
    the files of the repository, for a source, and from `artifacts` in the buildspec, for a build: nothing else is
    handed on, whatever the commands make.

    Some files need not be named: an ECS action takes `imagedefinitions.json`, one of ECS and CodeDeploy `taskdef.json`,
    `appspec.yaml` and `imageDetail.json`, one of CodeDeploy alone `appspec.yml`.

    It is a warning where the buildspec is not named by the template, where nothing else shows that the source is
    this repository, or where the path rests on a parameter. Nothing is said of files that a command may make.

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
                  InputArtifacts: [{Name: Source}]
                  OutputArtifacts: [{Name: Built}]
                  Configuration: {ProjectName: !Ref Project}
                - Name: DeployStack
                  ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: "1"}
                  RunOrder: 2
                  InputArtifacts: [{Name: Built}]
                  Configuration:
                    ActionMode: CREATE_UPDATE
                    StackName: web
                    RoleArn: arn:aws:iam::123456789012:role/deploy
                    TemplatePath: Built::main.yml
                    TemplateConfiguration: Built::test.json
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE}
    ```

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands: [cfn-lint main.yml]
    artifacts:
      files: [main.yml]
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
                - Name: Package
                  ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild, Version: "1"}
                  InputArtifacts: [{Name: Source}]
                  OutputArtifacts: [{Name: Built}]
                  Configuration: {ProjectName: !Ref Project}
                - Name: DeployStack
                  ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: "1"}
                  RunOrder: 2
                  InputArtifacts: [{Name: Built}]
                  Configuration:
                    ActionMode: CREATE_UPDATE
                    StackName: web
                    RoleArn: arn:aws:iam::123456789012:role/deploy
                    TemplatePath: Built::main.yml
                    TemplateConfiguration: Built::test.json
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE}
    ```

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands: [cfn-lint main.yml]
    artifacts:
      files: [main.yml, '*.json']
    ```

    ```yaml title="main.yml"
    Parameters:
      Size: {Type: String, Default: small}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```
    """
    told: dict[tuple[object, ...], list[ArtifactFile]] = {}
    for file in project.deliveries.artifact_files:
        if file.absent:
            told.setdefault((file.action.pipeline, file.artifact, file.path, file.certain), []).append(file)
    for first, *others in told.values():
        yield Finding(
            first.at,
            f"the artifact {first.artifact!r} does not hold {first.path!r}",
            _advice(first),
            severity=None if first.certain else Severity.WARNING,
            related=(*first.absent, *((other.at, "it is taken here, too") for other in others)),
            subject=first.path,
        )


def _advice(file: ArtifactFile) -> str:
    if file.near:
        return f"did you mean {file.near!r}?"
    if file.default:
        return f"hand it on: {file.action.provider} takes the file of this name"
    return "hand the file on, or name one that is"
