"""Shell programs as trees: what a shell makes of a text, and where each part of it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from validator.document import Node, Region

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax
    from tree_sitter import Parser, Tree

# What is longer was not written by hand; and the parser takes memory with the square of the pipes when it must recover.
LONGEST = 500_000
MOST_PIPES = 1_000
# Time, too, goes with the square of the arrays that do not end.
MOST_ARRAYS = 200
# The parser reports after every hundred steps or so; a program without a fault takes one step for two characters.
_PATIENCE = 2_000
# To a shell all of these are letters like others. Of one byte each, the parser's places are ours.
_FOREIGN = re.compile(r"[^\x01-\x7f]|[\v\f]|\r(?!\n)")
# What ends a variable's name and goes on with its word: in `$A/$B/c` the grammar takes the second `$` for a letter, and
# the word for two. It does not before a percent sign, which is a letter, and an operator in sums, as these are.
_BEHIND_A_NAME = re.compile(r"(\$[A-Za-z_]\w*)(?:[-./,+~^*!]|[^\x01-\x7f])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Script:
    """A text that a shell runs.

    Attributes:
        node: What holds it.
        text: All of it.
        plain: Whether it is the file's own text; else it is the scalar's value.
    """

    node: Node
    text: str
    plain: bool = False

    @property
    def is_substituted(self) -> bool:
        """Whether CloudFormation puts in values for `${Name}` before a shell reads it."""
        outer = self.node.document.outer
        return outer is not None and "Fn::Sub" in outer.path

    @property
    def unread(self) -> str:
        """Why nobody reads it; empty if it is read."""
        if len(self.text) > LONGEST:
            return f"it is longer than {LONGEST:,} characters"
        if self.text.count("|") > MOST_PIPES:
            return f"it has more than {MOST_PIPES:,} pipes"
        if self.text.count("=(") > MOST_ARRAYS:
            return f"it has more than {MOST_ARRAYS:,} arrays"
        return "" if _parsed(self.text) is not None else "reading it takes too long"

    @property
    def root(self) -> "Part":
        """All of it as a tree; an empty program where nobody reads it."""
        tree = _parsed("" if self.unread else self.text)
        assert tree is not None
        return Part(self, tree.root_node)

    def at(self, start: int, end: int) -> Node:
        """Give a stretch of the text as a place to report at; the whole scalar where that cannot be told."""
        if self.plain:
            return self.node.pin(Region(start, end))
        characters = self.node.characters
        if len(characters) < end or start >= end:
            return self.node
        return self.node.pin(Region(characters[start].start, characters[end - 1].end))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a shell program: a command, a loop, a word, or an operator."""

    script: Script
    syntax: "Syntax"

    @property
    def kind(self) -> str:
        """What it is, by the grammar's names: `command`, `pipeline`, `list`, `for_statement`, `word` …, `&&`."""
        return self.syntax.type

    @property
    def start(self) -> int:
        """Where it begins in the script's text: 0-based, in code points."""
        return self.syntax.start_byte

    @property
    def end(self) -> int:
        """Where the text goes on behind it."""
        return self.syntax.end_byte

    @property
    def text(self) -> str:
        """Its text as it is written."""
        return self.script.text[self.syntax.start_byte : self.syntax.end_byte]

    @property
    def node(self) -> Node:
        """The place to report at."""
        return self.script.at(self.start, self.end)

    @property
    def parts(self) -> tuple["Part", ...]:
        """The parts that have a name, comments left out."""
        return tuple(Part(self.script, one) for one in self.syntax.named_children if one.type != "comment")

    @property
    def tokens(self) -> tuple["Part", ...]:
        """All parts, operators and keywords among them."""
        return tuple(Part(self.script, one) for one in self.syntax.children)

    @property
    def parent(self) -> "Part | None":
        """What it is a part of."""
        return Part(self.script, self.syntax.parent) if self.syntax.parent is not None else None

    def field(self, name: str) -> "Part | None":
        """Give the part that the grammar calls so: `name`, `body`, `condition`, `value` …; the first of several."""
        found = self.syntax.child_by_field_name(name)
        return Part(self.script, found) if found is not None else None

    def fields(self, name: str) -> tuple["Part", ...]:
        """Give all parts that the grammar calls so."""
        return tuple(Part(self.script, one) for one in self.syntax.children_by_field_name(name))

    def walk(self) -> Iterator["Part"]:
        """Yield this part and all that have a name below it, in the order of the text."""
        waiting = [self.syntax]
        while waiting:
            found = waiting.pop()
            yield Part(self.script, found)
            waiting += reversed(found.named_children)


@lru_cache(maxsize=512)
def _parsed(text: str) -> "Tree | None":
    """Parse a text; None if that takes too long."""
    source = _FOREIGN.sub("x", _BEHIND_A_NAME.sub(r"\1%", text)).encode("ascii")
    left = _PATIENCE + len(source) // 5

    def progress(*_: object) -> bool:
        nonlocal left
        left -= 1
        return left < 0

    # Handed over piece by piece: of a text as a whole the parser does not report its progress.
    try:
        return _parser().parse(lambda at, _: source[at : at + 16_384], encoding="utf8", progress_callback=progress)
    except ValueError:
        _parser().reset()
        return None


@cache
def _parser() -> "Parser":
    from tree_sitter import Language, Parser  # noqa: PLC0415  # only a run with shell programs pays for it
    from tree_sitter_bash import language  # noqa: PLC0415

    return Parser(Language(language()))
