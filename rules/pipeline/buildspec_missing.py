"""Rule pipeline-buildspec-missing."""

import posixpath
import re
from collections.abc import Iterable, Iterator

from validator.cloudformation.pipeline import PipelineAction
from validator.project import ArtifactFile, BuildProject, Project
from validator.rule import Finding, Severity, rule
from validator.suggest import nearest

# An ARN, a URL, or what a script fills in.
_NO_PATH = re.compile(r"[:$<>{}@%\\]|^/|\.\./")


@rule("pipeline-buildspec-missing", Severity.ERROR)
def check(project: Project) -> Iterator[Finding]:
    """A CodeBuild project runs a buildspec that its source does not hold.

    The build fails as soon as it has its source: `YAML_FILE_ERROR: stat …: no such file or directory`. Without a
    `BuildSpec`, CodeBuild looks for `buildspec.yml` at the top of the source.

    The source must be known for that: the pipeline that starts the build has one source, and takes another file out of
    it that lies in this repository. Where nobody knows what the source is, it is a warning if there is a buildspec of
    nearly that name, which no other project runs; else nothing is said.

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
                - Name: Test
                  ActionTypeId: {Category: Test, Owner: AWS, Provider: CodeBuild, Version: "1"}
                  InputArtifacts: [{Name: Source}]
                  Configuration: {ProjectName: !Ref Project}
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
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE, BuildSpec: ci/tset.yml}
    ```

    ```yaml title="main.yml"
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```

    ```yaml title="ci/test.yml"
    version: 0.2
    phases:
      build:
        commands: [make test]
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
                - Name: Test
                  ActionTypeId: {Category: Test, Owner: AWS, Provider: CodeBuild, Version: "1"}
                  InputArtifacts: [{Name: Source}]
                  Configuration: {ProjectName: !Ref Project}
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
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE, BuildSpec: ci/test.yml}
    ```

    ```yaml title="main.yml"
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```

    ```yaml title="ci/test.yml"
    version: 0.2
    phases:
      build:
        commands: [make test]
    ```
    """
    known = project.deliveries
    run = {link.buildspec for link in project.build_links if link.certain}
    free = [place for place, buildspec in known.buildspecs.items() if buildspec not in run]
    for build in project.build_projects:
        path, at = build.path, build.buildspec or build.resource.property("Source")
        if path is None or at is None or build.template.is_rewritten or not path.strip() or _NO_PATH.search(path):
            continue
        clean = posixpath.normpath(path)
        places = [posixpath.join(top, clean) for top in _tops(project, build)]
        # Whether CodeBuild takes the other ending by itself, too, is not documented.
        tried = places if build.buildspec is not None else [*places, *(place[:-3] + "yaml" for place in places)]
        evident = _evident(project, build)
        if evident is not None:
            folder = evident.place.removesuffix(evident.path).rstrip("/") if evident.place else ""
            if any(map(known.exists, [*tried, posixpath.join(folder, clean), posixpath.join(folder, ".gitmodules")])):
                continue
        elif any(place.endswith("/" + clean) for place in known.files) or any(map(known.exists, tried)):
            continue
        near = _near(places, free if evident is None else known.buildspecs)
        cure = f"did you mean {posixpath.join(posixpath.dirname(path), near)!r}?" if near else ""
        if evident is not None or near:
            said = "which its source does not hold" if evident is not None else "and no such file is here"
            yield Finding(
                at if build.buildspec is not None else at.key,
                f"{build.resource.logical_id} runs {path!r}, {said}: 'YAML file does not exist'",
                cure or "name a buildspec that is there",
                severity=None if evident is not None else Severity.WARNING,
                related=((evident.at, "lies in the same source, which is this repository"),) if evident else (),
            )


def _tops(project: Project, build: BuildProject) -> list[str]:
    """Give the folders that may be the top of a source: those of the repositories, and the template's own."""
    return [*sorted(project.deliveries.roots), posixpath.dirname(project.deliveries.places[build.template.path])]


def _evident(project: Project, build: BuildProject) -> ArtifactFile | None:
    """Give another file that is surely taken from the source that a pipeline starts the build with."""
    actions = [one.action for one in project.build_links if one.project == build and one.action is not None]
    if build.setting("Source", "Type").text != "CODEPIPELINE":
        return None
    for file in project.deliveries.artifact_files:
        for action in actions:
            if file.certain and file.place is not None and file.action.pipeline == action.pipeline:
                producer = action.pipeline.producer(file.artifact)
                source = producer is not None and producer.category == "Source"
                if source and _primary(action) == file.artifact and action.lacks("BuildspecOverride"):
                    return file
    return None


def _primary(action: PipelineAction) -> str | None:
    """Give the artifact that an action's buildspec is looked for in; None if that is not known."""
    node = action.configuration("PrimarySource")
    if node is not None:
        return action.pipeline.settled(node)
    return next(iter(action.inputs)) if len(action.inputs) == 1 and not action.inputs_open else None


def _near(places: Iterable[str], buildspecs: Iterable[str]) -> str:
    """Give the name of a buildspec in one of some places' folders that is nearly the place's own."""
    for place in places:
        folder, name = posixpath.split(place)
        if found := nearest(name, [posixpath.basename(one) for one in buildspecs if posixpath.dirname(one) == folder]):
            return found[0]
    return ""
