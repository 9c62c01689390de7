"""YAML texts: built iteratively from libyaml's events, with the place of every key and value.

YAML 1.1 as CloudFormation's template guide has it: no timestamps; its short forms (`!Sub x`) become the long ones.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import yaml

from validator.document import Document, Path, Region, Style, Value, type_name
from validator.parse import duplicates
from validator.parse.characters import yaml_characters
from validator.parse.duplicates import Duplicate
from validator.parse.error import MAX_DEPTH, ParseError, quoted, too_deep, too_many
from validator.parse.scalar import STANDARD, resolve

# A hundred thousand nodes by aliases alone is no delivery: it is a billion laughs.
MAX_ALIASED = 100_000
MAX_NODES = 300_000
# libyaml compares each tag with every directive, and each directive with all others.
MAX_DIRECTIVES = 100

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAK = "\n\r\x85\u2028\u2029"
_WHITE = f" \t{_BREAK}"
# White space and comments; only one way to match them, so that a failure after them costs nothing.
_GAP = rf"[{_WHITE}]*(?:#[^{_BREAK}]*(?:[{_BREAK}][{_WHITE}]*|\Z))*"
_PROPERTIES = re.compile(rf"(?:(?:(?P<tag>!<[^>]*>|![^\s,]*)|&[0-9A-Za-z_-]+){_GAP}){{1,2}}")
_COLON = re.compile(rf"{_GAP}:")
_LINE_END = re.compile(f"[{_BREAK}]")
_WORD = re.compile(r"[^\s,\[\]{}]{1,60}|\S")
_DIRECTIVE = re.compile(rf"(?:\A|(?<=[{_BREAK}]))%TAG")
_ESCAPED_BYTE = re.compile(r"%[0-9A-Fa-f]{2}")
_STYLES: dict[str | None, Style] = {None: "plain", "": "plain", "'": "'", '"': '"', "|": "|", ">": ">"}
_BLOCKS = frozenset({"|", ">"})
_BARE = frozenset({"Ref", "Condition"})
_FUNCTIONS = frozenset({
    "And", "Base64", "Cidr", "Contains", "EachMemberEquals", "EachMemberIn", "Equals", "FindInMap", "GetAtt", "GetAZs",
    "If", "ImportValue", "Join", "Length", "Not", "Or", "RefAll", "Select", "Split", "Sub", "ToJsonString", "Transform",
    "ValueOf", "ValueOfAll",
})  # fmt: skip


@dataclass(slots=True, eq=False)
class Place:
    """Where one value stands, and the places below it.

    Attributes:
        end: Of a block scalar, before white space at its end; of a block collection, the end of its last child.
        members: The places of the children by key or index; of a scalar, one empty mapping for all.
        keys: Where the keys of the children stand; of all but a mapping, one empty mapping for all.
        size: Number of nodes in the tree below and including this one.
        height: Number of collections on the longest way down, this one included.
    """

    start: int
    end: int
    style: Style
    members: dict[str | int, "Place"]
    keys: dict[str | int, Region]
    size: int = 1
    height: int = 0


_NO_MEMBERS: dict[str | int, Place] = {}
_NO_KEYS: dict[str | int, Region] = {}
_NOWHERE = Region(0, 0)


@dataclass(slots=True, eq=False)
class _Frame:
    """A collection that is being built."""

    value: dict[str, Value] | list[Value]
    place: Place
    function: str
    tag: Region
    anchor: str | None
    key: str | None = None
    key_region: Region = _NOWHERE
    merging: bool = False
    merges: tuple[tuple[Value, Place], ...] = ()


def parse(path: str, text: str) -> Document:
    """Parse a YAML text; see `validator.parse.parse`."""
    skipped = len(text) - len(text.lstrip("\ufeff"))
    if bad := _UNPRINTABLE.search(text, skipped):
        message = f"found the character {bad.group()!a}, which YAML does not allow"
        raise ParseError(message, Region(*bad.span()), "remove it, or write it as an escape in double quotes")
    directives = _DIRECTIVE.finditer(text) if text.count("%TAG") > MAX_DIRECTIVES else ()
    for directive in islice(directives, MAX_DIRECTIVES, None):
        raise ParseError(f"the file has more than {MAX_DIRECTIVES} %TAG directives", Region(*directive.span()))
    builder = _Builder(text, skipped)
    try:
        for event in yaml.parse(text[skipped:], _LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise _explain(text, skipped, error) from None
    except UnicodeDecodeError:
        escape = _ESCAPED_BYTE.search(text, builder.reached)
        region = Region(*escape.span()) if escape else _NOWHERE
        raise ParseError("found a tag whose escapes are not UTF-8", region) from None
    except yaml.YAMLError as error:
        raise ParseError(str(error).partition("\n")[0], Region(0, 0)) from None
    place = builder.place or Place(len(text), len(text), "plain", _NO_MEMBERS, _NO_KEYS)
    document = Document(path, text, builder.value, YamlPlaces(text, place, builder.value))
    document.foreign_tags = frozenset(builder.foreign_tags)
    document.parts = builder.parts
    document.problems = tuple(duplicates.problems(document, builder.duplicates))
    return document


class YamlPlaces:
    """Where the nodes of a YAML text stand; of an aliased or merged one, where its anchor is."""

    def __init__(self, text: str, root: Place, value: Value) -> None:
        """Take the text and what the builder made of it."""
        self._text = text
        self._root = root
        self._value = value

    def _place(self, path: Path) -> Place:
        place = self._root
        for part in path:
            place = place.members[part]
        return place

    def region(self, path: Path) -> Region:
        """Give the region of the value at a path that exists."""
        place = self._place(path)
        return Region(place.start, place.end)

    def key_region(self, path: Path) -> Region:
        """Give the region of the key that leads to a path; of the element itself in a list."""
        key = self._place(path[:-1]).keys.get(path[-1]) if path else None
        return key or self.region(path)

    def style(self, path: Path) -> Style:
        """Say how the value is written."""
        return self._place(path).style

    def characters(self, path: Path, *, key: bool = False) -> Sequence[Region]:
        """Map each character of a scalar's decoded text, or of its key, to its source characters."""
        value: Value = path[-1] if key else self._value
        for part in () if key else path:
            value = value[part]  # type: ignore[index]  # the path exists
        region = self.key_region(path) if key else self.region(path)
        found = yaml_characters(self._text, region, value if isinstance(value, str) else "")
        if isinstance(value, str) and len(found) != len(value):  # the key of a short form is written as a tag
            return [region] * len(value)
        return found


class _Builder:
    """Takes events, makes plain values and places; recursion-free, so that depth costs nothing."""

    def __init__(self, text: str, skipped: int) -> None:
        self._text = text
        self._skipped = skipped
        self._stack: list[_Frame] = []
        self._anchors: dict[str, tuple[Value, Place]] = {}
        self._nodes = self._aliased = self._depth = 0
        self._begin = self.reached = 0
        self.value: Value = None
        self.place: Place | None = None
        self.parts = 0
        self.foreign_tags: set[str] = set()
        self.duplicates: list[Duplicate] = []

    def take(self, event: yaml.Event) -> None:
        assert event.start_mark is not None
        assert event.end_mark is not None
        self._begin = event.start_mark.index + self._skipped
        self.reached = event.end_mark.index + self._skipped
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._anchors.clear()

    def _properties(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> tuple[int, str, Region]:
        """Give the offset at which a value starts, a short form's long name, and where the short form's tag stands."""
        start, tag = self._begin, event.tag
        if tag is None and event.anchor is None:
            return start, "", _NOWHERE
        match = _PROPERTIES.match(self._text, start, self.reached)
        if match is None:
            return start, "", _NOWHERE
        region = Region(*match.span("tag"))
        if tag is None or tag == "!" or tag.startswith(STANDARD):
            return match.end(), "", region
        name = tag.removeprefix("!")
        if name in _BARE or name in _FUNCTIONS:
            return match.end(), name if name in _BARE else f"Fn::{name}", region
        self.foreign_tags.add(tag)
        return match.end(), "", region

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        start, function, tag = self._properties(event)
        end = self.reached
        style = _STYLES[event.style]
        if style in _BLOCKS:
            end = start + len(self._text[start:end].rstrip(_WHITE))
            line_end = _LINE_END.search(self._text, end, self.reached)
            end = line_end.start() if line_end else self.reached
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.key is None and isinstance(frame.value, dict):
            frame.key, frame.key_region = event.value, Region(start, end)
            frame.merging = style == "plain" and event.value == "<<"
            return
        if self._begin == self.reached and frame is not None and frame.key is not None:
            # Nothing at all: libyaml puts it where the next token starts.
            colon = _COLON.match(self._text, frame.key_region.end, start)
            start = end = colon.end() if colon else frame.key_region.end
        try:
            value = event.value if function else resolve(event.value, event.tag, plain=style == "plain")
        except ValueError as error:
            raise ParseError(str(error), Region(start, end)) from None
        self._finish(value, Place(start, end, style, _NO_MEMBERS, _NO_KEYS), function, tag, event.anchor)

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        start, function, tag = self._properties(event)
        self._refuse_as_key(Region(start, start + 1), "a list or mapping")
        self._depth += 2 if function else 1
        if self._depth > MAX_DEPTH:
            raise too_deep(start)
        style: Style = "flow" if event.flow_style else "block"
        value: dict[str, Value] | list[Value] = {} if isinstance(event, yaml.MappingStartEvent) else []
        place = Place(start, start, style, {}, {} if isinstance(value, dict) else _NO_KEYS, height=1)
        self._stack.append(_Frame(value, place, function, tag, event.anchor))

    def _close(self) -> None:
        frame = self._stack.pop()
        self._depth -= 2 if frame.function else 1
        if self._text[frame.place.start : frame.place.start + 1] in {
            "[",
            "{",
        }:  # and not one pair in a flow list, which has no brackets
            frame.place.end = self.reached
        if isinstance(frame.value, dict):
            _merge(frame, frame.value)
        self._finish(frame.value, frame.place, frame.function, frame.tag, frame.anchor)

    def _alias(self, event: yaml.AliasEvent) -> None:
        region = Region(self._begin, self.reached)
        name = quoted(f"*{event.anchor}")
        self._refuse_as_key(region, f"the alias {name}")
        if any(frame.anchor == event.anchor for frame in self._stack):
            raise ParseError(f"the alias {name} refers to what it stands in", region)
        if event.anchor not in self._anchors:
            raise ParseError(f"the alias {name} refers to no anchor above it", region, "an anchor is written '&name'")
        value, place = self._anchors[event.anchor]
        self._aliased += place.size
        if self._aliased > MAX_ALIASED:
            raise ParseError(f"aliases make more than {MAX_ALIASED} values of this file", region)
        if self._depth + place.height > MAX_DEPTH:
            raise too_deep(region.start)
        self._add(value, place, region.end)

    def _refuse_as_key(self, region: Region, what: str) -> None:
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.key is None and isinstance(frame.value, dict):
            raise ParseError(f"found {what} as a key, expected a string", region, "write the key out, or quote it")

    def _finish(self, value: Value, place: Place, function: str, tag: Region, anchor: str | None) -> None:
        """Put a value into its short form's long form, and remember it under its anchor."""
        if function:
            if self._depth >= MAX_DEPTH:
                raise too_deep(tag.start)
            value = {function: value}
            size, height = place.size + 1, place.height + 1
            place = Place(tag.start, place.end, "block", {function: place}, {function: tag}, size, height)
        if anchor is not None:
            self._anchors[anchor] = (value, place)
        self._add(value, place, place.end)

    def _add(self, value: Value, place: Place, end: int) -> None:
        """Put a finished value, which ends here at `end`, into the collection that is being built."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise too_many(MAX_NODES, end)
        if not self._stack:
            self.parts += value is not None
            if self.value is None:
                self.value, self.place = value, place
            return
        frame = self._stack[-1]
        parent = frame.place
        parent.size += place.size
        parent.end = max(parent.end, end)
        if place.height >= parent.height and not frame.merging:
            parent.height = place.height + 1
        if isinstance(frame.value, list):
            parent.members[len(frame.value)] = place
            frame.value.append(value)
            return
        assert frame.key is not None
        key, frame.key = frame.key, None
        if frame.merging:
            frame.merges += ((value, place),)
            return
        if key in frame.value and len(self.duplicates) <= duplicates.MAX_DUPLICATES:
            self.duplicates.append(Duplicate(frame.key_region, parent.keys[key], (*self._path(), key)))
        frame.value[key] = value
        parent.members[key], parent.keys[key] = place, frame.key_region

    def _path(self) -> Path:
        """Give the path of the collection that is being built; of the root, in another document than the first."""
        steps: list[str | int] = []
        for frame, child in zip(self._stack, [*self._stack[1:], None], strict=True):
            if frame.function:
                steps.append(frame.function)
            if child is not None:
                steps.append(len(frame.value) if isinstance(frame.value, list) else frame.key or "")
        return tuple(steps) if self.value is None else ()


def _merge(frame: _Frame, mapping: dict[str, Value]) -> None:
    """Take over the members of `<<: *other` that the mapping does not have itself; of two others, the first's."""
    for value, place in frame.merges:
        sources = [(value, place)]
        if isinstance(value, list):
            sources = [(element, place.members[index]) for index, element in enumerate(value)]
        for source, where in sources:
            if not isinstance(source, dict):
                message = (
                    f"found {type_name.get(type(source), 'nothing')} to merge, expected a mapping or a list of mappings"
                )
                raise ParseError(message, Region(where.start, where.end))
            frame.place.height = max(frame.place.height, where.height)
            for key in source:
                if key not in mapping:
                    mapping[key] = source[key]
                    frame.place.members[key], frame.place.keys[key] = where.members[key], where.keys[key]


_EXPECTED = {
    "'-' indicator": "'- ' or the end of the list",
    "key": "a key",
    "node content": "a value",
    "<document start>": "the end of the text, or '---' before another document",
    "alphabetic or numeric character": "a name",
    "comment or line break": "the end of the line",
    "whitespace or line break": "white space",
    "hexdecimal number": "hexadecimal digits",
    "':'": "':' after the key",
}
_PROBLEMS = {
    "mapping values are not allowed": ("found ':' where no key can stand", "quote the value if it holds ': '"),
    "block sequence entries are not allowed": ("found '- ' where no list can start", "start the list on its own line"),
    "mapping keys are not allowed": ("found '? ' where no key can stand", "quote the value"),
    "found unexpected end of stream": ("found a quote that is never closed", "close it"),
    "found unexpected document indicator": (
        "found the end of the document inside quotes",
        "close the quotes before it",
    ),
    "found undefined tag handle": ("found a tag whose handle no %TAG directive defines", ""),
    "found unknown escape character": ("found an escape that YAML does not have", "double the backslash"),
    "found unknown directive name": (
        "found a directive that YAML does not have",
        "quote the value if it starts with '%'",
    ),
    "found incompatible YAML document": ("found a version of YAML other than 1.1 and 1.2", ""),
    "found a tab character": ("found a tab where YAML wants spaces", "indent with spaces"),
}
_JOINED = re.compile(r"(?P<indent>[ ]*(?:- +)*)(?P<key>[\w.-]+:)(?P<value>[^\s:/#][^\s:#]*)[ ]*\r?\n")
_MARKED = re.compile(r"[ ]*(?:- +)+(?P<mark>[\[{*&!])")
_MARKS = {"[": "a list", "{": "a mapping", "*": "an alias", "&": "an anchor", "!": "a tag"}
_CONSTRUCTS = {
    "block mapping": "the mapping",
    "flow mapping": "the mapping",
    "block collection": "the list",
    "flow sequence": "the list",
    "quoted scalar": "the quoted text",
    "block scalar": "the block of text",
}
# What is wrong is best seen where these start, not where libyaml noticed.
_NEVER_ENDED = ("found unexpected end of stream", "could not find expected ':'", "found unknown directive name")


def _explain(text: str, skipped: int, error: yaml.MarkedYAMLError) -> ParseError:
    """Say what was found and what was expected, in place of libyaml's words."""
    problem = str(error.problem or error.context or "found no YAML")
    at = min(error.problem_mark.index + skipped, len(text)) if error.problem_mark else 0
    if problem == "exceeded maximum nesting depth":  # libyaml reads ahead, and may meet its own limit before ours
        return too_deep(at)
    begin = error.context_mark.index + skipped if error.context_mark else at
    related: tuple[tuple[Region, str], ...] = ()
    if problem.startswith(_NEVER_ENDED):
        at = begin
    elif begin < at and (construct := _CONSTRUCTS.get(re.sub(r"while \w+ an? ", "", str(error.context)))):
        related = ((Region(begin, begin + 1), f"{construct} starts here"),)
    word = _WORD.match(text, at)
    found = "the end of the text" if at >= len(text) else quoted(word.group()) if word else "the end of the line"
    message, hint = next((meaning for start, meaning in _PROBLEMS.items() if problem.startswith(start)), (problem, ""))
    if problem.startswith("mapping values are not allowed") and (joined := _joined(text, at)) is not None:
        at = joined.end("key") - 1
        message, hint = "found no blank behind this ':'", f"write {joined['key'] + ' ' + joined['value']!r}"
    elif text[at : at + 1] == "\t":
        message, hint = _PROBLEMS["found a tab character"]
    elif problem.startswith("found character that cannot start any token"):
        message, hint = f"found {text[at]!r}, which cannot start a value", "quote the value"
    elif expected := re.fullmatch(r"(?:did|could) not find (?:the )?expected (.*)", problem):
        message = f"found {found}, expected {_EXPECTED.get(expected[1], expected[1])}"
        if expected[1] in {"key", "'-' indicator"}:
            hint = "check the indentation of this line and the quotes before it"
    if (marked := _MARKED.match(text, text.rfind("\n", 0, at) + 1)) is not None and marked.end() <= at:
        hint = f"put the whole value in quotes: at its start, {marked['mark']!r} means {_MARKS[marked['mark']]}"
    if message != problem:
        # What a search will find: programs that have no words of their own for it, CodeBuild among them, say that.
        hint = f"{hint}; elsewhere it reads {problem!r}".removeprefix("; ")
    return ParseError(message, Region(at, min(at + 1, len(text))), hint, related)


def _joined(text: str, at: int) -> re.Match[str] | None:
    """Find in the line above what was meant as a key and a value: without a blank it is one text with the next line."""
    start = text.rfind("\n", 0, at) + 1
    above = text.rfind("\n", 0, max(start - 1, 0)) + 1
    found = _JOINED.fullmatch(text, above, start)
    column = len(text[start:at]) - len(text[start:at].lstrip(" "))
    return found if found is not None and found.end("indent") - above == column else None
