"""Rule cloudformation-conditional-output."""

from collections.abc import Iterator, Sequence
from itertools import product

from validator.cloudformation.conditions import deciding
from validator.cloudformation.stacks import Stack
from validator.rule import Finding, Severity, rule
from validator.values import When, consistent

# More combinations than these are not tried.
_MOST = 4096


@rule("cloudformation-conditional-output", Severity.ERROR)
def check(stack: Stack) -> Iterator[Finding]:
    """A template reads an output that the nested stack does not have, as the output's condition is false there.

    CloudFormation finds out when the nested stack is complete: `Output 'Url' not found in stack`, and rolls back.
    Whether the condition is false follows from what the templates above pass down, and from Defaults.

    It is a warning where the condition is false for some values of the parameters only, or where the template or its
    parameter file was found by name. Where the condition hangs on what nobody can know, nothing is said.

    Bad:

    ```yaml title="parent.yml"
    Resources:
      Web:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
          Parameters: {Env: dev}
    Outputs:
      Alarms: {Value: !GetAtt Web.Outputs.Alarms}
    ```

    ```yaml title="child.yml"
    Parameters:
      Env: {Type: String}
    Conditions:
      IsProd: !Equals [!Ref Env, prod]
    Resources:
      Queue: {Type: AWS::SQS::Queue}
      Topic: {Type: AWS::SNS::Topic, Condition: IsProd}
    Outputs:
      Alarms: {Value: !Ref Topic, Condition: IsProd}
    ```

    Good:

    ```yaml title="parent.yml"
    Resources:
      Web:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
          Parameters: {Env: prod}
    Outputs:
      Alarms: {Value: !GetAtt Web.Outputs.Alarms}
    ```

    ```yaml title="child.yml"
    Parameters:
      Env: {Type: String}
    Conditions:
      IsProd: !Equals [!Ref Env, prod]
    Resources:
      Queue: {Type: AWS::SQS::Queue}
      Topic: {Type: AWS::SNS::Topic, Condition: IsProd}
    Outputs:
      Alarms: {Value: !Ref Topic, Condition: IsProd}
    ```
    """
    above, link = stack.above, stack.link
    if above is None or link is None or stack.template.is_open("Outputs"):
        return
    for read in above.template.reads.get(link.resource.logical_id, ()):
        name = read.attribute.removeprefix("Outputs.")
        output = stack.template.outputs.get(name)
        condition = output.get("Condition") if output is not None else None
        if output is None or condition is None or not isinstance(condition.value, str):
            continue
        if stack.template.root.get("Conditions", condition.value) is None:
            continue
        truths, used = stack.scope.condition(condition.value), above.ways(read.at)
        if len(truths) * len(used) * len(stack.exists) > _MOST:
            continue
        absent = _together([case.when for case in truths if case.value is False], used, stack.exists)
        present = _together([case.when for case in truths if case.value is True], used, stack.exists)
        if not absent or (present and not any(map(_certain, absent))):
            continue
        yield Finding(
            read.at,
            f"{link.resource.logical_id} has no output {name!r} where {condition.value} is false in "
            f"{stack.template.path}",
            f"read it only where {condition.value} is true there, or pass what makes it true",
            severity=None if not present and stack.sure else Severity.WARNING,
            related=((output.key, "the output and its condition"), *deciding(stack, condition.value)),
        )


def _together(*ways: Sequence[When]) -> list[When]:
    """Combine assumptions, one of each kind, in every way in which they can all hold."""
    return [frozenset().union(*choice) for choice in product(*ways) if consistent(*choice)]


def _certain(when: When) -> bool:
    """Whether assumptions can surely hold at once.

    Several conditions that are not decided may exclude each other, and what is passed down decides those below.
    """
    conditions = [assumed.name for assumed in when if assumed.kind == "condition"]
    return len(conditions) < 2 and not any("." in name for name in conditions)
