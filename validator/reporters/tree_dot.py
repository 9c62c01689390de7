"""Trees of stacks as graphs for Graphviz."""

from typing import TextIO

from validator.reporters.tree import Shown
from validator.reporters.tree_boxes import boxes
from validator.reporters.visible import visible


def write(shown: Shown, out: TextIO) -> None:
    """Write a graph for Graphviz, in ASCII."""
    out.write("digraph stacks {\n  node [shape=box];\n")
    for box in boxes(shown):
        out.write(f"  {box.id} [label={_dot(box.label)}{', style=dotted' if box.absent else ''}];\n")
        if box.above:
            dashed = ", style=dashed" if box.dashed else ""
            out.write(f"  {box.above} -> {box.id} [label={_dot(box.edge)}{dashed}];\n")
    out.write("}\n")


def _dot(text: str) -> str:
    escaped = visible(text, "ascii").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
