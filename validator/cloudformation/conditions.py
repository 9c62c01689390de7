"""What decides the conditions of a stack."""

from collections.abc import Iterator

from validator.cloudformation.stacks import Stack
from validator.document import Node


def deciding(stack: Stack, condition: str) -> Iterator[tuple[Node, str]]:
    """Yield where the parameters that decide a condition have their values from, each with what stands there."""
    for name in stack.template.decides(condition):
        if (given := stack.given.get(name)) is not None:
            yield given.node, f"what {name} is given"
        elif (default := stack.template.parameters[name].default) is not None:
            yield default, f"the Default of {name}"
