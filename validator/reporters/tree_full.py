"""Trees of stacks for people: drawn, with a table for each stack."""

import re
import shutil
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TextIO

from validator.cloudformation.outline import Absent, Branch, Key, Outline, Received, name_of
from validator.document import Node
from validator.engine.report import Reported
from validator.reporters.full import coloured, show
from validator.reporters.layout import Line, Piece, plain
from validator.reporters.tree import CUT, HIDDEN, REASONS, Shown, condition_of, conditions, location, plain_value
from validator.reporters.visible import cells, visible
from validator.rule import Severity
from validator.suggest import listed
from validator.values import NoValue, Partial, Unknown

_CERTAINTIES = {"exact": "exact", "suffix": "suffix", "basename": "file name"}
_WIDTH = 100
_VALUES = 36  # columns that most values fit in
# Reasons of unknown values, without the names that stand beside them anyway.
_GISTS = (
    (re.compile(r"(attribute \S+|what \S+ becomes) is known after deployment"), "known later"),
    (re.compile(r"no value is given for parameter \S+"), "no value is given"),
    (re.compile(r"parameter \S+ is read from SSM at deployment"), "read from SSM at deployment"),
    (re.compile(r"a macro may pass it"), "made by a function or a macro"),
    (re.compile(r"the deployment gives it \w+ value"), "given by the deployment"),
    (re.compile(r"a dynamic reference is resolved at deployment"), "a dynamic reference"),
)


class _Row(NamedTuple):
    """A row of a stack's table: a label, a name, what is said of it, and where that comes from."""

    label: str
    name: str
    said: str
    origin: str = ""


def write(shown: Shown, out: TextIO) -> None:
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
            yield Piece(self._visible(location(self.shown, one)), "warning")
        else:
            yield Piece(self._visible(one.template.path), "" if one.path else "strong", link=one.template.path)
            if one.certainty is not None:
                yield Piece(f" ({_CERTAINTIES[one.certainty]})")

    def _notes(self, one: Branch | Absent) -> Iterator[str]:
        """Say when a stack exists, and why one is not in the tree."""
        if isinstance(one, Absent):
            yield REASONS[one.reason]
            if one.near:
                yield f"did you mean {one.near!r}?"
        elif not one.path and one.files:
            yield f"deployed with {self._deployed()}"
        elif len(one.files) < len(self.tree.files):
            yield f"with {listed(one.files)} only"
        if said := conditions(self.shown, one):
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
    return f"if {condition}" if (condition := condition_of(output)) else ""


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


def _folded(text: str, room: int) -> list[str]:
    return textwrap.wrap(text, room, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def _head(text: str, room: int) -> str:
    if cells(text) <= room:
        return text
    text = text[:room]
    while text and cells(text) > room - len(CUT):
        text = text[:-1]
    return text + CUT


# --- values --------------------------------------------------------------------------------------------------------


def _text(one: Received, shown: Shown, *, hidden: bool) -> str:
    """Write a value for people, in a few words."""
    value = one.value
    if isinstance(value, Unknown):
        gists = (gist for reason, gist in _GISTS if reason.fullmatch(value.reason))
        return next(gists, f"unknown: {shown.mask.message(value.reason)}")
    if isinstance(value, NoValue):
        return "absent"
    if hidden:
        return HIDDEN
    if isinstance(value, Partial):
        return repr(shown.mask.message("".join(part if isinstance(part, str) else "<?>" for part in value.parts)))
    known = plain_value(value)
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
