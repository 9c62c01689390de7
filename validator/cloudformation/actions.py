"""What is known of the actions of a pipeline, provider by provider: their configuration and their variables."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from validator.cloudformation.pipeline import PipelineAction


@dataclass(frozen=True, slots=True)
class Mode:
    """What an action's mode makes of its configuration.

    Attributes:
        role: Whether it wants a role to act with.
        ignored: Members that have no effect in this mode.
    """

    required: tuple[str, ...]
    role: bool
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that an action takes out of an artifact without its Configuration naming both as `Artifact::path`.

    Attributes:
        artifact: The member that names the artifact; empty if it is the only one that the action takes.
        path: The member that names the file; empty if there is none.
        names: What the file is called if no member says; any of them will do.
        nested: Whether it may lie in a folder of the artifact as well.
    """

    artifact: str
    path: str
    names: tuple[str, ...]
    nested: bool


@dataclass(frozen=True, slots=True)
class Action:
    """One kind of action.

    Attributes:
        keys: The members of its configuration.
        several: Members that it needs when it takes more than one artifact.
        files: Members that name a file, `Artifact::path`; some may be a text instead.
        artifacts: Members that name an artifact.
        takes: The files that it takes apart from these.
        mode: The member that says what it does; empty if it does but one thing.
        variables: The variables that it sets; None if it depends.
    """

    keys: tuple[str, ...]
    required: tuple[str, ...]
    several: tuple[str, ...]
    files: tuple[str, ...]
    artifacts: tuple[str, ...]
    takes: tuple[Taken, ...]
    mode: str
    modes: Mapping[str, Mode]
    variables: tuple[str, ...] | None


def action_of(action: PipelineAction) -> Action | None:
    """Say of which kind an action is; None for one of another's making, or that is not known."""
    for owner, category, provider, kind in _actions():
        if (owner, provider) == (action.owner or owner, action.provider) and category in {"", action.category}:
            return kind
    return None


def longest_value() -> int:
    """Say how many characters a member of a configuration can have."""
    return int(_data()["value_characters"])


def reserved_namespaces() -> Mapping[str, tuple[str, ...]]:
    """Give the namespaces that every pipeline has, with their variables."""
    return {name: tuple(variables) for name, variables in _data()["reserved_namespaces"].items()}


@cache
def default_names() -> frozenset[str]:
    """Give the names of all files that actions take if nobody says which."""
    return frozenset(name for *_, action in _actions() for taken in action.takes for name in taken.names)


@cache
def _actions() -> tuple[tuple[str, str, str, Action], ...]:
    return tuple(
        (entry["owner"], entry.get("category", ""), entry["provider"], _action(entry)) for entry in _data()["actions"]
    )


def _action(entry: Mapping[str, Any]) -> Action:
    modes = {
        name: Mode(tuple(mode["required"]), mode["role"], tuple(mode.get("ignored", ())))
        for name, mode in entry.get("modes", {}).items()
    }
    variables = entry.get("variables")
    return Action(
        tuple(entry["keys"]),
        tuple(entry["required"]),
        tuple(entry.get("required_with_several_inputs", ())),
        tuple(entry.get("files", ())),
        tuple(entry.get("artifacts", ())),
        tuple(map(_taken, entry.get("takes", ()))),
        entry.get("mode", ""),
        modes,
        tuple(variables) if variables is not None else None,
    )


def _taken(entry: Mapping[str, Any]) -> Taken:
    return Taken(
        entry.get("artifact", ""), entry.get("path", ""), tuple(entry["names"]), nested=entry.get("nested", False)
    )


@cache
def _data() -> Any:
    return json.loads((files("validator.cloudformation") / "data" / "actions.json").read_text("utf-8"))
