"""What `stackproof tree` shows: stacks with what reaches and leaves them, as text, as JSON, and as graphs."""

import json
import re
import shutil
import textwrap
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TextIO

from validator.cloudformation.outline import Absent, Branch, Key, Outline, Reason, Received, name_of, ordered
from validator.cloudformation.template import Parameter
from validator.document import Node
from validator.engine.mask import Mask
from validator.engine.report import Report, Reported
from validator.project.secrets import secret_like
from validator.reporters.full import coloured, show
from validator.reporters.layout import Line, Piece, plain
from validator.reporters.visible import cells, visible
from validator.rule import Severity
from validator.suggest import listed
from validator.values import Assumption, NoValue, Partial, Unknown, text_of

FORMATS: tuple[str, ...] = ("full", "json", "mermaid", "dot")
JUDGED = frozenset({"full", "json"})  # those that show findings

_CERTAINTIES = {"exact": "exact", "suffix": "suffix", "basename": "file name"}
_REASONS: Mapping[Reason, str] = {
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
_HIDDEN = "***"
_CUT = "..."
_WIDTH = 100
_VALUES = 36  # columns that most values fit in
_LOCATION = 60
# Reasons of unknown values, without the names that stand beside them anyway.
_GISTS = (
    (re.compile(r"(attribute \S+|what \S+ becomes) is known after deployment"), "known later"),
    (re.compile(r"no value is given for parameter \S+"), "no value is given"),
    (re.compile(r"parameter \S+ is read from SSM at deployment"), "read from SSM at deployment"),
    (re.compile(r"a macro may pass it"), "made by a function or a macro"),
    (re.compile(r"the deployment gives it \w+ value"), "given by the deployment"),
    (re.compile(r"a dynamic reference is resolved at deployment"), "a dynamic reference"),
)


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
        return _HIDDEN if secret else self.mask.message(one.value) if isinstance(one.value, str) else one.value

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
    """Give the function that writes one of FORMATS."""
    return {"full": write_full, "json": write_json, "mermaid": write_mermaid, "dot": write_dot}[name]


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


# --- values --------------------------------------------------------------------------------------------------------


def _known(value: object) -> str | list[str]:
    """Give a plain value as CloudFormation takes it: a text, or a list of them."""
    return [text_of(one) or "" for one in value] if isinstance(value, list) else text_of(value) or ""


def _text(one: Received, shown: Shown, *, hidden: bool) -> str:
    """Write a value for people, in a few words."""
    value = one.value
    if isinstance(value, Unknown):
        gists = (gist for reason, gist in _GISTS if reason.fullmatch(value.reason))
        return next(gists, f"unknown: {shown.mask.message(value.reason)}")
    if isinstance(value, NoValue):
        return "absent"
    if hidden:
        return _HIDDEN
    if isinstance(value, Partial):
        return repr(shown.mask.message("".join(part if isinstance(part, str) else "<?>" for part in value.parts)))
    known = _known(value)
    return repr(shown.mask.message(",".join(known) if isinstance(known, list) else known))


def _origin(found: Sequence[Received], branch: Branch) -> str:
    """Say where the value of a parameter comes from."""
    given = {path for one in found if one.source == "file" for path in one.files}
    every = set(branch.files)
    files = listed(sorted(given)) if given != every else "file" if len(every) == 1 else f"all {len(every)} files"
    said = {
        "literal": "literal",
        "file": files,
        "default": "Default",
        "allowed": "AllowedValues",
        "nothing": "",
        "deployment": "",
        "macro": "",
    }
    parts = (said[one.source] if one.source in said else f"from {listed(_names(one), most=3)}" for one in found)
    return "; ".join(dict.fromkeys(filter(None, parts)))


def _names(one: Received) -> Iterator[str]:
    """Name what a value is made of, outputs as elsewhere in the tree: `WebStack.Url`."""
    return (name.replace(".Outputs.", ".") for name in one.names)


def _condition(shown: Shown, one: Assumption) -> str:
    if one.kind == "condition":
        return one.name if one.value else f"not {one.name}"
    return f"{one.name} is {shown.assumed(one)!r}"


def _conditions(shown: Shown, one: Branch | Absent) -> str:
    return " or ".join(" and ".join(_condition(shown, assumed) for assumed in way) for way in one.conditions)


# --- text ----------------------------------------------------------------------------------------------------------


class _Row(NamedTuple):
    """A row of a stack's table: a label, a name, what is said of it, and where that comes from."""

    label: str
    name: str
    said: str
    origin: str = ""


def write_full(shown: Shown, out: TextIO) -> None:
    """Write trees for people: in colour on a terminal, and in no more columns than it has, as far as depth allows."""
    terminal = out.isatty()
    width = max(40, shutil.get_terminal_size().columns) if terminal else _WIDTH
    lines = _lines(shown, width, out.encoding)
    if coloured(terminal):
        show(lines, out, links=terminal)
    else:
        out.writelines(plain(line) + "\n" for line in lines)


def _lines(shown: Shown, width: int, encoding: str | None) -> Iterator[Line]:
    for tree, findings in zip(shown.outlines, shown.placed, strict=True):
        yield from _Drawing(shown, tree, findings, width, encoding).lines()
        yield ()
    yield (Piece(_summary(shown), "strong"),)


def _summary(shown: Shown) -> str:
    stacks = sum(len(tree.branches) for tree in shown.outlines)
    absent = sum(len(tree.members) for tree in shown.outlines) - stacks
    counts = Counter(finding.severity for finding in shown.findings)
    found = [_counted(counts[severity], severity.value) for severity in Severity if counts[severity]]
    others = f" ({absent} not shown)" if absent else ""
    return f"{_counted(stacks, 'stack')}{others}: {', '.join(found) or 'no findings'}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


@dataclass
class _Drawing:
    """Draws one tree."""

    shown: Shown
    tree: Outline
    findings: Mapping[Key, Sequence[Reported]]
    width: int
    encoding: str | None
    _told: dict[Reported, str] = field(default_factory=dict, init=False)

    def lines(self) -> Iterator[Line]:
        """Yield the lines: for each stack its heading, and under that its table and what was found."""
        last = {one.key[:-1]: one.key for one in self.tree.members if one.key}
        arms = self._arms
        for one in self.tree.members:
            ended = [last[one.key[:depth]] == one.key[: depth + 1] for depth in range(len(one.key))]
            bars = "".join(arms["gap" if end else "bar"] for end in ended[:-1])
            arm = arms["last" if ended[-1] else "arm"] if ended else ""
            below = (arms["gap" if ended[-1] else "bar"] if ended else "") + arms["bar" if one.key in last else "gap"]
            room = max(60, self.width - len(bars + below))
            heading = list(self._heading(one))
            notes = self._visible("; ".join(self._notes(one)))
            if notes and cells(notes) <= self.width - cells(bars + arm + plain(tuple(heading))) - 2:
                heading.append(Piece(f"  {notes}", "label"))
                notes = ""
            yield Piece(bars + arm, "gutter"), *heading
            rows = [row._replace(said=self._visible(row.said)) for row in self._rows(one)]
            folded = ((Piece(line, "label"),) for line in _folded(notes, room))
            for line in (*folded, *_table(rows, room), *self._outputs(one), *self._found(one, room)):
                yield Piece(bars + below, "gutter"), *line

    @property
    def _arms(self) -> Mapping[str, str]:
        drawn = {"arm": "├─ ", "last": "└─ ", "bar": "│  ", "gap": "   "}
        plain = {"arm": "|- ", "last": "`- ", "bar": "|  ", "gap": "   "}
        return drawn if self._visible(drawn["arm"]) == drawn["arm"] else plain

    def _visible(self, text: str) -> str:
        return visible(text, self.encoding)

    def _heading(self, one: Branch | Absent) -> Iterator[Piece]:
        if one.path:
            yield Piece(f"{self._visible(one.path[-1])}  ", "strong")
        if isinstance(one, Absent):
            yield Piece(self._visible(_location(self.shown, one)), "warning")
        else:
            yield Piece(self._visible(one.template.path), "" if one.path else "strong", link=one.template.path)
            if one.certainty is not None:
                yield Piece(f" ({_CERTAINTIES[one.certainty]})")

    def _notes(self, one: Branch | Absent) -> Iterator[str]:
        """Say when a stack exists, and why one is not in the tree."""
        if isinstance(one, Absent):
            yield _REASONS[one.reason]
            if one.near:
                yield f"did you mean {one.near!r}?"
        elif not one.path and one.files:
            yield f"deployed with {self._deployed()}"
        elif len(one.files) < len(self.tree.files):
            yield f"with {listed(one.files)} only"
        if said := _conditions(self.shown, one):
            yield f"if {said}"

    def _deployed(self) -> str:
        sure = [link for link in self.tree.files if link.certain]
        names = [name_of(link) + ("" if link.certain or not sure else " (probably)") for link in self.tree.files]
        return listed(names) + ("" if sure else " (probably)")

    def _rows(self, one: Branch | Absent) -> Iterator[_Row]:
        if isinstance(one, Absent):
            return
        for parameter in one.template.parameters.values():
            found = one.received(parameter)
            texts = [_text(each, self.shown, hidden=self.shown.hides(parameter, each)) for each in found]
            origin = self._visible(_origin(found, one))
            yield _Row("in", self._visible(parameter.name), listed(dict.fromkeys(texts)), origin)
        for name, node in one.template.outputs.items() if one.path else ():
            users = list(dict.fromkeys(use.by for use in one.uses(name)))
            said = f"for {listed(users)}" if users else "not used"
            yield _Row("out", self._visible(name), said, self._visible(_if(node)))

    def _outputs(self, one: Branch | Absent) -> Iterator[Line]:
        """Name a root's outputs, which nobody in the tree reads."""
        if not one.path and isinstance(one, Branch) and one.template.outputs:
            names = (f"{name} {_if(node)}".rstrip() for name, node in one.template.outputs.items())
            yield Piece("out ", "label"), Piece(self._visible(listed(names)))

    def _found(self, one: Branch | Absent, room: int) -> Iterator[Line]:
        again: Counter[str] = Counter()
        for finding in self.findings.get(one.key, ()):
            if finding in self._told:
                again[self._told[finding]] += 1
                continue
            self._told[finding] = "/".join(one.path) or "the root"
            severity = finding.severity.value
            place = f"{finding.span.path}:{finding.span.line}"
            said = self._visible(f"{place}: {finding.message} [{finding.rule}]")
            first, *others = _folded(f"{severity} {said}", room)
            yield Piece(severity, severity), Piece(first.removeprefix(severity))
            yield from ((Piece(other),) for other in others)
        for where, number in again.items():
            yield (Piece(f"{_counted(number, 'finding')} as for {self._visible(where)}", "note"),)


def _if(output: Node) -> str:
    return f"if {condition}" if (condition := _condition_of(output)) else ""


def _table(rows: Sequence[_Row], room: int) -> Iterator[Line]:
    """Lay rows out in columns; what does not fit is cut."""
    names = min(max((cells(row.name) for row in rows), default=0), 32)
    label = ""
    for row in rows:
        heading = f"{row.label if row.label != label else '':4}"
        label = row.label
        name = row.name + " " * max(0, names - cells(row.name))
        left = room - cells(heading + name) - 4
        # Each of the two has half of what is left, and what the other has no need of.
        most = max(min(cells(row.origin), left // 2), left - cells(row.said))
        said = _head(row.said, left - min(cells(row.origin), most))
        origin = _head(row.origin, most)
        padding = " " * max(0, min(_VALUES, left - cells(origin)) - cells(said))
        yield Piece(heading, "label"), Piece(f"{name}  {said}{padding}  {origin}".rstrip())


def _location(shown: Shown, absent: Absent) -> str:
    """Write where a template should be: how that ends says more than how it starts."""
    location = shown.mask.message(absent.locations[0])
    location = location if len(location) <= _LOCATION else _CUT + location[len(_CUT) - _LOCATION :]
    others = len(absent.locations) - 1
    return location + (f" and {others} more" if others else "")


def _folded(text: str, room: int) -> list[str]:
    return textwrap.wrap(text, room, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def _head(text: str, room: int) -> str:
    if cells(text) <= room:
        return text
    text = text[:room]
    while text and cells(text) > room - len(_CUT):
        text = text[:-1]
    return text + _CUT


# --- JSON ----------------------------------------------------------------------------------------------------------


def write_json(shown: Shown, out: TextIO) -> None:
    """Write version 1 of the JSON form, whose schema is `schemas/tree.json`, in ASCII."""
    numbers = {finding: number for number, finding in enumerate(shown.findings)}
    trees = [_tree(shown, tree, placed, numbers) for tree, placed in zip(shown.outlines, shown.placed, strict=True)]
    value = {"version": 1, "trees": trees, "findings": [_finding(finding) for finding in shown.findings]}
    out.write(json.dumps(value, indent=2) + "\n")


def _tree(
    shown: Shown, tree: Outline, placed: Mapping[Key, Sequence[Reported]], numbers: Mapping[Reported, int]
) -> dict[str, Any]:
    ids = {branch.key: number for number, branch in enumerate(tree.branches)}

    def common(one: Branch | Absent) -> dict[str, Any]:
        return {
            "parent": ids[one.key[:-1]] if one.key else None,
            "path": list(one.path),
            "line": one.link.resource.node.key_span.line if one.link is not None else None,
            "conditions": [_assumptions(shown, way) for way in one.conditions],
            "findings": [numbers[finding] for finding in placed.get(one.key, ())],
        }

    return {
        "template": tree.template.path,
        "files": [
            {"name": name_of(link), "path": link.file.document.path, "certain": link.certain} for link in tree.files
        ],
        "stacks": [{"id": ids[one.key], **common(one), **_branch(shown, one)} for one in tree.branches],
        "absent": [
            common(one)
            | {
                "locations": [shown.mask.message(location) for location in one.locations],
                "reason": one.reason,
                "message": _REASONS[one.reason],
                "near": one.near,
            }
            for one in tree.members
            if isinstance(one, Absent)
        ],
    }


def _branch(shown: Shown, branch: Branch) -> dict[str, Any]:
    return {
        "template": branch.template.path,
        "certainty": branch.certainty,
        "files": list(branch.files),
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "line": parameter.node.key_span.line,
                "values": [
                    _value(shown, one, hidden=shown.hides(parameter, one)) for one in branch.received(parameter)
                ],
            }
            for parameter in branch.template.parameters.values()
        ],
        "outputs": [
            {
                "name": name,
                "line": node.key_span.line,
                "condition": _condition_of(node),
                "used": [
                    {"by": use.by, "path": use.at.span.path, "line": use.at.span.line} for use in branch.uses(name)
                ],
            }
            for name, node in branch.template.outputs.items()
        ],
    }


def _value(shown: Shown, one: Received, *, hidden: bool) -> dict[str, Any]:
    kind, value, reason = "known", None, ""
    mask = shown.mask.message
    parts: list[str | None] = []
    if isinstance(one.value, Unknown):
        kind, reason = "unknown", mask(one.value.reason)
    elif isinstance(one.value, NoValue):
        kind = "absent"
    elif hidden:
        kind = "hidden"
    elif isinstance(one.value, Partial):
        kind = "partial"
        parts = [mask(part) if isinstance(part, str) else None for part in one.value.parts]
        reason = mask(next(part.reason for part in one.value.parts if isinstance(part, Unknown)))
    else:
        known = _known(one.value)
        value = mask(known) if isinstance(known, str) else [mask(text) for text in known]
    span = one.at.span
    return {
        "kind": kind,
        "value": parts if kind == "partial" else value,
        "reason": reason,
        "source": one.source,
        "names": list(one.names),
        "path": span.path,
        "line": span.line,
        "if": _assumptions(shown, ordered(one.when)),
        "files": list(one.files),
    }


def _assumptions(shown: Shown, assumed: Iterable[Assumption]) -> list[dict[str, Any]]:
    return [{"kind": one.kind, "name": one.name, "value": shown.assumed(one)} for one in assumed]


def _condition_of(output: Node) -> str:
    condition = output.get("Condition")
    return condition.value if condition is not None and isinstance(condition.value, str) else ""


def _finding(finding: Reported) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "help": finding.help,
        "path": finding.span.path,
        "line": finding.span.line,
        "column": finding.span.column,
        "pointer": finding.pointer,
        "fingerprint": finding.fingerprint,
    }


# --- graphs --------------------------------------------------------------------------------------------------------


class _Box(NamedTuple):
    """A node of a graph, with the edge that leads to it."""

    id: str
    label: str
    absent: bool
    above: str
    edge: str
    dashed: bool


def _boxes(shown: Shown) -> Iterator[_Box]:
    count = 0
    for tree in shown.outlines:
        ids: dict[Key, str] = {}
        for one in tree.members:
            ids[one.key] = name = f"s{count}"
            count += 1
            absent = isinstance(one, Absent)
            label = f"{_location(shown, one)}: {one.reason}" if isinstance(one, Absent) else one.template.path
            condition = _conditions(shown, one)
            edge = "".join(one.path[-1:]) + (f" if {condition}" if condition else "")
            yield _Box(name, label, absent, ids[one.key[:-1]] if one.key else "", edge, bool(condition))


def write_mermaid(shown: Shown, out: TextIO) -> None:
    """Write a Mermaid flowchart, in ASCII."""
    out.write("flowchart TD\n")
    for box in _boxes(shown):
        out.write(f'  {box.id}["{_mermaid(box.label)}"]{":::absent" if box.absent else ""}\n')
        if box.above:
            out.write(f'  {box.above} {"-.->" if box.dashed else "-->"}|"{_mermaid(box.edge)}"| {box.id}\n')
    out.write("  classDef absent stroke-dasharray: 3 3\n")


def _mermaid(text: str) -> str:
    """Write a label: all but plain characters as entities, which Mermaid writes with `#` for `&#`."""
    return re.sub(r"[^\w ./:,*'()=-]", lambda found: f"#{ord(found[0])};", visible(text), flags=re.ASCII)


def write_dot(shown: Shown, out: TextIO) -> None:
    """Write a graph for Graphviz, in ASCII."""
    out.write("digraph stacks {\n  node [shape=box];\n")
    for box in _boxes(shown):
        out.write(f"  {box.id} [label={_dot(box.label)}{', style=dotted' if box.absent else ''}];\n")
        if box.above:
            dashed = ", style=dashed" if box.dashed else ""
            out.write(f"  {box.above} -> {box.id} [label={_dot(box.edge)}{dashed}];\n")
    out.write("}\n")


def _dot(text: str) -> str:
    escaped = visible(text, "ascii").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
