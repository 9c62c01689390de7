"""Rule buildspec-unset-variable."""

from collections.abc import Iterator

from validator.buildspec.flow import Used
from validator.buildspec.shell import Part
from validator.buildspec.variables import always_set, misspelt
from validator.project import Source
from validator.rule import Finding, Severity, rule


@rule("buildspec-unset-variable", Severity.WARNING)
def check(source: Source) -> Iterator[Finding]:
    """A command uses a variable that nothing sets.

    The shell puts in nothing and goes on: `rm -rf $BULID_DIR/*` empties another folder. Most variables come from the
    project or the pipeline. So this is said only where these are known and do not set it; where a variable that is set
    has nearly the same name; or where a lower-case name, as shell programs give to what is their own, is only tested.

    Nothing is said of `${NAME:-default}`, nor where a command may set variables that nobody sees here: `source`,
    `eval`, `export $(…)`.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      variables:
        BUILD_DIR: out
    phases:
      build:
        commands:
          - make -C $BULID_DIR
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      variables:
        BUILD_DIR: out
    phases:
      build:
        commands:
          - make -C $BUILD_DIR
    ```
    """
    flow = source.buildspec.flow
    if flow.openings or flow.unread or source.buildspec.dialect not in {"sh", "bash"}:
        return
    known = source.buildspec.names | (source.variables or frozenset())
    uses: dict[str, list[Used]] = {}
    for use in flow.used:
        if use.name not in known and not use.name.isdigit() and not always_set(use.name):
            uses.setdefault(use.name, []).append(use)
    for name, each in uses.items():
        if any(use.defaulted for use in each):
            continue
        near, first = misspelt(name, known), each[0].part
        tested = all(_is_tested(use.part) for use in each)
        if near:
            yield Finding(first.node, f"{name!r} is set nowhere", f"did you mean {near!r}?")
        elif source.variables is not None and not tested:
            message = f"{name!r} is set nowhere: not here, not by the project, not by a pipeline"
            related = tuple((link.project.node, "the project") for link in source.links[:1])
            yield Finding(first.node, message, "set it where it belongs, or write what it stands for", related=related)
        elif tested and name.islower():
            yield Finding(first.node, f"{name!r} is tested, and nothing sets it", "test the variable that is set")


def _is_tested(part: Part) -> bool:
    """Whether a variable stands in a test: whoever tests it knows that it may be empty."""
    above = part.parent
    while above is not None and above.kind not in {"if_statement", "do_group", "program"}:
        name = above.field("name")
        if above.kind == "test_command" or (
            above.kind == "command" and name is not None and name.text in {"test", "["}
        ):
            return True
        above = above.parent
    return False
