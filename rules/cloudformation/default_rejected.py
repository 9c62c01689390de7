"""Rule cloudformation-default-rejected."""

from collections.abc import Iterator

from validator.cloudformation.refusals import refused
from validator.cloudformation.stacks import Stack
from validator.rule import Finding, Severity, rule


@rule("cloudformation-default-rejected", Severity.ERROR)
def check(stack: Stack) -> Iterator[Finding]:
    """A nested stack refuses the Default of a parameter that is passed on to it, directly or through others.

    Whoever deploys the tree as it comes sees the nested stack fail. The Default of a parameter that the template above
    gives a value does not matter, nor that of one to which the parameter file gives a value.

    It is a warning where somebody can still give the parameter another value: at a root of which no parameter file is
    known. It is an error where nobody can: below a parent that passes nothing, or beside a parameter file that leaves
    the parameter to its Default.

    Bad:

    ```yaml title="parent.yml"
    Parameters:
      Stage: {Type: String, Default: staging}
    Resources:
      Db:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
          Parameters: {Env: !Ref Stage}
    ```

    ```yaml title="child.yml"
    Parameters:
      Env: {Type: String, AllowedValues: [dev, prod]}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```

    Good:

    ```yaml title="parent.yml"
    Parameters:
      Stage: {Type: String, Default: dev}
    Resources:
      Db:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
          Parameters: {Env: !Ref Stage}
    ```

    ```yaml title="child.yml"
    Parameters:
      Env: {Type: String, AllowedValues: [dev, prod]}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```
    """
    every = refused(stack)
    disjoint = {one.parameter for one in every if one.source.kind == "allowed" and one.total}
    for one in every:
        # Where nothing is accepted of what is allowed, the Default is not the matter.
        if one.source.kind != "default" or one.parameter in disjoint:
            continue
        yield Finding(
            one.source.at,
            f"with the Default of {str(one.source.route[0].name)!r}, {one.told}",
            one.cure or "give it a Default that is taken there",
            severity=None if one.total else Severity.WARNING,
            related=one.related,
        )
