"""Documents and their nodes: plain values that know where they stand."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, total_ordering
from itertools import accumulate
from typing import Literal, NamedTuple, Protocol

type_name = {dict: "a mapping", list: "a list", str: "a string", bool: "a boolean", int: "a number", float: "a number"}

Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]
Path = tuple[str | int, ...]
Style = Literal["plain", "'", '"', "|", ">", "block", "flow"]

_KEY_STYLES: dict[str, Style] = {"'": "'", '"': '"', "|": "|", ">": ">"}
_CONTAINERS = (dict, list)
_LINE_END = re.compile(r"\r\n|\n|\r")
# Up to so many characters, counting lines is faster than to make a list of them.
_NEAR = 4_000


class Region(NamedTuple):
    """Half-open range of 0-based character offsets in a document's own text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A region of a file: 1-based lines and columns, 0-based offsets, all in code points; the end is exclusive.

    A byte order mark has an offset but no column.
    """

    path: str
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int


class Places(Protocol):
    """Where the nodes of one document stand; answers are worked out when asked."""

    def region(self, path: Path) -> Region:
        """Give the region of the value at a path that exists."""

    def key_region(self, path: Path) -> Region:
        """Give the region of the key that leads to a path; of the element itself in a list."""

    def style(self, path: Path) -> Style:
        """Say how the value is written; a JSON string is `"`, any other JSON scalar plain."""

    def characters(self, path: Path, *, key: bool = False) -> Sequence[Region]:
        """Map each character of a scalar's decoded text, or of its key, to the source characters that stand for it.

        Line ends that a block scalar ends with lie behind its region; they are empty regions at its end.
        """


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the text or shape of a document: data that a rule turns into a finding.

    Attributes:
        code: What kind of problem, for rules to choose by: `syntax`, `duplicate-key`, `shape` …
        sure: False where the document may well be none of ours, so that the finding must be a mild one.
        subject: What it is about where the message alone tells: the name of a key that is missing.
    """

    at: "Node"
    message: str
    help: str = ""
    code: str = "shape"
    related: tuple[tuple["Node", str], ...] = ()
    sure: bool = True
    subject: str = ""

    def unsure(self) -> "Problem":
        """Give the same problem of a document that may well be none of ours."""
        return replace(self, sure=False)


@dataclass(eq=False)
class Document:
    """One parsed file, or one text inside a scalar of another document.

    Attributes:
        path: As findings show it: relative to the working directory, with `/`.
        text: The whole text, newlines as written, a byte order mark included.
        value: The whole value as plain Python. Mapping keys are always strings, as written. None if it did not parse.
        places: Positions of the nodes.
        problems: What the parser saw, in order of position: a `syntax` problem means that there is no value.
        outer: The scalar that holds this text, for a document inside a document.
        characters: For an inner document, each character's region in the outer document's text; None if the text is
            the outer scalar's value as it is.
        foreign_tags: YAML tags that neither YAML nor CloudFormation knows: a sign that the file is another tool's.
        parts: How many YAML documents of the file hold anything; `value` is the first that does.
    """

    path: str
    text: str
    value: Value
    places: Places
    format: Literal["json", "yaml"] = "yaml"
    problems: tuple[Problem, ...] = ()
    outer: "Node | None" = None
    characters: Sequence[Region] | None = None
    foreign_tags: frozenset[str] = field(default=frozenset())
    parts: int = 1

    @property
    def root(self) -> "Node":
        """The node of the whole value."""
        return Node(self, (), self.value)

    @property
    def broken(self) -> bool:
        """Whether the text could not be parsed, so that nothing in it was checked."""
        return any(problem.code == "syntax" for problem in self.problems)

    @cached_property
    def line_starts(self) -> list[int]:
        r"""Offsets at which lines start; `\n`, `\r\n` and `\r` end lines and nothing else does."""
        if "\r" not in self.text:  # faster
            return list(accumulate([len(line) + 1 for line in self.text.split("\n")[:-1]], initial=0))
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def span(self, region: Region) -> Span:
        """Turn a region of this document's text into a span of the file that holds it."""
        if self.outer is not None:
            return self.outer.document.span(self._outwards(region, self.outer))
        line, column = self._position(region.start)
        end_line, end_column = self._position(region.end)
        return Span(self.path, region.start, region.end, line, column, end_line, end_column)

    def _position(self, offset: int) -> tuple[int, int]:
        if offset < _NEAR and "\r" not in (before := self.text[:offset]):
            line, start = before.count("\n") + 1, before.rfind("\n") + 1
        else:
            line = bisect_right(self.line_starts, offset)
            start = self.line_starts[line - 1]
        if line == 1 and self.text.startswith("\ufeff"):
            start = min(offset, 1)
        return line, offset - start + 1

    @cached_property
    def _outer_characters(self) -> Sequence[Region]:
        if self.characters is None and self.outer is not None:
            return self.outer.characters
        return self.characters or ()

    def _outwards(self, region: Region, outer: "Node") -> Region:
        characters = self._outer_characters
        if not characters:
            return outer.region
        if region.start >= len(characters):
            return Region(characters[-1].end, characters[-1].end)
        start = characters[region.start].start
        last = characters[min(region.end, len(characters)) - 1].end
        return Region(start, max(start, last) if region.end > region.start else start)


@total_ordering
class Node:
    """A handle on one value of a document, or on the key that leads to it.

    Equality and order are those of (document path, position in the tree). Two nodes of one path are the value and
    its key; a node may also be pinned to a region of the text that no path leads to, such as a syntax error's.
    """

    __slots__ = ("_pinned", "document", "is_key", "path", "value")

    def __init__(
        self, document: Document, path: Path, value: Value, *, is_key: bool = False, pinned: Region | None = None
    ) -> None:
        """Make a handle; `value` must be what stands at `path` (the key itself for a key)."""
        self.document = document
        self.path = path
        self.value = value
        self.is_key = is_key
        self._pinned = pinned

    def __repr__(self) -> str:
        """Show path and pointer, not the value: it may be a secret."""
        return f"<Node {self.document.path}#{self.pointer}{'!' + self.inner if self.inner else ''}>"

    def _identity(self) -> tuple[object, ...]:
        outer = self.document.outer
        tree = tuple((isinstance(part, str), part) for part in self.path)
        return (self.document.path, outer is not None, outer, tree, not self.is_key, self._pinned or ())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self.path == other.path and self._identity() == other._identity()

    def __lt__(self, other: object) -> bool:
        return self._identity() < other._identity() if isinstance(other, Node) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.document.path, self.path, self.is_key, self._pinned))

    # --- the value -------------------------------------------------------------------------------------------------

    def get(self, *path: str | int) -> "Node | None":
        """Go down by keys and indices; None where the way ends or is of another shape."""
        value = self.value
        for part in path:
            if isinstance(part, str) and isinstance(value, dict) and part in value:  # noqa: SIM114  # for the types
                value = value[part]
            elif isinstance(part, int) and isinstance(value, list) and 0 <= part < len(value):
                value = value[part]
            else:
                return None
        return Node(self.document, self.path + path, value)

    def items(self) -> Iterator[tuple[str, "Node"]]:
        """Yield the members of a mapping in order; nothing if the value is none."""
        if isinstance(self.value, dict):
            for key, value in self.value.items():
                yield key, Node(self.document, (*self.path, key), value)

    def elements(self) -> Iterator["Node"]:
        """Yield the elements of a list in order; nothing if the value is none."""
        if isinstance(self.value, list):
            for index, value in enumerate(self.value):
                yield Node(self.document, (*self.path, index), value)

    def walk(self) -> Iterator["Node"]:
        """Yield this node and all below it, parents first, in document order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            value, path = node.value, node.path
            if isinstance(value, dict):
                stack += [Node(self.document, (*path, key), child) for key, child in reversed(value.items())]
            elif isinstance(value, list):
                stack += [Node(self.document, (*path, at), value[at]) for at in reversed(range(len(value)))]

    def mappings(self) -> Iterator[tuple["Node", dict[str, Value]]]:
        """Yield the nodes that are mappings, of this one and all below it, with their values, as `walk` does."""
        stack = [self]
        while stack:
            node = stack.pop()
            value, path = node.value, node.path
            if isinstance(value, dict):
                yield node, value
                children: Iterable[tuple[str | int, Value]] = reversed(value.items())
            elif isinstance(value, list):
                children = zip(reversed(range(len(value))), reversed(value), strict=True)
            else:
                continue
            document = self.document
            stack += [Node(document, (*path, at), child) for at, child in children if isinstance(child, _CONTAINERS)]

    @property
    def parent(self) -> "Node | None":
        """The mapping or list that holds this node; None at a document's root."""
        return self.document.root.get(*self.path[:-1]) if self.path else None

    @property
    def name(self) -> str | int | None:
        """The last step of the path: the key or the index under which this value stands."""
        return self.path[-1] if self.path else None

    @property
    def key(self) -> "Node":
        """The key that leads here, as a place to report at; the node itself in a list or at the root."""
        if not self.path or isinstance(self.path[-1], int):
            return self
        return Node(self.document, self.path, self.path[-1], is_key=True)

    @property
    def kind(self) -> str:
        """What the value is, in words for a message: `a mapping`, `a list`, `a string` …."""
        return type_name.get(type(self.value), "nothing")

    # --- the place -------------------------------------------------------------------------------------------------

    def pin(self, region: Region) -> "Node":
        """Give the same node at a region of this document's text that only its parser knows."""
        return Node(self.document, self.path, self.value, is_key=self.is_key, pinned=region)

    @property
    def region(self) -> Region:
        """Where the node stands in its own document's text."""
        if self._pinned is not None:
            return self._pinned
        places = self.document.places
        return places.key_region(self.path) if self.is_key else places.region(self.path)

    @property
    def span(self) -> Span:
        """Where the node stands in the file."""
        return self.document.span(self.region)

    @property
    def key_span(self) -> Span:
        """Where the key that leads here stands; the node's own span in a list or at the root."""
        return self.key.span

    @property
    def text(self) -> str:
        """The source text of the node in its own document: `8.10`, `Yes`, `'quoted'`."""
        region = self.region
        return self.document.text[region.start : region.end]

    @property
    def style(self) -> Style:
        """How the value, or the key, is written."""
        if self.is_key:
            return _KEY_STYLES.get(self.text[:1], "plain")
        return self.document.places.style(self.path)

    @property
    def characters(self) -> Sequence[Region]:
        """Each character of a string's value, or of the key, as a region of its own document's text.

        Of any other scalar, each character of its source text.
        """
        return self.document.places.characters(self.path, key=self.is_key)

    @property
    def pointer(self) -> str:
        """JSON pointer in the file; of the enclosing scalar, for a document inside a document."""
        outer = self.document.outer
        return outer.pointer if outer is not None else _pointer(self.path)

    @property
    def inner(self) -> str:
        """JSON pointer within the text inside a scalar; empty in a file's own document."""
        outer = self.document.outer
        return outer.inner + _pointer(self.path) if outer is not None else ""


def _pointer(path: Path) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)
