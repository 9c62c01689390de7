"""Rule cloudformation-unused-nested-parameter."""

from collections.abc import Iterator

from validator.document import Node
from validator.project import Project
from validator.rule import Finding, Severity, rule


@rule("cloudformation-unused-nested-parameter", Severity.NOTE, supersedes=("cfn-lint/W2001",))
def check(project: Project) -> Iterator[Finding]:
    """A parameter is passed to a nested template that declares it and never uses it.

    The value has no effect, whatever the templates above give. One that is used only to pass it further down is used.

    Bad:

    ```yaml title="parent.yml"
    Resources:
      Web:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
          Parameters: {Colour: red}
    ```

    ```yaml title="child.yml"
    Parameters:
      Colour: {Type: String}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```

    Good:

    ```yaml title="parent.yml"
    Resources:
      Web:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: child.yml}
    ```

    ```yaml title="child.yml"
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```
    """
    passed: dict[Node, dict[Node, str]] = {}
    for link in project.stack_links:
        for child in link.children:
            template = child.template
            for name, at, _ in link.passed:
                if name in template.parameters and name not in template.references and not template.has_macro:
                    key = template.parameters[name].node.key
                    passed.setdefault(key, {})[at] = f"{link.resource.logical_id} passes it"
    for at, places in passed.items():
        yield Finding(
            at,
            f"{at.value!r} is passed to this template, which never uses it",
            "use it, or remove it here and where it is passed",
            related=tuple(places.items()),
        )
