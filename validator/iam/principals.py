"""Who a statement is about: Principal and NotPrincipal value by value, and what strangers' requests look like."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from validator.document import Node
from validator.iam.actions import has_placeholder, services
from validator.iam.arns import bound
from validator.iam.automata import Wild
from validator.iam.condition import Atom, Context
from validator.iam.globs import glob
from validator.iam.policy import Policy, Statement
from validator.iam.regions import partitions, regions
from validator.shape import is_function
from validator.suggest import one_edit_apart

TYPES = ("AWS", "Service", "Federated", "CanonicalUser")
# Below this length, names of services are near each other: ecr, ecs, eks.
_LONG_ENOUGH = 5
# Patterns of one condition for which a stranger makes his ARN fit.
_MOST_PATTERNS = 10
_ACCOUNT = 4  # the field of an ARN, counted from 0
# Left-overs of template languages, and what stands for an account in examples: ACCOUNT_ID, AWS-account-ID.
_STAND_IN = re.compile(r":(?!cloudfront:)[A-Za-z_-]*(?:[A-Z]|account)[A-Za-z_-]*:")


@dataclass(frozen=True, slots=True)
class Principal:
    """One value of Principal or NotPrincipal.

    Attributes:
        type: `AWS | Service | Federated | CanonicalUser`; empty for a text that stands without a type.
    """

    node: Node
    type: str

    @property
    def text(self) -> str:
        """The value."""
        return str(self.node.value)

    @property
    def everyone(self) -> bool:
        """Whether it is the star, which is everyone, anonymous callers included."""
        return self.text == "*" and self.type in {"", "AWS"}

    @property
    def placeholder(self) -> bool:
        """Whether some tool fills in a part of it before IAM sees it."""
        return has_placeholder(self.text) or _STAND_IN.search(f":{self.text}:") is not None


def principals(statement: Statement) -> Iterator[Principal]:
    """Yield the values of the Principal, or of the NotPrincipal; not those that a function makes."""
    element = statement.principal
    if element is None or is_function(element.value):
        return
    if isinstance(element.value, str):
        yield Principal(element, "")
    for key, values in element.items():
        if key in TYPES:
            for node in values.elements() if isinstance(values.value, list) else (values,):
                if isinstance(node.value, str):
                    yield Principal(node, key)


def excludes(statement: Statement) -> bool:
    """Say whether all but the principals are meant: NotPrincipal."""
    return statement.principal is not None and statement.principal.name == "NotPrincipal"


def carrier(policy: Policy) -> Node | None:
    """Give the resource of a template that carries a policy; None for a policy in a file of its own."""
    node = policy.node
    while node.document.outer is not None:
        node = node.document.outer
    return node.document.root.get(*node.path[:2]) if node.path[:1] == ("Resources",) else None


# --- services --------------------------------------------------------------------------------------------------------


def is_service(text: str) -> bool:
    """Say whether a text has the form of a service principal, known or not."""
    return _service(text) is not None


def meant_service(text: str) -> str:
    """Give the service principal that was surely meant by one that is misspelled; empty if it is right or anyone's."""
    name, suffix = _service(text) or ("", "")
    if len(name) < _LONG_ENOUGH or name in _names() or name.partition(".")[0] in services():
        return ""
    digits = re.sub(r"\d", "", name)
    near = [known for known in _names() if one_edit_apart(name, known) and re.sub(r"\d", "", known) != digits]
    return f"{near[0]}.{suffix}" if len(near) == 1 else ""


def suffix_of(text: str) -> str:
    """Give the domain under which a service principal stands; empty if it is none."""
    return (_service(text) or ("", ""))[1]


def _service(text: str) -> tuple[str, str] | None:
    """Split a service principal into its name, without a region, and its domain."""
    for suffix in _read("service_principals")["domains"]:
        name = text.removesuffix(f".{suffix}")
        if name != text and re.fullmatch(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*", name):
            return ".".join(part for part in name.split(".") if part not in _region_names()), suffix
    return None


@cache
def _names() -> frozenset[str]:
    return frozenset(_read("service_principals")["names"])


@cache
def _region_names() -> frozenset[str]:
    return frozenset(name for partition in partitions() for name in regions(partition))


@dataclass(frozen=True, slots=True)
class Deputy:
    """A service that does things for whoever asks it.

    Attributes:
        actions: What it can be made to do here by a resource in a stranger's account.
        key: The condition key that AWS's documentation puts into such a policy.
    """

    actions: tuple[str, ...]
    key: str


def deputy(service: str) -> Deputy | None:
    """Look up a service principal among those that can be led to act for strangers."""
    name = (_service(service) or ("", ""))[0]
    found = _read("deputies")["services"].get(name)
    return Deputy(tuple(found["actions"]), found["key"]) if found else None


# --- identity providers ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Provider:
    """An OpenID Connect provider that issues tokens to many tenants.

    Attributes:
        host: The issuer without `https://`, which is the prefix of the condition keys of its claims.
        claims: A condition on one of them tells the tenants apart.
        subject: The beginning of the claim `sub`, before the tenant's name; `end` is what follows that.
        example: A value that names one tenant.
        unit: What a tenant has several of, each with tokens of its own.
        shared: Strangers can have tokens of it; else only the owner's own workloads.
    """

    host: str
    name: str
    claims: tuple[str, ...]
    subject: str = ""
    end: str = ""
    example: str = ""
    unit: str = ""
    shared: bool = True

    def ties(self, claim: str, pattern: str) -> bool:
        """Say whether a pattern for a claim, with wildcards, is one tenant's only."""
        head = _head(pattern)
        if head is None:
            return True
        if claim == "sub" and self.subject.startswith(head):
            return False
        if claim == "sub" and self.subject and head.startswith(self.subject):
            return self.end in head.removeprefix(self.subject)
        return bool(head.strip("/:"))

    def takes_all(self, claim: str, pattern: str) -> bool:
        """Say whether a pattern for a claim stands for all that one tenant has."""
        head = _head(pattern) or ""
        if claim != "sub" or not self.unit or not head.startswith(self.subject):
            return False
        _, end, rest = head.removeprefix(self.subject).partition(self.end)
        return bool(end) and not rest


def _head(pattern: str) -> str | None:
    """Give what stands before the first wildcard of a pattern; None if there is none."""
    tokens = glob(pattern).tokens
    wild = next((at for at, token in enumerate(tokens) if isinstance(token, Wild)), None)
    return None if wild is None else "".join(map(str, tokens[:wild]))


def provider(text: str) -> Provider | None:
    """Look up the provider that a Federated principal or a condition key names; None for one of your own.

    Args:
        text: The ARN, the host alone, or a key that begins with it.
    """
    folded = text.lower().rpartition(":oidc-provider/")[2].removeprefix("https://")
    for host, facts in _read("oidc_providers")["providers"].items():
        # A path after it makes it one customer's own: GitHub's of an enterprise, Vercel's of a team.
        if found := re.match(rf"{host}(?![a-z0-9./-])", folded):
            return Provider(found[0], **{**facts, "claims": tuple(facts["claims"])})
    return None


# --- strangers -------------------------------------------------------------------------------------------------------

Known = Mapping[str, Context]


def strangers(atoms: Iterable[Atom]) -> Iterator[Known]:
    """Yield what requests of strangers are like, by condition key in small letters: the keys that they cannot choose.

    A stranger has an account and an organization of his own, and calls from there, through an endpoint of his own, or
    by way of a service.

    Args:
        atoms: Conditions, for ARN patterns in them that leave the account open: a stranger makes his ARN fit.
    """
    atoms = tuple(atoms)
    for caller in _read("callers")["strangers"]:
        known = {key: tuple(value) if isinstance(value, list) else value for key, value in caller.items()}
        account = str(known["aws:principalaccount"] or known["aws:sourceaccount"])
        keys = [key for key in ("aws:principalarn", "aws:sourcearn") if known[key]]
        fitting = [
            [known[key], *(arn for atom in atoms if atom.key == key for arn in _own(atom, account))] for key in keys
        ]
        for chosen in product(*map(dict.fromkeys, fitting)):
            yield {**known, **dict(zip(keys, chosen, strict=True))}


def _own(atom: Atom, account: str) -> Iterator[str]:
    """Yield ARNs in an account that the patterns of an atom match, for each that can match one."""
    for value in atom.values[:_MOST_PATTERNS]:
        fields = str(bound(glob(value))).split(":", 5)
        if len(fields) == _ACCOUNT + 2 and re.search(r"[*?]", fields[_ACCOUNT]):
            fields[_ACCOUNT] = account
            yield re.sub(r"[*?]+", "x", ":".join(fields))


@cache
def _read(name: str) -> Any:
    return json.loads((Path(__file__).parent / "data" / f"{name}.json").read_text(encoding="utf-8"))
