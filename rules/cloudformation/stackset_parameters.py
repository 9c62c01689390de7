"""Rule cloudformation-stackset-parameters."""

from collections.abc import Iterator

from validator.cloudformation.template import Parameter
from validator.cloudformation.tree import StackLink
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean, listed


@rule("cloudformation-stackset-parameters", Severity.ERROR)
def check(link: StackLink) -> Iterator[Finding]:
    """A stack set gives its template other parameters than it takes.

    The stack set is refused: `Parameters: [Colour] do not exist in the template`, or `Parameters: [Env] must have
    values`. Its template is the one that its TemplateURL leads to, or the text of its TemplateBody.

    It is a warning where the template was found by the file's name alone, or is one of several that it can be.

    Bad:

    ```yaml title="everywhere.yml"
    Resources:
      Everywhere:
        Type: AWS::CloudFormation::StackSet
        Properties:
          StackSetName: everywhere
          PermissionModel: SELF_MANAGED
          Parameters: [{ParameterKey: Stage, ParameterValue: test}]
          TemplateBody: |
            Parameters:
              Env: {Type: String}
            Resources:
              Topic: {Type: AWS::SNS::Topic}
    ```

    Good:

    ```yaml title="everywhere.yml"
    Resources:
      Everywhere:
        Type: AWS::CloudFormation::StackSet
        Properties:
          StackSetName: everywhere
          PermissionModel: SELF_MANAGED
          Parameters: [{ParameterKey: Env, ParameterValue: test}]
          TemplateBody: |
            Parameters:
              Env: {Type: String}
            Resources:
              Topic: {Type: AWS::SNS::Topic}
    ```
    """
    known = [child.template for child in link.children if not child.template.is_open("Parameters")]
    if not link.is_stack_set or link.parent.is_rewritten or not known or len(known) < len(link.children):
        return
    template, inline = known[0], link.location.name == "TemplateBody"
    called = "its TemplateBody" if inline else template.path
    severity = None if link.sure and len(known) == 1 and not link.missing else Severity.WARNING
    given = (*link.passed, *link.overrides)
    for name, at, _ in given:
        if not any(name in one.parameters for one in known):
            declared = f"remove it, or declare it there (declared: {listed(template.parameters)})"
            yield Finding(
                at,
                f"{link.resource.logical_id} gives {name!r}, which {called} does not declare",
                did_you_mean(name, template.parameters) or declared,
                severity=severity,
                related=((template.heading("Parameters"), "the parameters of the template"),),
            )
    names = {one.name for one in given}
    for name, parameter in template.parameters.items():
        if name not in names and not link.is_open and all(_requires(one.parameters.get(name)) for one in known):
            yield Finding(
                (link.parameters or link.resource.node).key,
                f"{link.resource.logical_id} does not give {name!r}, which {called} requires",
                "give it a value here, or a Default there",
                severity=severity,
                related=((parameter.node.key, "it has no Default here"),),
                subject=name,
            )


def _requires(parameter: Parameter | None) -> bool:
    return parameter is not None and parameter.default is None
