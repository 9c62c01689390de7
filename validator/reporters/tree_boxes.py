"""Trees of stacks as graphs: boxes, and the edges that lead to them."""

from collections.abc import Iterator
from typing import NamedTuple

from validator.cloudformation.outline import Absent, Key
from validator.reporters.tree import Shown, conditions, location


class Box(NamedTuple):
    """A node of a graph, with the edge that leads to it."""

    id: str
    label: str
    absent: bool
    above: str
    edge: str
    dashed: bool


def boxes(shown: Shown) -> Iterator[Box]:
    """Yield a node for each stack of the trees, those above first."""
    count = 0
    for tree in shown.outlines:
        ids: dict[Key, str] = {}
        for one in tree.members:
            ids[one.key] = name = f"s{count}"
            count += 1
            absent = isinstance(one, Absent)
            label = f"{location(shown, one)}: {one.reason}" if isinstance(one, Absent) else one.template.path
            condition = conditions(shown, one)
            edge = "".join(one.path[-1:]) + (f" if {condition}" if condition else "")
            yield Box(name, label, absent, ids[one.key[:-1]] if one.key else "", edge, bool(condition))
