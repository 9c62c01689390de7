"""Rule cloudformation-allowed-values-wider."""

from collections.abc import Iterator

from validator.cloudformation.refusals import refused
from validator.cloudformation.stacks import Source, Stack
from validator.rule import Finding, Severity, rule
from validator.suggest import listed


@rule("cloudformation-allowed-values-wider", Severity.ERROR)
def check(stack: Stack) -> Iterator[Finding]:
    """A parameter allows values that a nested stack refuses to which it is passed on.

    The tree takes such a value at its top, and fails in the middle of a deployment.

    It is an error where the nested stack refuses all that is allowed, and a warning where it refuses some. Nothing is
    said of values that no parameter can have where the stack exists, and nothing besides where the Default is refused,
    which is a finding of its own.

    Bad:

    ```yaml title="parent.yml"
    Parameters:
      Stage: {Type: String, AllowedValues: [dev, prod, staging]}
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
      Stage: {Type: String, AllowedValues: [dev, prod]}
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
    for one in every:
        parameter, source = one.parameter, one.source
        defaults = (other.source for other in every if other.parameter == parameter and other.source.kind == "default")
        known = any(other.at == source.at or _names(other) & _names(source) for other in defaults)
        if source.kind != "allowed" or (known and not one.total):
            continue
        name = str(source.route[0].name)
        yield Finding(
            source.at,
            f"{name!r} may be {listed(one.texts)}, and is passed to {one.refusing}",
            f"no longer allow them for {name!r}, or allow them there",
            severity=None if one.total else Severity.WARNING,
            related=one.related,
        )


def _names(source: Source) -> set[str]:
    """Give the root's parameters that a value comes from."""
    return {name for name, _ in source.standing}
