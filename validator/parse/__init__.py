"""Text to documents: YAML and JSON, files and texts inside scalars."""

import re
from collections.abc import Sequence
from typing import Literal

from validator.document import Document, Node, Problem, Region, Style
from validator.parse import json, yaml
from validator.parse.error import ParseError

# CloudFormation takes templates of 1 MB; only dumps of whole accounts are larger, and those are JSON.
LIMITS = {"yaml": 4 * 2**20, "json": 32 * 2**20}

_JSON = re.compile(r'\ufeff?\s*(?:[{\[]\s*)+["\]}]')

__all__ = ["LIMITS", "ParseError", "embedded", "load", "parse", "plain", "unread"]


def parse(path: str, text: str) -> Document:
    """Parse one YAML or JSON file.

    A `.json` file is JSON and a `.yml` or `.yaml` file YAML; any other is JSON if it starts with a bracket and a double
    quote: CloudFormation takes what starts with a bracket for JSON, but CodeBuild reads `{version: 0.2}`.

    Args:
        path: Where the text came from, as findings shall show it; not opened.
        text: The whole file, newlines as written, byte order mark included.

    Returns:
        A document whose nodes carry 1-based lines and columns and 0-based character offsets.

    Raises:
        ParseError: The text is not YAML or JSON; carries the region of the first bad character.
    """
    kind = _format(path, text)
    if len(text) > LIMITS[kind]:
        raise ParseError(_too_large(kind), Region(0, 0))
    return json.parse(path, text) if kind == "json" else yaml.parse(path, text)


def load(path: str, data: bytes) -> Document:
    """Parse the bytes of one file; what is wrong with them is a problem of the document, never an exception."""
    head = data[:4096].decode("utf-8", "replace")
    kind = _format(path, head)
    if len(data) > LIMITS[kind]:
        return _broken(path, head, kind, ParseError(_too_large(kind), Region(0, 0)))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
        error = ParseError("the file is UTF-16, expected UTF-8", Region(0, min(1, len(text))), "save it as UTF-8")
        return _broken(path, text, kind, error)
    try:
        text = data.decode()
    except UnicodeDecodeError as wrong:
        start = len(data[: wrong.start].decode())
        message = f"byte 0x{data[wrong.start]:02x} is not UTF-8"
        error = ParseError(message, Region(start, start + 1), "save the file as UTF-8")
        return _broken(path, data.decode("utf-8", "replace"), kind, error)
    try:
        return parse(path, text)
    except ParseError as error:
        return _broken(path, text, kind, error)


def plain(path: str, data: bytes) -> Document:
    """Make the document of a text that is not parsed, such as a script: it has a text, and no value."""
    return Document(path, data[: LIMITS["yaml"]].decode("utf-8", "replace"), None, _Nowhere())


def _format(path: str, text: str) -> Literal["json", "yaml"]:
    lower = path.lower()
    if lower.endswith(".json") or (not lower.endswith((".yml", ".yaml")) and _JSON.match(text)):
        return "json"
    return "yaml"


def _too_large(format: str) -> str:
    return f"the file has more than the {LIMITS[format] // 2**20} MiB that are read"


def embedded(
    outer: Node, text: str | None = None, characters: Sequence[Region] | None = None, *, format: str = ""
) -> Document:
    """Parse the text inside a scalar, such as a policy in a JSON string; a broken text gives a broken document.

    Args:
        outer: The scalar that holds the text; the new document's nodes stand where their text stands in it.
        text: The text, if it is not the scalar's value as it is.
        characters: For each character of the text its region in the outer document's text.
        format: `json` or `yaml`, if it is known; else JSON if it looks like it, as for a file.
    """
    path = outer.document.path
    if text is None:
        text, characters = outer.value if isinstance(outer.value, str) else outer.text, None
    name = f".{format}" if format else "inner"
    try:
        document = parse(name, text)
    except ParseError as error:
        document = _broken(path, text, _format(name, text), error)
    document.path, document.outer, document.characters = path, outer, characters
    return document


class _Nowhere:
    """The places of a document that did not parse: there is one node, the root, and it stands at the start."""

    def region(self, path: tuple[str | int, ...]) -> Region:  # noqa: ARG002
        return Region(0, 0)

    key_region = region

    def style(self, path: tuple[str | int, ...]) -> Style:  # noqa: ARG002
        return "plain"

    def characters(self, path: tuple[str | int, ...], *, key: bool = False) -> Sequence[Region]:  # noqa: ARG002
        return ()


def unread(path: str, reason: str) -> Document:
    """Make the document of a file whose bytes could not be had, for a reason in words."""
    return _broken(path, "", _format(path, ""), ParseError(f"the file could not be read: {reason}", Region(0, 0)))


def _broken(path: str, text: str, kind: Literal["json", "yaml"], error: ParseError) -> Document:
    document = Document(path, text, None, _Nowhere(), kind)
    root = document.root
    related = tuple((root.pin(region), what) for region, what in error.related)
    document.problems = (Problem(root.pin(error.region), error.message, error.help, "syntax", related),)
    return document
