"""Views of a CloudFormation template: parameters, resources, outputs, and what is read from other resources."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from validator.document import Node, Region
from validator.shape import is_function
from validator.values import Scope, text_of

# Transforms of AWS's own that neither add nor remove a parameter or an output.
_HARMLESS_TRANSFORMS = frozenset({
    "AWS::CodeDeployBlueGreen",
    "AWS::LanguageExtensions",
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
    "AWS::Serverless-2016-10-31",
    "AWS::ServiceCatalog",
})  # fmt: skip
_READING = frozenset({"Fn::GetAtt", "Fn::Sub", "Fn::ValueOf", "Ref"})
_REFERENCE = re.compile(r"\$\{([^!{}][^{}]*)\}")


def readings(node: Node) -> frozenset[str]:
    """Give the texts that CloudFormation may make of a scalar in a template, where that is not sure to be one."""
    text = text_of(node.value)
    if text is None:
        return frozenset()
    found = {text}
    if isinstance(node.value, float) and text.endswith(".0"):
        found.add(text[:-2])
    # Of octal, sexagesimal and exponents, versions of YAML and of its readers make different numbers.
    if isinstance(node.value, int | float) and not isinstance(node.value, bool) and node.document.format == "yaml":
        written = node.text
        if not re.fullmatch(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]*)?", written, re.ASCII) or abs(node.value) >= 10**7:
            found.add(written)
    return frozenset(found)


@dataclass(frozen=True)
class Parameter:
    """A parameter that a template declares."""

    name: str
    node: Node

    @cached_property
    def type(self) -> str:
        """The declared type; `String` if none is."""
        node = self.node.get("Type")
        return node.value if node is not None and isinstance(node.value, str) else "String"

    @cached_property
    def default(self) -> Node | None:
        """The Default, even if it is empty."""
        return self.node.get("Default")

    @cached_property
    def allowed(self) -> tuple[str, ...] | None:
        """The texts of AllowedValues, in order; None if there is no such list, or it is not all texts."""
        node = self.node.get("AllowedValues")
        if node is None or not isinstance(node.value, list):
            return None
        texts = [text_of(value) for value in node.value]
        return None if not texts or None in texts else tuple(str(text) for text in texts)

    @cached_property
    def readings(self) -> frozenset[str]:
        """The texts that CloudFormation may make of AllowedValues, where that is not sure to be one each."""
        node = self.node.get("AllowedValues")
        return frozenset(text for element in node.elements() for text in readings(element)) if node else frozenset()

    @cached_property
    def no_echo(self) -> bool:
        """Whether CloudFormation masks its value."""
        node = self.node.get("NoEcho")
        return node is not None and str(node.value).lower() == "true"


@dataclass(frozen=True)
class Resource:
    """A resource that a template declares."""

    logical_id: str
    node: Node

    @cached_property
    def type(self) -> str:
        """The resource type; empty if it is missing or no string."""
        node = self.node.get("Type")
        return node.value if node is not None and isinstance(node.value, str) else ""

    @cached_property
    def condition(self) -> str:
        """The name of the condition under which it is created; empty if it always is."""
        node = self.node.get("Condition")
        return node.value if node is not None and isinstance(node.value, str) else ""

    def property(self, *path: str | int) -> Node | None:
        """Give a property's node, or what stands at a path below it."""
        return self.node.get("Properties", *path)


@dataclass(frozen=True, slots=True)
class Read:
    """A place that reads a resource or a parameter: a GetAtt, a Ref, or a reference inside a Sub.

    Attributes:
        at: The function's argument, or the reference within the Sub's string.
        attribute: All behind the first dot: `Outputs.Url`; empty for a Ref.
    """

    at: Node
    logical_id: str
    attribute: str


class Template:
    """One template: a file's, or one that stands inside another document."""

    def __init__(self, root: Node) -> None:
        """Take the mapping that holds the sections."""
        self.root = root

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Template) and self.root == other.root

    def __hash__(self) -> int:
        return hash(self.root)

    def __repr__(self) -> str:
        """Show where it stands."""
        return f"<Template {self.root!r}>"

    @property
    def path(self) -> str:
        """The file that holds it."""
        return self.root.document.path

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The declared parameters by name, in order."""
        return {name: Parameter(name, node) for name, node in self._section("Parameters")}

    @cached_property
    def resources(self) -> dict[str, Resource]:
        """The resources by logical id, in order."""
        return {name: Resource(name, node) for name, node in self._section("Resources")}

    @cached_property
    def outputs(self) -> dict[str, Node]:
        """The outputs by name, in order."""
        return dict(self._section("Outputs"))

    def heading(self, section: str) -> Node:
        """Give the key of a section, or the template itself where it has no such section: a place to point at."""
        node = self.root.get(section)
        return node.key if node is not None else self.root

    def is_open(self, section: str) -> bool:
        """Whether the section's names are not all to be read here: a macro, an Include or a loop may add some."""
        node = self.root.get(section)
        return self.is_rewritten or (node is not None and has_function(node))

    @cached_property
    def is_rewritten(self) -> bool:
        """Whether a macro makes another template of the whole."""
        transform = self.root.get("Transform")
        if transform is None:
            return self.root.get("Fn::Transform") is not None
        names = transform.value if isinstance(transform.value, list) else [transform.value]
        return any(not isinstance(name, str) or name not in _HARMLESS_TRANSFORMS for name in names)

    @cached_property
    def scope(self) -> Scope:
        """What values can be whatever the parameters are given; see Scope for what `decide` means."""
        return Scope(self.root, decide=False)

    @cached_property
    def reads(self) -> dict[str, list[Read]]:
        """Every GetAtt and every `${Resource.Attribute}` by logical id, in document order."""
        found: dict[str, list[Read]] = {}
        for read in self._all_reads:
            if read.attribute:
                found.setdefault(read.logical_id, []).append(read)
        return found

    @cached_property
    def references(self) -> dict[str, list[Node]]:
        """Every Ref and every `${Name}` by name, with where it stands, in document order."""
        found: dict[str, list[Node]] = {}
        for read in self._all_reads:
            if not read.attribute:
                found.setdefault(read.logical_id, []).append(read.at)
        return found

    @cached_property
    def _all_reads(self) -> tuple[Read, ...]:
        return tuple(reads(self.root))

    @cached_property
    def has_macro(self) -> bool:
        """Whether a macro or an Include makes some part, so that more may be in it, or read, than can be seen here."""
        return self.is_rewritten or any("Fn::Transform" in value for _, value in self.root.mappings())

    @cached_property
    def deciding(self) -> frozenset[str]:
        """The names of all that conditions refer to: parameters and pseudo parameters."""
        conditions = self.root.get("Conditions")
        return frozenset(read.logical_id for read in reads(conditions)) if conditions is not None else frozenset()

    def decides(self, condition: str) -> tuple[str, ...]:
        """Give the names of the parameters that decide a condition, also by way of other conditions."""
        names: dict[str, None] = {}
        waiting, seen = [condition], set[str]()
        while waiting:
            current = waiting.pop()
            definition = self.root.get("Conditions", current)
            if current in seen or definition is None:
                continue
            seen.add(current)
            names |= dict.fromkeys(read.logical_id for read in reads(definition) if read.logical_id in self.parameters)
            others = (node.get("Condition") for node in definition.walk())
            waiting += [other.value for other in others if other is not None and isinstance(other.value, str)]
        return tuple(names)

    def _section(self, name: str) -> Iterator[tuple[str, Node]]:
        node = self.root.get(name)
        if node is not None:
            yield from ((key, child) for key, child in node.items() if not key.startswith("Fn::"))


def has_function(node: Node) -> bool:
    """Whether a function makes a mapping or some of its members, as `Fn::Transform` or `Fn::If` do, or it is none."""
    return not isinstance(node.value, dict) or is_function(node.value)


def reads(node: Node) -> Iterator[Read]:
    """Yield all that an expression, or all expressions at a node and below it, read, in document order."""
    for one, value in node.mappings():
        if len(value) != 1 or value.keys().isdisjoint(_READING):
            continue
        [(function, argument)] = one.items()
        if function == "Fn::GetAtt":
            yield from _get_att(argument)
        elif function == "Fn::Sub":
            yield from _sub(argument)
        elif function == "Ref" and isinstance(argument.value, str):
            yield Read(argument, argument.value, "")
        elif function == "Fn::ValueOf" and (name := argument.get(0)) is not None and isinstance(name.value, str):
            yield Read(name, name.value, "")


def _get_att(argument: Node) -> Iterator[Read]:
    value = argument.value
    if isinstance(value, list):
        if len(value) < 2 or not all(isinstance(part, str) for part in value):
            return
        value = ".".join(map(str, value))
    if isinstance(value, str) and "." in value:
        logical_id, _, attribute = value.partition(".")
        yield Read(argument, logical_id, attribute)


def _sub(argument: Node) -> Iterator[Read]:
    text = argument.get(0) if isinstance(argument.value, list) else argument
    if text is None or not isinstance(text.value, str) or "${" not in text.value:
        return
    local, characters = argument.get(1), text.characters
    for match in _REFERENCE.finditer(text.value):
        name = match.group(1).strip()
        logical_id, _, attribute = name.partition(".")
        if local is None or local.get(name) is None:
            where = characters[match.start() : match.end()]
            yield Read(text.pin(Region(where[0].start, where[-1].end)), logical_id, attribute)
