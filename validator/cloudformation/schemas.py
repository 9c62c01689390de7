"""What CloudFormation's registry says of resource types, from the schemas that come with cfn-lint: read as files.

cfn-lint itself is not imported, and nothing is read before a type is asked for.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Where all types are, or nearly: a schema is the same in all regions but for a few.
_REGION = "us-east-1"
_DEEPEST = 20


class Schema:
    """The schema of one resource type."""

    def __init__(self, type: str, raw: Mapping[str, Any]) -> None:
        """Take the schema as the registry has it."""
        self.type = type
        self._raw = raw

    @property
    def write_only(self) -> tuple[tuple[str, ...], ...]:
        """The paths of the properties that nobody can read back; `*` for any element."""
        return tuple(tuple(path.split("/")[2:]) for path in self._raw.get("writeOnlyProperties", ()))

    @property
    def read_permissions(self) -> tuple[str, ...] | None:
        """The actions that its read handler needs; None if it has none, so that Cloud Control cannot read it."""
        handler = self._raw.get("handlers", {}).get("read")
        return tuple(handler.get("permissions", ())) if handler is not None else None

    def members(self, *path: str) -> frozenset[str] | None:
        """List the members that can stand at a path, `*` for any element; None for what may have any."""
        nodes = [self._raw]
        for step in path:
            nodes = [found for node in nodes for found in self._below(node, step)]
        found: set[str] = set()
        for node in [each for one in nodes for each in self._resolved(one)]:
            if not isinstance(node.get("properties"), dict) or node.get("patternProperties"):
                return None
            if node.get("additionalProperties") not in {None, False} or not {"$ref", "not"}.isdisjoint(node):
                return None
            found.update(node["properties"])
        return frozenset(found) if nodes and found else None

    def is_list(self, *path: str) -> bool:
        """Whether a list stands at a path."""
        nodes = [self._raw]
        for step in path:
            nodes = [found for node in nodes for found in self._below(node, step)]
        resolved = [each for one in nodes for each in self._resolved(one)]
        return bool(resolved) and all("items" in node for node in resolved)

    def _below(self, node: Mapping[str, Any], step: str) -> Iterator[Mapping[str, Any]]:
        for one in self._resolved(node):
            found = one.get("items") if step == "*" else one.get("properties", {}).get(step)
            if isinstance(found, dict):
                yield found

    def _resolved(self, node: Mapping[str, Any], depth: int = 0) -> Iterator[Mapping[str, Any]]:
        """Yield what a schema can be: itself, what it refers to, any of several."""
        if depth > _DEEPEST:
            return
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/"):
            target: Any = self._raw
            for part in reference[2:].split("/"):
                target = target.get(part, {}) if isinstance(target, dict) else {}
            yield from self._resolved(target, depth + 1)
            return
        several = [each for key in ("anyOf", "oneOf", "allOf") for each in node.get(key, ()) if isinstance(each, dict)]
        shaped = [each for each in several if not {"properties", "items", "$ref", "type"}.isdisjoint(each)]
        if "properties" in node or "items" in node or not shaped:
            yield node
        for each in shaped:
            if not {"properties", "items", "$ref"}.isdisjoint(each):
                yield from self._resolved(each, depth + 1)


@lru_cache(maxsize=256)
def schema(type: str) -> Schema | None:
    """Give the schema of a resource type; None for one that is not known, or if cfn-lint is not there."""
    folder, name = _folder(), _index().get(type)
    if folder is None or name is None:
        return None
    try:
        raw = json.loads((folder / "resources" / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Schema(type, raw)


def types() -> frozenset[str]:
    """List the types that have schemas."""
    return frozenset(_index())


@cache
def _folder() -> Path | None:
    package = find_spec("cfnlint")
    return Path(package.origin).parent / "data" / "schemas" if package is not None and package.origin else None


@cache
def _index() -> Mapping[str, str]:
    """Map each type to the name of its schema's file."""
    folder = _folder()
    try:
        text = (folder / "providers" / f"{_REGION}.json").read_text(encoding="utf-8") if folder is not None else "{}"
        found: Mapping[str, str] = json.loads(text)
    except (OSError, ValueError):
        return {}
    return found
