"""Rule iam-managed-policy-arn."""

import re
from collections.abc import Iterator

from validator.cloudformation.template import Resource, Template
from validator.document import Node
from validator.iam.managed import Verdict, judge, listed_in, path_of
from validator.rule import Finding, Severity, rule


@rule("iam-managed-policy-arn", Severity.ERROR)
def check(template: Template) -> Iterator[Finding]:
    """A role, user, group or function is given a managed policy that AWS does not have.

    IAM refuses it when the stack is deployed: a name is misspelled, stands without its path, as in
    `arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole` instead of `…/service-role/AWSLambdaBasicExecutionRole`, is
    that of a service-linked role, or AWS has withdrawn the policy. A warning where the name may be newer than this
    tool.

    Bad:

    ```yaml title="template.yml"
    Resources:
      Role:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: lambda.amazonaws.com}}]
          ManagedPolicyArns: ["arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole"]
    ```

    Good:

    ```yaml title="template.yml"
    Resources:
      Role:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: lambda.amazonaws.com}}]
          ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
    ```
    """
    for resource in template.resources.values():
        for name in _PROPERTIES.get(resource.type, ()):
            for node in _leaves(resource.property(name)):
                yield from _judged(node, resource, name)


_ATTACHED = ("ManagedPolicyArns", "PermissionsBoundary")
_SERVERLESS = ("Policies", "PermissionsBoundary")
_PROPERTIES = {
    "AWS::IAM::Role": _ATTACHED,
    "AWS::IAM::User": _ATTACHED,
    "AWS::IAM::Group": ("ManagedPolicyArns",),
    "AWS::SSO::PermissionSet": ("ManagedPolicies",),
    "AWS::Serverless::Function": _SERVERLESS,
    "AWS::Serverless::StateMachine": _SERVERLESS,
}
_ARN = re.compile(r"arn:(aws[a-z-]*|\$\{AWS::Partition\}):iam::aws:policy(/[\w+=,.@/-]+)")


def _leaves(node: Node | None) -> Iterator[Node]:
    """Yield the values of a property, the branches of an Fn::If too."""
    if node is None:
        return
    if isinstance(node.value, list):
        for element in node.elements():
            yield from _leaves(element)
    elif (branches := node.get("Fn::If")) is not None:
        for branch in list(branches.elements())[1:]:
            yield from _leaves(branch)
    else:
        yield node


def _judged(node: Node, resource: Resource, name: str) -> Iterator[Finding]:
    sub = node.get("Fn::Sub", 0) or node.get("Fn::Sub") or node
    joined = node.get("Fn::Join", 1)
    text = sub.value if isinstance(sub.value, str) else _joined(joined)
    if (found := _ARN.fullmatch(text)) is not None:
        if (verdict := judge(found[2])) is not None:
            right = text[: found.start(2)] + verdict.right if verdict.right else ""
            yield _finding(sub, found[2].rpartition("/")[2], verdict, right)
    elif resource.type in _SAM and name == "Policies" and _NAME.fullmatch(text) and not path_of(text):
        # SAM looks a bare name up, and takes what it does not find for an ARN.
        verdict = judge(f"/{text}") or Verdict("unknown", certain=False)
        yield _finding(sub, text, verdict, verdict.right.rpartition("/")[2])


_SAM = frozenset({"AWS::Serverless::Function", "AWS::Serverless::StateMachine"})
_NAME = re.compile(r"\w[\w+=,.@-]{2,}")


def _joined(node: Node | None) -> str:
    """Write the text that a Join makes of an ARN's parts, with the partition as in a Sub; empty if it makes another."""
    separator = node.parent.get(0) if node is not None and node.parent is not None else None
    if node is None or separator is None or not isinstance(separator.value, str) or not isinstance(node.value, list):
        return ""
    parts = ["${AWS::Partition}" if part == {"Ref": "AWS::Partition"} else part for part in node.value]
    return separator.value.join(map(str, parts)) if all(isinstance(part, str) for part in parts) else ""


def _finding(node: Node, name: str, verdict: Verdict, right: str) -> Finding:
    advice = f"did you mean {right!r}?" if right else ""
    match verdict.kind:
        case "path":
            return Finding(node, f"AWS's policy {name!r} has another path", f"write {right!r}")
        case "linked":
            advice = "remove it: the service attaches it to the role that it makes itself"
            return Finding(node, f"{name!r} can be attached to a service-linked role only", advice)
        case "retired":
            message = f"AWS no longer has the policy {name!r}, last listed in {verdict.seen}"
            advice = f"use {right!r}" if right else "use the policy that AWS has replaced it by, or one of your own"
            return Finding(node, message, advice, severity=Severity.WARNING)
        case _:
            severity = None if verdict.certain else Severity.WARNING
            message = f"AWS has no policy {name!r}"
            if not verdict.certain:
                message = f"AWS had no policy {name!r} in {listed_in()}"
            return Finding(node, message, advice, severity=severity)
