"""Trees of stacks as Mermaid flowcharts."""

import re
from typing import TextIO

from validator.reporters.tree import Shown
from validator.reporters.tree_boxes import boxes
from validator.reporters.visible import visible


def write(shown: Shown, out: TextIO) -> None:
    """Write a Mermaid flowchart, in ASCII."""
    out.write("flowchart TD\n")
    for box in boxes(shown):
        out.write(f'  {box.id}["{_mermaid(box.label)}"]{":::absent" if box.absent else ""}\n')
        if box.above:
            out.write(f'  {box.above} {"-.->" if box.dashed else "-->"}|"{_mermaid(box.edge)}"| {box.id}\n')
    out.write("  classDef absent stroke-dasharray: 3 3\n")


def _mermaid(text: str) -> str:
    """Write a label: all but plain characters as entities, which Mermaid writes with `#` for `&#`."""
    return re.sub(r"[^\w ./:,*'()=-]", lambda found: f"#{ord(found[0])};", visible(text), flags=re.ASCII)
