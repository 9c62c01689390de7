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
class Action:
    """One kind of action.

    Attributes:
        keys: The members of its configuration.
        several: Members that it needs when it takes more than one artifact.
        files: Members that name a file, `Artifact::path`; some may be a text instead.
        artifacts: Members that name an artifact.
        mode: The member that says what it does; empty if it does but one thing.
        variables: The variables that it sets; None if it depends.
    """

    keys: tuple[str, ...]
    required: tuple[str, ...]
    several: tuple[str, ...]
    files: tuple[str, ...]
    artifacts: tuple[str, ...]
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
        entry.get("mode", ""),
        modes,
        tuple(variables) if variables is not None else None,
    )


@cache
def _data() -> Any:
    return json.loads((files("validator.cloudformation") / "data" / "actions.json").read_text("utf-8"))
