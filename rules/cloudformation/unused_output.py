"""Rule cloudformation-unused-output."""

from collections.abc import Iterator

from validator.cloudformation.template import Template
from validator.cloudformation.tree import StackLink
from validator.project import Project
from validator.rule import Finding, Severity, rule


@rule("cloudformation-unused-output", Severity.NOTE, default=False)
def check(project: Project) -> Iterator[Finding]:
    """An output of a nested template is read by no template above it, and not exported.

    It may still be there for people, scripts and the console to read, so this rule runs only when it is selected.

    Bad:

    ```yaml title="parent.yml"
    Resources:
      Web:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: child.yml}
    Outputs:
      Url: {Value: !GetAtt Web.Outputs.Url}
    ```

    ```yaml title="child.yml"
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    Outputs:
      Url: {Value: !Ref Topic}
      Name: {Value: !GetAtt Topic.TopicName}
    ```

    Good:

    ```yaml title="parent.yml"
    Resources:
      Web:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: child.yml}
    Outputs:
      Url: {Value: !GetAtt Web.Outputs.Url}
    ```

    ```yaml title="child.yml"
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    Outputs:
      Url: {Value: !Ref Topic}
    ```
    """
    deployed = {link.template for link in project.parameter_links}
    links: dict[Template, list[StackLink]] = {}
    for link in project.stack_links:
        for child in link.children:
            links.setdefault(child.template, []).append(link)
    for template, above in links.items():
        if template in deployed or any(link.is_stack_set or link.parent.has_macro for link in above):
            continue
        reads = {read.attribute for link in above for read in link.parent.reads.get(link.resource.logical_id, ())}
        for name, output in template.outputs.items():
            if f"Outputs.{name}" not in reads and output.get("Export") is None:
                message = f"no template reads the output {name!r}, and it is not exported"
                yield Finding(output.key, message, "remove it if nobody else reads it")
