"""Rule cloudformation-nested-parameter-value."""

from collections.abc import Iterator

from validator.cloudformation.constraints import drifts
from validator.cloudformation.refusals import refused
from validator.cloudformation.stacks import Stack
from validator.rule import Finding, Severity, rule


@rule("cloudformation-nested-parameter-value", Severity.ERROR)
def check(stack: Stack) -> Iterator[Finding]:
    """A nested stack, or one further down, refuses a value that a template hands down.

    CloudFormation checks a value against AllowedValues, AllowedPattern, the bounds and the type of a parameter when the
    stack that declares it is made: in the middle of a deployment, and all of it is rolled back. A value may have passed
    through several templates until then.

    It is a warning where the value, or the stack, is there under a condition only, and where a template was found by
    the file's name alone or is one of several that it can be.

    Bad:

    ```yaml title="parent.yml"
    Resources:
      Db:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
          Parameters: {Env: staging}
    ```

    ```yaml title="child.yml"
    Parameters:
      Env: {Type: String, AllowedValues: [dev, prod]}
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
          Parameters: {Env: prod}
    ```

    ```yaml title="child.yml"
    Parameters:
      Env: {Type: String, AllowedValues: [dev, prod]}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```
    """
    for one in refused(stack):
        if one.source.kind != "literal" or drifts(one.source.at, one.parameter):
            continue
        null = one.values[0][0] is None
        cure = "give it a value, or leave it out if it has a Default there" if null else one.cure
        yield Finding(
            one.source.at,
            one.told,
            cure or "pass a value that it takes, or widen what it takes",
            severity=None if one.total else Severity.WARNING,
            related=one.related,
        )
