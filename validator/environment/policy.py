"""The least IAM policy that a run of `verify` needs: the actions of its calls, as IAM calls them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from validator.cloudformation.schemas import schema
from validator.environment.operations import model, names
from validator.environment.plan import Plan, Read
from validator.iam import actions, regions


@dataclass(frozen=True, slots=True)
class Permissions:
    """What is needed.

    Attributes:
        document: The policy; without statements if nothing is needed.
        unknown: The calls of which nobody can say which actions they need, with the reason.
        unlimited: Whether actions are allowed in all regions, since nobody says which ones are looked at.
    """

    document: Mapping[str, Any]
    unknown: tuple[str, ...]
    unlimited: bool


def permissions(plans: Iterable[Plan]) -> Permissions:
    """Say which actions the calls of plans need, each in the regions that it is called in."""
    regional: dict[str, set[str]] = {}
    everywhere: set[str] = set()
    unknown: dict[str, None] = {}
    for plan in plans:
        for read in plan.reads:
            found = needed(read)
            if isinstance(found, str):
                unknown[f"{read.service}.{read.operation}: {found}" if read.operation else found] = None
                continue
            for action in found:
                if regions.home(action.partition(":")[0]) is not None:
                    everywhere.add(action)
                else:
                    regional.setdefault(action, set()).add(plan.region)
    unlimited = {action for action, places in regional.items() if "" in places}
    limited: dict[tuple[str, ...], list[str]] = {}
    for action, places in sorted(regional.items()):
        if action not in unlimited:
            limited.setdefault(tuple(sorted(places)), []).append(action)
    statements = [
        _statement(found, {"StringEquals": {"aws:RequestedRegion": list(places)}})
        for places, found in sorted(limited.items())
    ]
    if rest := sorted(everywhere | unlimited):
        statements.append(_statement(rest))
    return Permissions({"Version": "2012-10-17", "Statement": statements}, tuple(unknown), bool(unlimited))


def _statement(found: list[str], condition: Mapping[str, Any] | None = None) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": "Allow", "Action": found, "Resource": "*"}
    return statement | ({"Condition": condition} if condition is not None else {})


def needed(read: Read) -> tuple[str, ...] | str:
    """List the actions that a call needs; or say, as a message would, why that is not known."""
    if not read.operation:
        return read.reason
    name = f"{read.service}.{read.operation}"
    exceptions = _exceptions()
    listed = exceptions["actions"].get(name, exceptions["services"].get(read.service))
    if listed is not None:
        found = tuple(listed)
    else:
        api = names(read.service).get(read.operation)
        if api is None:
            return "there is no such operation"
        found = _called(read.service, api)
    if not found and listed is None:
        return "no action of IAM is called like it"
    if any(action.partition(":")[2] not in actions.actions(action.partition(":")[0]) for action in found):
        return "the action that it needs is not one that AWS documents"
    if name == "cloudcontrol.get_resource":
        handled = schema(read.type)
        if handled is None or handled.read_permissions is None:
            return f"what reading {read.type or 'a resource'} takes is not known"
        found = (*found, *handled.read_permissions)
    return found


def _called(service: str, api: str) -> tuple[str, ...]:
    """Find the action that has an operation's name, or those that are known to stand for it."""
    metadata = model(service).get("metadata", {})
    own = _exceptions()["prefixes"].get(service)
    prefixes = [own] if own else [metadata.get("signingName"), metadata.get("endpointPrefix"), service]
    for prefix in dict.fromkeys(filter(None, prefixes)):
        spelled = next((name for name in actions.actions(prefix) if name.lower() == api.lower()), "")
        if spelled:
            return (f"{prefix}:{spelled}",)
        # Several services may share a prefix; what is known of operations is known of the one that is called like it.
        other = actions.operation(f"{prefix}:{api}") if prefix == service else None
        if other is not None and other[0] == api:
            return other[1]
    return ()


@cache
def _exceptions() -> Mapping[str, Any]:
    text = (Path(__file__).parent / "data" / "actions.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found
