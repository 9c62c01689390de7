"""Views of a buildspec: the same nodes, with the names and the order that CodeBuild gives them."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from validator.buildspec.calls import ANYTHING, Call
from validator.buildspec.dialect import Dialect, dialect
from validator.buildspec.flow import Flow, follow
from validator.buildspec.shell import Script
from validator.document import Node
from validator.shape import is_function, is_open

# The order in which phases run, whatever their order in the file.
PHASES = ("install", "pre_build", "build", "post_build")

CommandList = Literal["commands", "finally"]
Source = Literal["plaintext", "parameter-store", "secrets-manager"]


@dataclass(frozen=True)
class Buildspec:
    """One buildspec: a file, a text inside a template, or an object in one.

    Nothing is promised about its shape: what is not as it should be is left out of every answer.

    Attributes:
        system: `windows` if all projects that are known to run it have Windows; else empty.
    """

    node: Node
    system: str = field(default="", compare=False)

    @property
    def version(self) -> str:
        """The version as a text, whether it is written as a number or as one; empty if there is none."""
        version = self.node.get("version")
        return str(version.value) if version is not None and isinstance(version.value, str | int | float) else ""

    @property
    def schema(self) -> str:
        """The name of the schema for this version; that of 0.2, which is current, for any that does not exist."""
        return "buildspec-0.1" if self.version == "0.1" else "buildspec-0.2"

    @property
    def inline(self) -> bool:
        """Whether this is an object in a template, so that intrinsic functions may stand for any part."""
        return bool(self.node.path)

    def is_open(self, node: Node) -> bool:
        """Say whether CloudFormation makes a value of what stands at a node of this buildspec."""
        return is_open(node, functions=self.inline)

    def commands(self) -> Iterator["Command"]:
        """Yield the commands in the order in which they run if none fails."""
        for phase in PHASES:
            for kind in _LISTS:
                if (commands := self.node.get("phases", phase, kind)) is None or is_function(commands.value):
                    continue
                if isinstance(commands.value, list):
                    for index, node in enumerate(commands.elements()):
                        yield Command(node, self, phase, kind, index)
                elif commands.value is not None and not isinstance(commands.value, dict):
                    yield Command(commands, self, phase, kind, 0)

    @cached_property
    def dialect(self) -> Dialect:
        """The shell that its commands are for."""
        return dialect(self)

    @cached_property
    def flow(self) -> Flow:
        """What its commands do, in the order in which they run if none fails."""
        scripts = ((command, script) for command in self.commands() if (script := command.script) is not None)
        variables = {one.name: one.text for one in self.variables()}
        found = follow(scripts, variables, fresh=self.version == "0.1")
        # What CloudFormation puts together.
        found.unread += [Script(command.node, "") for command in self.commands() if command.text is None]
        return found

    @property
    def calls(self) -> tuple[Call, ...]:
        """The programs that its commands call; none where the commands are for a shell of Windows."""
        return tuple(self.flow.calls) if self.dialect in {"sh", "bash"} else ()

    @cached_property
    def calls_of(self) -> Mapping["Command", Sequence[tuple[int, Call]]]:
        """The calls of each command that makes any, with their numbers in the order of all calls."""
        found: dict[Command, list[tuple[int, Call]]] = {}
        running: Command | None = None
        own: list[tuple[int, Call]] = []
        for number, call in enumerate(self.flow.calls):
            if call.command is None:
                continue
            if call.command is not running:
                running = call.command
                own = found.setdefault(running, [])
            own.append((number, call))
        return found

    def variables(self) -> Iterator["Variable"]:
        """Yield the environment variables that the buildspec sets, by source, each in the order of the file."""
        for path, source in _VARIABLES:
            if (variables := self.node.get(*path)) is not None and not is_function(variables.value):
                for name, node in variables.items():
                    yield Variable(node, name, source)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the variables that it sets: in its environment, or in a command."""
        listed = {one.name for one in self.variables()} | {one.name for one in self.flow.assigned}
        return frozenset(listed | self.flow.exported)

    def artifacts(self) -> Iterator["Artifact"]:
        """Yield the primary artifact, then the secondary ones."""
        primary = self.node.get("artifacts")
        if primary is None or not isinstance(primary.value, dict) or is_function(primary.value):
            return
        yield Artifact(primary, "")
        secondary = primary.get("secondary-artifacts")
        if secondary is not None and not is_function(secondary.value):
            for identifier, node in secondary.items():
                yield Artifact(node, identifier)

    def reports(self) -> Iterator[tuple[str, Node]]:
        """Yield each report by the name or ARN of its group."""
        reports = self.node.get("reports")
        if reports is not None and not is_function(reports.value):
            yield from reports.items()

    def globs(self) -> Iterator[Node]:
        """Yield the patterns that files are named by, in artifacts, reports and the cache, with those for folders."""
        holders = [*(artifact.node for artifact in self.artifacts()), *(node for _, node in self.reports())]
        places = [(holder, key) for holder in holders for key in ("files", "exclude-paths", "base-directory")]
        if (cache := self.node.get("cache")) is not None:
            places.append((cache, "paths"))
        for holder, key in places:
            if (found := holder.get(key)) is not None:
                yield from found.elements() if isinstance(found.value, list) else (found,)

    def tasks(self) -> Iterator[Node]:
        """Yield the tasks of the batch that are listed one by one: those of the graph, then those of the list."""
        for kind in ("build-graph", "build-list"):
            if (tasks := self.node.get("batch", kind)) is not None:
                yield from tasks.elements()


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a phase: a whole shell program.

    Attributes:
        phase: Name of the phase.
        list: Whether it runs as one of the `commands` or, after them, `finally`.
        index: 0-based place in that list.
    """

    node: Node
    buildspec: Buildspec
    phase: str
    list: CommandList
    index: int

    @property
    def text(self) -> str | None:
        """The program; None for what is none: a mapping, a list, an intrinsic function."""
        value = self.node.value
        if isinstance(value, dict | list):
            return None
        if isinstance(value, str):
            return value
        # CodeBuild takes `- true` for the program `true`, not for a boolean.
        return "" if value is None else self.node.text

    @property
    def script(self) -> Script | None:
        """The program as a shell reads it; None for what is none."""
        return Script(self.node, self.text) if self.text is not None else None


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable; the node holds its value, or where the value is kept."""

    node: Node
    name: str
    source: Source

    @property
    def text(self) -> str:
        """What it is set to, as it stands: CodeBuild puts nothing in for `$NAME`. `*` if that is not known here."""
        value = self.node.value
        if self.source != "plaintext" or value is None or isinstance(value, dict | list):
            return ANYTHING
        return value if isinstance(value, str) else self.node.text


@dataclass(frozen=True, slots=True)
class Artifact:
    """One output of the build.

    Attributes:
        identifier: What the project, or the pipeline's action, calls a secondary artifact; empty for the primary one.
    """

    node: Node
    identifier: str

    @property
    def files(self) -> tuple[Node, ...]:
        """The globs of the files in it, from the base directory."""
        found = self.node.get("files")
        if found is None or found.value is None or isinstance(found.value, dict):
            return ()
        return tuple(found.elements()) if isinstance(found.value, list) else (found,)

    @property
    def base(self) -> str | None:
        """The folder that its files are taken from, relative to the source; None if only a build can tell."""
        node = self.node.get("base-directory")
        if node is None or node.value is None:
            return ""
        return node.value if isinstance(node.value, str) and not _OPEN.search(node.value) else None

    @property
    def is_flat(self) -> bool | None:
        """Whether its files lie in it without their folders; None if nobody can tell."""
        node = self.node.get("discard-paths")
        text = "no" if node is None else str(node.value).lower()
        return {"yes": True, "true": True, "no": False, "false": False}.get(text)

    def may_hold(self, path: str) -> bool:
        """Say whether one of the globs can take in a file that lies in the artifact at a path.

        Whether `*` stops at a slash and what a folder without a glob takes in is told for the path's good.
        """
        if self._excludes(path):
            return False
        globs = [node.value for node in self.files]
        if not globs or any(not isinstance(glob, str) or glob.startswith(("/", "..", "~")) for glob in globs):
            return True
        clean = posixpath.normpath(path)
        flat = self.is_flat
        if flat and "/" in clean:
            return False
        names = [posixpath.basename(str(glob)) for glob in globs] if flat is not False else []
        return any(_fits(str(glob), clean) for glob in [*names, *globs])

    def may_hold_inside(self, name: str) -> bool:
        """Say whether one of the globs can take in a file of a name in whatever folder."""
        globs = [posixpath.basename(node.value) for node in self.files if isinstance(node.value, str)]
        return any(_fits(glob, name) for glob in globs)

    def _excludes(self, path: str) -> bool:
        node = self.node.get("exclude-paths")
        listed = [node, *node.elements()] if node is not None else []
        return any(one.value == path for one in listed)


def is_whole(text: str) -> bool:
    """Say whether what a project gives as its buildspec is all of it, and no path to it."""
    return "\n" in text or text.lstrip().startswith(("{", "version:"))


def is_rewritable(node: Node) -> bool:
    """Say whether other source text can take the place of a scalar, which is not an alias of one that is elsewhere.

    Inside a text that stands in quotes, as a whole buildspec may in a template, the quotes would ask for escapes.
    """
    parent, outer = node.parent, node.document.outer
    here = parent is not None and parent.region.start <= node.region.start < parent.region.end
    return here and (outer is None or (outer.style == "|" and outer.document.outer is None))


def _fits(glob: str, path: str) -> bool:
    """Say whether a glob of artifacts can stand for a path, or for a folder above it."""
    pattern, at = "", 0
    clean = posixpath.normpath(glob)
    for found in _OPEN.finditer(clean):
        pattern += re.escape(clean[at : found.start()]) + ("(?:.*/)?" if found[0] == "**/" else ".*")
        at = found.end()
    pattern += re.escape(clean[at:])
    return re.fullmatch(rf"{re.sub(_REPEATED, '.*', pattern)}(?:/.*)?", path) is not None


# What stands for more than itself in a glob: stars, variables, alternatives.
_OPEN = re.compile(r"\*\*/|\*+|\?|\[[^\]]*\]|\{[^}]*\}|\$\{[^}]*\}|\$\([^)]*\)|\$\w+")
_REPEATED = re.compile(r"(?:\.\*){2,}")
_LISTS: tuple[CommandList, ...] = ("commands", "finally")
_VARIABLES: tuple[tuple[tuple[str, ...], Source], ...] = (
    (("env", "variables"), "plaintext"),
    (("environment_variables", "plaintext"), "plaintext"),  # version 0.1
    (("env", "parameter-store"), "parameter-store"),
    (("env", "secrets-manager"), "secrets-manager"),
)
