"""Rule buildspec-on-failure-unsupported."""

from collections.abc import Iterator

from validator.buildspec import PHASES
from validator.project import BuildLink
from validator.rule import Finding, Severity, rule


@rule("buildspec-on-failure-unsupported", Severity.ERROR)
def check(link: BuildLink) -> Iterator[Finding]:
    """A phase says what is to happen on failure, where the machine of the build does not support it.

    `on-failure` works on EC2 compute only: not on Lambda compute, nor on machines that are reserved in a fleet. A build
    that was to go on, or to be tried again, does not. It is a warning for ABORT, which is what happens anyway.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        on-failure: CONTINUE
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
            Type: LINUX_LAMBDA_CONTAINER
            ComputeType: BUILD_LAMBDA_2GB
            Image: aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs22
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
            Type: LINUX_LAMBDA_CONTAINER
            ComputeType: BUILD_LAMBDA_2GB
            Image: aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs22
    ```
    """
    if link.buildspec is None or link.buildspec.node.get("batch") is not None:
        return
    project = link.project
    kind, fleet = project.setting("Environment", "Type"), project.setting("Environment", "Fleet")
    on_lambda = project.environment is not None and project.environment.machine == "lambda"
    if not on_lambda and not project.has_fleet:
        return
    what = "Lambda compute" if on_lambda else "a fleet"
    related = ((kind.at, "the kind of machine") if on_lambda else (fleet.at, "the fleet"),)
    for phase in PHASES:
        node = link.buildspec.node.get("phases", phase, "on-failure")
        if node is None or not isinstance(node.value, str):
            continue
        sure = link.settled and kind.certain and node.value.upper() != "ABORT"
        yield Finding(
            node,
            f"{what} does not support on-failure",
            "remove it; what may fail can be followed by '||' in the command itself",
            severity=None if sure else Severity.WARNING,
            related=related,
        )
