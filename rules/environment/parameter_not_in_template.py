"""Rule environment-parameter-not-in-template."""

from collections.abc import Iterator

from validator.document import Node
from validator.environment import Check
from validator.environment.references import as_written, found_in
from validator.environment.stack_paths import Lost, lost, members_of, stacks_at, steps
from validator.project.environments import EnvironmentLink
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean, listed


@rule("environment-parameter-not-in-template", Severity.ERROR)
def check(link: EnvironmentLink) -> Iterator[Finding]:
    """A spec refers to a parameter of the stack that the template does not have, or that is NoEcho.

    It has no value that could be compared with, so that the check cannot be made. Where the spec does not say which
    stack it is about, or a build may change the template before, it is a warning.

    Bad:

    ```yaml title="template.yml"
    Parameters:
      Delay: {Type: Number}
    Resources:
      Queue: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !Ref Delay}}
    ```

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: jobs, resource: Queue, expect: {DelaySeconds: "${param:Dealy}"}}
    ```

    Good:

    ```yaml title="template.yml"
    Parameters:
      Delay: {Type: Number}
    Resources:
      Queue: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !Ref Delay}}
    ```

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: jobs, resource: Queue, expect: {DelaySeconds: "${param:Delay}"}}
    ```
    """
    severity = None if link.certain and all(root.sure for root in link.roots) else Severity.WARNING
    for one in link.checks:
        for node, path in (*_references(one), *members_of(one, "Parameters")):
            found = [lost(root, path, "parameter") for root in link.roots]
            if found[0] is not None and all(found):
                # Of the path of a stack itself environment-resource-not-in-template speaks.
                if one.kind != "stack" or found[0].kind != "stack":
                    yield _missing(node, path, found[0], severity)
            elif _is_hidden(path, link):
                advice = "expect `exists: true`, or compare what refers to the secret"
                yield Finding(node, f"{path!r} is NoEcho, and AWS tells nobody its value", advice, severity=severity)


def _missing(node: Node, path: str, found: Lost, severity: Severity | None) -> Finding:
    step = steps(path)[found.step]
    what = "parameter" if found.kind == "parameter" else "nested stack"
    advice = did_you_mean(step, found.known) or f"there: {listed(map(repr, found.known))}"
    related = ((found.template.heading("Parameters"), "looked for here"),)
    return Finding(node, f"{found.template.path} has no {what} {step!r}", advice, severity=severity, related=related)


def _is_hidden(path: str, link: EnvironmentLink) -> bool:
    *around, own = steps(path) or [""]
    every = [stacks_at(root, around) for root in link.roots]
    stacks = [stack for found in every if isinstance(found, tuple) for stack in found]
    given = [stack.template.parameters.get(own) for stack in stacks]
    return bool(given) and all(one is not None and one.no_echo for one in given)


def _references(one: Check) -> Iterator[tuple[Node, str]]:
    if not one.literal:
        yield from ((at, found.name) for at, found in found_in(as_written(one.at)) if found.kind == "param")
