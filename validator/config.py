"""The configuration: `stackproof.toml`, or `[tool.stackproof]` in `pyproject.toml`, as frozen data."""

import re
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from validator.document import Document, Node, Region, Style
from validator.document import Path as Keys
from validator.registry import Registry
from validator.rule import Severity
from validator.settings import Exempt, Layout, PolicyFiles, PolicyGroup, Settings, StackFiles, TemplateMap
from validator.suggest import did_you_mean

NAME = "stackproof.toml"

_PYPROJECT = "pyproject.toml"
_CODE = re.compile(r"[EWI]\d{4}")
_POLICY_KINDS = ("identity", "resource", "trust", "scp", "rcp", "boundary", "session")
_SEVERITIES = {severity.value: severity for severity in Severity}


class ConfigError(ValueError):
    """A configuration that cannot be followed: says where, what was found, and what was expected."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An entry of `ignore` that accepts findings: of a rule, in files, at or below a JSON pointer; empty means any.

    Attributes:
        path: Pattern as in `.gitignore`, whose place is the configuration's folder.
        at: The entry itself, for whatever is to be said about it.
    """

    rule: str
    path: str
    pointer: str
    reason: str
    at: Node


@dataclass(frozen=True, slots=True)
class Config:
    """What a run was asked to do.

    Attributes:
        folder: Absolute; what patterns and fingerprints are relative to: the configuration's own, or the working
            directory if there is none.
        select: Ids, families and foreign codes of what to run and report; empty for all that does so by default.
        ignore: The same for what not to.
        severity: By id or foreign code; None is off.
        options: Of rules, by id.
        exclude: Patterns as in `.gitignore` of files not to look at.
        fail_on: The mildest severity that makes the run fail; None if no finding does.
    """

    folder: Path
    settings: Settings = field(default_factory=Settings)
    layout: Layout = field(default_factory=Layout)
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity | None] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    fail_on: Severity | None = Severity.ERROR

    def runs(self, id: str, family: str) -> bool:
        """Whether a rule may have something to report."""
        chosen = not self.select or any(name.partition("/")[0] in {id, family} for name in self.select)
        return chosen and {id, family}.isdisjoint(self.ignore) and self.severity.get(id, Severity.NOTE) is not None

    def wants(self, id: str, family: str) -> bool:
        """Whether findings of an id are to be reported, where the id may hold a foreign code: `cfn-lint/W3002`."""
        names = {id, id.partition("/")[0], family}
        return (not self.select or not names.isdisjoint(self.select)) and names.isdisjoint(self.ignore)


def find(folder: Path) -> Path | None:
    """Find the nearest configuration, in a folder or above it."""
    for place in (folder, *folder.parents):
        if (own := place / NAME).is_file():
            return own
        project = place / _PYPROJECT
        if project.is_file() and b"stackproof" in project.read_bytes() and _speaks_of_us(project):
            return project
    return None


def _speaks_of_us(project: Path) -> bool:
    """Whether a pyproject.toml holds our table; if nobody can tell, it had better be put right."""
    try:
        tool = _load(project, str(project))[1].get("tool")
    except ConfigError:
        return True
    return isinstance(tool, dict) and "stackproof" in tool


def read(file: Path, shown: str, registry: Registry) -> Config:
    """Read a configuration.

    Args:
        file: A TOML file; of one named `pyproject.toml`, only the table `tool.stackproof` counts.
        shown: The file's path, as messages shall show it.
        registry: The rules that it may name.

    Raises:
        ConfigError: Names the place and the fault.
    """
    text, value = _load(file, shown)
    document = Document(shown, text, value, _Places(text))
    top = document.root.get("tool", "stackproof") if file.name == _PYPROJECT else document.root
    if top is None:
        raise ConfigError(f"{shown}: there is no table [tool.stackproof]")
    return _config(top, file.parent.resolve(), registry)


def _load(file: Path, shown: str) -> tuple[str, dict[str, Any]]:
    """Read a file's text, and what it says.

    Raises:
        ConfigError: It is no TOML file.
    """
    import tomllib  # noqa: PLC0415  # 7 ms, and there may be no configuration

    try:
        text = file.read_bytes().decode()
        return text, tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"{shown}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{shown}: byte 0x{error.object[error.start]:02x} is not UTF-8") from None
    except RecursionError:
        raise ConfigError(f"{shown}: it is nested too deeply") from None
    except ValueError as error:  # of TOML, or of Python: a number of 5,000 digits
        raise ConfigError(_malformed(shown, str(error))) from None


def complaint(name: str, registry: Registry) -> str:
    """Say that a name is no rule, family or foreign code; nothing if it is one."""
    tool, slash, code = name.partition("/")
    if tool == "cfn-lint" and slash and not _CODE.fullmatch(code):
        return f"there is no rule {name!r}; cfn-lint's codes look like 'cfn-lint/E3012'"
    if name in registry.families or registry.family(name) is not None:
        return ""
    near = did_you_mean(name, [*registry.ids, *registry.families])
    return f"there is no rule or family {name!r}" + (f"; {near}" if near else "")


def fail_on(name: str) -> Severity | None:
    """Give the severity of a name; None for `never`.

    Raises:
        ValueError: It is neither.
    """
    return None if name == "never" else Severity(name)


# --- the keys ----------------------------------------------------------------------------------------------------


def _config(top: Node, folder: Path, registry: Registry) -> Config:
    _expect(top, "approved-regions", "deploy-regions", "partition", "exempt", "fail-on", "select", "ignore", "exclude",
            "severity", "rules", "policies", "policy-sets", "stacks", "template-map")  # fmt: skip
    entries = list(_list(top, "ignore"))
    names = [*_list(top, "select"), *(entry for entry in entries if not isinstance(entry.value, dict))]
    for name in names:
        if said := complaint(_text(name), registry):
            raise _error(name, said)
    return Config(
        folder,
        settings=_settings(top),
        layout=_layout(top),
        select=_texts(top, "select"),
        ignore=tuple(_text(entry) for entry in entries if not isinstance(entry.value, dict)),
        severity=dict(_levels(top, registry)),
        options=dict(_options(top, registry)),
        exclude=_texts(top, "exclude"),
        accepted=tuple(_accepted(entry, registry) for entry in entries if isinstance(entry.value, dict)),
        fail_on=fail_on(_choice(top, "fail-on", (*_SEVERITIES, "never"), "error")),
    )


def _settings(top: Node) -> Settings:
    approved = _texts(top, "approved-regions")
    exempt = Exempt()
    if table := _table(top, "exempt"):
        _expect(table, "services", "actions", "principals")
        exempt = Exempt(_texts(table, "services"), _texts(table, "actions"), _texts(table, "principals"))
    from validator.iam import regions  # noqa: PLC0415  # its data is read when there is a configuration only

    partition = _choice(top, "partition", regions.partitions(), "aws")
    for key in ("approved-regions", "deploy-regions"):
        for region in _texts(top, key):
            # One that nobody knows may be newer than the data; one that is nearly another is a slip.
            if region not in regions.regions(partition) and (near := regions.suggest(region, partition)):
                raise _error(
                    top.get(key) or top, f"there is no region {region!r} in {partition}; did you mean {near!r}?"
                )
    return Settings(
        approved_regions=approved,
        deploy_regions=_texts(top, "deploy-regions") or approved,
        partition=partition,
        exempt=exempt,
    )


def _layout(top: Node) -> Layout:
    return Layout(
        stacks=tuple(
            StackFiles(_string(table, "template"), _globs(table, "parameters"), _texts(table, "regions"))
            for table in _tables(top, "stacks", ("template",), ("parameters", "regions"))
        ),
        template_map=tuple(
            TemplateMap(_string(table, "url"), _string(table, "path"))
            for table in _tables(top, "template-map", ("url", "path"))
        ),
        policies=tuple(
            PolicyFiles(_globs(table, "files"), _choice(table, "kind", _POLICY_KINDS, ""))
            for table in _tables(top, "policies", ("files", "kind"))
        ),
        policy_sets=tuple(
            PolicyGroup(*(_globs(table, kind) for kind in ("scp", "rcp", "boundary", "identity")))
            for table in _tables(top, "policy-sets", (), ("scp", "rcp", "boundary", "identity"))
        ),
    )


def _accepted(entry: Node, registry: Registry) -> Accepted:
    _expect(entry, "rule", "path", "pointer", "reason", needed=("rule",))
    rule, path, pointer, reason = (_string(entry, key) for key in ("rule", "path", "pointer", "reason"))
    _expect_rule(entry.get("rule") or entry, rule, registry)
    return Accepted(rule, path, pointer, reason, entry)


def _levels(top: Node, registry: Registry) -> Iterable[tuple[str, Severity | None]]:
    if table := _table(top, "severity"):
        for rule, node in table.items():
            _expect_rule(node, rule, registry)
            yield rule, _SEVERITIES.get(_choice(table, rule, (*_SEVERITIES, "off"), ""))


def _expect_rule(node: Node, name: str, registry: Registry) -> None:
    if said := complaint(name, registry):
        raise _error(node, said)
    if registry.family(name) is None:
        raise _error(node, f"{name!r} is a family, expected the id of a rule")


def _options(top: Node, registry: Registry) -> Iterable[tuple[str, dict[str, object]]]:
    if tables := _table(top, "rules"):
        for name, table in tables.items():
            if name not in registry.ids:
                near = did_you_mean(name, registry.ids)
                raise _error(table, f"there is no rule {name!r}" + (f"; {near}" if near else ""))
            if (rule := registry.rule(name)) is not None:
                known = {option.replace("_", "-"): option for option in rule.options}
                _expect(table, *known)
                yield name, {known[key]: _option(node, rule.hints[known[key]]) for key, node in table.items()}


def _option(node: Node, hint: object) -> object:
    try:
        return _converted(node.value, hint)
    except TypeError:
        raise _error(node, f"{node.name} is {_shown(node)}, expected {_words(hint)}") from None


def _converted(value: object, hint: object) -> object:
    """Make a value what a rule's parameter takes.

    Raises:
        TypeError: It cannot be made so.
    """
    origin, members = typing.get_origin(hint), typing.get_args(hint)
    if origin in {tuple, frozenset} and isinstance(value, list):
        made = (_converted(element, members[0]) for element in value)
        return frozenset(made) if origin is frozenset else tuple(made)
    if value in members if origin is typing.Literal else type(value) is hint:
        return value
    if hint is float and type(value) is int:
        return float(value)
    raise TypeError


def _words(hint: object) -> str:
    origin, members = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return " or ".join(map(repr, members))
    if origin in {tuple, frozenset}:
        return f"a list, each {_words(members[0])}"
    return {bool: "true or false", int: "a whole number", float: "a number", str: "a string"}.get(
        typing.cast("type", hint), "another type"
    )


# --- the shapes --------------------------------------------------------------------------------------------------


def _expect(table: Node, *known: str, needed: Sequence[str] = ()) -> None:
    """Refuse what is no table, has a key besides the known ones, or lacks a needed one."""
    if not isinstance(table.value, dict):
        raise _error(table, f"{_called(table)} is {_shown(table)}, expected a table")
    for key, value in table.items():
        if key not in known:
            where = f" in {_called(table)}" if table.name else ""
            near = did_you_mean(key, known) or f"known are {', '.join(sorted(known))}"
            raise _error(value, f"unknown key {key!r}{where}; {near}")
    for key in needed:
        if key not in table.value:
            raise _error(table, f"{_called(table)} has no key {key!r}")


def _table(top: Node, key: str) -> Node | None:
    table = top.get(key)
    if table is not None and not isinstance(table.value, dict):
        raise _error(table, f"{key} is {_shown(table)}, expected a table")
    return table


def _tables(top: Node, key: str, needed: Sequence[str], others: Sequence[str] = ()) -> Iterable[Node]:
    for table in _list(top, key):
        _expect(table, *needed, *others, needed=needed)
        yield table


def _list(table: Node, key: str) -> Iterable[Node]:
    node = table.get(key)
    if node is not None and not isinstance(node.value, list):
        raise _error(node, f"{key} is {_shown(node)}, expected a list")
    return node.elements() if node is not None else ()


def _texts(table: Node, key: str) -> tuple[str, ...]:
    return tuple(_text(node) for node in _list(table, key))


def _globs(table: Node, key: str) -> tuple[str, ...]:
    """One pattern, or a list of them."""
    node = table.get(key)
    return (node.value,) if node is not None and isinstance(node.value, str) else _texts(table, key)


def _string(table: Node, key: str, default: str = "") -> str:
    return _text(node) if (node := table.get(key)) is not None else default


def _choice(table: Node, key: str, known: Sequence[str], default: str) -> str:
    value = _string(table, key, default)
    if value not in known:
        raise _error(table.get(key) or table, f"{key} is {value!r}, expected {' or '.join(known)}")
    return value


def _text(node: Node) -> str:
    if not isinstance(node.value, str):
        raise _error(node, f"{_called(node)} is {_shown(node)}, expected a string")
    return node.value


def _called(node: Node) -> str:
    """Name a place in the configuration: the key that leads there, with the number of the element in a list."""
    *_, before, last = ("", "the configuration", *node.path)
    return f"{before}[{last}]" if isinstance(last, int) else str(last)


def _shown(node: Node) -> str:
    return node.kind if isinstance(node.value, dict | list) else repr(node.value)


def _error(node: Node, message: str) -> ConfigError:
    return ConfigError(f"{node.document.path}:{node.span.line}: {message}")


def _malformed(shown: str, said: str) -> str:
    if "namespace ('ignore',)" in said:
        said = said.replace(said.partition(" (at ")[0], "`ignore` is a list already: write the table into it")
    if (parts := re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", said)) is None:
        return f"{shown}: {said}"
    return f"{shown}:{parts[2]}:{parts[3]}: {parts[1]}"


# --- the places --------------------------------------------------------------------------------------------------

_HEAD = re.compile(r"""^[ \t]*(?:\[(?P<many>\[?)(?P<table>[^\[\]\n]+)\]|(?P<key>[\w."'\- ]+?)[ \t]*=)""", re.MULTILINE)
_NAME = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))""")


class _Places:
    """Where the tables and keys of a TOML file start; tomllib does not tell.

    A line of a longer text may be taken for a key, which at worst makes a message name another line.
    """

    def __init__(self, text: str) -> None:
        self._regions: dict[Keys, Region] = {(): Region(0, 0)}
        counts: dict[Keys, int] = {}
        table: Keys = ()
        for head in _HEAD.finditer(text):
            *names, last = ("".join(name) for name in _NAME.findall(head["table"] or head["key"]))
            path = table if head["key"] else ()
            for name in names:
                path = (*path, name)
                path = (*path, counts[path] - 1) if path in counts else path
            path = (*path, last)
            if head["many"]:
                counts[path] = counts.get(path, 0) + 1
                path = (*path, counts[path] - 1)
            if not head["key"]:
                table = path
            start, end = head.span("key" if head["key"] else "table")
            self._regions.setdefault(path, Region(start, end))

    def region(self, path: Keys) -> Region:
        while path not in self._regions:
            path = path[:-1]
        return self._regions[path]

    key_region = region

    def style(self, path: Keys) -> Style:  # noqa: ARG002
        return "plain"

    def characters(self, path: Keys, *, key: bool = False) -> Sequence[Region]:  # noqa: ARG002
        return ()
