"""What `stackproof tree` shows: stacks with what reaches and leaves them, and what is found in them.

Each format is a module of its own, imported when it is asked for.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TextIO, cast

from validator.cloudformation.outline import Absent, Branch, Key, Outline, Reason, Received
from validator.cloudformation.template import Parameter
from validator.document import Node
from validator.engine.mask import Mask
from validator.engine.report import Report, Reported
from validator.project.secrets import secret_like
from validator.values import Assumption, text_of

FORMATS: tuple[str, ...] = ("full", "json", "mermaid", "dot")
JUDGED = frozenset({"full", "json"})  # those that show findings
HIDDEN = "***"
CUT = "..."

REASONS: Mapping[Reason, str] = {
    "absent": "there is no such file",
    "outside": "it is outside of the project",
    "mapped": "the path that is given for it leads to no template",
    "foreign": "no file here has such a path",
    "submodule": "it is in a git submodule that is not checked out",
    "ambiguous": "several files fit",
    "unknown": "it is not known before deployment, or is no template",
    "stack-set": "a stack set, whose stacks are deployed elsewhere",
    "recursive": "it is nested in itself",
    "never": "it is never created with these values",
    "limit": "the tree is too large to be shown",
}
_LOCATION = 60


@dataclass(frozen=True)
class Shown:
    """Trees, with what was found in them.

    Attributes:
        report: What `check` says of all files of the trees.
        secret: Names of parameters whose values are not shown, whatever template declares them.
    """

    outlines: Sequence[Outline]
    report: Report
    mask: Mask
    secret: AbstractSet[str] = frozenset()

    def hides(self, parameter: Parameter, one: Received) -> bool:
        """Whether a value is a secret, or made of one."""
        names = {parameter.name, *one.names}
        return parameter.no_echo or secret_like(parameter.name) or not names.isdisjoint(self.secret)

    def assumed(self, one: Assumption) -> str | bool:
        """Give what was assumed of a parameter or condition, unless that is a secret."""
        name = one.name.rpartition(".")[2]
        secret = one.kind == "parameter" and (name in self.secret or secret_like(name))
        return HIDDEN if secret else self.mask.message(one.value) if isinstance(one.value, str) else one.value

    @cached_property
    def placed(self) -> Sequence[Mapping[Key, Sequence[Reported]]]:
        """The findings of each tree, at the stacks that they are about, by key."""
        return [_placed(one, self.report.findings) for one in self.outlines]

    @cached_property
    def findings(self) -> Sequence[Reported]:
        """All that has a place in one of the trees, once and in order."""
        somewhere = {id(finding) for tree in self.placed for found in tree.values() for finding in found}
        return [finding for finding in self.report.findings if id(finding) in somewhere]


def writer(name: str) -> Callable[[Shown, TextIO], None]:
    """Import the module of one of FORMATS and give the function that writes trees to a stream."""
    return cast("Callable[[Shown, TextIO], None]", import_module(f"validator.reporters.tree_{name}").write)


def _placed(tree: Outline, findings: Iterable[Reported]) -> Mapping[Key, Sequence[Reported]]:
    """Place findings: at the nested stack whose resource they stand in, else at the stacks of their template.

    Those of a parameter file belong to the root, those of a file that cannot be read to the stack that it is for.
    """
    stacks: dict[str, list[Key]] = defaultdict(list)
    nested: dict[tuple[str, str], list[Key]] = defaultdict(list)
    for one in tree.members:
        if isinstance(one, Branch):
            stacks[one.template.path].append(one.key)
        elif one.file:
            stacks[one.file].append(one.key)
        if one.link is not None:
            nested[one.link.parent.path, one.path[-1]].append(one.key)
    files = {link.file.document.path for link in tree.files}
    found: dict[Key, list[Reported]] = defaultdict(list)
    for finding in findings:
        path = finding.span.path
        _, section, name, *_ = (*finding.pointer.split("/"), "", "", "")
        logical_id = name.replace("~1", "/").replace("~0", "~") if section == "Resources" else ""
        for key in nested.get((path, logical_id)) or stacks.get(path) or [()] * (path in files):
            found[key].append(finding)
    return found


# --- words that several formats use --------------------------------------------------------------------------------


def plain_value(value: object) -> str | list[str]:
    """Give a plain value as CloudFormation takes it: a text, or a list of them."""
    return [text_of(one) or "" for one in value] if isinstance(value, list) else text_of(value) or ""


def _condition(shown: Shown, one: Assumption) -> str:
    if one.kind == "condition":
        return one.name if one.value else f"not {one.name}"
    return f"{one.name} is {shown.assumed(one)!r}"


def conditions(shown: Shown, one: Branch | Absent) -> str:
    """Say under which conditions a stack is there; nothing if it always is."""
    return " or ".join(" and ".join(_condition(shown, assumed) for assumed in way) for way in one.conditions)


def condition_of(output: Node) -> str:
    """Give the name of an output's condition; empty if it has none."""
    condition = output.get("Condition")
    return condition.value if condition is not None and isinstance(condition.value, str) else ""


def location(shown: Shown, absent: Absent) -> str:
    """Write where a template should be: how that ends says more than how it starts."""
    location = shown.mask.message(absent.locations[0])
    location = location if len(location) <= _LOCATION else CUT + location[len(CUT) - _LOCATION :]
    others = len(absent.locations) - 1
    return location + (f" and {others} more" if others else "")
