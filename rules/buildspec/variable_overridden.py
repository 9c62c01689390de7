"""Rule buildspec-variable-overridden."""

from collections.abc import Iterator

from validator.project import BuildLink
from validator.rule import Finding, Severity, rule
from validator.values import text_of


@rule("buildspec-variable-overridden", Severity.NOTE)
def check(link: BuildLink) -> Iterator[Finding]:
    """A variable is set in the buildspec, and its project sets it otherwise.

    The project's value is taken. Who changes the one in the buildspec changes nothing.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      variables:
        STAGE: test
    phases:
      build:
        commands:
          - make $STAGE
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
            EnvironmentVariables:
              - {Name: STAGE, Value: prod}
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make $STAGE
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
            EnvironmentVariables:
              - {Name: STAGE, Value: prod}
    ```
    """
    if link.buildspec is None:
        return
    others = {one.name: one for one in link.project.variables}
    for variable in link.buildspec.variables():
        other = others.get(variable.name)
        if other is None:
            continue
        value = link.project.read(other.value).text if other.value is not None else None
        if (variable.source, text_of(variable.node.value)) != (_SOURCES.get(other.type), value):
            yield Finding(
                variable.node.key,
                f"the project sets {variable.name!r} too, and its value is taken",
                "set it in one place",
                related=((other.at, "it is set here"),),
            )


_SOURCES = {"PLAINTEXT": "plaintext", "PARAMETER_STORE": "parameter-store", "SECRETS_MANAGER": "secrets-manager"}
