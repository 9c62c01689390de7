"""Rule environment-unknown-type."""

import re
from collections.abc import Iterator

from validator.cloudformation import schemas
from validator.document import Node
from validator.environment import EnvironmentSpec, read
from validator.environment.references import is_open
from validator.environment.resources import row
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean

_TYPE = re.compile(r"[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}(?:::MODULE)?|Custom::[\w@-]+")
# What a transform makes something else of.
_MACROS = ("AWS::Serverless::",)


@rule("environment-unknown-type", Severity.ERROR)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A check names a type of resources that CloudFormation does not have.

    No resource is of it, so that the check of one fails and that of a set looks at none. The types are those of
    CloudFormation's registry, as cfn-lint brings them. One that is like none of them may be newer: it is a warning.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: groups, resources: {type: "AWS::EC2::SecurityGroups"}, each: {GroupDescription: {exists: true}}}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: groups, resources: {type: "AWS::EC2::SecurityGroup"}, each: {GroupDescription: {exists: true}}}
    ```
    """
    for one in read(spec)[0].checks:
        at = one.at.get("type") or (one.members.at.get("type") if one.members is not None else None)
        if at is not None and isinstance(at.value, str) and not is_open(at.value):
            yield from _named(at, at.value)


def _named(at: Node, name: str) -> Iterator[Finding]:
    known = schemas.types()
    if not known or name in known or row(name) is not None or name.startswith(_MACROS):
        return
    near = did_you_mean(name, known)
    if not _TYPE.fullmatch(name):
        yield Finding(at, f"{name!r} is no name of a type", near or "write it as 'AWS::EC2::SecurityGroup'")
    elif name.startswith("AWS::"):
        message = f"CloudFormation has no type {name!r}"
        yield Finding(at, message, near, severity=None if near else Severity.WARNING)
