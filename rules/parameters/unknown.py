"""Rule parameters-unknown."""

from collections.abc import Iterator

from validator.cloudformation.parameters import ParameterLink
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean, listed


@rule("parameters-unknown", Severity.ERROR)
def check(link: ParameterLink) -> Iterator[Finding]:
    """A parameter file gives a value to a parameter that its template does not declare.

    CloudFormation refuses the deployment: `Parameters: [Colour] do not exist in the template`.

    It is a warning where file and template were paired by their names, or a build stands between them. Which template
    a file belongs to is known from a pipeline's CloudFormation action, or from `[[stacks]]` in the configuration.

    Bad:

    ```json title="test.json"
    {"Parameters": {"Size": "small", "Colour": "red"}}
    ```

    ```yaml title="main.yml"
    Parameters:
      Size: {Type: String}
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
    {"Parameters": {"Size": "small"}}
    ```

    ```yaml title="main.yml"
    Parameters:
      Size: {Type: String}
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
    if template.is_open("Parameters"):
        return
    for name, at in link.file.names.items():
        if name in template.parameters:
            continue
        declared = f"remove it, or declare it there (declared: {listed(template.parameters)})"
        yield Finding(
            at,
            f"{template.path} does not declare the parameter {name!r}",
            did_you_mean(name, template.parameters) or declared,
            severity=None if link.certain else Severity.WARNING,
            related=(
                (template.heading("Parameters"), "the parameters of the template"),
                *(((link.via, "paired here"),) if link.via is not None else ()),
            ),
        )
