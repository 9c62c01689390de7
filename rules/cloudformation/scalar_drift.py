"""Rule cloudformation-scalar-drift."""

from collections.abc import Iterator

from validator.cloudformation.constraints import drifts
from validator.cloudformation.refusals import refused
from validator.cloudformation.stacks import Stack, sole_reference
from validator.cloudformation.template import Parameter
from validator.document import Node
from validator.rule import Edit, Finding, Severity, rule
from validator.values import text_of


@rule("cloudformation-scalar-drift", Severity.WARNING)
def check(stack: Stack) -> Iterator[Finding]:
    """An unquoted scalar is read as another text than is written there, and a parameter takes only the written one.

    YAML reads `8.10` as the number 8.1, `Yes` as true, `0123` as an octal number and `12:30` as a count of seconds.
    CloudFormation makes a text of that again where a parameter wants one: `8.1`, `true`. Passed to a nested stack, it
    is none of its AllowedValues; compared with a parameter, it never equals what that can be.

    Bad:

    ```yaml title="parent.yml"
    Resources:
      Db:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
          Parameters: {Php: 8.10}
    ```

    ```yaml title="child.yml"
    Parameters:
      Php: {Type: String, AllowedValues: ['8.9', '8.10']}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```

    Good:

    ```yaml title="parent.yml"
    Resources:
      Db:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
          Parameters: {Php: '8.10'}
    ```

    ```yaml title="child.yml"
    Parameters:
      Php: {Type: String, AllowedValues: ['8.9', '8.10']}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```
    """
    for one in refused(stack):
        if one.source.kind == "literal" and drifts(one.source.at, one.parameter):
            told = f"which {one.parameter.name!r} of {stack.template.path} refuses; it takes {one.source.at.text!r}"
            yield _finding(one.source.at, told, one.related)
    for parameter, node in _compared(stack):
        if drifts(node, parameter):
            told = f"which {parameter.name!r} never is; it may be {node.text!r}"
            yield _finding(node, told, ((parameter.node.key, "declared here"),))


def _finding(node: Node, told: str, related: tuple[tuple[Node, str], ...]) -> Finding:
    quoted = f"'{node.text}'"
    message = f"{node.text} without quotes is read as {text_of(node.value)!r}, {told}"
    return Finding(node, message, f"write {quoted}", related=related, fix=(Edit(node.span, quoted),))


def _compared(stack: Stack) -> Iterator[tuple[Parameter, Node]]:
    """Yield the parameters of the template that are compared with something, and that."""
    conditions = stack.template.root.get("Conditions")
    for node, members in conditions.mappings() if conditions is not None else ():
        compared = node.get("Fn::Equals") if "Fn::Equals" in members else None
        sides = list(compared.elements()) if compared is not None else []
        if len(sides) == 2:
            for one, other in (sides, reversed(sides)):
                parameter = stack.template.parameters.get(sole_reference(one))
                if parameter is not None:
                    yield parameter, other
