"""Rule cloudformation-stackset-value."""

from collections.abc import Iterator

from validator.cloudformation.constraints import refusal, shown
from validator.cloudformation.stacks import Stack
from validator.cloudformation.tree import StackLink
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean, listed


@rule("cloudformation-stackset-value", Severity.ERROR)
def check(link: StackLink) -> Iterator[Finding]:
    """A stack set gives its template a value that a parameter there refuses.

    The stacks cannot be made, neither with the `Parameters` of the stack set nor with the `ParameterOverrides` of a
    group of them.

    It is a warning where the value, or the stack set, is there under a condition only, and where the template was found
    by the file's name alone or is one of several that it can be.

    Bad:

    ```yaml title="everywhere.yml"
    Resources:
      Everywhere:
        Type: AWS::CloudFormation::StackSet
        Properties:
          StackSetName: everywhere
          PermissionModel: SELF_MANAGED
          Parameters: [{ParameterKey: Stage, ParameterValue: test}]
          StackInstancesGroup:
            - DeploymentTargets: {Accounts: ["123456789012"]}
              Regions: [eu-central-1]
              ParameterOverrides: [{ParameterKey: Stage, ParameterValue: live}]
          TemplateBody: |
            Parameters:
              Stage: {Type: String, AllowedValues: [test, prod]}
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
          Parameters: [{ParameterKey: Stage, ParameterValue: test}]
          StackInstancesGroup:
            - DeploymentTargets: {Accounts: ["123456789012"]}
              Regions: [eu-central-1]
              ParameterOverrides: [{ParameterKey: Stage, ParameterValue: prod}]
          TemplateBody: |
            Parameters:
              Stage: {Type: String, AllowedValues: [test, prod]}
            Resources:
              Topic: {Type: AWS::SNS::Topic}
    ```
    """
    if not link.is_stack_set or link.parent.is_rewritten or len(link.children) != 1:
        return
    [child] = link.children
    above = Stack(link.parent, link.parent.scope, {})
    for name, at, value in (*link.passed, *link.overrides):
        parameter = child.template.parameters.get(name)
        if parameter is None or child.template.is_rewritten or value == at.parent:
            continue
        refused = [
            (one.value, why) for one in above.evaluate(value) if one.known and (why := refusal(parameter, one.value))
        ]
        if not refused:
            continue
        always = link.sure and not link.missing and frozenset() in above.ways(value)
        decided = above.scope.conditions.evaluate(value)
        total = always and all(one.known and refusal(parameter, one.value) for one in decided)
        # Of a secret, a part is not to be seen either; the whole is masked.
        told = [shown(one, why._replace(item="") if parameter.no_echo else why) for one, why in refused]
        texts = tuple(dict.fromkeys(told))
        where = "its TemplateBody" if link.location.name == "TemplateBody" else child.template.path
        wrong, why = refused[0]
        yield Finding(
            value,
            f"{listed(texts)} {'is' if len(texts) == 1 else 'are'} given for {name!r} of {where}, which {why.wants}",
            did_you_mean(str(wrong), why.allowed) or "give a value that it takes, or widen what it takes",
            severity=None if total else Severity.WARNING,
            related=((parameter.node.key, "the parameter that refuses it"),),
        )
