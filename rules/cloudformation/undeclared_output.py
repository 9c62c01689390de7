"""Rule cloudformation-undeclared-output."""

from collections.abc import Iterator

from validator.cloudformation.template import Read, Template
from validator.cloudformation.tree import StackLink
from validator.document import Region
from validator.rule import Edit, Finding, Severity, rule
from validator.suggest import did_you_mean, listed, nearest, one_edit_apart


@rule(
    "cloudformation-undeclared-output",
    Severity.ERROR,
    supersedes=("cfn-lint/E1010", "cfn-lint/E1019", "cfn-lint/E6101"),
)
def check(link: StackLink) -> Iterator[Finding]:
    """A template reads an output that the nested template does not declare.

    CloudFormation finds out when the nested stack is complete: `Output 'Url' not found in stack`, and rolls back.

    It is a warning where the template was found by the file's name alone. Nothing is said where one of the templates
    that it can be declares the output, or is not known. The fix mends a name that is one letter off.

    Bad:

    ```yaml title="parent.yml"
    Resources:
      Web:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: child.yml}
    Outputs:
      Url: {Value: !GetAtt Web.Outputs.Address}
    ```

    ```yaml title="child.yml"
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    Outputs:
      Addres: {Value: !Ref Topic}
    ```

    Good:

    ```yaml title="parent.yml"
    Resources:
      Web:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: child.yml}
    Outputs:
      Url: {Value: !GetAtt Web.Outputs.Address}
    ```

    ```yaml title="child.yml"
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    Outputs:
      Address: {Value: !Ref Topic}
    ```
    """
    if link.is_stack_set or link.missing or not link.children:
        return
    logical_id = link.resource.logical_id
    for read in link.parent.reads.get(logical_id, ()):
        if not read.attribute.startswith("Outputs."):
            continue
        name = read.attribute.removeprefix("Outputs.")
        if any(name in child.template.outputs or child.template.is_open("Outputs") for child in link.children):
            continue
        child = link.children[0].template
        declared = f"declare it there, or read another (declared: {listed(child.outputs)})"
        yield Finding(
            read.at,
            f"{logical_id} has no output {name!r}: {child.path} does not declare it",
            did_you_mean(name, child.outputs) or declared,
            severity=None if link.sure else Severity.WARNING,
            related=((child.heading("Outputs"), "the outputs of the nested template"),),
            fix=_renamed(read, name, child) if link.sure and len(link.children) == 1 else (),
        )


def _renamed(read: Read, name: str, child: Template) -> tuple[Edit, ...]:
    """Write the name that was meant, if it is hardly another."""
    found = nearest(name, child.outputs, most=2)
    meant = [one for one in found if one_edit_apart(name, one) or one.casefold() == name.casefold()]
    at = read.at.text.rfind(name)
    if len(meant) != 1 or at < 0 or not meant[0].isalnum():
        return ()
    start = read.at.region.start + at
    return (Edit(read.at.document.span(Region(start, start + len(name))), meant[0]),)
