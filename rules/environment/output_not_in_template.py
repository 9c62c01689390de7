"""Rule environment-output-not-in-template."""

from collections.abc import Iterator

from validator.document import Node
from validator.environment import Check
from validator.environment.references import as_written, found_in, is_open
from validator.environment.stack_paths import lost, members_of, steps
from validator.project.environments import EnvironmentLink
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean, listed


@rule("environment-output-not-in-template", Severity.ERROR)
def check(link: EnvironmentLink) -> Iterator[Finding]:
    """A spec names an output that the template does not have.

    Where the spec does not say which stack it is about, or a build may change the template before, it is a warning.

    Bad:

    ```yaml title="template.yml"
    Resources:
      Queue: {Type: AWS::SQS::Queue}
    Outputs:
      QueueUrl: {Value: !Ref Queue}
    ```

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: url, output: QueueURL, expect: {matches: "https://.*"}}
    ```

    Good:

    ```yaml title="template.yml"
    Resources:
      Queue: {Type: AWS::SQS::Queue}
    Outputs:
      QueueUrl: {Value: !Ref Queue}
    ```

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: url, output: QueueUrl, expect: {matches: "https://.*"}}
    ```
    """
    severity = None if link.certain and all(root.sure for root in link.roots) else Severity.WARNING
    for one in link.checks:
        for node, path in _paths(one):
            found = [lost(root, path, "output") for root in link.roots]
            if found[0] is None or not all(found):
                continue
            # Of the path of a stack itself environment-resource-not-in-template speaks.
            if one.kind == "stack" and found[0].kind == "stack":
                continue
            first = found[0]
            step = steps(path)[first.step]
            what = "output" if first.kind == "output" else "nested stack"
            advice = did_you_mean(step, first.known) or f"there: {listed(map(repr, first.known))}"
            message = f"{first.template.path} has no {what} {step!r}"
            related = ((first.template.heading("Outputs"), "looked for here"),)
            yield Finding(node, message, advice, severity=severity, related=related)


def _paths(one: Check) -> Iterator[tuple[Node, str]]:
    node = one.at.get("output")
    if one.kind == "output" and one.absent is False and node is not None and not is_open(one.path):
        yield as_written(node), one.path
    yield from members_of(one, "Outputs")
    if not one.literal:
        yield from ((at, found.name) for at, found in found_in(as_written(one.at)) if found.kind == "output")
