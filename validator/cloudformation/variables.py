"""References to the variables of a pipeline: `#{Namespace.Variable}`."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from validator.cloudformation.pipeline import PipelineAction
from validator.document import Node, Region

_REFERENCE = re.compile(r"#\{([A-Za-z0-9@_-]+)\.([A-Za-z0-9@_.-]+)\}")


class Reference(NamedTuple):
    """A place in an action's configuration that reads a variable."""

    at: Node
    namespace: str
    name: str


def references(action: PipelineAction) -> Iterator[Reference]:
    """Yield the variables that an action's configuration reads, also in the texts of intrinsic functions."""
    settings = action.settings
    for node in settings.walk() if settings is not None else ():
        if not isinstance(node.value, str) or "#{" not in node.value:
            continue
        characters = node.characters
        for found in _REFERENCE.finditer(node.value):
            where = characters[found.start() : found.end()]
            yield Reference(node.pin(Region(where[0].start, where[-1].end)), found[1], found[2])
