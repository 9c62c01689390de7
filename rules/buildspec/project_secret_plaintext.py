"""Rule buildspec-project-secret-plaintext."""

from collections.abc import Iterator

from validator.document import Node
from validator.project import BuildLink
from validator.project.secrets import branches, identifier_like, is_example, secret_like, secret_value, tokens
from validator.rule import Finding, Severity, rule
from validator.values import text_of


@rule("buildspec-project-secret-plaintext", Severity.WARNING)
def check(link: BuildLink) -> Iterator[Finding]:
    """A project hands a secret to its builds as plain text.

    A variable of type PLAINTEXT is shown in the console and by `aws codebuild batch-get-projects` to everybody who may
    look at the project, also where its value is a parameter with NoEcho.

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
            Image: aws/codebuild/standard:8.0
            EnvironmentVariables:
              - {Name: API_TOKEN, Value: 5tGx9wQz}
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
            EnvironmentVariables:
              - {Name: API_TOKEN, Type: SECRETS_MANAGER, Value: "web:token"}
    ```
    """
    for variable in link.project.variables:
        if variable.type != "PLAINTEXT" or variable.value is None:
            continue
        for value in branches(variable.value):
            if _is_secret(link, variable.name, value):
                message = f"the secret {variable.name!r} can be read by all who may look at the project"
                advice = "keep it in Secrets Manager, and set Type to SECRETS_MANAGER and Value to its name"
                yield Finding(value, message, advice, related=((variable.at, "the variable"),), subject=variable.name)


def _is_secret(link: BuildLink, name: str, value: Node) -> bool:
    """Whether a value is a secret: by its form, by the variable's name, or since its parameter hides it elsewhere."""
    reference = value.get("Ref")
    if reference is not None:
        parameter = link.project.template.parameters.get(str(reference.value))
        if parameter is None or not parameter.no_echo or identifier_like(parameter.name):
            return False
        return secret_like(parameter.name) or secret_like(name)
    # What is put together is a secret in parts at most.
    text = text_of(value.value)
    if text is None or {"Fn::Sub", "Fn::Join"}.intersection(map(str, value.path)):
        return False
    return secret_value(name, text) or any(not is_example(text[one.start : one.end]) for one in tokens(text))
