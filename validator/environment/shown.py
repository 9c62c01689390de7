"""How AWS shows what a template gives it: in other letters, in full, with more beside it, or as it has become since."""

import ipaddress
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from validator.document import Value
from validator.environment.comparison import UndecidedError, differences
from validator.environment.matchers import Matcher
from validator.environment.references import is_open

# What becomes of a property: a list gets further elements; a value becomes another.
Fate = Literal["more", "other"]

_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)*(?:\.x)?")
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(?:gb|vcpu)")
_PROTOCOLS: Mapping[str, str] = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}


def fate(type: str, name: str, own: frozenset[str], others: frozenset[str]) -> Fate | None:
    """Say what becomes of a property once it is deployed, by data/shown.json; None if it stays as it was given.

    Args:
        type: The type of the resource.
        name: The property.
        own: The names of all properties that the template gives the resource.
        others: The types of all resources that are deployed with it.
    """
    if name == "Tags":  # stacks tag what they make
        return "more"
    fates: tuple[Fate, ...] = ("other", "more")
    for each in fates:
        causes = _table().get(type, {}).get(each, {}).get(name)
        if causes is not None and (not causes or not (own | others).isdisjoint(causes)):
            return each
    return None


@cache
def _table() -> Mapping[str, Any]:
    text = (Path(__file__).parent / "data" / "shown.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)["types"]
    return found


def differs(matcher: Matcher, given: Value, name: str = "") -> bool:
    """Say whether a matcher fails in whatever form a service shows what a template gives it.

    Args:
        matcher: One without parts.
        given: What the template gives.
        name: The property that it is given to; empty if it is none, as in an output.
    """
    if name and _may_show(matcher, given, name):
        return False
    try:
        return all(differences(matcher, form, "loose") for form in (_forms(matcher, given) if name else (given,)))
    except UndecidedError:
        return False


def _forms(matcher: Matcher, given: Value) -> Iterator[Value]:
    yield given
    if matcher.operator == "version":
        yield f"{str(given).removesuffix('.x')}.999999999"
    elif isinstance(given, str):
        yield given.lower()
        yield given.upper()


def _may_show(matcher: Matcher, given: Value, name: str) -> bool:
    operand = matcher.operand
    if matcher.operator == "version":
        return isinstance(operand, str) and any(_alike(str(given), one) for one in re.findall(r"[0-9][0-9.]*", operand))
    if matcher.operator in {"matches", "contains"}:
        text = str(given)
        return _VERSION.fullmatch(text) is not None and ("." in text or name.endswith("Version"))
    if matcher.operator not in {"equals", "in"}:
        return False
    wanted = operand if matcher.operator == "in" and isinstance(operand, list) else [operand]
    return any(map(is_open, wanted)) or any(_same(given, one) for one in wanted)


def _same(given: Value, wanted: Value) -> bool:
    if isinstance(given, dict) or isinstance(wanted, dict):
        return True
    if isinstance(given, list) or isinstance(wanted, list):
        # A list may be shown in any order, and as a text with commas.
        one, other = _listed(given), _listed(wanted)
        return all(any(_same(each, those) for those in other) for each in one) and all(
            any(_same(each, those) for each in one) for those in other
        )
    return _alike(str(given), str(wanted))


def _listed(value: Value) -> list[Value]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")]
    return value if isinstance(value, list) else [value]


def _alike(given: str, wanted: str) -> bool:
    """Say whether a service may show one text where it was given another."""
    one, other = (text.casefold().rstrip(".") for text in (given, wanted))
    one, other = _PROTOCOLS.get(one, one), _PROTOCOLS.get(other, other)
    if one == other or _size(one) == _size(other) or _network(one) == other:
        return True
    short, long = sorted((one, other), key=len)
    if long.startswith("arn:") and not short.startswith("arn:"):
        return long.endswith((f"/{short}", f":{short}")) or short.startswith("alias/")
    if short.startswith("alias/"):
        return True
    # A version is completed where it is made.
    version = short.removesuffix(".x")
    return _VERSION.fullmatch(short) is not None and re.match(re.escape(version) + r"(?:[.-]|$)", long) is not None


def _size(text: str) -> float | str:
    """Read a size of a task, which is shown in MiB and in units of CPU, 1,024 to one."""
    found = _SIZE.fullmatch(text)
    if found is not None:
        return float(found[1]) * 1024
    return float(text) if re.fullmatch(r"[0-9]{1,15}", text) else text


def _network(text: str) -> str:
    """Write a network as EC2 shows it, without what is beyond its mask; other texts as they are."""
    try:
        return str(ipaddress.ip_network(text, strict=False)) if "/" in text else text
    except ValueError:
        return text
