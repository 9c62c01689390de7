"""Rule pipeline-source-directory-unknown."""

from collections.abc import Iterator, Sequence

from validator.buildspec import Buildspec
from validator.buildspec.flow import Used
from validator.cloudformation.pipeline import PipelineAction
from validator.project import Build, BuildLink, Project
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean, listed

_PREFIX = "CODEBUILD_SRC_DIR_"


@rule("pipeline-source-directory-unknown", Severity.ERROR)
def check(project: Project) -> Iterator[Finding]:
    """A command goes to the folder of an artifact that the build does not get.

    `$CODEBUILD_SRC_DIR_Name` is the folder of the input artifact of that name, unless it is the primary one, which lies
    in `$CODEBUILD_SRC_DIR`. Of any other name it is empty, so that the path begins at the root of the machine.

    It is a warning where the buildspec is not surely that of the project. Nothing is said where another action or
    project that runs the buildspec may have such a source.

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
                - Name: Fetch
                  ActionTypeId: {Category: Source, Owner: AWS, Provider: CodeCommit, Version: "1"}
                  Configuration: {RepositoryName: tools, BranchName: main}
                  OutputArtifacts: [{Name: Tools}]
            - Name: Build
              Actions:
                - Name: Package
                  ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild, Version: "1"}
                  InputArtifacts: [{Name: Source}, {Name: Tools}]
                  OutputArtifacts: [{Name: Built}]
                  Configuration: {ProjectName: !Ref Project, PrimarySource: Source}
            - Name: Deploy
              Actions:
                - Name: Publish
                  ActionTypeId: {Category: Deploy, Owner: AWS, Provider: S3, Version: "1"}
                  InputArtifacts: [{Name: Built}]
                  Configuration: {BucketName: web, Extract: "true"}
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE, BuildSpec: buildspec.yml}
          Artifacts: {Type: CODEPIPELINE}
          ServiceRole: build
          Environment: {Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL, Image: "aws/codebuild/standard:8.0"}
    ```

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - cp -r $CODEBUILD_SRC_DIR_Tool/bin .
          - make
    artifacts:
      files:
        - dist/**/*
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
                - Name: Fetch
                  ActionTypeId: {Category: Source, Owner: AWS, Provider: CodeCommit, Version: "1"}
                  Configuration: {RepositoryName: tools, BranchName: main}
                  OutputArtifacts: [{Name: Tools}]
            - Name: Build
              Actions:
                - Name: Package
                  ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild, Version: "1"}
                  InputArtifacts: [{Name: Source}, {Name: Tools}]
                  OutputArtifacts: [{Name: Built}]
                  Configuration: {ProjectName: !Ref Project, PrimarySource: Source}
            - Name: Deploy
              Actions:
                - Name: Publish
                  ActionTypeId: {Category: Deploy, Owner: AWS, Provider: S3, Version: "1"}
                  InputArtifacts: [{Name: Built}]
                  Configuration: {BucketName: web, Extract: "true"}
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE, BuildSpec: buildspec.yml}
          Artifacts: {Type: CODEPIPELINE}
          ServiceRole: build
          Environment: {Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL, Image: "aws/codebuild/standard:8.0"}
    ```

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - cp -r $CODEBUILD_SRC_DIR_Tools/bin .
          - make
    artifacts:
      files:
        - dist/**/*
    ```
    """
    builds: dict[Buildspec, list[Build]] = {}
    for build in project.deliveries.builds.values():
        if build.buildspec is not None:
            builds.setdefault(build.buildspec, []).append(build)
    for buildspec, running in builds.items():
        links = project.builds_of.get(buildspec, ())
        own = {one.name for one in buildspec.flow.assigned} | {one.name for one in buildspec.variables()}
        own |= {variable.name for link in links for variable in link.project.variables}
        others = _others(links)
        if others is None or buildspec.flow.openings or any(build.action.inputs_open for build in running):
            continue
        for used in buildspec.flow.used:
            name = used.name.removeprefix(_PREFIX)
            known = {*others, *(name for build in running for name in _secondary(build.action))}
            if name != used.name and used.name not in own and name not in known and not used.defaulted:
                yield _finding(used, name, sorted(known), running)


def _others(links: Sequence[BuildLink]) -> set[str] | None:
    """Give the secondary sources of the projects; None if not all are known."""
    found: set[str] = set()
    for link in links:
        names = link.project.identifiers("SecondarySources", "SourceIdentifier")
        if names is None:
            return None
        found |= names.keys()
    return found


def _secondary(action: PipelineAction) -> Iterator[str]:
    """Yield the artifacts that an action takes besides the primary one; all, if nobody knows which that is."""
    primary = action.pipeline.text(action.configuration("PrimarySource"))
    for name in action.inputs:
        if name != primary and len(action.inputs) > 1:
            yield name


def _finding(used: Used, name: str, known: Sequence[str], running: Sequence[Build]) -> Finding:
    primary = [build.action for build in running if name in build.action.inputs]
    inputs = [next(iter(build.action.inputs.values())) for build in running if build.action.inputs]
    if primary:
        message = f"the artifact {name!r} is the primary one: its folder is no {used.name}"
        advice = f"write '${_PREFIX.removesuffix('_')}'"
    else:
        message = f"the build gets no artifact {name!r}, so that {used.name} is empty"
        advice = did_you_mean(name, known) or f"take one that it gets besides the primary one: {listed(known)}"
    return Finding(
        used.part.node,
        message,
        advice,
        severity=None if all(build.certain for build in running) else Severity.WARNING,
        related=tuple((at, "what the action takes") for at in inputs[:1]),
    )
