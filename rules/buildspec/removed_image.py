"""Rule buildspec-removed-image."""

from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.buildspec.runtimes import image, maintained
from validator.document import Node
from validator.project import BuildLink
from validator.rule import Finding, Severity, rule
from validator.suggest import listed


@rule("buildspec-removed-image", Severity.WARNING)
def check(target: BuildLink | Buildspec) -> Iterator[Finding]:
    """A build runs in an image of AWS's that AWS no longer has, or no longer brings up to date.

    The images for one language each, `aws/codebuild/nodejs:7.0.0` and the like, are gone. Old standard images can still
    be used: it is a note; they are fetched at every build, and what is found in them stays there.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    ```

    ```yaml title="project.yml"
    Resources:
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE, BuildSpec: buildspec.yml}
          Artifacts: {Type: CODEPIPELINE}
          ServiceRole: build
          Environment:
            Type: LINUX_CONTAINER
            ComputeType: BUILD_GENERAL1_SMALL
            Image: aws/codebuild/nodejs:7.0.0
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    ```

    ```yaml title="project.yml"
    Resources:
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE, BuildSpec: buildspec.yml}
          Artifacts: {Type: CODEPIPELINE}
          ServiceRole: build
          Environment:
            Type: LINUX_CONTAINER
            ComputeType: BUILD_GENERAL1_SMALL
            Image: aws/codebuild/standard:8.0
    ```
    """
    if isinstance(target, BuildLink):
        setting = target.project.setting("Environment", "Image")
        reference = setting.at.get("Ref")
        parameter = target.project.template.parameters.get(str(reference.value)) if reference is not None else None
        default = parameter.default if parameter is not None else None
        for name in setting.texts:
            related = ((default, "the Default"),) if default is not None and default.value == name else ()
            yield from _judged(setting.at, name, related)
        return
    tasks = [task.get("env", "image") for task in target.tasks()]
    matrix = target.node.get("batch", "build-matrix", "dynamic", "env", "image")
    listed_there = list(matrix.elements()) if matrix is not None and isinstance(matrix.value, list) else [matrix]
    for node in (*tasks, *listed_there):
        if node is not None and isinstance(node.value, str):
            yield from _judged(node, node.value)


def _judged(at: Node, name: str, related: tuple[tuple[Node, str], ...] = ()) -> Iterator[Finding]:
    found = image(name)
    advice = f"take one that it maintains: {listed(maintained(name))}"
    if found.kind == "removed":
        yield Finding(at, f"AWS no longer has the image {name!r}", advice, related=related)
    elif found.deprecated is not None:
        message = f"AWS has deprecated the image {name!r} on {found.deprecated}"
        yield Finding(at, message, advice, severity=Severity.NOTE, related=related)
    elif found.kind == "standard" and not found.maintained:
        message = f"AWS no longer brings the image {name!r} up to date"
        yield Finding(at, message, advice, severity=Severity.NOTE, related=related)
