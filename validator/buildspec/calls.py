"""The programs that a build's commands call, with their words as far as they can be told without running anything."""

import posixpath
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from validator.buildspec.shell import Part
from validator.document import Node

if TYPE_CHECKING:
    from validator.buildspec.spec import Command

# What a word, or a part of one, is that nobody knows; a glob in a word is written so too.
ANYTHING = "*"
# Where CodeBuild puts the source, at the start of a path: a letter that no text has.
SOURCE = "\ue000"
# Options of the AWS command lines that may stand before the name of the service.
_WITH_A_VALUE = frozenset({"--region", "--profile", "--output", "--endpoint-url", "--ca-bundle", "--query", "--color"})


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a program: `aws s3 cp a.yml s3://bucket/`.

    Attributes:
        command: The command of a buildspec that makes it; None in a script.
        part: All of it, as it is written.
        texts: Of each word, the program's name first, what it can be; unknown parts are `*`, the
            source's folder is SOURCE.
        parts: Where each word is written.
        writes: The files that its output goes to.
        folder: Where it happens, from the source's top; None if that is not known.
        perhaps: Whether it may be left out though all before it goes well.
    """

    command: "Command | None"
    part: Part
    texts: tuple[tuple[str, ...], ...]
    parts: tuple[Part, ...] = ()
    writes: tuple[str, ...] = ()
    folder: str | None = None
    perhaps: bool = False

    @property
    def node(self) -> Node:
        """The place to report at."""
        return self.part.node

    @property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """Of each word, the program's name first, what it can be; unknown parts are `*`."""
        return tuple(tuple(text.replace(SOURCE, ANYTHING) for text in word) for word in self.texts)

    @property
    def program(self) -> str:
        """The program's name, without its folder; `*` if it is not known, empty if none is called."""
        word = self.words[0] if self.texts else ("",)
        return word[0].rpartition("/")[2] if len(word) == 1 else ANYTHING

    def starts(self, *names: str) -> bool:
        """Whether it begins with these words; between the first and the others there may be options."""
        if not self.texts or self.program != names[0]:
            return False
        rest = [
            word[0]
            for before, word in pairwise(self.words)
            if not word[0].startswith("-") and before[0] not in _WITH_A_VALUE
        ]
        return tuple(rest[: len(names) - 1]) == names[1:]

    def option(self, *names: str) -> tuple[str, ...] | None:
        """Give what an option can be set to; None if it is not given. A word of options that is unknown sets any."""
        words = self.words
        for at, word in enumerate(words):
            for text in word:
                name, equals, value = text.partition("=")
                if name in names and (equals or at + 1 < len(words)):
                    return (value,) if equals else words[at + 1]
        return (ANYTHING,) if any(text == ANYTHING for word in words for text in word) else None

    def listed(self, name: str) -> tuple[str, ...] | None:
        """Give all words behind an option, up to the next; None if it is not given."""
        words = self.words
        for at, word in enumerate(words):
            if word == (name,) or word[0].startswith(name + "="):
                found = [word[0].partition("=")[2]] if "=" in word[0] else []
                for following in words[at + 1 :]:
                    if following[0].startswith("-"):
                        break
                    found += following
                return tuple(found)
        return (ANYTHING,) if any(text == ANYTHING for word in words for text in word) else None

    @property
    def operands(self) -> tuple[tuple[str, ...], ...]:
        """The words behind the program that are no options; what an option is set to may be among them."""
        return tuple(word for word in self.words[1:] if not word[0].startswith("-"))

    def path(self, text: str) -> str | None:
        """Say where a path that is one of its texts leads to, from the source's top; None if nobody can tell.

        Nobody can where a part of it is unknown, the folder is, or it leads out of the source.
        """
        if text.startswith(SOURCE + "/"):
            return within_source(text.removeprefix(SOURCE + "/"))
        if self.folder is None or ANYTHING in text or SOURCE in text or text.startswith(("/", "~")):
            return None
        return within_source(posixpath.join(self.folder, text))


def within_source(path: str) -> str | None:
    """Normalize a path from the source's top, which is the empty one; None if it leads out of it."""
    clean = posixpath.normpath(path) if path else ""
    return None if clean.startswith("..") or ANYTHING in clean or SOURCE in clean else "" if clean == "." else clean
