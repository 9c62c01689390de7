"""What holds of every parsed document, and second opinions to hold parsers against."""

import json
import math
from typing import Any, cast

import yaml

from validator.document import Document, Node, Value

BREAKS = ("\n", "\r\n", "\r", "\x85", "\u2028", "\u2029")
WHITE = " \t\n\r\x85\u2028\u2029"


def check(document: Document, *, nested: bool = True) -> None:
    """Hold a document's nodes to the laws of places; `nested` is false where aliases take values elsewhere."""
    corners = _count(document.text)
    for node in document.root.walk():
        for place in (node, node.key):
            region, span = place.region, document.span(place.region)
            assert 0 <= region.start <= region.end <= len(document.text)
            assert (span.line, span.column) == corners[region.start]
            assert (span.end_line, span.end_column) == corners[region.end]
            if isinstance(place.value, str):
                _check_characters(document, place)
        if nested:
            _check_children(node)


def _count(text: str) -> list[tuple[int, int]]:
    """Count line and column at every offset, one character after the other."""
    found, line, column = [], 1, 1
    for at, character in enumerate(text):
        found.append((line, column))
        if character == "\n" or (character == "\r" and text[at + 1 : at + 2] != "\n"):
            line, column = line + 1, 1
        elif at or character != "\ufeff":
            column += 1
    return [*found, (line, column)]


def _check_characters(document: Document, node: Node) -> None:
    value, region = str(node.value), node.region
    characters = node.characters
    assert len(characters) == len(value)
    if node.is_key and node.text.startswith("!"):  # the long form of a short form's tag
        return
    if value and node.text.strip("'\"") == value and characters[-1].end - characters[0].start == len(value):
        return  # copied as it is; held to the end
    at, quote = region.start, node.text[:1]
    for character, (start, end) in zip(value, characters, strict=True):
        assert at <= start <= end <= region.end
        at = end
        source = document.text[start:end]
        assert _decode(document, source, quote) == character or (
            start == end == region.end and quote in {"|", ">"} and character in WHITE
        )
    if node.text[:1] not in {"'", '"', "|", ">"}:
        assert node.text == node.text.strip(WHITE)


def _decode(document: Document, source: str, quote: str) -> object:
    if len(source) == 1 and source not in BREAKS and (source, quote) != ("\\", '"'):
        return source
    if document.format == "json":
        return json.loads(f'"{source}"')
    if source.startswith("\\") and quote == '"':
        return yaml.load(f'"{source}"', yaml.CSafeLoader)
    if source == "''" and quote == "'":
        return "'"
    return _Break() if source in BREAKS else source


class _Break:
    """Equals what a line end can stand for."""

    def __eq__(self, other: object) -> bool:
        return other in {"\n", " ", "\u2028", "\u2029"}

    __hash__ = None  # type: ignore[assignment]


def _check_children(node: Node) -> None:
    children = [child for _, child in node.items()] or list(node.elements())
    if any(problem.code == "duplicate-key" for problem in node.document.problems):
        return  # such a key has its first place in the order and its last in the text
    at = node.region.start
    for child in children:
        key, value = child.key.region, child.region
        assert at <= key.start
        assert key.end <= value.start or key == value
        assert value.end <= node.region.end
        at = value.end


SHORT_FORMS = (
    *(
        "Ref",
        "Condition",
        "And",
        "Base64",
        "Cidr",
        "Equals",
        "FindInMap",
        "GetAtt",
        "GetAZs",
        "If",
        "ImportValue",
        "Join",
    ),
    *("Length", "Not", "Or", "Select", "Split", "Sub", "ToJsonString", "Transform", "Contains", "EachMemberEquals"),
    *("EachMemberIn", "RefAll", "ValueOf", "ValueOfAll"),
)


class Oracle(yaml.CSafeLoader):
    """The safe loader without timestamps and with short forms; keys are strings as written."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # the loader's own way
        first: [(tag, pattern) for tag, pattern in found if not tag.endswith((":timestamp", ":value"))]
        for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }

    def mapping(self, node: yaml.MappingNode) -> dict[str, Value]:
        self.flatten_mapping(node)
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}

    def tagged(self, suffix: str, node: yaml.Node) -> Value:
        value: Value
        if isinstance(node, yaml.MappingNode):
            value = self.mapping(node)
        elif isinstance(node, yaml.SequenceNode):
            value = self.construct_sequence(node, deep=True)
        else:
            assert isinstance(node, yaml.ScalarNode)
            value = str(node.value)
            if suffix not in SHORT_FORMS and not node.style:
                tag = cast("Any", self).resolve(yaml.ScalarNode, value, (True, False))
                value = self.construct_object(yaml.ScalarNode(tag, value))
        if suffix in SHORT_FORMS:
            return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}
        return value

    def number(self, node: yaml.ScalarNode) -> float | str:
        value = self.construct_yaml_float(node)
        return value if math.isfinite(value) else str(node.value)

    def text(self, node: yaml.ScalarNode) -> str:
        return str(node.value)


Oracle.add_constructor("tag:yaml.org,2002:map", Oracle.mapping)
Oracle.add_constructor("tag:yaml.org,2002:float", Oracle.number)
Oracle.add_constructor("tag:yaml.org,2002:merge", Oracle.text)
Oracle.add_multi_constructor("!", Oracle.tagged)


def oracle(text: str) -> Value:
    """Give PyYAML's reading of the first document that holds anything; a YAMLError if there is none."""
    documents = list(yaml.load_all(text.lstrip("\ufeff"), Oracle))
    return next((document for document in documents if document is not None), None)


def scalars(text: str) -> list[tuple[str, int, int, str | None]]:
    """List the text, marks and style of all scalars of the first document, in order, by PyYAML's nodes."""
    skipped = len(text) - len(text.lstrip("\ufeff"))
    found = []
    root = yaml.compose(text[skipped:], yaml.CSafeLoader)
    stack = [root] if root is not None else []
    while stack:
        node = stack.pop()
        if isinstance(node, yaml.ScalarNode):
            start, end = cast("Any", node).start_mark.index, cast("Any", node).end_mark.index
            found.append((str(node.value), start + skipped, end + skipped, node.style))
        elif isinstance(node, yaml.MappingNode):
            stack.extend(each for pair in reversed(node.value) for each in reversed(pair))
        elif isinstance(node, yaml.SequenceNode):
            stack.extend(reversed(node.value))
    return found


def places(document: Document) -> list[tuple[str | None, int, int]]:
    """List the scalars of a document, keys and values, in order; the text is known of strings only."""
    found: list[tuple[str | None, int, int]] = []
    for node in document.root.walk():
        key = node.key
        if key is not node and not node.key.text.startswith("!"):
            found.append((str(key.value), *key.region))
        if not isinstance(node.value, dict | list):
            found.append((node.value if isinstance(node.value, str) else None, *node.region))
    return found
