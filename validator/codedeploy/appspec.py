"""Views of an AppSpec file: the same nodes, with the names that CodeDeploy gives them."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from validator.document import Node
from validator.shape import keys_at

SCHEMA = "appspec-0.0"
# What CodeDeploy does itself, on servers: no script can be run then.
OWN_EVENTS = frozenset({"Start", "DownloadBundle", "Install", "BlockTraffic", "AllowTraffic", "TestTraffic", "End"})

Platform = Literal["server", "ecs", "lambda", "service"]
_OF_LAMBDA = ("BeforeAllowTraffic", "AfterAllowTraffic")
_PLATFORMS: Mapping[object, Platform] = {"AWS::ECS::Service": "ecs", "AWS::Lambda::Function": "lambda"}


def is_event(node: Node) -> bool:
    """Whether a node is what is given for a lifecycle event, or its key."""
    names = [step for step in node.path if isinstance(step, str)]
    return len(names) == 2 and names[0] in {"hooks", "Hooks"} and node.path[-1] == names[-1]


@dataclass(frozen=True, slots=True)
class Appspec:
    """One AppSpec file.

    Nothing is promised about its shape: what is not as it should be is left out of every answer.
    """

    node: Node

    @property
    def platform(self) -> Platform:
        """What it deploys to: servers, or a `service` of which only its type says whether it is ECS's or Lambda's."""
        resources = self.node.get("Resources") or self.node.get("resources")
        if resources is None:
            return "server"
        for resource in (one for element in resources.elements() for _, one in element.items()):
            kind = resource.get("Type")
            if kind is not None and kind.value in _PLATFORMS:
                return _PLATFORMS[kind.value]
        return "service"

    @property
    def windows(self) -> bool:
        """Whether the servers run Windows."""
        os = self.node.get("os")
        return os is not None and os.value == "windows"

    @property
    def events(self) -> tuple[str, ...]:
        """The lifecycle events that a script or function can be given for."""
        if self.platform == "server":
            return keys_at(SCHEMA, ("hooks",))
        return _OF_LAMBDA if self.platform == "lambda" else keys_at(SCHEMA, ("Hooks", 0))

    def hooks(self) -> Iterator[tuple[str, Node]]:
        """Yield the lifecycle events that something is given for, each with what that is."""
        for name in ("hooks", "Hooks"):
            if (hooks := self.node.get(name)) is not None:
                for holder in (hooks, *hooks.elements()):
                    yield from holder.items()

    @property
    def in_place(self) -> bool:
        """Whether it has the name under which an agent looks for it; else something copies it there."""
        name = posixpath.basename(self.node.document.path)
        return self.platform == "server" and name in {"appspec.yml", "appspec.yaml"}

    def scripts(self) -> Iterator["Script"]:
        """Yield the scripts that run on servers, event by event."""
        for event, listed in self.hooks() if self.platform == "server" else ():
            for node in listed.elements():
                yield Script(node, event, self)

    def sources(self) -> Iterator[Node]:
        """Yield the paths of what is copied from the revision."""
        files = self.node.get("files")
        for element in files.elements() if files is not None else ():
            if (source := element.get("source")) is not None and isinstance(source.value, str):
                yield source

    def path(self, node: Node) -> str:
        """Give the path within the revision that a node names; empty if it is none."""
        text = node.value if isinstance(node.value, str) else ""
        text = text.strip().replace("\\", "/") if self.windows else text.strip()
        return posixpath.normpath(text.lstrip("/")) if text.strip("/") else ""


@dataclass(frozen=True, slots=True)
class Script:
    """A script that runs at a lifecycle event."""

    node: Node
    event: str
    appspec: Appspec

    @property
    def location(self) -> Node | None:
        """Where its path stands."""
        return self.node.get("location")
