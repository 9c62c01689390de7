"""Rule iam-sam-policy-template."""

from collections.abc import Iterator

from validator.cloudformation.template import Template
from validator.document import Node
from validator.iam.managed import sam_templates
from validator.rule import Finding, Severity, rule
from validator.shape import is_function, may_be_absent
from validator.suggest import did_you_mean, listed, nearest


@rule("iam-sam-policy-template", Severity.ERROR)
def check(template: Template) -> Iterator[Finding]:
    """A function or state machine of SAM names a policy template that SAM does not have, or leaves out a parameter.

    SAM makes no stack of it: the policy at that index is not valid. Names are case-sensitive, and no parameter has a
    default.

    Bad:

    ```yaml title="template.yml"
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Reader:
        Type: AWS::Serverless::Function
        Properties:
          Handler: app.handler
          Runtime: python3.13
          CodeUri: src
          Policies:
            - S3ReaderPolicy: {BucketName: reports}
    ```

    Good:

    ```yaml title="template.yml"
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Reader:
        Type: AWS::Serverless::Function
        Properties:
          Handler: app.handler
          Runtime: python3.13
          CodeUri: src
          Policies:
            - S3ReadPolicy: {BucketName: reports}
    ```
    """
    for resource in template.resources.values():
        if resource.type in _TYPES and (policies := resource.property("Policies")) is not None:
            for node in _entries(policies):
                yield from _judged(node)


_TYPES = frozenset({"AWS::Serverless::Function", "AWS::Serverless::StateMachine"})
_ELEMENTS = frozenset({"Statement", "Version", "Id"})


def _entries(node: Node) -> Iterator[Node]:
    """Yield what stands for policies, the branches of an Fn::If too."""
    if isinstance(node.value, list):
        for element in node.elements():
            yield from _entries(element)
    elif (branches := node.get("Fn::If")) is not None:
        for branch in list(branches.elements())[1:]:
            yield from _entries(branch)
    elif isinstance(node.value, dict):
        yield node


def _judged(node: Node) -> Iterator[Finding]:
    members = list(node.items())
    known = sam_templates()
    # A document, or one that lacks its Statement, is another matter.
    if is_function(node.value) or any(name in _ELEMENTS for name, _ in members):
        return
    if len(members) > 1 and all(name in known for name, _ in members):
        advice = "write one element of Policies for each"
        yield Finding(members[1][1].key, "two policy templates stand in one element", advice)
    if len(members) == 1:
        [(name, given)] = members
        if name in known:
            yield from _parameters(given, name, known[name])
            return
        advice = did_you_mean(name, known) or "write a document with a Statement, or a managed policy's name"
        yield Finding(given.key, f"SAM has no policy template {name!r}", advice)


def _parameters(given: Node, template: str, known: list[str]) -> Iterator[Finding]:
    if not isinstance(given.value, dict):
        advice = f"give it {listed(known)}" if known else "write {} behind it"
        yield Finding(given.key, f"policy template {template!r} has no mapping of parameters", advice)
        return
    if is_function(given.value):
        return
    names = [key for key, value in given.items() if not may_be_absent(value.value)]
    lacking = [parameter for parameter in known if parameter not in names]
    for key, value in given.items():
        if key not in known:
            meant = nearest(key, lacking)
            lacking = [parameter for parameter in lacking if parameter not in meant]
            advice = f"did you mean {meant[0]!r}?" if meant else f"remove it (parameters: {listed(known)})"
            # SAM looks for those that it knows only.
            severity = None if meant else Severity.WARNING
            message = f"policy template {template!r} has no parameter {key!r}"
            yield Finding(value.key, message, advice, severity=severity)
    for parameter in lacking:
        message = f"policy template {template!r} lacks its parameter {parameter!r}"
        yield Finding(given.key, message, f"give {parameter!r} a value", subject=parameter)
