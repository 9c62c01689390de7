"""Rule buildspec-artifacts-mismatch."""

from collections.abc import Iterator

from validator.project import BuildLink, Project
from validator.rule import Finding, Severity, rule


@rule("buildspec-artifacts-mismatch", Severity.WARNING)
def check(project: Project) -> Iterator[Finding]:
    """A buildspec hands on files, and its project takes none; or the reverse.

    With `Artifacts: {Type: NO_ARTIFACTS}` the files are left on the machine, which goes away. With the type S3 and no
    `artifacts` in the buildspec there is nothing to upload. What a pipeline's action takes is the business of
    pipeline-output-empty.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    artifacts:
      files:
        - dist/**/*
    ```

    ```yaml title="project.yml"
    Resources:
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: GITHUB_ENTERPRISE, Location: https://git.example.com/web, BuildSpec: buildspec.yml}
          Artifacts: {Type: NO_ARTIFACTS}
          ServiceRole: build
          Environment: {Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL, Image: 'aws/codebuild/standard:8.0'}
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    artifacts:
      files:
        - dist/**/*
    ```

    ```yaml title="project.yml"
    Resources:
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: GITHUB_ENTERPRISE, Location: https://git.example.com/web, BuildSpec: buildspec.yml}
          Artifacts: {Type: S3, Location: web-artifacts}
          ServiceRole: build
          Environment: {Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL, Image: 'aws/codebuild/standard:8.0'}
    ```
    """
    for buildspec, links in project.builds_of.items():
        if buildspec.node.get("batch") is not None or any(link.action is not None for link in links):
            continue
        kinds = [_kind(link) for link in links]
        artifacts = buildspec.node.get("artifacts")
        if artifacts is not None and set(kinds) == {"NO_ARTIFACTS"}:
            related = ((links[0].project.setting("Artifacts", "Type").at, "the project's artifacts"),)
            yield Finding(
                artifacts.key, "the project takes no artifacts", "remove it, or have them go to S3", related=related
            )
        for link, kind in zip(links, kinds, strict=True):
            if artifacts is None and kind == "S3" and link.settled:
                at = link.project.setting("Artifacts", "Type").at
                message = "the project puts artifacts into S3, and the buildspec hands on none"
                related = ((buildspec.node, "the buildspec"),)
                yield Finding(at, message, "list them in artifacts.files", related=related)


def _kind(link: BuildLink) -> str:
    setting = link.project.setting("Artifacts", "Type")
    return (setting.text or "") if setting.certain else ""
