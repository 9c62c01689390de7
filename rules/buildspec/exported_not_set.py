"""Rule buildspec-exported-not-set."""

from collections.abc import Iterator

from validator.buildspec.variables import always_set
from validator.project import Source
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean


@rule("buildspec-exported-not-set", Severity.ERROR)
def check(source: Source) -> Iterator[Finding]:
    """A variable is to be exported from the build, and nothing sets it.

    The actions of the pipeline that read it get nothing. It is a warning where the project is not known, which may set
    it, and a note where a command sets it without `export`.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      exported-variables: [IMAGE_TAG]
    phases:
      build:
        commands:
          - export TAG=$(git rev-parse --short HEAD)
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      exported-variables: [IMAGE_TAG]
    phases:
      build:
        commands:
          - export IMAGE_TAG=$(git rev-parse --short HEAD)
    ```
    """
    buildspec, flow = source.buildspec, source.buildspec.flow
    listed = source.node.get("env", "exported-variables")
    if listed is None or flow.openings or flow.unread or buildspec.dialect not in {"sh", "bash"}:
        return
    given = {one.name for one in buildspec.variables()} | (source.variables or frozenset())
    assigned = {one.name: one for one in flow.assigned}
    everything = any(call.starts("set") and {("-a",), ("allexport",)} & {*call.words} for call in flow.calls)
    for node in listed.elements():
        name = node.value
        if not isinstance(name, str) or buildspec.is_open(node) or name in given or always_set(name):
            continue
        if name not in assigned and name not in flow.exported:
            known = source.variables is not None
            advice = did_you_mean(name, assigned) or f"set it in a command: export {name}=…"
            severity = None if known else Severity.WARNING
            yield Finding(node, f"{name!r} is exported, and nothing sets it", advice, severity=severity)
        elif name not in flow.exported and not everything:
            yield Finding(
                node,
                f"{name!r} is set without 'export'",
                f"write 'export {name}=…': other variables may stay within the shell",
                severity=Severity.NOTE,
                related=((assigned[name].part.node, "it is set here"),),
            )
