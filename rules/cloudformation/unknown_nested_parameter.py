"""Rule cloudformation-unknown-nested-parameter."""

from collections.abc import Iterator

from validator.cloudformation.tree import Child, StackLink
from validator.rule import Edit, Finding, Severity, rule
from validator.suggest import listed
from validator.values import NoValue


@rule("cloudformation-unknown-nested-parameter", Severity.ERROR, supersedes=("cfn-lint/E3043",))
def check(link: StackLink) -> Iterator[Finding]:
    """A parent stack passes a parameter that the nested template does not declare.

    CloudFormation refuses to create the nested stack: `Parameters: [Colour] do not exist in the template`. It does so
    in the middle of a deployment, and all of it is rolled back.

    It is a warning where the template was found by the file's name alone, or is one of several that it can be. A name
    that is misspelt is not reported again as the one that is missing, and is fixed.

    Bad:

    ```yaml title="parent.yml"
    Resources:
      Db:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
          Parameters: {Size: small, Colour: red}
    ```

    ```yaml title="child.yml"
    Parameters:
      Size: {Type: String}
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
          Parameters: {Size: small}
    ```

    ```yaml title="child.yml"
    Parameters:
      Size: {Type: String}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```
    """
    parameters = link.parameters
    if parameters is None or link.is_stack_set or link.parent.is_rewritten:
        return
    meant = link.misspelt()
    for name, value in parameters.items():
        refusing = [child for child in link.children if _refuses(child, name)]
        if not refusing or name.startswith("Fn::"):
            continue
        passed = [case.when for case in link.parent.scope.evaluate(value) if not isinstance(case.value, NoValue)]
        refusing = [child for child in refusing if any(link.possible(when, child.when) for when in passed)]
        if not refusing:
            continue
        always = refusing == list(link.children) and not link.missing
        if not link.sure and not always:
            continue
        child = refusing[0].template
        declared = f"remove it, or declare it there (declared: {listed(child.parameters)})"
        yield Finding(
            value.key,
            f"{link.resource.logical_id} passes {name!r}, which {child.path} does not declare",
            f"did you mean {meant[name]!r}?" if name in meant else declared,
            severity=None if always and link.sure else Severity.WARNING,
            related=((child.heading("Parameters"), "the parameters of the nested template"),),
            fix=(Edit.value(value.key, meant[name]),) if link.sure and meant.get(name, "").isalnum() else (),
        )


def _refuses(child: Child, name: str) -> bool:
    return name not in child.template.parameters and not child.template.is_open("Parameters")
