"""Rule buildspec-batch-kinds."""

from collections.abc import Iterator

from validator.buildspec.spec import Buildspec
from validator.rule import Finding, Severity, rule

_KINDS = ("build-graph", "build-list", "build-matrix", "build-fanout")


@rule("buildspec-batch-kinds", Severity.WARNING)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A batch is of more than one kind.

    The documentation speaks of one kind per batch: a graph, a list, a matrix or a fan-out. Which of several CodeBuild
    takes, it does not say.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    batch:
      build-list:
        - buildspec: lint.yml
      build-graph:
        - identifier: build
          buildspec: build.yml
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    batch:
      build-graph:
        - identifier: lint
          buildspec: lint.yml
        - identifier: build
          buildspec: build.yml
    ```
    """
    batch = buildspec.node.get("batch")
    if batch is None or buildspec.is_open(batch):
        return
    kinds = [(key, node) for key, node in batch.items() if key in _KINDS and node.value is not None]
    if len(kinds) > 1:
        (first, one), (second, other) = kinds[:2]
        message = f"the batch has {first!r} and {second!r}, expected one kind"
        advice = "put all tasks into one of them; a graph can do what a list does"
        yield Finding(other.key, message, advice, related=((one.key, "the other kind"),))
