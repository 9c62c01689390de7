"""References in the texts of a spec: `${var.NAME}`, `${output:Path}`, and the values that come in their place."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from validator.document import Node, Region, Value

# What `${target.…}` can ask for.
TARGET = ("account", "name", "partition", "region", "stack")

# What a text comes to is bounded: variables that hold each other twice would double it with every step.
MAX_TEXT = 100_000
MAX_STEPS = 50

_PIECE = re.compile(r"\$\$\{|\$\{(?P<body>[^{}]*)\}")
_DOTTED = re.compile(r"(?P<kind>var|target)\.(?P<name>[A-Za-z0-9_.-]+)")
_PATHED = re.compile(r"(?P<kind>output|param|resource):(?P<name>[A-Za-z0-9_./:-]+)")


@dataclass(frozen=True, slots=True)
class Reference:
    """One `${…}` of a text.

    Attributes:
        kind: `var` and `target`, which the spec says; `output`, `param` and `resource`, which only the deployed stack
            knows; empty for what is none of these.
        name: What stands behind the kind: a name, or the path of an output or of a resource.
        start: Where it starts in the text, and `end` where it ends: 0-based, in characters.
    """

    kind: str
    name: str
    text: str
    start: int
    end: int

    @property
    def is_live(self) -> bool:
        """Whether only the deployed stack knows the value."""
        return self.kind in {"output", "param", "resource"}


class UnresolvedError(Exception):
    """A reference that has no value; says which, and why."""

    def __init__(self, reference: Reference, reason: str) -> None:
        """Take the reference and the reason, as a message would say it."""
        super().__init__(f"{reference.text} {reason}")
        self.reference = reference
        self.reason = reason


# Gives the value of a reference, or raises UnresolvedError.
Lookup = Callable[[Reference], Value]


def references(text: str) -> tuple[Reference, ...]:
    """List the references of a text in order; `$${` is no reference but the text `${`."""
    return tuple(_reference(match) for match in _PIECE.finditer(text) if match["body"] is not None)


def escaped(value: Value) -> Value:
    """Write all texts of a value so that nothing in them is a reference; names of members stay as they are."""
    if isinstance(value, str):
        return _PIECE.sub(lambda match: f"${match[0]}", value)
    if isinstance(value, dict):
        return {name: escaped(member) for name, member in value.items()}
    return [escaped(element) for element in value] if isinstance(value, list) else value


def found_in(node: Node) -> Iterator[tuple[Node, Reference]]:
    """Yield every reference below a node, with the node pinned to where it stands."""
    for each in node.walk():
        if isinstance(each.value, str) and "${" in each.value:
            for reference in references(each.value):
                yield place(each, reference.start, reference.end), reference


def place(node: Node, start: int, end: int) -> Node:
    """Give the node of a text, or of a key, pinned to a part of it: 0-based, in characters of its value."""
    characters = node.characters
    if not start < end <= len(characters):
        return node
    return node.pin(Region(characters[start].start, characters[end - 1].end))


def is_open(value: Value) -> bool:
    """Say whether a value is not known before its references are."""
    return isinstance(value, str) and bool(references(value))


def substitute(value: Value, lookup: Lookup) -> Value:
    """Put values in place of the references in all texts of a value; names of members stay as they are.

    A text that is one reference and nothing else becomes what that is, of whatever type; within a text, a value is
    written as YAML would: `true`, `80`.

    Raises:
        UnresolvedError: A reference has no value, or one that has no place within a text.
    """
    if isinstance(value, str):
        return _substituted(value, lookup) if "${" in value else value
    if isinstance(value, dict):
        return {key: substitute(member, lookup) for key, member in value.items()}
    if isinstance(value, list):
        return [substitute(element, lookup) for element in value]
    return value


def filled(node: Node, lookup: Lookup) -> Node:
    """Give a node with values in place of references: what is below it stands where it stood.

    Raises:
        UnresolvedError: As `substitute`.
    """
    return Node(node.document, node.path, substitute(node.value, lookup), is_key=node.is_key)


def as_written(node: Node) -> Node:
    """Give the node that a filled one is made of, as the file has it: the reference for what came in its place."""
    root, path = node.document.root, node.path
    found = root.get(*path)
    while found is None:
        path = path[:-1]
        found = root.get(*path)
    return found.key if node.is_key and path == node.path else found


def settle(definitions: Mapping[str, Node], live: Lookup) -> Lookup:
    """Make the lookup of a target: variables and the target's own values may refer to each other.

    Args:
        definitions: What the spec says, by `var.NAME` and `target.NAME`.
        live: Asked for what only the deployed stack knows.
    """
    known: dict[str, Value] = {}
    waiting: list[str] = []

    def lookup(reference: Reference) -> Value:
        if reference.is_live:
            return live(reference)
        name = f"{reference.kind}.{reference.name}"
        if name not in definitions:
            raise UnresolvedError(reference, "is not defined")
        if name in waiting:
            raise UnresolvedError(reference, "refers to itself")
        if len(waiting) >= MAX_STEPS:
            raise UnresolvedError(reference, f"is more than {MAX_STEPS} references away from its value")
        if name not in known:
            waiting.append(name)
            try:
                known[name] = substitute(definitions[name].value, lookup)
            finally:
                waiting.pop()
        return known[name]

    return lookup


def cycles(definitions: Mapping[str, Node]) -> tuple[tuple[str, ...], ...]:
    """Find the definitions, by `var.NAME` and `target.NAME`, that refer to themselves: see `circles`."""
    return circles({name: _names(node, definitions) for name, node in definitions.items()})


def circles(leads: Mapping[str, Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    """Find what leads back to itself.

    Args:
        leads: For each name the names that it leads to directly, all of them keys.

    Returns:
        Circles that together hold every name that leads to itself, each once, from the name that is met first; the last
        of each leads to its first.
    """
    found: list[tuple[str, ...]] = []
    done: set[str] = set()
    for start in leads:
        # The way here, and the names to enter, None where the last of the way is left again.
        way: dict[str, None] = {}
        waiting: list[str | None] = [start]
        while waiting:
            name = waiting.pop()
            if name is None:
                done.add(way.popitem()[0])
            elif name in way:
                path = list(way)
                found.append(tuple(path[path.index(name) :]))
            elif name not in done:
                way[name] = None
                waiting += [None, *reversed(list(leads[name]))]
    return tuple(found)


def _names(node: Node, definitions: Mapping[str, Node]) -> tuple[str, ...]:
    names = (f"{reference.kind}.{reference.name}" for _, reference in found_in(node))
    return tuple(dict.fromkeys(name for name in names if name in definitions))


def _reference(match: re.Match[str]) -> Reference:
    body = match["body"]
    known = _DOTTED.fullmatch(body) or _PATHED.fullmatch(body)
    kind, name = (known["kind"], known["name"]) if known else ("", body)
    return Reference(kind, name, match[0], *match.span())


def _substituted(text: str, lookup: Lookup) -> Value:
    whole = _PIECE.fullmatch(text)
    if whole is not None and whole["body"] is not None:
        return _value(_reference(whole), lookup)
    pieces: list[str] = []
    size = end = 0
    for match in _PIECE.finditer(text):
        reference = _reference(match) if match["body"] is not None else None
        written = "${" if reference is None else _written(reference, _value(reference, lookup))
        pieces += [text[end : match.start()], written]
        end = match.end()
        size += len(pieces[-2]) + len(pieces[-1])
        if size > MAX_TEXT and reference is not None:
            raise UnresolvedError(reference, f"makes a text of more than {MAX_TEXT:,} characters")
    return "".join([*pieces, text[end:]])


def _value(reference: Reference, lookup: Lookup) -> Value:
    if not reference.kind:
        raise UnresolvedError(reference, "is no reference")
    return lookup(reference)


def _written(reference: Reference, value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise UnresolvedError(reference, "is no plain value, and other text stands around it")
