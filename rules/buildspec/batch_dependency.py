"""Rule buildspec-batch-dependency."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from validator.buildspec.spec import Buildspec
from validator.document import Node
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean, listed


@rule("buildspec-batch-dependency", Severity.ERROR)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A task of a build graph depends on itself, on a task that there is not, or on one that waits for it.

    No order satisfies it, and the batch fails before its first build.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    batch:
      build-graph:
        - identifier: build
          buildspec: build.yml
        - identifier: deploy
          buildspec: deploy.yml
          depend-on:
            - biuld
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    batch:
      build-graph:
        - identifier: build
          buildspec: build.yml
        - identifier: deploy
          buildspec: deploy.yml
          depend-on:
            - build
    ```
    """
    graph = buildspec.node.get("batch", "build-graph")
    if graph is None or not isinstance(graph.value, list):
        return
    tasks: dict[str, Node] = {}
    for task in graph.elements():
        identifier = task.get("identifier")
        if buildspec.is_open(task) or identifier is None or buildspec.is_open(identifier):
            return  # it may be what another one depends on
        if isinstance(identifier.value, str | int | float):
            tasks.setdefault(identifier.value if isinstance(identifier.value, str) else identifier.text, task)
    edges = {name: _dependencies(buildspec, task) for name, task in tasks.items()}
    for name, needs in edges.items():
        for other, node in needs.items():
            if other == name:
                yield Finding(node, f"{name!r} depends on itself", "remove it")
            elif other not in tasks:
                advice = did_you_mean(other, tasks) or f"the tasks are {listed(tasks)}"
                yield Finding(node, f"{name!r} depends on {other!r}, and no task is called so", advice)
    yield from _circles(edges)


def _dependencies(buildspec: Buildspec, task: Node) -> dict[str, Node]:
    """Give what a task depends on, by identifier."""
    needs = task.get("depend-on")
    if needs is None or isinstance(needs.value, dict) or needs.value is None:
        return {}
    nodes = [needs] if not isinstance(needs.value, list) else needs.elements()
    known = [node for node in nodes if not isinstance(node.value, dict | list) and not buildspec.is_open(node)]
    return {node.value if isinstance(node.value, str) else node.text: node for node in known}


def _circles(edges: Mapping[str, Mapping[str, Node]]) -> Iterator[Finding]:
    """Report each circle once, where a task waits for one further down: people write tasks in the order they run."""
    order = {name: at for at, name in enumerate(_waiting(edges))}
    told: set[str] = set()
    for name, at in order.items():
        for other, node in edges[name].items():
            if order.get(other, -1) <= at or not told.isdisjoint({name, other}):
                continue
            way = _way(edges, other, name)
            told |= {*way}
            if way:
                message = f"{name!r} depends on {other!r}, which waits for it: {listed([name, *way], most=6)}"
                related = tuple((edges[a][b], f"{a!r} depends on {b!r}") for a, b in pairwise(way))
                yield Finding(node, message, "remove one of these dependencies", related=related)


def _waiting(edges: Mapping[str, Mapping[str, Node]]) -> list[str]:
    """Give the tasks that wait for a circle, in order: what is left when all that can run has run."""
    needs = {name: {other for other in each if other in edges and other != name} for name, each in edges.items()}
    dependents: dict[str, list[str]] = {}
    for name, each in needs.items():
        for other in each:
            dependents.setdefault(other, []).append(name)
    ready = [name for name, each in needs.items() if not each]
    for name in ready:
        for other in dependents.get(name, ()):
            needs[other].discard(name)
            if not needs[other]:
                ready.append(other)
    return [name for name in edges if needs[name]]


def _way(edges: Mapping[str, Mapping[str, Node]], start: str, end: str) -> list[str]:
    """Find a shortest way of dependencies; empty if there is none."""
    came = {start: ""}
    queue = [start]
    for name in queue:
        if name == end:
            break
        for other in edges[name]:
            if other in edges and other not in came:
                came[other] = name
                queue.append(other)
    if end not in came:
        return []
    way = [end]
    while way[-1] != start:
        way.append(came[way[-1]])
    return way[::-1]
