"""Rule pipeline-template-not-uploaded."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from validator.buildspec.calls import Call
from validator.buildspec.deliveries import opaque, packaged, rewrites, uploaded
from validator.cloudformation.stacks import Stack
from validator.document import Node
from validator.project import Deployment
from validator.rule import Finding, Severity, rule


@rule("pipeline-template-not-uploaded", Severity.WARNING)
def check(deployment: Deployment) -> Iterator[Finding]:
    """A template is deployed that nests another, which no command of the build uploads.

    CloudFormation fetches nested templates from S3. A local path in TemplateURL becomes a URL when `aws
    cloudformation package` or `sam package` has run; CloudFormation refuses it as it is. A URL leads to a file that
    a command has copied; one that a list of files leaves out is not there, or is that of an earlier delivery.

    Nothing is said where a build calls scripts or tools that may do more than can be read in the buildspec, and, of
    URLs, only where a command uploads others of the same place.

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
    Resources:
      Queue:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: queue.yml}
    ```

    ```yaml title="queue.yml"
    Resources:
      Queue: {Type: AWS::SQS::Queue}
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
                    TemplatePath: Built::packaged.yml
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE}
    ```

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - aws cloudformation package --template-file main.yml --s3-bucket b --output-template-file packaged.yml
    artifacts:
      files: [packaged.yml]
    ```

    ```yaml title="main.yml"
    Resources:
      Queue:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: queue.yml}
    ```

    ```yaml title="queue.yml"
    Resources:
      Queue: {Type: AWS::SQS::Queue}
    ```
    """
    builds = deployment.builds
    if deployment.action is None or any(build.buildspec is None for build in builds):
        return
    calls = [call for build in builds for call in build.calls]
    if any(True for _ in opaque(calls)):
        return
    nested = {stack.link.location: stack for stack in deployment.stacks if stack.link is not None}
    yield from _left_out({at: stack for at, stack in nested.items() if not _is_local(stack)}, calls)
    for at, stack in nested.items():
        if _is_local(stack) and _is_deployed_so(deployment, stack, calls):
            phases = [spec.node.get("phases") for build in builds if (spec := build.buildspec) is not None]
            related = [(node.key, "the commands of the build") for node in phases if node is not None]
            yield Finding(
                at,
                f"{stack.path[-1]} is deployed with the local path {at.value!r}, which no command packages",
                "run 'aws cloudformation package' before, and deploy what it writes",
                related=tuple(related) or ((deployment.at, "the template is deployed from here as it is"),),
            )


def _is_local(stack: Stack) -> bool:
    value = stack.link.location.value if stack.link is not None else None
    exact = stack.child is not None and stack.child.certainty == "exact"
    return exact and isinstance(value, str) and "://" not in value


def _is_deployed_so(deployment: Deployment, stack: Stack, calls: Sequence[Call]) -> bool:
    """Whether a template reaches CloudFormation as it stands in the source."""
    if stack.above is None or not deployment.as_it_is or any(True for _ in packaged(calls)):
        return False
    return not rewrites(calls, stack.above.template.path)


def _left_out(nested: Mapping[Node, Stack], calls: Sequence[Call]) -> Iterator[Finding]:
    """Report what no call uploads where one uploads others that lie at the same URL."""
    uploads = list(uploaded(calls))
    folders = _folders(stack.template.path for stack in nested.values())
    left: list[tuple[Node, Stack]] = []
    beside: dict[str, Call] = {}
    for at, stack in nested.items():
        by = next((one.call for one in uploads if one.covers(stack.template.path, folders)), None)
        if by is not None:
            beside.setdefault(_address(at, stack), by)
        else:
            left.append((at, stack))
    for at, stack in left:
        if (call := beside.get(_address(at, stack))) is not None:
            name = posixpath.basename(stack.template.path)
            yield Finding(
                at,
                f"no command uploads {name!r}, which {stack.path[-1]} takes from where others are uploaded",
                "add it to the files that are copied",
                related=((call.node, "these are uploaded"),),
            )


def _address(at: Node, stack: Stack) -> str:
    """Give a location without the file's own name."""
    return repr(at.value).replace(posixpath.basename(stack.template.path), "")


def _folders(paths: Iterable[str]) -> frozenset[str]:
    """Give the folders of files, however a path to them may begin."""
    found: set[str] = set()
    for path in paths:
        parts = posixpath.dirname(path).split("/")
        spans = combinations(range(len(parts) + 1), 2)
        found.update("/".join(parts[start:end]) for start, end in spans)
    return frozenset(found - {""})
