"""The registry: from entry points to rules, family by family, importing no more than is asked for.

An entry point of the group `stackproof.rules` names a family and its package. A module in the package is one rule, and
its id is the family and the module's name: `region_escape` in `iam` is `iam-region-escape`. So all ids are known before
any rule is imported. A module whose name starts with `_` is no rule. The package itself may say two things:

- `kinds`, a frozenset of KINDS: its rules are wanted only when a document of such a kind is looked at, so rules about
  links name the kinds at both ends (default: always);
- `foreign`, a frozenset of its modules that speak for another tool: their id is the tool's name alone (`cfn_lint` is
  `cfn-lint`), and that tool's own codes may follow it behind a slash.
"""

import pkgutil
import re
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

from validator.rule import Rule
from validator.suggest import did_you_mean

GROUP = "stackproof.rules"
KINDS = frozenset({"template", "pipeline", "buildspec", "appspec", "parameters", "policy", "environment"})

_OURS = "stackproof"
_FAMILY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something of the tool's own that did not work, so that the run is incomplete and ends with exit code 2.

    Attributes:
        where: A rule's id, a plugin's distribution and module, a file.
        message: What happened, in one line.
        details: A traceback or the like, for whoever mends it.
    """

    where: str
    message: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry point: a family of rules, the package that holds it, and the distribution that brought it."""

    family: str
    package: str
    distribution: str

    @property
    def where(self) -> str:
        """Name the plugin in a fault."""
        return f"{self.distribution}: {self.package}"


@dataclass(frozen=True, slots=True)
class Family:
    """The rules of one package, by name only.

    Attributes:
        kinds: The document kinds that its rules are for; None if they are for every run.
        modules: Rule ids, in order, and the modules that hold them.
        foreign: Those of the ids that speak for another tool.
    """

    entry: Entry
    kinds: frozenset[str] | None
    modules: dict[str, str]
    foreign: frozenset[str]

    @property
    def name(self) -> str:
        """The name of the entry point."""
        return self.entry.family

    def wakes_on(self, kinds: Iterable[str]) -> bool:
        """Whether its rules are for any of these document kinds."""
        return self.kinds is None or not self.kinds.isdisjoint(kinds)


class Registry:
    """All rules that are installed, imported when they are asked for.

    Attributes:
        families: By name.
        faults: What is wrong with plugins, as far as they have been looked at.
    """

    def __init__(self, entries: Iterable[Entry] | None = None) -> None:
        """Look into the packages of some entry points; of all that are installed, if none are given."""
        self.families: dict[str, Family] = {}
        self.faults: list[Fault] = []
        self._homes: dict[str, Family] = {}
        self._rules: dict[str, Rule | None] = {}
        found = installed() if entries is None else entries
        for entry in sorted(found, key=lambda entry: (entry.family, entry.distribution != _OURS, entry.distribution)):
            self._add(entry)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all rules, in order."""
        return tuple(sorted(self._homes))

    def family(self, id: str) -> Family | None:
        """Give the family of a rule, or of a foreign tool's code (`cfn-lint/E3012`); None if there is no such rule."""
        tool, slash, _ = id.partition("/")
        home = self._homes.get(tool)
        return home if home is None or not slash or tool in home.foreign else None

    def rule(self, id: str) -> Rule | None:
        """Import a rule; None if there is none of this id, or, with a fault to tell, if it does not load."""
        if id not in self._rules:
            home = self._homes.get(id)
            self._rules[id] = self._load(id, home.modules[id], home.entry.distribution) if home else None
        return self._rules[id]

    def _add(self, entry: Entry) -> None:
        try:
            family = _family(entry)
        except Exception as error:  # noqa: BLE001  # a stranger's package may fail in any way
            self.faults.append(_fault(entry.where, error))
            return
        if (other := self.families.get(family.name)) is not None:
            self.faults.append(Fault(entry.where, f"family {family.name!r} is taken by {other.entry.where}"))
            return
        for taken in family.modules.keys() & self._homes.keys():
            where = f"{entry.distribution}: {family.modules.pop(taken)}"
            self.faults.append(Fault(where, f"rule id {taken!r} is taken by {self._homes[taken].entry.where}"))
        self.families[family.name] = family
        self._homes |= dict.fromkeys(family.modules, family)

    def _load(self, id: str, module: str, distribution: str) -> Rule | None:
        try:
            return _rule(id, import_module(module))
        except Exception as error:  # noqa: BLE001  # a stranger's module may fail in any way
            self.faults.append(_fault(f"{distribution}: {module}", error))
            return None


def _rule(id: str, module: ModuleType) -> Rule:
    """Take the rule out of its module.

    Raises:
        ImportError: The module does not hold one rule, or not the one that its name says.
    """
    rules = [value for value in vars(module).values() if isinstance(value, Rule)]
    if len(rules) != 1:
        raise ImportError(f"it holds {len(rules)} rules, expected one")
    if rules[0].id != id:
        raise ImportError(f"its rule has the id {rules[0].id!r}, expected {id!r} by the module's name")
    return rules[0]


def _family(entry: Entry) -> Family:
    """Look into a family's package.

    Raises:
        ImportError: It does not import, or is not what a family is.
    """
    if not _FAMILY.fullmatch(entry.family):
        raise ImportError(f"the family is named {entry.family!r}, expected small letters, digits and '-'")
    package = import_module(entry.package)
    if not hasattr(package, "__path__"):
        raise ImportError("it is a module, expected a package with one module for each rule")
    kinds = _names(package, "kinds")
    foreign = _names(package, "foreign") or frozenset()
    for kind in sorted((kinds or frozenset()) - KINDS):
        raise ImportError(f"`kinds` holds {kind!r}, {did_you_mean(kind, KINDS) or f'expected {_listed(KINDS)}'}")
    ids: dict[str, str] = {}
    for module in pkgutil.iter_modules(package.__path__):
        if not module.ispkg and not module.name.startswith("_"):
            name = module.name.replace("_", "-")
            ids[name if module.name in foreign else f"{entry.family}-{name}"] = f"{entry.package}.{module.name}"
    if not ids:
        raise ImportError("the package holds no rules, expected one module for each")
    return Family(entry, kinds, ids, frozenset(name.replace("_", "-") for name in foreign))


def _names(package: ModuleType, attribute: str) -> frozenset[str] | None:
    names = getattr(package, attribute, None)
    if names is not None and not (isinstance(names, frozenset) and all(isinstance(name, str) for name in names)):
        raise ImportError(f"`{attribute}` is {names!r}, expected a frozenset of strings")
    return names


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _fault(where: str, error: Exception) -> Fault:
    said = f"{error}".partition("\n")[0]
    kind = "" if isinstance(error, ImportError | ValueError) and said else f"{type(error).__name__}: "
    return Fault(where, f"{kind}{said}".rstrip(": "), "".join(traceback.format_exception(error)))


# --- entry points ------------------------------------------------------------------------------------------------


def installed() -> Iterator[Entry]:
    """Read the entry points of all distributions on `sys.path`; of two of one name, the first counts.

    importlib.metadata would take 25 ms, most of them for importing an e-mail parser, where reading takes 1 ms. It is
    asked all the same where a distribution may lie in something else than a folder.
    """
    if any(folder.endswith(".egg") or Path(folder).is_file() for folder in sys.path):
        from importlib.metadata import entry_points  # noqa: PLC0415  # see above

        for point in entry_points(group=GROUP):
            yield Entry(point.name, point.value, point.dist.name if point.dist else "")
        return
    seen: set[str] = set()
    for folder in sys.path:
        for place in _metadata(Path(folder)):
            # Named `name-version.dist-info`, `name.egg-info` or `name-version-py3.11.egg-info`.
            distribution = place.stem.partition("-")[0].replace("_", "-")
            if distribution.lower() not in seen:
                seen.add(distribution.lower())
                for family, package in _points(place / "entry_points.txt"):
                    yield Entry(family, package, distribution)


def _metadata(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix in {".dist-info", ".egg-info"})
    except OSError:
        return []


def _points(file: Path) -> Iterator[tuple[str, str]]:
    text = ""
    with suppress(OSError, ValueError):
        text = file.read_text(encoding="utf-8")
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line.strip("[] ")
        elif section == GROUP and "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield name.strip(), value.strip()
