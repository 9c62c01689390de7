"""Rule parameters-unknown."""

from collections.abc import Iterator

from validator.cloudformation.parameters import ParameterLink
from validator.document import Region
from validator.rule import Edit, Finding, Severity, rule
from validator.suggest import listed


@rule("parameters-unknown", Severity.ERROR)
def check(link: ParameterLink) -> Iterator[Finding]:
    """A parameter file gives a value to a parameter that its template does not declare.

    CloudFormation refuses the deployment: `Parameters: [Colour] do not exist in the template`.

    It is a warning where a build stands between the file and the deployment, and a note where nothing but names and
    places pairs the two. Which template a file belongs to is known from a pipeline's CloudFormation action, from a
    command that deploys both, or from `[[stacks]]` in the configuration; the parameters that are written in such a
    command are looked at like those of a file. A name that is misspelt is not reported again as the one that is
    missing, and is fixed.

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
    misspelt = link.misspelt()
    for name, at in link.file.names.items():
        if name in template.parameters:
            continue
        meant = misspelt.get(name, "")
        advice = f"remove it, or declare it there (declared: {listed(template.parameters)})"
        if meant:
            required = " It is required, and nothing gives it a value" if _required(link, meant) else ""
            advice = f"did you mean {meant!r}?{required}"
        yield Finding(
            at,
            f"{template.path} does not declare the parameter {name!r}",
            advice,
            severity=None if link.certain else Severity.NOTE if link.guessed else Severity.WARNING,
            related=(
                (template.heading("Parameters"), "the parameters of the template"),
                *(((link.via, "paired here"),) if link.via is not None else ()),
            ),
            fix=(_renamed(link, name, meant),) if meant else (),
        )


def _renamed(link: ParameterLink, name: str, meant: str) -> Edit:
    at = link.file.names[name]
    if link.file.form == "written":
        return Edit(at.span, meant)
    characters = at.characters[: len(name)]
    return Edit(at.document.span(Region(characters[0].start, characters[-1].end)), meant)


def _required(link: ParameterLink, name: str) -> bool:
    overridden = link.overridden is None or name in link.overridden
    return link.template.parameters[name].default is None and not overridden
