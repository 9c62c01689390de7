"""Rule parameters-missing."""

from collections.abc import Iterator

from validator.cloudformation.parameters import ParameterLink
from validator.rule import Finding, Severity, rule


@rule("parameters-missing", Severity.ERROR)
def check(link: ParameterLink) -> Iterator[Finding]:
    """A parameter file gives no value to a parameter that its template requires.

    CloudFormation refuses to create the stack: `Parameters: [Env] must have values`. An update would keep the value
    that the stack has, but nobody could create the stack again.

    It is a warning where a build stands between the file and the deployment, and a note where nothing but names and
    places pairs the two. Parameters that the pipeline's action or the command overrides are not missing; nor are those
    that the file misspells, which parameters-unknown reports.

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
    given = {*link.file.names, *link.overridden, *link.misspelt().values()}
    for name, parameter in template.parameters.items():
        if parameter.default is not None or name in given:
            continue
        yield Finding(
            link.file.heading,
            f"no value is given to the parameter {name!r}, which {template.path} requires",
            "give it a value here, or a Default there",
            severity=None if link.certain else Severity.NOTE if link.guessed else Severity.WARNING,
            related=(
                (parameter.node.key, "it has no Default here"),
                *(((link.via, "paired here"),) if link.via is not None else ()),
            ),
            subject=name,
        )
