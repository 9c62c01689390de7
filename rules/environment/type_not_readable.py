"""Rule environment-type-not-readable."""

from collections.abc import Iterator

from validator.cloudformation.schemas import schema
from validator.environment import Check, Suite, joined
from validator.environment.plan import head, names, ways
from validator.environment.property_paths import checked, of_tree
from validator.project.environments import EnvironmentLink
from validator.rule import Finding, Severity, rule


@rule("environment-type-not-readable", Severity.WARNING)
def check(subject: Suite | EnvironmentLink) -> Iterator[Finding]:
    """A check expects something of resources that nothing can read.

    The packaged table of types does not have it, and Cloud Control has no way to read it. `verify` reports it as not
    checked. That the resource is there can be checked, and a `call` can look at it.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: mesh, resource: Mesh, type: "AWS::AppMesh::Mesh", expect: {Spec: {exists: true}}}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: mesh
      call: appmesh.describe_mesh
      with: {meshName: "${resource:Mesh}"}
      expect: {mesh.spec: {exists: true}}
    ```
    """
    typed = checked(joined(subject)) if isinstance(subject, Suite) else of_tree(subject.checks, subject.roots)
    for one, kind in typed:
        yield from _unreadable(one, kind)


def _unreadable(one: Check, kind: str) -> Iterator[Finding]:
    wanted = names(one)
    found, cloud = ways(kind, wanted, one.via)
    readable = cloud and _has_handler(kind)
    if not wanted or readable:
        return
    advice = "look at it with a `call`" if not _has_handler(kind) else "leave `via` out, so that Cloud Control reads it"
    if found is None:
        at = one.at.get("type") or one.at.get(one.kind) or one.at
        yield Finding(at, f"nothing reads the properties of {kind}", advice)
        return
    known = schema(kind)
    for each in one.expected:
        name = head(each.path)
        # Of properties that there are not, and of those that can only be written, other rules speak.
        if known is not None and ((name,) in known.write_only or name not in (known.members() or {name})):
            continue
        if name and name not in found.properties:
            yield Finding(each.at, f"nothing reads {name!r} of {kind}", advice)


def _has_handler(kind: str) -> bool:
    """Say whether Cloud Control may read resources of a type: a custom resource's never, another's as it is known."""
    known = schema(kind)
    return known.read_permissions is not None if known is not None else not kind.startswith("Custom::")
