"""Parameter files, in their forms, and what pairs them with templates."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

from validator.cloudformation.template import Template
from validator.document import Document, Node, Value
from validator.suggest import nearest

Form = Literal["codepipeline", "cli", "skeleton", "overrides", "map", "deployment", "written"]

# Under which key the forms that have more to say hold the parameters.
_SECTIONS: Mapping[str, str] = {"codepipeline": "Parameters", "skeleton": "Parameters", "deployment": "parameters"}


class Entry(NamedTuple):
    """A parameter that is given a value.

    Attributes:
        at: Where its name is written.
        value: What it is given; None if that is known at deployment only.
    """

    name: str
    at: Node
    value: Node | None


class ParameterFile:
    """What gives values to a template's parameters: a file, or a place in one.

    Its form is `codepipeline` (`{"Parameters": {…}, "Tags": {…}}`), `cli` (`[{"ParameterKey": …}]`), `overrides`
    (`["Name=value"]`), `skeleton` (`{"StackName": …, "Parameters": [{"ParameterKey": …}]}`), `map` (`{…}`),
    `deployment` (Git sync's `{"template-file-path": …, "parameters": {…}}`), or `written`: in a command that deploys,
    or in the configuration of one.
    """

    def __init__(
        self, document: Document, form: Form, entries: tuple[Entry, ...] = (), heading: Node | None = None
    ) -> None:
        """Take the document and the form in which discovery found it; of what is `written`, the entries, and where."""
        self.document = document
        self.form = form
        self._given = entries
        self._heading = heading

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ParameterFile) or self.document is not other.document:
            return False
        return self.heading == other.heading

    def __hash__(self) -> int:
        return hash(self.document.path)

    @property
    def heading(self) -> Node:
        """A place to report at what the whole file lacks: the key `Parameters`, or the file's root."""
        if self._heading is not None:
            return self._heading
        section = self.document.root.get(_SECTIONS[self.form]) if self.form in _SECTIONS else None
        return section.key if section is not None else self.document.root

    @cached_property
    def values(self) -> dict[str, Node]:
        """The value nodes by parameter name; `previous` values count as given."""
        return {name: value for name, _, value in self.entries() if value is not None}

    @cached_property
    def names(self) -> dict[str, Node]:
        """The nodes at which names are written: the keys, the values of `ParameterKey`, or whole `Name=value`."""
        return {name: at for name, at, _ in self.entries()}

    def entries(self) -> Iterator[Entry]:
        """Yield what is given, in order; a list may name a parameter twice."""
        yield from self._given
        if self.form == "written":
            return
        root = self.document.root
        if self.form in {"cli", "skeleton"}:
            listed = root if self.form == "cli" else root.get("Parameters") or root
            for element in listed.elements():
                key = element.get("ParameterKey")
                if key is not None and isinstance(key.value, str):
                    yield Entry(key.value, key, element.get("ParameterValue") or element)
            return
        if self.form == "overrides":
            for element in root.elements():
                if isinstance(element.value, str) and "=" in element.value:
                    yield Entry(element.value.partition("=")[0], element, element)
            return
        section = root.get(_SECTIONS[self.form]) if self.form in _SECTIONS else root
        if section is not None:
            yield from (Entry(name, value.key, value) for name, value in section.items())


def parameter_form(value: Value) -> Form | Literal[""]:
    """Tell the form of a file that the configuration calls a parameter file; empty if it has none."""
    if isinstance(value, list):
        if value and all(isinstance(one, dict) and "ParameterKey" in one for one in value):
            return "cli"
        return "overrides" if all(isinstance(one, str) and "=" in one for one in value) else ""
    if not isinstance(value, dict):
        return ""
    section = value.get("Parameters")
    if isinstance(section, dict):
        return "codepipeline"
    if isinstance(section, list):
        return "skeleton"
    return "" if any(isinstance(one, dict | list) for one in value.values()) else "map"


@dataclass(frozen=True, slots=True)
class ParameterLink:
    """A parameter file with a template that is deployed with it.

    Attributes:
        certain: Whether the configuration says so, a command that deploys both as they are, or a pipeline that takes
            both from its source; else the pairing rests on names, or a build stands between.
        via: What pairs them, for a finding to name: a pipeline action's node; None for the configuration.
        overridden: Names of parameters that the deployment gives a value besides the file; None if nobody can tell.
        guessed: Nothing but their names and places says that they belong together.
    """

    file: ParameterFile
    template: Template
    certain: bool
    via: Node | None = None
    overridden: frozenset[str] | None = frozenset()
    guessed: bool = False

    def misspelt(self) -> dict[str, str]:
        """Say which names that the template does not declare were meant to be which that are given no value."""
        return misspelt(self.file.names, self.template.parameters)

    def joined(self, other: "ParameterLink") -> "ParameterLink":
        """Give one link for two that pair the same: as certain as either, and with what either overrides."""
        unread = self.overridden is None or other.overridden is None
        overridden = None if unread else frozenset().union(self.overridden or (), other.overridden or ())
        return replace(
            self,
            certain=self.certain or other.certain,
            via=self.via or other.via,
            overridden=overridden,
            guessed=self.guessed and other.guessed,
        )


def misspelt(names: Collection[str], declared: Collection[str]) -> dict[str, str]:
    """Say which names that are not declared were meant to be which declared ones that are not among them."""
    free = [name for name in declared if name not in names]
    unknown = [name for name in names if name not in declared]
    # Where all is unknown, it is not for this template; and every name would be compared with every other.
    if len(unknown) * len(free) > _MOST_COMPARED:
        return {}
    found = {name: near[0] for name in unknown if (near := nearest(name, free))}
    often = Counter(found.values())
    return {name: meant for name, meant in found.items() if often[meant] == 1 and not _numbered(name, meant)}


def _numbered(name: str, other: str) -> bool:
    """Whether two names differ in a number only: `Subnet3` is not a slip for `Subnet2`."""
    return name.lower() != other.lower() and _NUMBER.sub("", name) == _NUMBER.sub("", other)


_NUMBER = re.compile(r"[0-9]+")
_MOST_COMPARED = 10_000
