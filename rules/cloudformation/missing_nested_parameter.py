"""Rule cloudformation-missing-nested-parameter."""

from collections.abc import Iterator

from validator.cloudformation.constraints import is_plural
from validator.cloudformation.template import Parameter
from validator.cloudformation.tree import Child, StackLink
from validator.document import Node, Region
from validator.rule import Edit, Finding, Severity, rule
from validator.values import Assumption, Case, NoValue


@rule("cloudformation-missing-nested-parameter", Severity.ERROR, supersedes=("cfn-lint/E3043",))
def check(link: StackLink) -> Iterator[Finding]:
    """A parent stack does not pass a parameter that the nested template requires.

    A parameter without a Default must be given a value. CloudFormation refuses to create the nested stack:
    `Parameters: [Env] must have values`, in the middle of a deployment.

    It is a warning where the parameter is missing under a condition only, where the template was found by the file's
    name alone, or where it is one of several that it can be. One that the parent misspells is reported by
    cloudformation-unknown-nested-parameter. The fix passes on the parent's parameter of the same name and type.

    Bad:

    ```yaml title="parent.yml"
    Resources:
      Db:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yml
    ```

    ```yaml title="child.yml"
    Parameters:
      Env: {Type: String}
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
          Parameters: {Env: test}
    ```

    ```yaml title="child.yml"
    Parameters:
      Env: {Type: String}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```
    """
    parameters = link.parameters
    if link.is_stack_set or link.is_open:
        return
    misspelt = link.misspelt().values()
    for name, needing in sorted(_required(link).items()):
        if name in misspelt:
            continue
        value = parameters.get(name) if parameters is not None else None
        cases = link.parent.scope.evaluate(value) if value is not None else (Case(NoValue()),)
        possible = [case for case in cases if any(link.possible(case.when, child.when) for child in needing)]
        absent = [sorted(case.when) for case in possible if isinstance(case.value, NoValue)]
        by_all = len(needing) == len(link.children) and not link.missing
        if not absent or not (link.sure or by_all):
            continue
        template, assumed = needing[0].template, absent[0]
        suffix = f" if {' and '.join(map(_in_words, assumed))}" if assumed else ""
        certain = link.sure and by_all and len(absent) == len(possible)
        yield Finding(
            value or (parameters or link.resource.node).key,
            f"{link.resource.logical_id} does not pass {name!r}, which {template.path} requires{suffix}",
            _cure(link, name),
            severity=None if certain else Severity.WARNING,
            related=(
                *((at.key, f"the {one.kind}") for one in assumed if (at := _declaration(link, one)) is not None),
                (template.parameters[name].node.key, "it has no Default here"),
            ),
            subject=name,
            fix=_passed_on(link, template.parameters[name]) if certain and value is None else (),
        )


def _required(link: StackLink) -> dict[str, list[Child]]:
    """Give the parameters that must be passed, each with the children that require it."""
    found: dict[str, list[Child]] = {}
    for child in link.children:
        for name, parameter in child.template.parameters.items():
            if parameter.default is None and not child.template.is_open("Parameters"):
                found.setdefault(name, []).append(child)
    return found


def _in_words(assumed: Assumption) -> str:
    if assumed.kind == "parameter":
        return f"{assumed.name} is {assumed.value!r}"
    return assumed.name if assumed.value else f"not {assumed.name}"


def _declaration(link: StackLink, assumed: Assumption) -> Node | None:
    return link.parent.root.get("Conditions" if assumed.kind == "condition" else "Parameters", assumed.name)


def _cure(link: StackLink, name: str) -> str:
    if name in link.parent.parameters:
        return f"pass it on: '{name}: !Ref {name}'"
    return "pass it, or give it a Default there"


def _passed_on(link: StackLink, wanted: Parameter) -> tuple[Edit, ...]:
    """Pass on the parent's parameter of the same name, if it has the same type and is no list."""
    own = link.parent.parameters.get(wanted.name)
    if own is None or own.type != wanted.type or is_plural(own) or not wanted.name.isalnum():
        return ()
    # Before the first member, so that nothing that stands behind one is torn off it.
    section = link.parameters or link.resource.property()
    first = next(section.items(), None) if section is not None else None
    if section is None or first is None or "<<" in first[1].key.text:
        return ()
    at = first[1].key
    json, flow = at.document.format == "json", section.style == "flow"
    name, value = (f'"{wanted.name}"', f'{{"Ref": "{wanted.name}"}}') if json else (wanted.name, f"!Ref {wanted.name}")
    indent = "" if json or flow else "\n" + " " * (at.span.column - 1)
    if link.parameters is not None:
        text = f"{name}: {value}"
    elif json:
        text = f'"Parameters": {{{name}: {value}}}'
    else:
        text = f"Parameters: {{{name}: {value}}}" if flow else f"Parameters:{indent}  {name}: {value}"
    start = at.region.start
    return (Edit(at.document.span(Region(start, start)), text + (indent or ", ")),)
