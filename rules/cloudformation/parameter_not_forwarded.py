"""Rule cloudformation-parameter-not-forwarded."""

from collections.abc import Iterator

from validator.cloudformation.tree import StackLink
from validator.rule import Finding, Severity, rule


@rule("cloudformation-parameter-not-forwarded", Severity.NOTE)
def check(link: StackLink) -> Iterator[Finding]:
    """A template declares a parameter and uses it nowhere, and a nested stack that has one of that name gets none.

    The nested stack is made with its own Default then, whatever value somebody gave the parameter above. Nothing is
    said where the template uses its parameter for anything at all.

    Bad:

    ```yaml title="parent.yml"
    Parameters:
      Size: {Type: String}
    Resources:
      Db:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
    ```

    ```yaml title="child.yml"
    Parameters:
      Size: {Type: String, Default: small}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```

    Good:

    ```yaml title="parent.yml"
    Parameters:
      Size: {Type: String}
    Resources:
      Db:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
          Parameters: {Size: !Ref Size}
    ```

    ```yaml title="child.yml"
    Parameters:
      Size: {Type: String, Default: small}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```
    """
    if link.is_stack_set or link.is_open or link.missing or len(link.children) != 1:
        return
    child = link.children[0].template
    for name, parameter in link.parent.parameters.items():
        theirs = child.parameters.get(name)
        passed = link.parameters is not None and link.parameters.get(name) is not None
        if theirs is None or theirs.default is None or passed or theirs.type != parameter.type:
            continue
        if name in link.parent.references or link.parent.has_macro:
            continue
        yield Finding(
            (link.parameters or link.resource.node).key,
            f"{link.resource.logical_id} is not passed {name!r}, which {link.parent.path} declares and does not use",
            f"pass it on: '{name}: !Ref {name}'",
            related=((parameter.node.key, "used nowhere"), (theirs.node.key, "this has a Default of its own")),
            subject=name,
        )
