"""The programs that a build's commands call, with their words as far as they can be told without running anything."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise, product
from typing import NamedTuple

from validator.buildspec.spec import Buildspec, Command

# What a word, or a part of one, is that nobody knows; a glob in a word is written so too.
ANYTHING = "*"
_MOST = 64
_LONGEST = 100_000
_OPERATOR = re.compile(r"&&|\|\||;;|[;|&()\n]")
_REDIRECTION = re.compile(r"(?:\d|&)?(>>|>\||>&|>|<<<|<<-?|<&|<)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_PLAIN = re.compile(r"""[^\s;|&()<>"'`$\\]+""")
_WITHIN_QUOTES = re.compile(r'[^"$`\\]+')
_VARIABLE = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})")
_BEFORE_A_CALL = frozenset({"if", "then", "else", "elif", "while", "until", "do", "!", "{", "time", "sudo", "command"})
# Options of the AWS command lines that may stand before the name of the service.
_WITH_A_VALUE = frozenset({"--region", "--profile", "--output", "--endpoint-url", "--ca-bundle", "--query", "--color"})
_ALONE = frozenset({"fi", "done", "esac", "}", "case", "function"})


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a program: `aws s3 cp a.yml s3://bucket/`.

    Attributes:
        words: Of each word, the program's name first, what it can be; unknown parts are `*`.
        writes: The files that its output goes to.
    """

    command: Command
    words: tuple[tuple[str, ...], ...]
    writes: tuple[str, ...] = ()

    def starts(self, *names: str) -> bool:
        """Whether it begins with these words; between the first and the others there may be options."""
        if not self.words or self.program != names[0]:
            return False
        rest = [
            word[0]
            for before, word in pairwise(self.words)
            if not word[0].startswith("-") and before[0] not in _WITH_A_VALUE
        ]
        return tuple(rest[: len(names) - 1]) == names[1:]

    @property
    def program(self) -> str:
        """The program's name, without its folder."""
        word = self.words[0] if self.words else ("",)
        return word[0].rpartition("/")[2] if len(word) == 1 else ANYTHING

    def option(self, *names: str) -> tuple[str, ...] | None:
        """Give what an option can be set to; None if it is not given. A word of options that is unknown sets any."""
        for at, word in enumerate(self.words):
            for text in word:
                name, equals, value = text.partition("=")
                if name in names and (equals or at + 1 < len(self.words)):
                    return (value,) if equals else self.words[at + 1]
        return (ANYTHING,) if any(text == ANYTHING for word in self.words for text in word) else None

    def listed(self, name: str) -> tuple[str, ...] | None:
        """Give all words behind an option, up to the next; None if it is not given."""
        for at, word in enumerate(self.words):
            if word == (name,) or word[0].startswith(name + "="):
                found = [word[0].partition("=")[2]] if "=" in word[0] else []
                for following in self.words[at + 1 :]:
                    if following[0].startswith("-"):
                        break
                    found += following
                return tuple(found)
        return (ANYTHING,) if any(text == ANYTHING for word in self.words for text in word) else None

    @property
    def operands(self) -> tuple[tuple[str, ...], ...]:
        """The words behind the program that are no options; what an option is set to may be among them."""
        return tuple(word for word in self.words[1:] if not word[0].startswith("-"))


def calls(buildspec: Buildspec) -> Iterator[Call]:
    """Yield the calls in a build's commands, in the order in which they stand.

    Loops over words and variables that are set in the buildspec are followed; all else that a shell would put in is
    unknown. Where a call stands below a condition, it may not happen.
    """
    known = _Variables({variable.name: (_text(variable.node.value),) for variable in buildspec.variables()})
    for command in buildspec.commands():
        if command.text and len(command.text) <= _LONGEST:
            yield from _calls(command, command.text, known)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ANYTHING if isinstance(value, dict | list) else str(value)


# --- words -----------------------------------------------------------------------------------------------------------


class _Piece(NamedTuple):
    """A part of a word: a text, or a variable's name; what is quoted is not split into words."""

    text: str
    variable: bool = False
    quoted: bool = False


_Word = tuple[_Piece, ...]


@dataclass
class _Variables:
    """What variables can be."""

    known: Mapping[str, tuple[str, ...]]
    set: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def value(self, name: str) -> tuple[str, ...]:
        return self.set.get(name) or self.known.get(name) or (ANYTHING,)

    def bind(self, name: str, values: Iterable[str]) -> None:
        # It may be set in one branch and in another, or in each turn of a loop.
        found = tuple(dict.fromkeys((*self.set.get(name, ()), *values)))
        self.set[name] = found if 0 < len(found) <= _MOST else (ANYTHING,)

    def expanded(self, word: _Word) -> list[tuple[str, ...]]:
        """Give the words that one becomes, each with what it can be."""
        if len(word) == 1 and word[0].variable and not word[0].quoted:
            values = self.value(word[0].text)
            if len(values) == 1:
                return [(part,) for part in values[0].split()] if values[0] != ANYTHING else [values]
        return [self.joined(word)]

    def joined(self, word: _Word) -> tuple[str, ...]:
        levels = [self.value(piece.text) if piece.variable else (piece.text,) for piece in word]
        found = list(dict.fromkeys("".join(parts) for parts in islice(product(*levels), _MOST + 1)))
        return tuple(found) if len(found) <= _MOST else (ANYTHING,)


def _calls(command: Command, text: str, known: _Variables) -> Iterator[Call]:
    words: list[_Word] = []
    writes: list[_Word] = []
    for token in _tokens(text):
        if isinstance(token, str):
            yield from _called(command, words, writes, known)
            words, writes = [], []
        elif token.redirection:
            if ">" in token.redirection:
                writes.append(token.word)
        else:
            words.append(token.word)
    yield from _called(command, words, writes, known)


def _called(command: Command, words: Sequence[_Word], writes: Sequence[_Word], known: _Variables) -> Iterator[Call]:
    words = list(words)
    while words and _plain(words[0]) in _BEFORE_A_CALL:
        words = words[1:]
    first = _plain(words[0]) if words else ""
    if first == "for" and len(words) > 1:
        listed = [text for word in words[3:] for texts in known.expanded(word) for text in texts]
        known.set.pop(_plain(words[1]), None)
        known.bind(_plain(words[1]), listed or (ANYTHING,))
        return
    if first == "read":
        for word in words[1:]:
            known.bind(_plain(word), (ANYTHING,))
        return
    if first in {"export", "declare", "local", "readonly"}:
        words = words[1:]
    while words and (assigned := _assigned(words[0])) is not None:
        name, value = assigned
        known.bind(name, known.joined(value))
        words = words[1:]
    if first in _ALONE or not (words or writes):
        return
    found = [texts for word in words for texts in known.expanded(word)]
    targets = [text for word in writes for text in known.joined(word)]
    yield Call(command, tuple(found), tuple(targets))


def _plain(word: _Word) -> str:
    return word[0].text if len(word) == 1 and not word[0].variable and not word[0].quoted else ""


def _assigned(word: _Word) -> tuple[str, _Word] | None:
    """Split `NAME=value`."""
    if not word or word[0].variable or word[0].quoted:
        return None
    name, equals, rest = word[0].text.partition("=")
    if not equals or not _NAME.fullmatch(name):
        return None
    return name, (_Piece(rest), *word[1:])


# --- tokens ----------------------------------------------------------------------------------------------------------


class _Token(NamedTuple):
    word: _Word
    redirection: str = ""


def _tokens(text: str) -> Iterator[_Token | str]:
    """Yield words, what is written to or read from, and operators as strings."""
    at, pending = 0, ""
    here: list[str] = []
    while at < len(text):
        if text[at] == "\n" and here:
            at = _behind_here_documents(text, at, here)
            here = []
            yield "\n"
        elif text.startswith("\\\n", at):
            at += 2
        elif text[at] in " \t\r":
            at += 1
        elif text[at] == "#":
            at = (text.find("\n", at) + 1 or len(text) + 1) - 1
        elif found := _REDIRECTION.match(text, at):
            pending, at = found[1], found.end()
        elif found := _OPERATOR.match(text, at):
            yield found[0]
            pending, at = "", found.end()
        else:
            word, at = _word(text, at)
            if pending.startswith("<<") and pending != "<<<":
                here.append("".join(piece.text for piece in word))
            yield _Token(word, pending)
            pending = ""


def _behind_here_documents(text: str, at: int, ends: Iterable[str]) -> int:
    for end in ends:
        found = re.compile(rf"^\s*{re.escape(end)}\s*$", re.MULTILINE).search(text, at + 1)
        at = found.end() if found is not None else len(text)
    return at


def _word(text: str, at: int) -> tuple[_Word, int]:
    pieces: list[_Piece] = []
    start = at
    while at < len(text) and not (text[at].isspace() or text[at] in ";|&()<>"):
        if text[at] == "'":
            end = text.find("'", at + 1)
            end = end if end >= 0 else len(text)
            pieces.append(_Piece(text[at + 1 : end], quoted=True))
            at = end + 1
        elif text[at] == '"':
            at = _quoted(text, at + 1, pieces)
        elif text[at] in "$`":
            at = _put_in(text, at, pieces, quoted=False)
        elif text[at] == "\\":
            pieces.append(_Piece(text[at + 1 : at + 2].replace("\n", "")))
            at += 2
        else:
            found = _PLAIN.match(text, at)
            end = found.end() if found is not None else at + 1
            pieces.append(_Piece(text[at:end]))
            at = end
    return tuple(pieces), max(at, start + 1)


def _quoted(text: str, at: int, pieces: list[_Piece]) -> int:
    start = len(pieces)
    while at < len(text) and text[at] != '"':
        if text[at] in "$`":
            at = _put_in(text, at, pieces, quoted=True)
        elif text[at] == "\\":
            pieces.append(_Piece(text[at + 1 : at + 2], quoted=True))
            at += 2
        else:
            found = _WITHIN_QUOTES.match(text, at)
            assert found is not None
            pieces.append(_Piece(found[0], quoted=True))
            at = found.end()
    if len(pieces) == start:
        pieces.append(_Piece("", quoted=True))
    return at + 1


def _put_in(text: str, at: int, pieces: list[_Piece], *, quoted: bool) -> int:
    """Read a variable or the output of a program at `$` or a backtick; a `$` that is neither is itself."""
    if found := _VARIABLE.match(text, at):
        pieces.append(_Piece(found[1] or found[2], variable=True, quoted=quoted))
        return found.end()
    opened = text[at + 1 : at + 2]
    if text[at] == "`":
        end = text.find("`", at + 1)
    elif opened in {"(", "{"}:
        end = _closing(text, at + 1)
    elif opened.isalnum() or opened in {"@", "*", "#", "?", "!", "-", "$"}:
        end = at + 1
    else:
        pieces.append(_Piece("$", quoted=quoted))
        return at + 1
    pieces.append(_Piece(ANYTHING))
    return (end if end >= 0 else len(text)) + 1


def _closing(text: str, at: int) -> int:
    closing = {"(": ")", "{": "}"}[text[at]]
    depth = 0
    for index in range(at, len(text)):
        depth += (text[index] == text[at]) - (text[index] == closing)
        if not depth:
            return index
    return -1
