"""Rule cloudformation-sibling-cycle."""

from collections import deque
from collections.abc import Iterator, Mapping

from validator.cloudformation.stacks import Stack
from validator.cloudformation.template import Template
from validator.cloudformation.tree import location_of
from validator.document import Node
from validator.rule import Finding, Severity, rule
from validator.suggest import listed

_ALWAYS = (frozenset[object](),)


@rule("cloudformation-sibling-cycle", Severity.ERROR, supersedes=("cfn-lint/E3004",))
def check(template: Template) -> Iterator[Finding]:
    """Nested stacks need each other's outputs, so that none of them can be the first.

    CloudFormation refuses the template: `Circular dependency between resources`. What they have in common wants a
    stack of its own, or what one of them reads wants to be handed over in another way.

    Rings that go through conditions are left to cfn-lint.

    Bad:

    ```yaml title="parent.yml"
    Resources:
      Web:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: web.yml
          Parameters: {Group: !GetAtt Db.Outputs.Group}
      Db:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: db.yml
          Parameters: {Group: !GetAtt Web.Outputs.Group}
    ```

    Good:

    ```yaml title="parent.yml"
    Resources:
      Groups:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: groups.yml}
      Web:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: web.yml
          Parameters: {Group: !GetAtt Groups.Outputs.Db}
      Db:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: db.yml
          Parameters: {Group: !GetAtt Groups.Outputs.Web}
    ```
    """
    stacks = [name for name, resource in template.resources.items() if location_of(resource) is not None]
    if not stacks or template.is_rewritten:
        return
    needs = _needs(template)
    told: set[str] = set()
    for name in stacks:
        ring = _ring(name, needs) if name not in told else ()
        if not ring:
            continue
        told.update(one for one, _ in ring)
        by = f", by way of {listed(one for one, _ in ring[1:])}" if ring[1:] else ""
        yield Finding(
            template.resources[name].node.key,
            f"{name} needs itself{by}",
            "take what they share out into a stack of its own, or hand it over in another way",
            related=tuple((at, f"{one} needs the next here") for one, at in ring),
        )


def _needs(template: Template) -> Mapping[str, Mapping[str, Node]]:
    """Say which resources each resource always needs, and where it does so first."""
    stack = Stack(template, template.scope, {})
    found: dict[str, dict[str, Node]] = {}
    places = [(name, one.at) for name, reads in template.reads.items() for one in reads]
    places += [(name, at) for name, nodes in template.references.items() for at in nodes]
    for resource in template.resources.values():
        depends = resource.node.get("DependsOn")
        for one in [depends, *depends.elements()] if depends is not None else ():
            if isinstance(one.value, str):
                places.append((one.value, one))
    within = ((name, at) for name, at in places if at.path[:1] == ("Resources",) and len(at.path) > 1)
    needed = ((name, at) for name, at in within if name in template.resources)
    for name, at in sorted(needed, key=lambda place: place[1]):
        owner = str(at.path[1])
        if stack.ways(at) == _ALWAYS and not template.resources[name].condition:
            found.setdefault(owner, {}).setdefault(name, at)
    return found


def _ring(start: str, needs: Mapping[str, Mapping[str, Node]]) -> tuple[tuple[str, Node], ...]:
    """Give the shortest way from a resource back to itself: each resource on it, and where it needs the next."""
    came: dict[str, tuple[str, Node]] = {}
    waiting = deque([start])
    while waiting and start not in came:
        current = waiting.popleft()
        for name, at in needs.get(current, {}).items():
            if name not in came:
                came[name] = current, at
                waiting.append(name)
    ring: list[tuple[str, Node]] = []
    current = start
    while current in came and (not ring or current != start):
        current, at = came[current]
        ring.append((current, at))
    return tuple(reversed(ring)) if start in came else ()
