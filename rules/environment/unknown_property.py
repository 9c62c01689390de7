"""Rule environment-unknown-property."""

from collections.abc import Iterator

from validator.cloudformation.schemas import Schema, schema
from validator.environment import Check, Suite, joined
from validator.environment.property_paths import checked, named, of_tree
from validator.environment.resources import row
from validator.project.environments import EnvironmentLink
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean, listed


@rule("environment-unknown-property", Severity.ERROR)
def check(subject: Suite | EnvironmentLink) -> Iterator[Finding]:
    """A check expects a property that resources of the type do not have.

    What is not there reads as nothing: the check never holds, or, if it expects nothing there, always. The properties
    are those of CloudFormation's registry, as cfn-lint brings them. Where nearly no name is like it, and the property
    may be newer than that, it is a warning.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: jobs, resource: Queue, type: "AWS::SQS::Queue", expect: {DelaySecond: 0}}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: jobs, resource: Queue, type: "AWS::SQS::Queue", expect: {DelaySeconds: 0}}
    ```
    """
    typed = checked(joined(subject)) if isinstance(subject, Suite) else of_tree(subject.checks, subject.roots)
    for one, kind in typed:
        if (known := schema(kind)) is not None:
            yield from _unknown(one, kind, known)


def _unknown(one: Check, type: str, known: Schema) -> Iterator[Finding]:
    read = row(type)
    beside = read.properties if read is not None else frozenset()
    wrong: list[tuple[str, ...]] = []
    for path, at in named(one, known):
        if any(path[: len(outer)] == outer for outer in wrong):
            continue
        members = known.members(*path[:-1])
        if members is None or path[-1] in members or (len(path) == 1 and path[-1] in beside):
            continue
        wrong.append(path)
        outer = ".".join(step for step in path[:-1] if step != "*")
        what = f"{outer} of {type}" if outer else type
        near = did_you_mean(path[-1], members)
        advice = near or f"known: {listed(map(repr, sorted(members)))}"
        severity = None if near else Severity.WARNING
        yield Finding(at, f"{what} has no property {path[-1]!r}", advice, severity=severity)
