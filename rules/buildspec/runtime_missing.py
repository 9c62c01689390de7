"""Rule buildspec-runtime-missing."""

from collections.abc import Iterator

from validator.project import BuildLink
from validator.rule import Finding, Severity, rule
from validator.suggest import listed


@rule("buildspec-runtime-missing", Severity.WARNING)
def check(link: BuildLink) -> Iterator[Finding]:
    """A build runs in an old image that wants to be told a runtime, and asks for none.

    The first images that runtimes could be chosen in refused to go without: "YAML_FILE_ERROR: This build image requires
    selecting at least one runtime version". Later ones take what they have by default.

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
            Image: aws/codebuild/standard:2.0
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      install:
        runtime-versions:
          python: 3.13
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
    phases = link.buildspec.node.get("phases") if link.buildspec is not None else None
    if phases is None or not link.images or not all(image.insists for image in link.images):
        return
    section = phases.get("install", "runtime-versions")
    if section is not None and section.value:
        return
    name, runtimes = link.images[0].name, link.images[0].runtimes or {}
    yield Finding(
        (section or phases.get("install") or phases).key,
        f"{name} takes no build without a runtime: 'This build image requires selecting at least one runtime version'",
        f"write 'runtime-versions' in phases.install, with one of {listed(runtimes)}; or take a newer image",
        related=((link.project.setting("Environment", "Image").at, "the image"),),
    )
