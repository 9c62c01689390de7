"""Rule environment-template-resource-without-check."""

from collections.abc import Iterator

from validator.cloudformation.stacks import Stack
from validator.cloudformation.template import Resource
from validator.environment import Check
from validator.environment.candidates import candidates
from validator.environment.forecast import is_member, made
from validator.project.environments import EnvironmentLink
from validator.rule import Finding, Severity, rule


@rule("environment-template-resource-without-check", Severity.NOTE, default=False)
def check(link: EnvironmentLink) -> Iterator[Finding]:
    """A resource of the template is checked by nothing in the spec.

    Bad:

    ```yaml title="template.yml"
    Resources:
      Queue: {Type: AWS::SQS::Queue}
      Dead: {Type: AWS::SQS::Queue}
    ```

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: jobs, resource: Queue, expect: {DelaySeconds: 0}}
    ```

    Good:

    ```yaml title="template.yml"
    Resources:
      Queue: {Type: AWS::SQS::Queue}
      Dead: {Type: AWS::SQS::Queue}
    ```

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: all, resources: {type: "AWS::SQS::Queue"}, each: {DelaySeconds: 0}}
    ```
    """
    checks = tuple(link.checks)
    spec = link.suite.root.node
    for root in link.roots:
        named = {id(one.resource) for each in checks for one in candidates(each, root)}
        for stack, resource in made(root):
            if stack.links and resource.type == "AWS::CloudFormation::Stack":
                continue
            if id(resource) not in named and not any(_covers(one, stack, resource) for one in checks):
                path = "/".join((*stack.path, resource.logical_id))
                message = f"nothing in {spec.document.path} checks {path!r}"
                yield Finding(resource.node.key, message, "add a check", related=((spec, "the spec"),))


def _covers(one: Check, stack: Stack, resource: Resource) -> bool:
    path = "/".join((*stack.path, resource.logical_id))
    if one.kind == "resource":
        return one.path == path
    if one.members is None:
        return one.kind == "call" and f"${{resource:{path}}}" in repr(one.at.value)
    return is_member(one.members, stack, resource)
