"""Rule cloudformation-secret-literal."""

from collections.abc import Iterator
from typing import NamedTuple

from validator.cloudformation.parameters import ParameterLink
from validator.cloudformation.pipeline import PipelineAction
from validator.cloudformation.stacks import Stack
from validator.cloudformation.template import Parameter
from validator.cloudformation.tree import StackLink
from validator.document import Node, Value
from validator.project import Deployment
from validator.project.secrets import branches, identifier_like, in_clear, overridden
from validator.rule import Finding, Severity, rule


@rule("cloudformation-secret-literal", Severity.ERROR)
def check(subject: Stack | StackLink | ParameterLink | Deployment) -> Iterator[Finding]:
    """A value for a NoEcho parameter is written out, where everybody who can read the repository reads it.

    It may stand in a template above, also by way of parameters that are not hidden themselves, or in a parameter file,
    or in what a pipeline overrides. A dynamic reference, `{{resolve:secretsmanager:…}}`, says where the secret is kept
    instead. Names of users and of things are no secrets here, nor are placeholders that a script replaces.

    It is a warning for a Default that reaches a nested stack, which need not be what is deployed, and where template or
    parameter file were found by name.

    Bad:

    ```yaml title="parent.yml"
    Resources:
      Db:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
          Parameters: {Password: hunter2hunter2}
    ```

    ```yaml title="child.yml"
    Parameters:
      Password: {Type: String, NoEcho: true}
    Resources:
      Secret: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: !Ref Password}}
    ```

    Good:

    ```yaml title="parent.yml"
    Resources:
      Db:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
          Parameters: {Password: "{{resolve:secretsmanager:db:SecretString:password}}"}
    ```

    ```yaml title="child.yml"
    Parameters:
      Password: {Type: String, NoEcho: true}
    Resources:
      Secret: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: !Ref Password}}
    ```
    """
    if isinstance(subject, Stack):
        yield from _in_tree(subject)
    elif isinstance(subject, StackLink):
        yield from _in_stack_set(subject)
    elif isinstance(subject, ParameterLink):
        yield from _in_file(subject)
    elif subject.action is not None:
        yield from _in_overrides(subject, subject.action)


def _in_tree(stack: Stack) -> Iterator[Finding]:
    if stack.above is None:
        return
    for parameter in stack.template.parameters.values():
        if not _secret(parameter):
            continue
        for literal in _literals(stack, parameter):
            mild = literal.is_default or not stack.sure
            yield _finding(literal.at, literal.name, parameter, Severity.WARNING if mild else None)


class _Literal(NamedTuple):
    """A value in clear, and the name of the parameter that it is given to first."""

    at: Node
    name: str
    is_default: bool = False


def _literals(stack: Stack, parameter: Parameter) -> Iterator[_Literal]:
    """Yield the values in clear that a parameter's value may come from."""
    name, given = parameter.name, stack.given.get(parameter.name)
    if given is None:
        if parameter.default is not None and in_clear(parameter.default.value):
            yield _Literal(parameter.default, name, is_default=True)
    elif stack.above is None:
        # What a file gives to a parameter that is hidden at once is told of with the file.
        if not parameter.no_echo and in_clear(_without(name, given.node)):
            yield _Literal(given.node, name)
    else:
        for branch in branches(given.node):
            reference = branch.get("Ref")
            above = stack.above.template.parameters.get(str(reference.value)) if reference is not None else None
            if above is None:
                # What is put together is a secret in parts at most.
                if in_clear(branch.value) and not {"Fn::Sub", "Fn::Join"}.intersection(map(str, branch.path)):
                    yield _Literal(branch, name)
            # What is hidden in a nested stack above, too, is told of there.
            elif not above.no_echo or stack.above.above is None:
                yield from _literals(stack.above, above)


def _in_stack_set(link: StackLink) -> Iterator[Finding]:
    for name, _, value in (*link.passed, *link.overrides) if link.is_stack_set else ():
        parameter = link.children[0].template.parameters.get(name) if link.children else None
        if parameter is not None and _secret(parameter) and in_clear(value.value):
            yield _finding(value, name, parameter, None if link.sure and not link.missing else Severity.WARNING)


def _in_file(link: ParameterLink) -> Iterator[Finding]:
    for name, value in link.file.values.items():
        parameter = link.template.parameters.get(name)
        if parameter is not None and _secret(parameter) and in_clear(_without(name, value)):
            # What a pipeline takes from a build still stands here as it is.
            told = link.certain or link.via is not None
            yield _finding(value, name, parameter, None if told else Severity.WARNING)


def _in_overrides(deployment: Deployment, action: PipelineAction) -> Iterator[Finding]:
    for name, value in overridden(action):
        parameter = deployment.template.parameters.get(name)
        if parameter is not None and _secret(parameter) and in_clear(value.value):
            yield _finding(value, name, parameter, None)


def _secret(parameter: Parameter) -> bool:
    """Whether a parameter's value is a secret; that of AWS's own types is a name."""
    return parameter.no_echo and not identifier_like(parameter.name) and "AWS::" not in parameter.type


def _without(name: str, node: Node) -> Value:
    """Give a value without the name that stands before it in `Name=value`."""
    return node.value.removeprefix(f"{name}=") if isinstance(node.value, str) else node.value


def _finding(at: Node, name: str, hidden: Parameter, severity: Severity | None) -> Finding:
    path = hidden.node.document.path
    where = path if name == hidden.name and path != at.document.path else "a template below"
    return Finding(
        at,
        f"the value of {name!r} stands here in clear, and {where} hides it with NoEcho",
        "keep it in Secrets Manager, write '{{resolve:secretsmanager:…}}' here, and change it: history has it",
        severity=severity,
        related=((hidden.node.key, "it has NoEcho here"),),
    )
