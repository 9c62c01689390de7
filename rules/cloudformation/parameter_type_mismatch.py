"""Rule cloudformation-parameter-type-mismatch."""

from collections.abc import Iterator

from validator.cloudformation.constraints import facts, item_type
from validator.cloudformation.identifiers import in_words, things
from validator.cloudformation.stacks import Stack
from validator.rule import Finding, Severity, rule
from validator.values import consistent


@rule("cloudformation-parameter-type-mismatch", Severity.ERROR)
def check(stack: Stack) -> Iterator[Finding]:
    """A nested stack gets another sort of thing than the type of its parameter asks for.

    CloudFormation looks up what a parameter of a type like `AWS::EC2::VPC::Id` is given, and refuses what is no such
    thing. What is given is followed to where it comes from: a resource, a typed parameter above, an output of another
    nested stack.

    It is a warning where it gets there under a condition only, and where a template was found by the file's name alone.

    Bad:

    ```yaml title="parent.yml"
    Resources:
      Subnet: {Type: AWS::EC2::Subnet}
      Web:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
          Parameters: {Network: !Ref Subnet}
    ```

    ```yaml title="child.yml"
    Parameters:
      Network: {Type: 'AWS::EC2::VPC::Id'}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```

    Good:

    ```yaml title="parent.yml"
    Resources:
      Vpc: {Type: AWS::EC2::VPC}
      Web:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
          Parameters: {Network: !Ref Vpc}
    ```

    ```yaml title="child.yml"
    Parameters:
      Network: {Type: 'AWS::EC2::VPC::Id'}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```
    """
    if stack.above is None or stack.template.is_rewritten:
        return
    for parameter in stack.template.parameters.values():
        given, wanted = stack.given.get(parameter.name), item_type(parameter)
        if given is None or wanted not in facts()["types"]:
            continue
        for thing in things(stack.above, given.node):
            if thing.kind == wanted or not any(consistent(way, thing.when) for way in stack.exists):
                continue
            wants = f"{parameter.name!r} of {stack.template.path} wants {in_words(wanted)}"
            sure = thing.sure and stack.sure and stack.always and not thing.when
            yield Finding(
                thing.at,
                f"{wants}, and gets {in_words(thing.kind)}",
                "pass what it wants, or declare another type there",
                severity=None if sure else Severity.WARNING,
                related=(*thing.related, (parameter.node.key, f"declared as {parameter.type}")),
            )
