"""Rule buildspec-no-phases."""

from collections.abc import Iterator

from validator.buildspec.spec import PHASES, Buildspec
from validator.document import Node
from validator.rule import Finding, Severity, rule
from validator.suggest import listed, nearest


@rule("buildspec-no-phases", Severity.ERROR)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A buildspec has no phases, or they stand one level too high.

    CodeBuild takes commands from what lies below `phases:` only. Without it a build fails with YAML_FILE_ERROR, such as
    "wrong number of container tags, expected 1". A file that only splits a batch needs none, if its tasks name others.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
    build:
      commands:
        - make
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    ```
    """
    root, phases = buildspec.node, buildspec.node.get("phases")
    if not isinstance(root.value, dict) or (phases is not None and phases.value not in (None, {})):
        return
    if any(buildspec.is_open(member.key) for _, member in root.items()):
        return
    strays = [member for phase in PHASES if (member := root.get(phase)) is not None]
    if strays:
        yield _too_high(phases, strays)
    elif root.get("batch") is not None:
        yield from _tasks(buildspec)
    elif phases is not None:
        message = "phases is empty, so that the build runs nothing"
        severity = None if phases.value is None else Severity.WARNING
        yield Finding(
            phases.key, message, f"name one of its phases below it: {listed(map(repr, PHASES))}", severity=severity
        )
    elif not any(nearest(key, ("phases",)) for key in root.value):
        advice = "write 'phases:' with a phase below it, such as 'build:', and its 'commands:'"
        yield Finding(root, "the buildspec has neither phases nor a batch", advice, subject="phases")


def _too_high(phases: Node | None, strays: list[Node]) -> Finding:
    names, first = listed(repr(each.name) for each in strays), strays[0].key
    it, stands = ("it", "stands") if len(strays) == 1 else ("them", "stand")
    related = tuple((each.key, "a phase that stands too high") for each in strays)
    if phases is None:
        message = f"{names} {stands} at the top level, and there is no 'phases:' above {it}"
        return Finding(first, message, f"write 'phases:', and indent {it} by two spaces below it", related=related[1:])
    says = "YAML_FILE_ERROR: wrong number of container tags, expected 1"
    advice = f'indent {it} by two spaces; CodeBuild would say "{says}"'
    return Finding(phases.key, f"phases is empty: {names} {stands} beside it", advice, related=related)


def _tasks(buildspec: Buildspec) -> Iterator[Finding]:
    """Report what runs this very file, which is all that a task without a buildspec of its own can run."""
    message = "this task runs this very file, which has no phases"
    advice = "name the buildspec that it shall run, or write the phases here"
    for task in buildspec.tasks():
        if isinstance(task.value, dict) and "buildspec" not in task.value and not buildspec.is_open(task):
            at = task.get("identifier") or task
            yield Finding(at, message, advice, severity=Severity.WARNING)
    for kind, where in (("build-matrix", ("dynamic", "buildspec")), ("build-fanout", ("buildspec",))):
        node = buildspec.node.get("batch", kind)
        if (
            node is not None
            and isinstance(node.value, dict)
            and node.get(*where) is None
            and not buildspec.is_open(node)
        ):
            yield Finding(node.key, message.replace("task runs", "batch runs"), advice, severity=Severity.WARNING)
