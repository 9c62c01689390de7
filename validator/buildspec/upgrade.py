"""From version 0.1 to 0.2: what a command leaves behind in its shell, and the edits that keep it from doing so."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from validator import parse
from validator.buildspec.shell import Part
from validator.buildspec.spec import PHASES, Buildspec, Command
from validator.buildspec.syntax import fault
from validator.document import Node, Region
from validator.shape import problems

# A region of the document's text, and what to write there.
Change = tuple[Region, str]

_FOLDER = frozenset({"cd", "pushd", "popd"})
_SHELL = frozenset({"set", "shopt", "source", ".", "alias", "umask", "ulimit"})
# What can change the shell that runs it; of a program with any other name it is not known to be none.
_CHANGING = frozenset(
    {
        *_FOLDER,
        *_SHELL,
        *("*", "", "bg", "bind", "break", "builtin", "caller", "command", "complete", "continue", "coproc", "declare"),
        *("disown", "enable", "eval", "exec", "exit", "export", "fc", "fg", "getopts", "hash", "jobs", "kill", "let"),
        *("local", "logout", "mapfile", "printf", "read", "readarray", "readonly", "return", "shift", "suspend"),
        *("times", "trap", "typeset", "unalias", "unset", "wait"),
    }
)
_CHANGING_KINDS = frozenset(
    {
        *("variable_assignment", "variable_assignments", "declaration_command", "unset_command", "ERROR"),
        *("function_definition", "for_statement", "c_style_for_statement", "arithmetic_expansion"),
    }
)
_SETS = re.compile(r":?=|\(\(")
_VERSION = re.compile(r"""(["']?)0\.1\1""")


@dataclass(frozen=True, slots=True)
class State:
    """What a command changes in its shell, and nothing else.

    Attributes:
        kind: `folder`, `variables`, or `shell` for options and what a file sets.
        part: Where it is written.
        names: The variables.
    """

    kind: Literal["folder", "variables", "shell"]
    part: Part
    names: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """What is written."""
        return self.part.text


def states(command: Command) -> State | None:
    """Give what a command changes in its shell; None if it does anything else."""
    script = command.script
    if script is None or script.root.syntax.has_error or len(script.root.parts) != 1:
        return None
    [part] = script.root.parts
    if part.kind == "command":
        name = part.field("name")
        if name is not None and name.text in _FOLDER:
            return State("folder", part)
        return State("shell", part) if name is not None and name.text in _SHELL else None
    if part.kind == "variable_assignment" or (part.kind == "declaration_command" and part.text.startswith("export")):
        names = {one.text for one in part.walk() if one.kind == "variable_name" and not _is_read(one)}
        return State("variables", part, frozenset(names))
    return None


def _is_read(name: Part) -> bool:
    return name.parent is not None and "expansion" in name.parent.kind


def changes(buildspec: Buildspec) -> tuple[Change, ...]:
    """Give what makes version 0.2 of a buildspec of version 0.1, with the same meaning.

    A command that may change its shell is put in parentheses, so that it gets one of its own.

    Returns:
        Regions of the document's text with what to write there; nothing if it cannot be done for sure.
    """
    document = buildspec.node.document
    if document.outer is not None or buildspec.node.path or buildspec.dialect not in {"sh", "bash"}:
        return ()
    if buildspec.version != "0.1" or document.parts != 1 or any(problems(buildspec.node, "buildspec-0.1")):
        return ()
    found: list[Change] = []
    for one in _steps(buildspec):
        if one is None:
            return ()
        found += one
    return tuple(found) if _is_kept(buildspec, found) else ()


def _steps(buildspec: Buildspec) -> Iterator[list[Change] | None]:
    """Yield the changes, thing by thing; None for one that cannot be made."""
    node = buildspec.node
    version = node.get("version")
    yield _replaced(version, "0.1", "0.2") if version is not None and _VERSION.fullmatch(version.text) else None
    variables = node.get("environment_variables")
    if variables is not None:
        yield _replaced(variables.key, "environment_variables", "env")
        if (plain := variables.get("plaintext")) is not None:
            yield _replaced(plain.key, "plaintext", "variables")
    if (kind := node.get("artifacts", "type")) is not None:
        yield _line(kind)
    for command in buildspec.commands():
        text = command.text
        if not text:
            continue
        if fault(text) is not None or (script := command.script) is None or script.unread:
            yield None
        elif (first := next(iter(script.root.parts), None)) is not None and "$?" in first.text:
            yield None  # in a new shell that is 0
        elif _may_change(script.root):
            yield _wrapped(command.node)


def _may_change(root: Part) -> bool:
    """Whether a program may leave anything behind in the shell that runs it."""
    waiting = list(root.parts)
    while waiting:
        part = waiting.pop()
        if part.kind in {"subshell", "command_substitution", "process_substitution"}:
            continue
        if part.kind in _CHANGING_KINDS or part.syntax.is_missing:
            return True
        if part.kind in {"expansion", "compound_statement"} and _SETS.search(part.text):
            return True
        if part.kind == "command":
            name = part.field("name")
            if name is None or not re.fullmatch(r"[\w./+@-]+", name.text) or name.text in _CHANGING:
                return True
            # What is set for one call only is gone behind it.
            waiting += (one for one in part.parts if one.kind != "variable_assignment")
            continue
        waiting += part.parts
    return any(token.kind == "&" for token in root.tokens)


# --- edits -----------------------------------------------------------------------------------------------------------


def _replaced(node: Node, old: str, new: str) -> list[Change] | None:
    """Write a name in place of another, within its quotes."""
    start, end = node.region
    quote = 1 if node.text[:1] in {"'", '"'} else 0
    inside = Region(start + quote, end - quote)
    return [(inside, new)] if node.document.text[slice(*inside)] == old else None


def _line(node: Node) -> list[Change] | None:
    """Take out the line of a key and its value, if nothing else stands there."""
    text, parent = node.document.text, node.parent
    if parent is None or parent.style != "block" or len(parent.value or ()) < 2:  # type: ignore[arg-type]  # a mapping
        return None
    start = text.rfind("\n", 0, node.key.region.start) + 1
    end = text.find("\n", node.region.end)
    end = len(text) if end < 0 else end + 1
    line = text[start:end]
    alone = not text[start : node.key.region.start].strip() and not text[node.region.end : end].strip()
    return [(Region(start, end), "")] if alone and line.count("\n") <= 1 else None


def _wrapped(node: Node) -> list[Change] | None:
    """Put a command in parentheses."""
    text, (start, end) = node.document.text, node.region
    if node.document.format == "json" or node.style in {"plain", "'", '"'}:
        quote = 1 if node.text[:1] in {"'", '"'} else 0
        return [(Region(start + quote, start + quote), "( "), (Region(end - quote, end - quote), " )")]
    characters, value = node.characters, node.value
    if node.style not in {"|", ">"} or not isinstance(value, str) or len(characters) != len(value):
        return None
    last = len(value.rstrip("\n")) - 1
    first = characters[0].start
    indent = text[text.rfind("\n", 0, first) + 1 : first]
    if last < 0 or value[0].isspace() or indent.strip():
        return None
    line_end = "\r\n" if "\r\n" in text else "\n"
    behind = characters[last].end
    return [(Region(first, first), f"({line_end}{indent}"), (Region(behind, behind), f"{line_end}{indent})")]


# --- the proof -------------------------------------------------------------------------------------------------------


def _is_kept(buildspec: Buildspec, found: list[Change]) -> bool:
    """Whether the changed text reads as the old one with its names changed, and its commands as they were."""
    document = buildspec.node.document
    text, done, pieces = document.text, 0, []
    for region, new in sorted(found):
        if region.start < done:
            return False
        pieces += [text[done : region.start], new]
        done = region.end
    changed = parse.load(document.path, ("".join(pieces) + text[done:]).encode())
    if changed.broken or not isinstance(changed.value, dict):
        return False
    result = Buildspec(changed.root)
    before, after = list(buildspec.commands()), list(result.commands())
    if len(before) != len(after) or any(fault(one.text or "") is not None for one in after):
        return False
    pairs = zip(before, after, strict=True)
    return (
        result.version == "0.2"
        and _rest(_renamed(dict(buildspec.node.value))) == _rest(dict(changed.value))  # type: ignore[arg-type]  # mappings
        and all(_bare(new.text or "") in {(old.text or "").strip(), _bare(old.text or "")} for old, new in pairs)
    )


def _bare(text: str) -> str:
    """Give a command without the parentheses that were put around it."""
    stripped = text.strip()
    wrapped = len(stripped) > 1 and stripped[0] == "(" and stripped[1] in " \n" and stripped[-1] == ")"
    return stripped[1:-1].strip() if wrapped else stripped


def _renamed(value: dict[str, Any]) -> dict[str, Any]:
    if "environment_variables" in value:
        variables = value.pop("environment_variables")
        renamed = {"variables" if name == "plaintext" else name: one for name, one in (variables or {}).items()}
        value["env"] = renamed if variables is not None else None
    if isinstance(value.get("artifacts"), dict):
        value["artifacts"] = {name: one for name, one in value["artifacts"].items() if name != "type"}
    return value


def _rest(value: dict[str, Any]) -> dict[str, Any]:
    """Leave out the version, and what the commands say."""
    phases = value.get("phases")
    if isinstance(phases, dict):
        value["phases"] = {
            name: {key: one for key, one in phase.items() if key not in {"commands", "finally"}}
            if name in PHASES and isinstance(phase, dict)
            else phase
            for name, phase in phases.items()
        }
    return {name: one for name, one in value.items() if name != "version"}
