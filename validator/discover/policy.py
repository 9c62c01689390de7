"""Policy documents, bare or within what some tool prints or reads, and which kind of policy they are."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from validator.discover.kind import Kind
from validator.document import Value

Members = Mapping[str, Value]

ELEMENTS = frozenset(
    {
        *("sid", "effect", "condition", "principal", "notprincipal"),
        *("action", "notaction", "resource", "notresource"),
    }
)
_VERSIONS = {"2012-10-17", "2008-10-17"}
_DETAILS = {"UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"}
_WRAPPERS: tuple[tuple[str, ...], ...] = (
    ("PolicyDocument",),
    ("AssumeRolePolicyDocument",),
    ("Role", "AssumeRolePolicyDocument"),
    ("PolicyVersion", "Document"),
    ("Policy",),
    ("Policy", "Content"),
    ("Content",),
)
_ORGANIZATION = {"SERVICE_CONTROL_POLICY": "scp", "RESOURCE_CONTROL_POLICY": "rcp"}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_LONGEST = 200_000


def read(members: Members, path: str) -> Kind | None:
    """Recognise a policy document.

    Args:
        members: The document's value.
        path: Speaks of what content does not tell: which kind of policy it is.
    """
    if len(_DETAILS & members.keys()) > 1:
        return Kind("policy", "account-authorization-details", "is a dump of account authorization details")
    if is_policy(members):
        return of(members["Statement"], path, "has Statements with Effect and Action")
    for at in _WRAPPERS:
        if (inner := _inner(members, at)) is not None:
            return _wrapped(members, inner, at, path)
    return None


def is_policy(members: Members) -> bool:
    """Say whether a mapping is a policy document."""
    statement = members.get("Statement")
    if isinstance(statement, list) and not statement:
        return str(members.get("Version")) in _VERSIONS
    return any(is_statement(one) for one in each(statement))


def is_statement(value: Value, *, least: int = 2) -> bool:
    """Say whether a value has several of the elements of a statement, in whatever case."""
    return isinstance(value, dict) and len(ELEMENTS & {key.lower() for key in value}) >= least


def of(statements: Value, path: str, why: str) -> Kind:
    """Give a policy with these statements its form."""
    form, guessed = _form([one for one in each(statements) if isinstance(one, dict)], path)
    return Kind("policy", form, f"{why}{', named ' + form if guessed and form != 'trust' else ''}", guessed=guessed)


def each(value: Value) -> Iterator[Value]:
    """Yield the elements of a list, or the one thing that stands in its place."""
    if isinstance(value, list):
        yield from value
    elif value is not None:
        yield value


def _form(statements: list[dict[str, Value]], path: str) -> tuple[str, bool]:
    hint = named(path)
    keys = {key.lower() for one in statements for key in one}
    assumes = bool(statements) and all(_only_assumes(one) for one in statements)
    if {"principal", "notprincipal"} & keys:
        # With a resource it may be the policy of STS's VPC endpoint.
        if assumes:
            return "trust", "resource" in keys
        denies = all(one.get("Effect") == "Deny" for one in statements)
        return ("rcp", True) if hint == "rcp" and denies else ("resource", False)
    if hint:
        return hint, True
    # Whoever may do this is missing: an identity policy would say which roles.
    return ("trust", True) if assumes and "resource" not in keys else ("identity", False)


def _only_assumes(statement: dict[str, Value]) -> bool:
    actions = [str(action).lower() for action in each(statement.get("Action"))]
    return bool(actions) and all(action.startswith("sts:") for action in actions)


def named(path: str) -> str:
    """Read the form of a policy off its path, the last part first: `scp`, `rcp`, `boundary`, or nothing."""
    return next(filter(None, map(_named, reversed(path.split("/")))), "")


@lru_cache(maxsize=1024)  # files that lie together have all but their names in common
def _named(part: str) -> str:
    words = [word.lower() for word in _WORD.findall(part)]
    if {"scp", "scps"} & set(words) or _holds(words, "service", "control"):
        return "scp"
    if {"rcp", "rcps"} & set(words) or _holds(words, "resource", "control"):
        return "rcp"
    return "boundary" if {"boundary", "boundaries"} & set(words) else ""


def _holds(words: list[str], one: str, two: str) -> bool:
    return (one, two) in pairwise(words)


def _inner(members: Members, at: tuple[str, ...]) -> Members | None:
    value: Value = dict(members)
    for key in at:
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, str) and value.lstrip().startswith("{") and len(value) < _LONGEST:
        value = _decoded(value)
    return value if isinstance(value, dict) and is_policy(value) else None


def _decoded(text: str) -> Value:
    import json  # noqa: PLC0415  # few files hold a policy in a string

    try:
        value: Value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


def _wrapped(members: Members, inner: Members, at: tuple[str, ...], path: str) -> Kind:
    summary = members.get("Policy")
    about = summary.get("PolicySummary") if isinstance(summary, dict) else members
    said = about.get("Type") if isinstance(about, dict) else None
    why = f"has a policy at {'.'.join(at)}"
    if isinstance(said, str) and said in _ORGANIZATION:
        return Kind("policy", _ORGANIZATION[said], why, at=at)
    if at[-1] == "AssumeRolePolicyDocument":
        return Kind("policy", "trust", why, at=at)
    kind = of(inner["Statement"], path, why)
    return Kind("policy", kind.form, kind.why, guessed=kind.guessed, at=at)
