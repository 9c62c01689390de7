"""Rule cloudformation-tree-size."""

from collections.abc import Iterator

from validator.cloudformation.quotas import quotas
from validator.cloudformation.stacks import Stack
from validator.project import Project
from validator.rule import Finding, Severity, rule


@rule("cloudformation-tree-size", Severity.NOTE)
def check(project: Project, *, share: float = 0.9) -> Iterator[Finding]:
    """A tree of stacks has nearly as many resources as one operation may touch.

    CloudFormation creates, updates or deletes 2,500 resources in one operation on a stack and all that are nested in
    it. `share` is the part of that from which on a tree is reported. Resources count with all that are there under
    conditions, unless a parameter file settles these; what macros, loops and modules make of them is not known.

    Bad:

    ```toml title="stackproof.toml"
    [rules.cloudformation-tree-size]
    share = 0.001
    ```

    ```yaml title="parent.yml"
    Resources:
      A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yml}}
      B: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yml}}
    ```

    ```yaml title="child.yml"
    Resources:
      Queue: {Type: AWS::SQS::Queue}
      Topic: {Type: AWS::SNS::Topic}
    ```

    Good:

    ```yaml title="parent.yml"
    Resources:
      A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yml}}
      B: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yml}}
    ```

    ```yaml title="child.yml"
    Resources:
      Queue: {Type: AWS::SQS::Queue}
      Topic: {Type: AWS::SNS::Topic}
    ```
    """
    counts: dict[Stack, int] = {}
    depths: dict[Stack, int] = {}
    for stack in project.stacks:
        root = stack.root
        counts[root] = counts.get(root, 0) + sum(
            not one.condition or True in stack.scope.possible(one.condition)
            for one in stack.template.resources.values()
        )
        depths[root] = max(depths.get(root, 0), len(stack.path) + 1)
    most = quotas().nested_resources
    for root, count in counts.items():
        if depths[root] > 1 and count >= share * most:
            yield Finding(
                root.template.heading("Resources"),
                f"the tree has {count:,} resources in {depths[root]} levels, and one operation may touch {most:,}",
                "split it into trees that are deployed one by one",
            )
