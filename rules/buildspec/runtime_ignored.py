"""Rule buildspec-runtime-ignored."""

from collections.abc import Iterator

from validator.project import BuildLink
from validator.rule import Finding, Severity, rule


@rule("buildspec-runtime-ignored", Severity.NOTE)
def check(link: BuildLink) -> Iterator[Finding]:
    """Runtimes are asked for in an image of one's own, which ignores that.

    CodeBuild warns "Skipping install of runtimes. Runtime version selection is not supported by this build image", and
    goes on with what the image has.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      install:
        runtime-versions:
          nodejs: 24
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
            Image: example/builder:3
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
            Image: example/builder:3
    ```
    """
    section = link.buildspec and link.buildspec.node.get("phases", "install", "runtime-versions")
    images = link.images
    if section and images and all(image.kind == "custom" for image in images):
        message = f"the image {images[0].name!r} is none of AWS's: 'Skipping install of runtimes'"
        related = ((link.project.setting("Environment", "Image").at, "the image"),)
        yield Finding(section.key, message, "remove it, and have the image bring the runtimes", related=related)
