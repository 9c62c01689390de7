"""Rule parameters-missing."""

from collections.abc import Iterator

from validator.cloudformation.parameters import ParameterLink
from validator.rule import Finding, Severity, rule


@rule("parameters-missing", Severity.ERROR)
def check(link: ParameterLink) -> Iterator[Finding]:
    """A parameter file gives no value to a parameter that its template requires.

    CloudFormation refuses to create the stack: `Parameters: [Env] must have values`. An update would keep the value
    that the stack has, but nobody could create the stack again.

    It is a warning where file and template were paired by their names, or a build stands between them. Parameters
    that the pipeline's action overrides are not missing.

    Bad:

    ```json title="test.json"
    {"Parameters": {}}
    ```

    ```yaml title="main.yml"
    Parameters:
      Env: {Type: String}
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
    {"Parameters": {"Env": "test"}}
    ```

    ```yaml title="main.yml"
    Parameters:
      Env: {Type: String}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```

    ```toml title="stackproof.toml"
    [[stacks]]
    template = "main.yml"
    parameters = "test.json"
    ```
    """
    template = link.template
    if template.is_open("Parameters") or link.overridden is None:
        return
    for name, parameter in template.parameters.items():
        if parameter.default is not None or name in link.file.names or name in link.overridden:
            continue
        yield Finding(
            link.file.heading,
            f"no value is given to the parameter {name!r}, which {template.path} requires",
            "give it a value here, or a Default there",
            severity=None if link.certain else Severity.WARNING,
            related=(
                (parameter.node.key, "it has no Default here"),
                *(((link.via, "paired here"),) if link.via is not None else ()),
            ),
            subject=name,
        )
