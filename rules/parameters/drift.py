"""Rule parameters-drift."""

from collections.abc import Iterator

from validator.cloudformation.parameters import ParameterFile
from validator.cloudformation.template import Template
from validator.document import Node
from validator.project import Project
from validator.rule import Finding, Severity, rule
from validator.values import text_of


@rule("parameters-drift", Severity.WARNING)
def check(project: Project) -> Iterator[Finding]:
    """One of several parameter files of a template lacks what all others give.

    Environments differ in values, hardly in which parameters somebody thought about. A key that was added to every file
    but one leaves that environment with the Default, and nobody is told.

    Only templates with three parameter files or more are looked at, and only parameters with a Default: one that a
    single file sets is an exception that somebody made, and one without a Default is reported by parameters-missing. A
    Default that is what all the others give makes no difference.

    Bad:

    ```json title="config/test.json"
    {"Parameters": {"Env": "test", "Retention": "3"}}
    ```

    ```json title="config/uat.json"
    {"Parameters": {"Env": "uat", "Retention": "7"}}
    ```

    ```json title="config/prod.json"
    {"Parameters": {"Env": "prod"}}
    ```

    ```yaml title="main.yml"
    Parameters:
      Env: {Type: String}
      Retention: {Type: Number, Default: 1}
    Resources:
      Queue: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: !Ref Retention}}
    ```

    ```toml title="stackproof.toml"
    [[stacks]]
    template = "main.yml"
    parameters = "config/*.json"
    ```

    Good:

    ```json title="config/test.json"
    {"Parameters": {"Env": "test"}}
    ```

    ```json title="config/uat.json"
    {"Parameters": {"Env": "uat"}}
    ```

    ```json title="config/prod.json"
    {"Parameters": {"Env": "prod", "Retention": "35"}}
    ```

    ```yaml title="main.yml"
    Parameters:
      Env: {Type: String}
      Retention: {Type: Number, Default: 1}
    Resources:
      Queue: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: !Ref Retention}}
    ```

    ```toml title="stackproof.toml"
    [[stacks]]
    template = "main.yml"
    parameters = "config/*.json"
    ```
    """
    groups: dict[Template, list[ParameterFile]] = {}
    elsewhere: dict[Template, set[str]] = {}
    for link in project.parameter_links:
        if link.guessed or link.file.form == "written" or link.template.is_open("Parameters"):
            continue
        groups.setdefault(link.template, []).append(link.file)
        given = link.template.parameters if link.overridden is None else link.overridden
        elsewhere.setdefault(link.template, set()).update((*given, *link.misspelt().values()))
    for template, files in groups.items():
        for name, parameter in template.parameters.items():
            if parameter.default is None or name in elsewhere[template]:
                continue
            without = [file for file in files if name not in file.names]
            others = [file for file in files if name in file.names]
            if len(without) != 1 or len(others) < 2 or _same(name, others, parameter.default):
                continue
            yield Finding(
                without[0].heading,
                f"the parameter {name!r} is given in all other parameter files of {template.path}, and not here",
                "give it a value here, or say in the template's Default what holds here",
                related=(
                    *((file.names[name], "given here") for file in others[:5]),
                    (parameter.default, "its Default, which holds in this environment"),
                ),
                subject=name,
            )


def _same(name: str, files: list[ParameterFile], default: Node) -> bool:
    values = [file.values.get(name) for file in files]
    return all(value is not None and text_of(value.value) == text_of(default.value) for value in values)
