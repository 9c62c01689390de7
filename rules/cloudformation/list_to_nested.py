"""Rule cloudformation-list-to-nested."""

from collections.abc import Iterator

from validator.cloudformation.constraints import facts
from validator.cloudformation.stacks import Stack
from validator.cloudformation.tree import StackLink
from validator.document import Node
from validator.rule import Edit, Finding, Severity, rule


@rule("cloudformation-list-to-nested", Severity.ERROR)
def check(link: StackLink) -> Iterator[Finding]:
    """A parent stack passes a list to a nested stack.

    The parameters of a nested stack are strings, also those that it declares as lists: `Value of property Parameters
    must be an object with String (or simple type) properties`. A list is to be joined with commas.

    It is a warning where the list is passed, or the stack made, under a condition only.

    Bad:

    ```yaml title="parent.yml"
    Parameters:
      Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}
    Resources:
      Db:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
          Parameters:
            Subnets: !Ref Subnets
    ```

    ```yaml title="child.yml"
    Parameters:
      Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```

    Good:

    ```yaml title="parent.yml"
    Parameters:
      Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}
    Resources:
      Db:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
          Parameters:
            Subnets: !Join [",", !Ref Subnets]
    ```

    ```yaml title="child.yml"
    Parameters:
      Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```
    """
    if link.parameters is None or link.is_stack_set or link.is_open:
        return
    stack = Stack(link.parent, link.parent.scope, {})
    ways = stack.ways(link.resource.node)
    for name, node in link.parameters.items():
        theirs = [child.template.parameters.get(name) for child in link.children]
        declared = [parameter.node.key for parameter in theirs if parameter is not None]
        for leaf, when in stack.leaves(node):
            what, source = _listed(stack, leaf)
            if not what or not any(link.possible(when, way) for way in ways):
                continue
            always = frozenset() in ways and not when
            fix = _joined(leaf)
            yield Finding(
                leaf.key,
                f"{link.resource.logical_id} passes {what} for {name!r}, but nested stacks take strings only",
                f"write {fix!r}" if fix else "join it with commas: '!Join [\",\", …]'",
                severity=None if always else Severity.WARNING,
                related=(
                    *(((source, "the list"),) if source is not None else ()),
                    *((at, "the parameter of the nested template") for at in declared),
                ),
                fix=(Edit(leaf.span, fix),) if fix else (),
            )


def _listed(stack: Stack, leaf: Node) -> tuple[str, Node | None]:
    """Say what list an expression gives, empty if it gives none, and where that is declared."""
    if isinstance(leaf.value, list):
        return "a list", None
    if not isinstance(leaf.value, dict) or len(leaf.value) != 1:
        return "", None
    [(function, argument)] = leaf.value.items()
    parameter = stack.template.parameters.get(argument) if function == "Ref" and isinstance(argument, str) else None
    if parameter is not None:
        kind = parameter.type
        kind = kind.removeprefix("AWS::SSM::Parameter::Value<")
        plural = kind.startswith(("CommaDelimitedList", "List<"))
        return (f"the list {parameter.name!r}", parameter.node.key) if plural else ("", None)
    if function in facts()["lists"]:
        return f"the list that {function} makes", None
    mapped = function == "Fn::FindInMap" and all(isinstance(case.value, list) for case in stack.scope.evaluate(leaf))
    return ("the list that Fn::FindInMap finds", None) if mapped else ("", None)


def _joined(leaf: Node) -> str:
    """Write a reference to a list joined with commas; empty for anything else."""
    text = leaf.text
    if leaf.get("Ref") is None or "\n" in text:
        return ""
    if leaf.document.format == "json":
        return f'{{"Fn::Join": [",", {text}]}}'
    return f'!Join [",", {text}]' if text.startswith(("!Ref ", "{")) else ""
