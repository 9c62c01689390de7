"""Shell programs, as far as they can be read without running them: simple commands and the words that they are made of.

What depends on the run is not known: a variable that is not assigned one text once, what a command prints, a loop's
variable. A word that holds such a part is known only in its other parts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from validator.buildspec import Buildspec
from validator.document import Document, Node, Region

# Stands in a word for what is not known.
UNKNOWN = "\0"

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
_BEFORE = frozenset({"if", "then", "else", "elif", "while", "until", "do", "!", "{", "time", "exec", "sudo", "env"})
_HEREDOC = re.compile(r"<<-?[ \t]*([\"']?)([A-Za-z_]\w*)\1")
_RECIPE = re.compile(r"^\t[@+-]*")
_MAKE_VARIABLE = re.compile(r"^([A-Za-z_]\w*)[ \t]*(:{0,3}=|\?=|\+=)[ \t]*(.*?)[ \t]*$", re.MULTILINE)
# No program that is longer is read: it was not written by hand.
_LONGEST = 500_000


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a command.

    Attributes:
        text: What it comes to, as far as it is known.
        start: Where it begins in its piece of the program, quotes included.
        end: Where it ends there.
    """

    text: str
    start: int
    end: int

    @property
    def known(self) -> bool:
        """Whether nothing in it depends on the run."""
        return UNKNOWN not in self.text


@dataclass(frozen=True, slots=True)
class Piece:
    """A text of commands that run one after the other: all of a script, or one command of a buildspec."""

    node: Node
    text: str
    plain: bool = False

    def at(self, start: int, end: int) -> Node:
        """Give a part of the text as a place to report at."""
        if self.plain:
            return self.node.pin(Region(start, end))
        characters = self.node.characters
        if len(characters) < end or start >= end:
            return self.node
        return self.node.pin(Region(characters[start].start, characters[end - 1].end))


@dataclass(frozen=True, slots=True)
class ShellCommand:
    """A simple command: its words without assignments before them, and whether it writes to a file by itself."""

    piece: Piece
    words: tuple[Word, ...]
    redirects: bool = False

    @property
    def name(self) -> str:
        """What is called; empty if that is not known."""
        return self.words[0].text if self.words and self.words[0].known else ""


@dataclass(frozen=True)
class Program:
    """A script, a Makefile or a buildspec."""

    document: Document
    pieces: tuple[Piece, ...]
    variables: Mapping[str, str]
    make: bool = False

    @cached_property
    def text(self) -> str:
        """All of it, to look for names in."""
        return "\n".join([*(piece.text for piece in self.pieces), *self.variables.values()])

    @cached_property
    def commands(self) -> tuple[ShellCommand, ...]:
        """The simple commands, in order."""
        found: list[ShellCommand] = []
        raw = [one for piece in self.pieces for one in _commands(piece, {}, make=self.make)]
        known = {**self.variables, **_assigned(raw)} if not self.make else dict(self.variables)
        for piece in self.pieces:
            found += _commands(piece, known, make=self.make)
        return tuple(replace(one, words=_called(one.words)) for one in found)


def script(document: Document) -> Program:
    """Read a shell script, or a Makefile."""
    text = document.text if len(document.text) <= _LONGEST else ""
    make = document.path.rpartition("/")[2].lower() == "makefile"
    piece = Piece(document.root, _recipes(text) if make else text, plain=True)
    return Program(document, (piece,), _make_variables(text) if make else {}, make)


def of_buildspec(buildspec: Buildspec) -> Program:
    """Read the commands of a buildspec."""
    pieces = tuple(Piece(one.node, text) for one in buildspec.commands() if (text := _plain(one.node)) is not None)
    variables = {
        one.name: one.node.value
        for one in buildspec.variables()
        if one.source == "plaintext" and isinstance(one.node.value, str) and "$" not in one.node.value
    }
    return Program(buildspec.node.document, pieces, variables)


def _plain(node: Node) -> str | None:
    return node.value if isinstance(node.value, str) and len(node.value) <= _LONGEST else None


def _recipes(text: str) -> str:
    """Blank out of a Makefile what is no recipe, so that the rest stands where it stood."""
    lines, inside = [], False
    for line in text.splitlines(keepends=True):
        recipe = _RECIPE.match(line)
        if recipe or inside:
            lines.append(" " * (recipe.end() if recipe else 0) + line[recipe.end() if recipe else 0 :])
            inside = line.rstrip("\r\n").endswith("\\")
        else:
            lines.append(" " * len(line.rstrip("\r\n")) + line[len(line.rstrip("\r\n")) :])
    return "".join(lines)


def _make_variables(text: str) -> dict[str, str]:
    assigned = _MAKE_VARIABLE.findall(text)
    often = [name for name, _, _ in assigned]
    return {
        name: value
        for name, operator, value in assigned
        if often.count(name) == 1 and operator not in {"?=", "+="} and not set(value) & set("$\\#")
    }


def _assigned(commands: Sequence[ShellCommand]) -> dict[str, str]:
    """Give the variables that are assigned one text, once."""
    found: dict[str, list[str]] = {}
    for command in commands:
        texts = [word.text for word in command.words]
        for at, text in enumerate(texts):
            assignment = _ASSIGNMENT.fullmatch(text)
            # Those before a command are for that command alone; those behind `export` and the like are not.
            if at == 0 and not assignment and text not in {"export", "readonly", "local", "declare", *_BEFORE}:
                break
            if assignment:
                alone = all(map(_ASSIGNMENT.fullmatch, texts[: at + 1])) and len(texts) == at + 1
                kept = alone or texts[0] in {"export", "readonly", "local", "declare"}
                found.setdefault(assignment[1], []).append(assignment[2] if kept else UNKNOWN)
        if texts[:1] == ["for"] or texts[:1] == ["read"]:
            for name in texts[1:]:
                found.setdefault(name, []).append(UNKNOWN)
    return {name: values[0] for name, values in found.items() if len(values) == 1 and UNKNOWN not in values[0]}


def _called(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Leave out what stands before a command's name."""
    at = 0
    while at < len(words) and (words[at].text in _BEFORE or _ASSIGNMENT.fullmatch(words[at].text)):
        at += 1
    return words[at:]


def _commands(piece: Piece, variables: Mapping[str, str], *, make: bool) -> Iterator[ShellCommand]:
    """Split a text into simple commands."""
    words: list[Word] = []
    redirects = False
    for found in _Reader(piece.text, variables, make=make).tokens():
        if isinstance(found, Word):
            words.append(found)
        elif found == ">":
            redirects = True
        else:
            if words:
                yield ShellCommand(piece, tuple(words), redirects)
            words, redirects = [], False
    if words:
        yield ShellCommand(piece, tuple(words), redirects)


class _Reader:
    """Reads a text from left to right: words, `>`, and `;` for all that ends a command."""

    def __init__(self, text: str, variables: Mapping[str, str], *, make: bool) -> None:
        self._text = text
        self._variables = variables
        self._make = make
        self._at = 0

    def tokens(self) -> Iterator[Word | str]:
        text, heredocs = self._text, list[str]()
        while self._at < len(text):
            character = text[self._at]
            if text.startswith(("\\\n", "\\\r\n"), self._at):
                self._at = text.index("\n", self._at) + 1
            elif character in " \t\r":
                self._at += 1
            elif character == "\n":
                self._at += 1
                for end in heredocs:
                    self._skip_to(end)
                heredocs = []
                yield ";"
            elif character == "#":
                self._at = _find(text, "\n", self._at)
            elif (heredoc := _HEREDOC.match(text, self._at)) is not None:
                heredocs.append(heredoc[2])
                self._at = heredoc.end()
            elif character in ";&|()":
                self._at += 1
                yield ";"
            elif character in "<>":
                # What follows is a file, and none of the words.
                writes = character == ">"
                while self._at < len(text) and text[self._at] in "<>&|":
                    self._at += 1
                yield ">" if writes else "<"
                while self._at < len(text) and text[self._at] in " \t":
                    self._at += 1
                if self._at < len(text) and text[self._at] not in "\n;&|()<>":
                    self._word()
            else:
                word = self._word()
                # `2>` says what is written to a file.
                if not (word.text.isdecimal() and text[self._at : self._at + 1] in {"<", ">"}):
                    yield word

    def _skip_to(self, end: str) -> None:
        found = re.compile(rf"^[ \t]*{end}[ \t]*\r?$", re.MULTILINE).search(self._text, self._at)
        self._at = found.end() if found else len(self._text)

    def _word(self) -> Word:
        text, start, parts = self._text, self._at, list[str]()
        while self._at < len(text) and text[self._at] not in " \t\r\n;&|()<>":
            character = text[self._at]
            if text.startswith(("\\\n", "\\\r\n"), self._at):
                break
            if character == "'":
                end = _find(text, "'", self._at + 1)
                parts.append(text[self._at + 1 : end])
                self._at = end + 1
            elif character == '"':
                self._at += 1
                while self._at < len(text) and text[self._at] != '"':
                    parts.append(self._character(quoted=True))
                self._at += 1
            else:
                parts.append(self._character(quoted=False))
        return Word("".join(parts), start, min(self._at, len(text)))

    def _character(self, *, quoted: bool) -> str:
        """Read one character, or what stands for others."""
        text, character = self._text, self._text[self._at]
        self._at += 1
        if character == "\\" and self._at < len(text):
            self._at += 1
            escaped = text[self._at - 1]
            return "" if escaped == "\n" else escaped if not quoted or escaped in '$`"\\' else "\\" + escaped
        if character == "`":
            self._at = _find(text, "`", self._at) + 1
            return UNKNOWN
        if character in "*?[" and not quoted:
            return character
        return self._variable() if character == "$" else character

    def _variable(self) -> str:
        text, at = self._text, self._at
        if self._make and text.startswith("$", at):  # make hands the shell one of two
            self._at = at = at + 1
            if not _NAME.match(text, at) and not text.startswith(("{", "("), at):
                return UNKNOWN
        elif self._make and text.startswith("(", at):
            self._at = _closing(text, at, "()")
            return self._variables.get(text[at + 1 : self._at - 1], UNKNOWN)
        if text.startswith("(", at):
            self._at = _closing(text, at, "()")
            return UNKNOWN
        if text.startswith("{", at):
            self._at = _closing(text, at, "{}")
            return self._variables.get(text[at + 1 : self._at - 1], UNKNOWN)
        name = _NAME.match(text, at)
        if name is None:
            self._at = at + (at < len(text) and text[at] in "@*#?$!-0123456789")
            return UNKNOWN if self._at > at else "$"
        self._at = name.end()
        return self._variables.get(name[0], UNKNOWN)


def _find(text: str, wanted: str, start: int) -> int:
    found = text.find(wanted, start)
    return found if found >= 0 else len(text)


def _closing(text: str, at: int, brackets: str) -> int:
    """Give the place behind the bracket that closes the one at a place."""
    depth = 0
    while at < len(text):
        depth += (text[at] == brackets[0]) - (text[at] == brackets[1])
        at += 1
        if not depth:
            break
    return at
