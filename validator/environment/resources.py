"""How resources are read: which operations give the properties of a CloudFormation type, by data/resources.json."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from validator.document import Value

# What stands for a part of a physical id.
PART = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, slots=True)
class Read:
    """One operation that gives some properties of a resource.

    Attributes:
        parameters: As in the data, with `{id}` and the like in them.
        select: The JMESPath expression that finds the resource in the answer.
        missing: The error codes that mean that there is no such resource.
        unset: The error codes that mean that it has none of the properties of this read.
        properties: A JMESPath expression for each property, on what `select` finds; or `{id}` for a part of the id.
    """

    service: str
    operation: str
    parameters: Mapping[str, Value]
    select: str
    missing: frozenset[str]
    unset: frozenset[str]
    properties: Mapping[str, str]

    def given(self, parts: Mapping[str, str]) -> dict[str, Value]:
        """Give the parameters for one resource, without those whose part its id does not have."""
        filled = {name: _filled(value, parts) for name, value in self.parameters.items()}
        return {name: value for name, value in filled.items() if value != ""}

    def found(self, answer: Value, parts: Mapping[str, str]) -> Value:
        """Find the resource in an answer; None if it is not there."""
        import jmespath  # noqa: PLC0415  # of use only where something has been read

        expression = PART.sub(lambda match: _literal(parts.get(match[1], "")), self.select)
        found: Value = jmespath.search(expression, answer) if expression else answer
        return found

    def shaped(self, resource: Value, parts: Mapping[str, str], names: Collection[str]) -> dict[str, Value]:
        """Give those of some properties that this read is for, as CloudFormation has them; without those unset."""
        import jmespath  # noqa: PLC0415

        found: dict[str, Value] = {}
        for name, expression in self.properties.items():
            if name in names:
                part = PART.fullmatch(expression)
                value = parts.get(part[1], "") if part else _set(jmespath.search(expression, resource))
                if value is not None:
                    found[name] = value
        return found


@dataclass(frozen=True, slots=True)
class Row:
    """How resources of one type are read.

    Attributes:
        pattern: What their physical ids look like; its groups are the parts that parameters may ask for.
        reads: The first tells whether the resource is there.
        small: The properties that the service keeps in small letters.
    """

    type: str
    reads: tuple[Read, ...]
    pattern: re.Pattern[str] = field(default=re.compile(""))
    small: frozenset[str] = frozenset()

    @property
    def properties(self) -> frozenset[str]:
        """The properties that can be read."""
        return frozenset(name for read in self.reads for name in read.properties)

    def parts(self, id: str) -> dict[str, str] | None:
        """Take a physical id apart; None if it is not as those of the type are."""
        match = self.pattern.match(id)
        return None if match is None else {"id": id} | {name: text or "" for name, text in match.groupdict().items()}

    def reads_for(self, names: Collection[str]) -> Iterator[Read]:
        """Yield the reads that give some properties: always the first, others only for what is asked for."""
        for number, read in enumerate(self.reads):
            if number == 0 or not read.properties.keys().isdisjoint(names):
                yield read


@cache
def row(type: str) -> Row | None:
    """Give the row of a type; None for one that has none."""
    found = _table().get(type)
    if found is None:
        return None
    pattern = re.compile(found.get("id", ""), re.DOTALL)
    return Row(type, tuple(map(_read, found["reads"])), pattern, frozenset(found.get("small", ())))


def types() -> tuple[str, ...]:
    """List the types that have rows, sorted."""
    return tuple(sorted(_table()))


def _read(found: Mapping[str, Any]) -> Read:
    service, _, operation = found["call"].partition(".")
    return Read(
        service,
        operation,
        found.get("with", {}),
        found.get("select", ""),
        frozenset(found.get("missing", ())),
        frozenset(found.get("unset", ())),
        {name: expression or name for name, expression in found["properties"].items()},
    )


@cache
def _table() -> Mapping[str, Any]:
    text = (Path(__file__).parent / "data" / "resources.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)["types"]
    return found


def _filled(value: Value, parts: Mapping[str, str]) -> Value:
    if isinstance(value, str):
        return PART.sub(lambda match: parts.get(match[1], ""), value)
    if isinstance(value, list):
        return [_filled(element, parts) for element in value]
    if isinstance(value, dict):
        return {name: _filled(member, parts) for name, member in value.items()}
    return value


def _literal(text: str) -> str:
    """Write a text as a literal of JMESPath."""
    return "`" + json.dumps(text).replace("`", "\\`") + "`"


def _set(value: Value) -> Value:
    """Leave out members that are not set, as CloudFormation does."""
    if isinstance(value, dict):
        return {name: _set(member) for name, member in value.items() if member is not None}
    return [_set(element) for element in value] if isinstance(value, list) else value
