"""The shapes of what operations take and answer: botocore's models, without a session or a client."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from validator.environment.operations import model, names
from validator.environment.possible import KINDS
from validator.lazy import lazy

Kind = Literal[
    "any", "blob", "boolean", "float", "integer", "list", "map", "nothing", "string", "structure", "timestamp"
]

_SCALARS: Mapping[str, Kind] = {"long": "integer", "double": "float"}

# What can stand where a shape is: kinds of values, of `possible.KINDS`. A time is a text, or a number of seconds.
_VALUES: Mapping[Kind, frozenset[str]] = {
    "any": KINDS,
    "blob": frozenset({"string"}),
    "boolean": frozenset({"boolean"}),
    "float": frozenset({"number"}),
    "integer": frozenset({"number"}),
    "list": frozenset({"list"}),
    "map": frozenset({"mapping"}),
    "nothing": frozenset({"nothing"}),
    "string": frozenset({"string"}),
    "structure": frozenset({"mapping"}),
    "timestamp": frozenset({"string", "number"}),
}

_NOUNS: Mapping[Kind, str] = {
    "any": "anything",
    "blob": "a string",
    "boolean": "a boolean",
    "float": "a number",
    "integer": "a number",
    "list": "a list",
    "map": "a mapping",
    "nothing": "nothing",
    "string": "a string",
    "structure": "a mapping",
    "timestamp": "a time",
}


@dataclass(frozen=True, eq=False)
class Shape:
    """What a value looks like. Shapes may hold themselves; what is below one is worked out when asked.

    Attributes:
        kind: `any` for what no model tells: documents, JSON in a text that is decoded, streams.
        name: What the model calls it; `the answer of …` for a whole answer; empty for the shape of an expression.
        enum: The values that the model lists; AWS may have others by now.
        required: The members of a parameter that must be given.
        sensitive: Whether the model says that it is a secret.
        least: The least number, or the least length.
        is_union: Whether exactly one of the members is given.
    """

    kind: Kind
    name: str = ""
    enum: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    sensitive: bool = False
    least: float | None = None
    is_union: bool = False
    find_members: Callable[[], Mapping[str, "Shape"]] = field(default=dict, repr=False)
    find_element: Callable[[], "Shape"] | None = field(default=None, repr=False)

    @lazy
    def members(self) -> Mapping[str, "Shape"]:
        """The members of a structure by name."""
        return self.find_members()

    @lazy
    def element(self) -> "Shape":
        """What the elements of a list and the values of a map look like."""
        return self.find_element() if self.find_element is not None else ANY

    @property
    def values(self) -> frozenset[str]:
        """The kinds of values, of `possible.KINDS`, that can stand here where there is one."""
        return _VALUES[self.kind]

    @property
    def noun(self) -> str:
        """What it is, in words for a message."""
        return _NOUNS[self.kind]


ANY = Shape("any")


def listing(element: Shape) -> Shape:
    """Make the shape of a list."""
    return Shape("list", find_element=lambda: element)


@dataclass(frozen=True)
class Operation:
    """One operation: what it takes, and what it answers."""

    service: str
    name: str
    input: Shape
    output: Shape


@lru_cache(maxsize=256)
def operation(service: str, name: str) -> Operation | None:
    """Give an operation as boto3 spells it; None if there is no such one."""
    if (api := names(service).get(name)) is None:
        return None
    found = model(service)["operations"][api]
    takes, answers = _shapes(service, "input"), _shapes(service, "output")
    given = takes.shape(found["input"]["shape"]) if "input" in found else Shape("structure")
    got = answers.shape(found["output"]["shape"]) if "output" in found else Shape("structure")

    def members() -> Mapping[str, Shape]:
        beside = _handlers()["beside"].get(service, {})
        more = [*_handlers()["everywhere"], *(new for old, new in beside.items() if old in got.members)]
        return {**got.members, **dict.fromkeys(more, ANY)}

    answer = Shape("structure", f"the answer of {service}.{name}", sensitive=got.sensitive, find_members=members)
    return Operation(service, name, given, answer)


class _Shapes:
    """The shapes of one service, in one direction: botocore decodes some of what is answered."""

    def __init__(self, service: str, direction: str) -> None:
        self._raw: Mapping[str, Any] = model(service)["shapes"]
        self._decoded = frozenset(_handlers()["decoded"].get(service, ()) if direction == "output" else ())
        self._filled_in = frozenset(_handlers()["filled_in"].get(service, ()))
        self._unlisted: Mapping[str, Any] = _handlers()["unlisted"].get(service, {})
        self._known: dict[str, Shape] = {}

    def shape(self, name: str) -> Shape:
        """Give the shape of a name of the model."""
        if name not in self._known:
            self._known[name] = self._shape(name, self._raw[name])
        return self._known[name]

    def _shape(self, name: str, raw: Mapping[str, Any]) -> Shape:
        if name in self._decoded or not {"document", "eventstream", "streaming"}.isdisjoint(raw):
            return Shape("any", name, sensitive=bool(raw.get("sensitive")))
        kind: Kind = _SCALARS.get(raw["type"], raw["type"])
        members: Mapping[str, Any] = raw.get("members", {})
        enum: tuple[str, ...] = tuple(raw.get("enum", ()))
        of = raw.get("member" if kind == "list" else "value")
        required = (one for one in raw.get("required", ()) if one not in self._filled_in)
        return Shape(
            kind,
            name,
            (*enum, *self._unlisted.get(name, ())) if enum else (),
            # botocore makes up the tokens that let a request be repeated.
            tuple(one for one in required if not members.get(one, {}).get("idempotencyToken")),
            bool(raw.get("sensitive")),
            raw.get("min"),
            bool(raw.get("union")),
            lambda: {key: self._member(member) for key, member in members.items()},
            (lambda: self._member(of)) if of is not None else None,
        )

    def _member(self, raw: Mapping[str, Any]) -> Shape:
        if "jsonvalue" in raw or "streaming" in raw:
            return ANY
        return self.shape(raw["shape"])


@lru_cache(maxsize=32)
def _shapes(service: str, direction: str) -> _Shapes:
    return _Shapes(service, direction)


@cache
def _handlers() -> dict[str, Any]:
    text = (Path(__file__).parent / "data" / "handlers.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
