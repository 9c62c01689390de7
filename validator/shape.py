"""JSON Schemas of `schemas/` against nodes: what does not fit, told at the node that does not."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from validator.document import Document, Node, Path, Problem, Value
from validator.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

ANY = "*"  # in a place: whatever name or index

_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a string",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "a boolean",
}
_Error = Any  # jsonschema's ValidationError, whose every attribute is typed as perhaps unset

_LONGEST = 60  # characters of a value that a message repeats


def problems(node: Node, schema: str, *, holes: bool = False) -> list[Problem]:
    """Say where a node does not have the shape that a schema asks for.

    Args:
        node: What to look at, with all below it.
        schema: Name of a file of `schemas/`, without `.json`.
        holes: CloudFormation's functions (`{"Ref": …}`, `{"Fn::Sub": …}`) may stand for anything that fits. In a text
            that Fn::Sub fills in, its `${…}` may in any case.

    Returns:
        Problems in order of place. Code `unknown-key` stands at a key that the schema does not have there, `key-form`
        at one of another form than free names have there, `shape` at anything else: a missing key at the key of the
        mapping that lacks it. A key that is missing only because it is misspelled is one problem, not two.
    """
    hole = _holes(node.document, functions=holes)
    found = [p for error in _validator(schema).iter_errors(node.value) for p in _translate(node, error, hole)]
    found.sort(key=lambda problem: (problem.at, problem.message))
    # What a YAML alias repeats is one defect: it stands in one place, whatever the paths that lead there, and only the
    # first word of the message, which names the place, may differ.
    unique = {(problem.at.region, problem.message.partition(" ")[2]): problem for problem in reversed(found)}
    return list(reversed(unique.values()))


def keys_at(schema: str, path: Iterable[str | int]) -> tuple[str, ...]:
    """List the keys that a schema knows for the mapping at a path; none where any name will do."""
    here = _load(schema)
    for step in path:
        found = _step(schema, here, step)
        if found is None:
            return ()
        here = found
    return tuple(_properties(schema, here))


def places_of(schema: str, key: str) -> tuple[tuple[str, ...], ...]:
    """List the paths of the mappings in which a schema knows a key, the shortest first; ANY is any name or index."""
    return _places(schema).get(key, ())


def misplaced(schema: str, path: Sequence[str | int], key: str) -> tuple[str, str]:
    """Say why a schema has no such key at a path, and what may have been meant."""
    known = keys_at(schema, path)
    why = f"it means nothing {place(path)}"
    near = nearest(key, known)
    if near and near[0].casefold() == key.casefold():
        return why, f"write {near[0]!r}: case matters"
    if places := places_of(schema, key):
        named = list(dict.fromkeys(place(path) for path in places))
        return why, f"it belongs {' or '.join(named) if len(named) < 4 else named[0]}"
    return why, f"did you mean {near[0]!r}?" if near else f"known {place(path)}: {listed(known)}" if known else ""


def place(path: Iterable[str | int]) -> str:
    """Name the mapping at a path as a reader would look for it."""
    names = [str(step) for step in path if step != ANY and isinstance(step, str)]
    return f"in {'.'.join(names)}" if names else "at the top level"


def is_function(value: Value) -> bool:
    """Say whether a value is, or is made by, an intrinsic function of CloudFormation: no schema knows what it gives."""
    if not isinstance(value, dict):
        return False
    # Asked of nearly every value there is: a generator would cost more than all else here.
    for key in value:
        if key.startswith("Fn::"):
            return True
    return len(value) == 1 and "Ref" in value


def may_be_absent(value: Value) -> bool:
    """Say whether CloudFormation may leave out a value with its key: AWS::NoValue, in a branch of an Fn::If perhaps."""
    if not isinstance(value, dict):
        return False
    branches = value.get("Fn::If")
    return value == {"Ref": "AWS::NoValue"} or (isinstance(branches, list) and any(map(may_be_absent, branches[1:])))


def is_open(node: Node, *, functions: bool) -> bool:
    """Say whether CloudFormation makes a value of what stands here: a reference in a text that Fn::Sub fills in.

    Args:
        node: The value, or the key.
        functions: Whether intrinsic functions are read as such here, so that any of them is open too.
    """
    return _holes(node.document, functions=functions)(node.value)


# --- what stands for something else ----------------------------------------------------------------------------------

_Hole = Callable[[Value], bool]

_REFERENCE = re.compile(r"\$\{[^!]")


def _holes(document: Document, *, functions: bool) -> _Hole:
    """Make the test for values that may come to be anything."""
    references = _is_filled_in(document)

    def hole(value: Value) -> bool:
        if isinstance(value, str):
            return references and _REFERENCE.search(value) is not None
        return functions and is_function(value)

    return hole


def _is_filled_in(document: Document) -> bool:
    """Say whether Fn::Sub makes this text, or one that it stands in."""
    while (outer := document.outer) is not None:
        if "Fn::Sub" in {outer.name, *outer.path[-2:-1]}:
            return True
        document = outer.document
    return False


# --- the schemas -----------------------------------------------------------------------------------------------------


@cache
def _load(schema: str) -> Mapping[str, Any]:
    text = files("validator.schemas").joinpath(f"{schema}.json").read_text(encoding="utf-8")
    return cast("Mapping[str, Any]", json.loads(text))


@cache
def _places(schema: str) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    stack: list[tuple[tuple[str, ...], Mapping[str, Any]]] = [((), _load(schema))]
    while stack:
        path, here = stack.pop()
        inner = _properties(schema, here)
        for key in inner:
            found.setdefault(key, []).append(path)
        stack.extend(((*path, name), each) for name, each in inner.items())
        stack.extend(((*path, ANY), each) for each in _others(schema, here))
    return {key: tuple(sorted(paths, key=lambda path: (len(path), path))) for key, paths in found.items()}


@cache
def _validator(schema: str) -> "Draft202012Validator":
    from jsonschema import Draft202012Validator  # noqa: PLC0415  # 70 ms, for runs that have something to validate

    return Draft202012Validator(dict(_load(schema)))


def _resolve(schema: str, here: object) -> Mapping[str, Any]:
    """Put what a local reference refers to in its place; a schema that is no mapping says nothing."""
    if not isinstance(here, Mapping):
        return {}
    if (target := here.get("$ref")) is None:
        return here
    referred: Any = _load(schema)
    for step in target.removeprefix("#/").split("/"):
        referred = referred[step]
    return {**_resolve(schema, referred), **{key: value for key, value in here.items() if key != "$ref"}}


def _properties(schema: str, here: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    known = _resolve(schema, here).get("properties", {})
    return {key: _resolve(schema, value) for key, value in known.items()}


def _others(schema: str, here: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the schemas of members with any name, and of a list's elements."""
    for keyword in ("additionalProperties", "items"):
        if each := _resolve(schema, here.get(keyword)):
            yield each


def _step(schema: str, here: Mapping[str, Any], step: str | int) -> Mapping[str, Any] | None:
    if isinstance(step, int):
        return _resolve(schema, here.get("items")) or None
    return _properties(schema, here).get(step) or _resolve(schema, here.get("additionalProperties")) or None


# --- from errors to problems -----------------------------------------------------------------------------------------


def _translate(root: Node, error: _Error, hole: _Hole) -> Iterator[Problem]:
    path: Path = tuple(error.absolute_path)
    if _through_hole(root.value, path, hole):
        return
    node = root.get(*path)
    assert node is not None
    if error.validator in {"oneOf", "anyOf"}:
        yield from _alternatives(root, node, error, hole)
    elif error.validator == "additionalProperties":
        yield from _unknown_keys(node, error, hole)
    elif error.validator == "required":
        yield from _missing_keys(node, error, hole)
    elif error.validator == "dependentRequired":
        yield from _lonely_keys(node, error)
    else:
        yield _told(node, error)


def _through_hole(value: Value, path: Path, hole: _Hole) -> bool:
    for step in path:
        if hole(value):
            return True
        value = value[step]  # type: ignore[index]  # the path was made from this very value
    return hole(value)


def _alternatives(root: Node, node: Node, error: _Error, hole: _Hole) -> Iterator[Problem]:
    """Tell which of several keys a mapping must have; else what is wrong with the alternative that is closest."""
    branches = error.validator_value
    if isinstance(node.value, dict) and all(len(branch.get("required", ())) == 1 for branch in branches):
        names = [branch["required"][0] for branch in branches]
        # A key may mean something else beside another: a stack alone is looked at, with a resource it says where.
        apart = {
            name
            for name, branch in zip(names, branches, strict=True)
            if any(other in node.value for other, allowed in branch.get("properties", {}).items() if allowed is False)
        }
        present = [key for key in node.value if key in names and key not in apart]
        if len(present) > 1:
            at = node.get(present[1])
            assert at is not None
            yield Problem(at.key, f"{_subject(node)} has both {present[0]!r} and {present[1]!r}, expected one of them")
        elif not present and not any(hole(key) for key in node.value):
            yield Problem(node.key, f"{_subject(node)} has none of {listed(names)}, expected one of them")
        return
    closest: dict[object, list[_Error]] = {}
    for each in error.context or ():
        closest.setdefault(each.schema_path[0], []).append(each)
    best = max(closest.values(), key=lambda errors: max(len(each.absolute_path) for each in errors), default=[])
    for each in best:
        yield from _translate(root, each, hole)


def _unknown_keys(node: Node, error: _Error, hole: _Hole) -> Iterator[Problem]:
    known = error.schema.get("properties", {})
    for key, value in node.items():
        if key not in known and not hole(key) and not (hole(value.value) and may_be_absent(value.value)):
            advice = did_you_mean(key, known) or (f"known here: {listed(known)}" if known else "")
            yield Problem(value.key, f"{_subject(node)} has no key {_quoted(key)}", advice, "unknown-key")


def _missing_keys(node: Node, error: _Error, hole: _Hole) -> Iterator[Problem]:
    assert isinstance(node.value, dict)
    known = error.schema.get("properties", {})
    strangers = [key for key in node.value if key not in known]
    if any(map(hole, strangers)):
        return
    for key in error.validator_value:
        misspelled = any(nearest(stranger, (*known, key)) == (key,) for stranger in strangers)
        if key not in node.value and not misspelled:
            yield Problem(node.key, f"{_subject(node)} lacks {key!r}", subject=key)


def _lonely_keys(node: Node, error: _Error) -> Iterator[Problem]:
    for key, needs in error.validator_value.items():
        if member := node.get(key):
            for need in needs:
                if node.get(need) is None:
                    yield Problem(member.key, f"{_subject(node)} has {key!r} without {need!r}")


def _told(node: Node, error: _Error) -> Problem:
    at, subject, code = node, _subject(node), "shape"
    if "propertyNames" in error.absolute_schema_path:
        member = node.get(error.instance)
        assert member is not None
        at, subject = member.key, f"a key of {_subject(node)}"
        code = "key-form"
    tell = _TELL.get(str(error.validator))
    if tell is None:  # `not` and `false`: the schema says in its description what it forbids
        what = _sentence(error.schema["description"]) if isinstance(error.schema, dict) else "this cannot stand here"
        return Problem(at.key, what)
    message, advice = tell(at, subject, error)
    return Problem(at, message, advice, code)


_Tell = Callable[[Node, str, _Error], tuple[str, str]]


def _tell_type(at: Node, subject: str, error: _Error) -> tuple[str, str]:
    types = error.validator_value
    types = [types] if isinstance(types, str) else list(types)
    if "string" in types:  # a number or a boolean is then taken as its text, which goes without saying
        types = [each for each in types if each not in {"number", "boolean"}]
    words = [_TYPES[each] for each in types if each != "null"]
    return f"{subject} is {_shown(at)}, expected {' or '.join(words)}", ""


def _tell_enum(at: Node, subject: str, error: _Error) -> tuple[str, str]:
    values = error.validator_value if error.validator == "enum" else [error.validator_value]
    texts = [value for value in values if isinstance(value, str)]
    if {True, False} <= {value for value in values if isinstance(value, bool)}:
        expected = "yes or no"
    else:
        # A version may stand with or without quotes; it is named once.
        seen = dict.fromkeys(str(value) for value in values)
        expected = listed(seen) if len(texts) == len(values) else ", ".join(seen)
        expected = f"one of {expected}" if len(seen) > 1 else expected
    advice = did_you_mean(at.value, texts) if isinstance(at.value, str) and expected != "yes or no" else ""
    return f"{subject} is {_shown(at)}, expected {expected}", advice


def _tell_pattern(_at: Node, subject: str, error: _Error) -> tuple[str, str]:
    examples = [str(example) for example in error.schema.get("examples", ())]
    meaning = _sentence(error.schema.get("description", ""))
    message = f"{subject} is {_quoted(error.instance)}, expected "
    if not examples:
        return message + meaning, ""
    return f"{message}something like {listed(examples)}", did_you_mean(error.instance, examples) or meaning


def _tell_minimum(at: Node, subject: str, error: _Error) -> tuple[str, str]:
    return f"{subject} is {_shown(at)}, expected {error.validator_value} or more", ""


def _tell_empty(_at: Node, subject: str, error: _Error) -> tuple[str, str]:
    return f"{subject} is empty, expected at least {error.validator_value} entry", ""


_TELL: Mapping[str, _Tell] = {
    "type": _tell_type,
    "enum": _tell_enum,
    "const": _tell_enum,
    "pattern": _tell_pattern,
    "minimum": _tell_minimum,
    "minItems": _tell_empty,
    "minProperties": _tell_empty,
}


# --- words -----------------------------------------------------------------------------------------------------------


def listed(names: Iterable[str]) -> str:
    """Write names for a message: five at most, then how many more there are."""
    names = list(names)
    shown = ", ".join(repr(name) for name in names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown


def _subject(node: Node) -> str:
    """Name a node by its key, with the indices behind it: `Statement[0]`."""
    indices: list[str] = []
    for step in reversed(node.path):
        if isinstance(step, str):
            return f"{_quoted(step)[1:-1]}{''.join(reversed(indices))}"
        indices.append(f"[{step}]")
    return f"element {''.join(reversed(indices))}" if indices else "the document"


def _shown(node: Node) -> str:
    """Show a scalar as the reader wrote it, anything else by its kind."""
    if isinstance(node.value, str):
        return _quoted(node.value)
    if isinstance(node.value, bool | int | float):
        return node.text if len(node.text) <= _LONGEST else node.kind
    return "empty" if node.value is None else node.kind


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")


def _sentence(description: str) -> str:
    """Write a schema's description as a message: lower case, no full stop."""
    description = description.removesuffix(".")
    return description if description[1:2].isupper() else description[:1].lower() + description[1:]
