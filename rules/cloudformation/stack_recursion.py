"""Rule cloudformation-stack-recursion."""

from collections.abc import Iterator, Mapping, Sequence

from validator.cloudformation.template import Template
from validator.cloudformation.tree import StackLink
from validator.project import Project
from validator.rule import Finding, Severity, rule


@rule("cloudformation-stack-recursion", Severity.ERROR)
def check(project: Project) -> Iterator[Finding]:
    """A template contains itself, at once or by way of others, and no condition ends it.

    Packaging it never ends, and a deployment opens stacks within stacks until a quota fails it.

    It is a warning where a URL was matched with a template by the end of its path.

    Bad:

    ```yaml title="a.yml"
    Resources:
      B:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: b.yml}
    ```

    ```yaml title="b.yml"
    Resources:
      A:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: a.yml}
    ```

    Good:

    ```yaml title="a.yml"
    Resources:
      B:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: b.yml}
    ```

    ```yaml title="b.yml"
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```
    """
    always: dict[Template, list[StackLink]] = {}
    for link in project.stack_links:
        if _always(link):
            always.setdefault(link.parent, []).append(link)
    done: set[Template] = set()
    nested = {link.children[0].template for links in always.values() for link in links}
    for start in sorted(always, key=lambda template: template in nested):
        for ring in _rings(start, always, done):
            closing, others = ring[-1], ring[:-1]
            exact = all(link.children[0].certainty == "exact" for link in ring)
            what = "itself" if not others else f"{closing.children[0].template.path}, which contains this template"
            yield Finding(
                closing.location,
                f"{closing.resource.logical_id} nests {what}, and no condition ends that",
                "name the template that is meant, or give the stack a condition that becomes false further down",
                severity=None if exact else Severity.WARNING,
                related=tuple((link.location, f"{link.resource.logical_id} nests the next") for link in others),
            )


def _always(link: StackLink) -> bool:
    """Whether a stack is there whenever its parent is, and surely this one template."""
    if link.is_stack_set or link.missing or len(link.children) != 1 or link.children[0].certainty == "basename":
        return False
    condition = link.resource.condition
    return not condition or link.parent.scope.possible(condition) == {True}


def _rings(
    start: Template, links: Mapping[Template, Sequence[StackLink]], done: set[Template]
) -> Iterator[Sequence[StackLink]]:
    """Yield, for each link that closes a ring of templates, the links of that ring, this one last."""
    way: list[StackLink] = []
    opened = {start: 0}
    waiting = [iter(links.get(start, ()))] if start not in done else []
    while waiting:
        link = next(waiting[-1], None)
        if link is None:
            waiting.pop()
            last = way.pop().children[0].template if way else start
            opened.pop(last)
            done.add(last)
            continue
        below = link.children[0].template
        if below in opened:
            yield [*way[opened[below] :], link]
        elif below not in done:
            way.append(link)
            opened[below] = len(way)
            waiting.append(iter(links.get(below, ())))
