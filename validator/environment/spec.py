"""Views of an environment spec, in either format, and of those that belong together."""

import posixpath
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, replace

from validator.document import Node, Problem
from validator.environment import checks, legacy
from validator.environment.checks import Spec
from validator.environment.references import circles
from validator.lazy import kept


@dataclass(frozen=True)
class EnvironmentSpec:
    """One environment spec.

    Nothing is promised about its shape: what is not as it should be is left out of every answer.

    Attributes:
        format: `legacy`, a mapping of operations to entries; or `1`, which says so in `envspec`.
    """

    node: Node
    format: str

    @property
    def schema(self) -> str:
        """The name of the schema for this format."""
        return "environment-legacy" if self.format == "legacy" else "environment-1"

    def expectations(self) -> Iterator["Expectation"]:
        """Yield what must be so, in the order of the file."""
        if self.format == "legacy":
            for entries, entry in legacy.entries(self.node):
                yield Expectation(entry, self, entries.key)
        elif (listed := self.node.get("checks")) is not None:
            for check in listed.elements():
                if isinstance(check.value, dict):
                    yield Expectation(check, self, check.get("call"))

    def operations(self) -> Iterator[Node]:
        """Yield every place that names an operation: the keys of the legacy format, `service.operation` in format 1."""
        if self.format == "legacy":
            for _, entries in self.node.items():  # noqa: PERF102  # a node, not a dict
                yield entries.key
            return
        if (allowed := self.node.get("allow_sensitive_reads")) is not None:
            yield from allowed.elements()
        for expectation in self.expectations():
            for call in (expectation.operation, expectation.node.get("also", "call")):
                if call is not None:
                    yield call


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing that must be so: an entry of the legacy format, a check of format 1.

    Attributes:
        operation: The node that names what to read it with: a key in the legacy format; in format 1 the value of
            `call`, None for a check that reads a resource, a stack or an output.
    """

    node: Node
    spec: EnvironmentSpec
    operation: Node | None


@kept
def read(spec: EnvironmentSpec) -> tuple[Spec, tuple[Problem, ...]]:
    """Read what a spec asks for, without what it includes.

    Returns:
        The spec as data, and what is wrong with it that its schema cannot say: see `matchers.read`, and `legacy.read`.
    """
    return legacy.read(spec.node) if spec.format == "legacy" else checks.read(spec.node)


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A path in a spec that names another.

    Attributes:
        spec: What it leads to; None if it leads nowhere, or to no spec.
        reason: Why there is no spec, as a message would say it; empty if that is not known.
        circle: If the spec includes the file that the path stands in: the files from the one to the other and back.
    """

    at: Node
    spec: EnvironmentSpec | None
    reason: str = ""
    circle: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suite:
    """A spec with all that it includes: what one run looks at together.

    Attributes:
        specs: The spec itself, then the included ones, each once, in the order in which they are met.
        inclusions: Every path that includes one.
    """

    specs: tuple[EnvironmentSpec, ...]
    inclusions: tuple[Inclusion, ...] = ()

    @property
    def root(self) -> EnvironmentSpec:
        """The spec that includes the others."""
        return self.specs[0]

    @property
    def complete(self) -> bool:
        """Whether all that it includes is at hand."""
        return all(one.spec is not None for one in self.inclusions)


@kept
def joined(suite: Suite) -> Spec:
    """Read what the specs of a suite ask for together."""
    return checks.join(read(spec)[0] for spec in suite.specs)


# What a path that stands in a spec leads to: another, or why to none, as a message would say it; nothing if that is
# not known.
Follow = Callable[[EnvironmentSpec, str], EnvironmentSpec | str]


def suites(specs: Mapping[str, EnvironmentSpec], files: Container[str], exists: Callable[[str], bool]) -> list[Suite]:
    """Put specs together with what they include: a suite for each that no other includes.

    Args:
        specs: By their absolute paths.
        files: The absolute paths of all files at hand, whatever they are.
        exists: Whether there is a file at an absolute path.
    """
    places = {_path(spec): place for place, spec in specs.items()}

    def follow(spec: EnvironmentSpec, path: str) -> EnvironmentSpec | str:
        place = posixpath.normpath(posixpath.join(posixpath.dirname(places[_path(spec)]), path))
        if place in specs:
            return specs[place]
        if place in files:
            return "is no spec of an environment"
        return "" if exists(place) else "is not there"

    found = [gather(spec, follow) for spec in specs.values()]
    included = {_path(one.spec) for suite in found for one in suite.inclusions if one.spec is not None}
    chosen = [suite for suite in found if _path(suite.root) not in included]
    # Of those that include each other in a circle, the first will do.
    reached = {_path(spec) for suite in chosen for spec in suite.specs}
    for suite in found:
        if _path(suite.root) not in reached:
            chosen.append(suite)
            reached |= {_path(spec) for spec in suite.specs}
    return chosen


def gather(root: EnvironmentSpec, follow: Follow) -> Suite:
    """Put a spec together with all that it includes; each file is looked through once, however often it is included."""
    specs = {_path(root): root}
    found: list[Inclusion] = []
    leads: dict[str, list[str]] = {}
    waiting = [root]
    while waiting:
        spec = waiting.pop()
        led = [(node, follow(spec, str(node.value))) for node in read(spec)[0].includes]
        found += [Inclusion(node, None, to) if isinstance(to, str) else Inclusion(node, to) for node, to in led]
        others = [to for _, to in led if not isinstance(to, str)]
        leads[_path(spec)] = [_path(other) for other in others]
        waiting += [other for other in reversed(others) if _path(other) not in specs]
        specs |= {_path(other): other for other in others if _path(other) not in specs}
    # The path that closes a circle is where it is told.
    closing = {(circle[-1], circle[0]): (*circle, circle[0]) for circle in circles(leads)}
    inclusions = [
        replace(one, circle=closing.get((one.at.document.path, _path(one.spec)), ())) if one.spec is not None else one
        for one in found
    ]
    return Suite(tuple(specs.values()), tuple(sorted(inclusions, key=lambda one: one.at)))


def _path(spec: EnvironmentSpec) -> str:
    return spec.node.document.path
