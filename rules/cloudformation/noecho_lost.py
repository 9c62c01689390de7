"""Rule cloudformation-noecho-lost."""

from collections.abc import Iterator

from validator.cloudformation.stacks import Stack
from validator.cloudformation.template import Parameter, Template, reads
from validator.cloudformation.tree import Child, StackLink
from validator.document import Node, Region
from validator.project.secrets import identifier_like, secret_like
from validator.rule import Edit, Finding, Severity, rule


@rule("cloudformation-noecho-lost", Severity.ERROR, supersedes=("cfn-lint/W2010",))
def check(link: StackLink) -> Iterator[Finding]:
    """A nested stack makes readable what the template above hides with NoEcho.

    NoEcho hides a value in the one stack that declares it. A nested stack that takes the value by a parameter without
    NoEcho shows it to whoever may describe that stack, and so does one that hides it and hands it out by an output.

    It is a warning for names of users and of things, and for outputs, but for one of what is named like a password; and
    where the nested template was found by the file's name alone, or is one of several. What one template shows of its
    own, cfn-lint says.

    Bad:

    ```yaml title="parent.yml"
    Parameters:
      Password: {Type: String, NoEcho: true}
    Resources:
      Db:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
          Parameters: {Password: !Ref Password}
    ```

    ```yaml title="child.yml"
    Parameters:
      Password: {Type: String}
    Resources:
      Secret: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: !Ref Password}}
    ```

    Good:

    ```yaml title="parent.yml"
    Parameters:
      Password: {Type: String, NoEcho: true}
    Resources:
      Db:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
          Parameters: {Password: !Ref Password}
    ```

    ```yaml title="child.yml"
    Parameters:
      Password: {Type: String, NoEcho: true}
    Resources:
      Secret: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: !Ref Password}}
    ```
    """
    parent = Stack(link.parent, link.parent.scope, {})
    for name, _, value in link.passed:
        open_ = [child for child in link.children if not _hides(child.template, name)]
        hidden = next((one for one, at in _hidden(link.parent, value) if parent.ways(at)), None)
        if hidden is not None and not link.is_stack_set:
            for child in link.children:
                yield from _shown(child, name)
        if not open_ or hidden is None:
            continue
        template = open_[0].template
        sure = link.sure and not link.missing and len(open_) == len(link.children)
        declared = template.parameters[name]
        logical_id = link.resource.logical_id
        yield Finding(
            value,
            f"{logical_id} passes {hidden.name!r}, which has NoEcho, to {name!r}, which has none in {template.path}",
            f"give {name!r} 'NoEcho: true' there",
            severity=None if sure and not identifier_like(hidden.name) else Severity.WARNING,
            related=((hidden.node.key, "it has NoEcho here"), (declared.node.key, "and none here")),
            fix=_added(declared) if sure else (),
        )


def _hides(template: Template, name: str) -> bool:
    """Whether a template hides a parameter, or may, or does not take it at all."""
    declared = template.parameters.get(name)
    return declared is None or declared.no_echo or template.is_open("Parameters")


def _shown(child: Child, name: str) -> Iterator[Finding]:
    """Yield where a template hands out a parameter that it hides."""
    parameter = child.template.parameters.get(name)
    if parameter is None or not parameter.no_echo:
        return
    for at in child.template.references.get(name, ()):
        if at.path[:1] == ("Outputs",) and len(at.path) > 1:
            severe = secret_like(name) and child.certainty != "basename"
            yield Finding(
                at,
                f"output {at.path[1]!r} shows {name!r}, which has NoEcho",
                "leave it out, or hand out the ARN of a secret instead",
                severity=None if severe else Severity.WARNING,
                related=((parameter.node.key, "it has NoEcho here"),),
            )


def _hidden(template: Template, node: Node) -> Iterator[tuple[Parameter, Node]]:
    """Yield the parameters with NoEcho whose values are part of what stands at a node, and where they are read."""
    for read in reads(node):
        parameter = template.parameters.get(read.logical_id) if not read.attribute else None
        # What a key of a map is chosen by does not show.
        if parameter is not None and parameter.no_echo and "Fn::FindInMap" not in read.at.path:
            yield parameter, read.at


def _added(parameter: Parameter) -> tuple[Edit, ...]:
    """Write `NoEcho: true` behind the parameter's Type."""
    node = parameter.node.get("Type")
    if node is None or parameter.node.get("NoEcho") is not None:
        return ()
    end = node.region.end
    spot = node.document.span(Region(end, end))
    if parameter.node.style == "flow" or node.document.format == "json":
        key = '"NoEcho"' if node.document.format == "json" else "NoEcho"
        return (Edit(spot, f", {key}: true"),)
    indent = " " * (node.key_span.column - 1)
    return (Edit(spot, f"\n{indent}NoEcho: true"),)
