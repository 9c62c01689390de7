"""Rule environment-write-only-property."""

from collections.abc import Iterator

from validator.cloudformation.schemas import Schema, schema
from validator.environment import Check, Suite, joined
from validator.environment.property_paths import checked, named, of_tree
from validator.environment.resources import row
from validator.project.environments import EnvironmentLink
from validator.rule import Finding, Severity, rule


@rule("environment-write-only-property", Severity.ERROR)
def check(subject: Suite | EnvironmentLink) -> Iterator[Finding]:
    """A check expects a property that can be written, and never read back.

    AWS gives nobody a password, nor what only steers how a resource is made. The check can never hold.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: db, resource: Database, type: "AWS::RDS::DBInstance", expect: {AllowMajorVersionUpgrade: true}}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: db, resource: Database, type: "AWS::RDS::DBInstance", expect: {AutoMinorVersionUpgrade: true}}
    ```
    """
    typed = checked(joined(subject)) if isinstance(subject, Suite) else of_tree(subject.checks, subject.roots)
    for one, kind in typed:
        if (known := schema(kind)) is not None:
            yield from _unreadable(one, kind, known)


def _unreadable(one: Check, type: str, known: Schema) -> Iterator[Finding]:
    read = row(type)
    told: set[tuple[str, ...]] = set()
    for path, at in named(one, known):
        by_table = read is not None and path[0] in read.properties
        if path in known.write_only and not by_table and path not in told:
            told.add(path)
            message = f"{path[-1]!r} of {type} cannot be read back"
            yield Finding(at, message, "leave it out; check what comes of it instead")
