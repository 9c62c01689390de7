"""Rule parameters-value."""

from collections.abc import Iterator

from validator.cloudformation.refusals import refused
from validator.cloudformation.stacks import Stack
from validator.rule import Finding, Severity, rule


@rule("parameters-value", Severity.ERROR)
def check(stack: Stack) -> Iterator[Finding]:
    """A template refuses a value that a parameter file gives it, or a stack nested in it does.

    What the root refuses, CloudFormation refuses at once. What a nested stack refuses, fails in the middle of a
    deployment, and all of it is rolled back.

    It is a warning where file and template were paired by their names, or a build stands between them, where a nested
    template was found by its file's name alone, and where the value gets there under a condition that the file does not
    decide.

    Bad:

    ```json title="test.json"
    {"Parameters": {"Env": "staging"}}
    ```

    ```yaml title="main.yml"
    Parameters:
      Env: {Type: String, AllowedValues: [dev, prod]}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```

    ```toml title="stackproof.toml"
    [[stacks]]
    template = "main.yml"
    parameters = "test.json"
    ```

    Good:

    ```json title="test.json"
    {"Parameters": {"Env": "prod"}}
    ```

    ```yaml title="main.yml"
    Parameters:
      Env: {Type: String, AllowedValues: [dev, prod]}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```

    ```toml title="stackproof.toml"
    [[stacks]]
    template = "main.yml"
    parameters = "test.json"
    ```
    """
    file = stack.root.file
    if file is None:
        return
    for one in refused(stack):
        if one.source.kind == "file":
            yield Finding(
                one.source.at,
                one.told,
                one.cure or "give a value that it takes, or widen what it takes",
                severity=None if one.total else Severity.WARNING,
                related=(*one.related, *(((file.via, "paired here"),) if file.via is not None else ())),
            )
