"""Views of an environment spec, in either format."""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.document import Node


@dataclass(frozen=True, slots=True)
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
            for _, entries in self.node.items():  # noqa: PERF102  # a node, not a dict
                for entry in entries.elements() if isinstance(entries.value, list) else (entries,):
                    if isinstance(entry.value, dict):
                        yield Expectation(entry, self, entries.key)
        elif (checks := self.node.get("checks")) is not None:
            for check in checks.elements():
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
