"""Parameter files, in their three forms, and what pairs them with templates."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from validator.cloudformation.template import Template
from validator.document import Document, Node, Value

Form = Literal["codepipeline", "cli", "skeleton", "overrides", "map"]


class ParameterFile:
    """A file that gives values to a template's parameters.

    Its form is `codepipeline` (`{"Parameters": {…}, "Tags": {…}}`), `cli` (`[{"ParameterKey": …}]`), `overrides`
    (`["Name=value"]`), `skeleton` (`{"StackName": …, "Parameters": [{"ParameterKey": …}]}`) or `map` (`{…}`).
    """

    def __init__(self, document: Document, form: Form) -> None:
        """Take the document and the form in which discovery found it."""
        self.document = document
        self.form = form

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ParameterFile) and self.document is other.document

    def __hash__(self) -> int:
        return hash(self.document.path)

    @property
    def heading(self) -> Node:
        """A place to report at what the whole file lacks: the key `Parameters`, or the file's root."""
        section = self.document.root.get("Parameters") if self.form in {"codepipeline", "skeleton"} else None
        return section.key if section is not None else self.document.root

    @cached_property
    def values(self) -> dict[str, Node]:
        """The value nodes by parameter name; `previous` values count as given."""
        return {name: value for name, _, value in self._entries()}

    @cached_property
    def names(self) -> dict[str, Node]:
        """The nodes at which names are written: the keys, the values of `ParameterKey`, or whole `Name=value`."""
        return {name: at for name, at, _ in self._entries()}

    def _entries(self) -> Iterator[tuple[str, Node, Node]]:
        root = self.document.root
        if self.form in {"cli", "skeleton"}:
            listed = root if self.form == "cli" else root.get("Parameters") or root
            for element in listed.elements():
                key = element.get("ParameterKey")
                if key is not None and isinstance(key.value, str):
                    yield key.value, key, element.get("ParameterValue") or element
            return
        if self.form == "overrides":
            for element in root.elements():
                if isinstance(element.value, str) and "=" in element.value:
                    yield element.value.partition("=")[0], element, element
            return
        section = root.get("Parameters") if self.form == "codepipeline" else root
        if section is not None:
            yield from ((name, value.key, value) for name, value in section.items())


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
        certain: Whether the configuration says so, or a pipeline that takes both from its source as they are; else
            the pairing rests on names, or a build stands between.
        via: What pairs them, for a finding to name: a pipeline action's node; None for the configuration.
        overridden: Names of parameters that the deployment gives a value besides the file; None if nobody can tell.
    """

    file: ParameterFile
    template: Template
    certain: bool
    via: Node | None = None
    overridden: frozenset[str] | None = frozenset()

    def joined(self, other: "ParameterLink") -> "ParameterLink":
        """Give one link for two that pair the same: as certain as either, and with what either overrides."""
        unread = self.overridden is None or other.overridden is None
        overridden = None if unread else frozenset().union(self.overridden or (), other.overridden or ())
        return replace(self, certain=self.certain or other.certain, via=self.via or other.via, overridden=overridden)
