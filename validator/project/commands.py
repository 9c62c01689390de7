"""What runs commands: shell scripts, Makefiles and buildspecs."""

import re
from dataclasses import dataclass
from functools import cached_property

from validator.buildspec import Buildspec
from validator.buildspec.flow import Flow, follow
from validator.buildspec.shell import LONGEST, Script
from validator.document import Document

_RECIPE = re.compile(r"^\t[@+-]*")
_MAKE_VARIABLE = re.compile(r"^([A-Za-z_]\w*)[ \t]*(:{0,3}=|\?=|\+=)[ \t]*(.*?)[ \t]*$", re.MULTILINE)
# How make asks for a variable, and how it hands the shell a dollar.
_MADE = re.compile(r"\$(?:\((\w+)\)|\$)")


@dataclass(frozen=True, eq=False)
class Program:
    """A script, a Makefile or a buildspec.

    Attributes:
        text: All of it, to look for names in.
    """

    document: Document
    text: str
    source: Script | Buildspec

    @cached_property
    def flow(self) -> Flow:
        """What its commands do."""
        if isinstance(self.source, Buildspec):
            return self.source.flow
        variables = _make_variables(self.document.text) if self.source.text != self.document.text else {}
        return follow([(None, self.source)], variables)


def script(document: Document) -> Program:
    """Read a shell script, or a Makefile."""
    text = document.text if len(document.text) <= LONGEST else ""
    make = document.path.rpartition("/")[2].lower() == "makefile"
    return Program(document, text, Script(document.root, _recipes(text) if make else text, plain=True))


def of_buildspec(buildspec: Buildspec) -> Program:
    """Read the commands of a buildspec."""
    texts = [*(one.text or "" for one in buildspec.commands()), *(one.text for one in buildspec.variables())]
    return Program(buildspec.node.document, "\n".join(texts), buildspec)


def _recipes(text: str) -> str:
    """Blank out of a Makefile what is no recipe, so that the rest stands where it stood, as the shell gets it."""
    lines, inside = [], False
    for line in text.splitlines(keepends=True):
        recipe = _RECIPE.match(line)
        if recipe or inside:
            lines.append(" " * (recipe.end() if recipe else 0) + line[recipe.end() if recipe else 0 :])
            inside = line.rstrip("\r\n").endswith("\\")
        else:
            lines.append(" " * len(line.rstrip("\r\n")) + line[len(line.rstrip("\r\n")) :])
    # What follows `$$` is a variable of the shell, whatever its name: as long as it is none of make's.
    return _MADE.sub(lambda found: f"${{{found[1]}}}" if found[1] else "$_", "".join(lines))


def _make_variables(text: str) -> dict[str, str]:
    assigned = _MAKE_VARIABLE.findall(text)
    often = [name for name, _, _ in assigned]
    return {
        name: value
        for name, operator, value in assigned
        if often.count(name) == 1 and operator not in {"?=", "+="} and not set(value) & set("$\\#")
    }
