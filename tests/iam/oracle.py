"""IAM's own rules, tried out on concrete requests: a second opinion on the proof, with which it shares no code.

`allowed` judges one request. `Oracle` asks it of many: keys and resources take values that are made bluntly of the
texts in the policies. Whatever no such value tells apart is tried once, so that the rest can be tried without limits.

Sources: "Document evaluation logic", "IAM JSON policy elements: Condition operators" and "Conditions with multiple
context keys or values" of the IAM User Guide. Document variables are not modelled.
"""

import ipaddress
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import combinations, product
from typing import Any, NamedTuple

from validator.iam import catalogue, keys

Value = str | tuple[str, ...] | None
Document = Mapping[str, Any]
Layers = Sequence[Sequence[Document]]

REGION = "aws:requestedregion"
EC2_REGION = "ec2:region"


@dataclass(frozen=True)
class Request:
    """One call of one action.

    Attributes:
        action: As prefix:Name.
        resources: The ARNs that it touches, or `*` for an action that takes none.
        context: Values by condition key, of any case; None for a key that is absent. The region's keys are not given.
    """

    action: str
    region: str
    resources: tuple[str, ...]
    context: Mapping[str, Value]


class Line(NamedTuple):
    """What one line of a Condition asks for: an operator, a key in lower case, and its values."""

    operator: str
    key: str
    values: tuple[str, ...]


def allowed(layers: Layers, request: Request) -> bool:
    """Say whether a request is allowed: by every layer, on every resource, and denied by none."""
    context = {key.lower(): value for key, value in request.context.items()} | _of_region(request)

    def matching(policies: Iterable[Document], effect: str, resource: str) -> bool:
        return any(
            statement["Effect"] == effect
            and _covers(statement, "Action", request.action.lower())
            and _covers(statement, "Resource", resource)
            and all(holds(line.operator, line.values, context.get(line.key)) for line in lines(statement))
            for policy in policies
            for statement in _listed(policy["Statement"])
        )

    return all(
        all(matching(policies, "Allow", resource) for policies in layers)
        and not any(matching(policies, "Deny", resource) for policies in layers)
        for resource in request.resources
    )


def lines(statement: Document) -> Iterator[Line]:
    """Yield what a statement's Condition asks for; all of it must hold."""
    for operator, block in statement.get("Condition", {}).items():
        for key, values in block.items():
            yield Line(operator, key.lower(), tuple(_text(value) for value in _listed(values)))


@lru_cache(maxsize=1 << 16)
def holds(operator: str, values: tuple[str, ...], actual: Value) -> bool:
    """Say whether a value that a request carries for a key, or None, meets one line of a Condition."""
    quantifier, _, name = operator.rpartition(":")
    if actual == ():
        actual = None  # as documented: Null tells a key that is missing, or empty, from one that has values
    if name == "Null":
        return any((actual is None) == (value.lower() == "true") for value in values)
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    negated = "Not" in name
    compare = _OPERATORS[name.replace("Not", "")]
    if any("${" in value for value in values):
        raise ValueError(f"policy variables are not modelled: {values}")

    def fits(one: str) -> bool:
        # Several values are alternatives; under negation, none of them may match.
        return any(compare(value, one) for value in values) != negated

    if quantifier == "ForAllValues":
        return actual is None or all(map(fits, _listed(actual)))
    if actual is None:
        return if_exists or (negated and quantifier != "ForAnyValue")
    if quantifier == "ForAnyValue":
        return any(map(fits, _listed(actual)))
    if isinstance(actual, tuple):
        raise TypeError(f"{operator} says nothing on a key with several values")
    return fits(actual)


class Oracle:
    """What some layers of policies allow to anyone, anywhere."""

    def __init__(self, layers: Layers) -> None:
        placed = [
            (at, each) for at, layer in enumerate(layers) for policy in layer for each in _listed(policy["Statement"])
        ]
        self._statements = [statement for _, statement in placed]
        self._deny = self._where(lambda statement: statement["Effect"] == "Deny")
        allow = self._where(lambda statement: statement["Effect"] == "Allow")
        self._allow = [
            allow & sum(1 << bit for bit, (layer, _) in enumerate(placed) if layer == at) for at in range(len(layers))
        ]
        self._lines = [list(lines(statement)) for statement in self._statements]
        self._all = (1 << len(placed)) - 1
        self._keys = sorted({line.key for asked in self._lines for line in asked} - {REGION, EC2_REGION})
        self._contexts = self._free_contexts()
        resources = {text for each in self._statements for name in _NAMES for text in _listed(each.get(name, []))}
        self._accounts = sorted({"999988887777", *re.findall(r"\d{12}", " ".join(resources))})
        self._parts = frozenset(_strings({text.split(":", 5)[-1] for text in resources}))
        self._acting: dict[str, int] = {}
        self._held: dict[tuple[Value, ...], int] = {}
        self._touched: dict[str, int] = {}

    def reachable(self, action: str, region: str) -> Request | None:
        """Find an allowed request of an action in a region."""
        called = self._called(action, region)
        wanted = self._wanted(action, region)
        seen: set[int] = set()
        for held, context in self._contexts.items():
            if (active := held & called) not in seen:
                seen.add(active)
                found = [self._resource(active, arns) for arns in wanted]
                if (resources := self._choose(found)) is not None:
                    return Request(action, region, resources, context)
        return None

    def plain(self, context: Mapping[str, Value]) -> dict[str, Value]:
        """Complete a context with nothing special: keys are absent that can be; of others, the least telling value."""
        given = {key.lower(): value for key, value in context.items()}
        return (
            dict.fromkeys(self._keys)
            | {key: made[0] for key in self._keys if (made := values(key, ())) and made[0] is not None}
            | given
        )

    def resources(self, action: str, region: str, context: Mapping[str, Value], known: str = "") -> tuple[str, ...]:
        """Find the resources with which a request of a given context is allowed; one of them may be known already."""
        active = self._called(action, region) & self._where_held(context, self._keys)
        shapes = [_either(some) for some in forms(action, region)]
        if known and not any(each.fullmatch(known) for each in shapes):
            return ()
        tried = zip(shapes, self._wanted(action, region), strict=True)
        return (
            self._choose(
                [self._resource(active, [known] if known and each.fullmatch(known) else arns) for each, arns in tried]
            )
            or ()
        )

    def _where(self, fact: Callable[[Document], bool]) -> int:
        return sum(1 << bit for bit, statement in enumerate(self._statements) if fact(statement))

    def _called(self, action: str, region: str) -> int:
        """Give the statements that match an action, called in a region, as far as these two go."""
        if action not in self._acting:
            self._acting[action] = self._where(lambda statement: _covers(statement, "Action", action.lower()))
        context = _of_region(Request(action, region, (), {}))
        where = tuple(context.values())
        if where not in self._held:
            self._held[where] = self._where_held(context, (REGION, EC2_REGION))
        return self._acting[action] & self._held[where]

    def _where_held(self, context: Mapping[str, Value], keys: Collection[str]) -> int:
        """Give the statements in which all that is asked of some keys holds."""
        failed = {
            bit
            for bit, asked in enumerate(self._lines)
            for line in asked
            if line.key in keys and not holds(line.operator, line.values, context.get(line.key))
        }
        return self._all & ~sum(1 << bit for bit in failed)

    def _free_contexts(self) -> dict[int, dict[str, Value]]:
        """Give, for each set of statements whose other keys can be met together, and no further ones, the values."""
        found: dict[int, dict[str, Value]] = {self._all: {}}
        for key in self._keys:
            met: dict[int, Value] = {}
            for value in values(key, [line for asked in self._lines for line in asked if line.key == key]):
                met.setdefault(self._where_held({key: value}, (key,)), value)
            found = {
                held & here: {**context, key: value} for held, context in found.items() for here, value in met.items()
            }
        return found

    def _wanted(self, action: str, region: str) -> list[list[str]]:
        """Give, for each resource that an action needs, the ARNs to try."""
        accounts = tuple(self._accounts)
        return [[arn for form in some for arn in arns(form, accounts, self._parts)] for some in forms(action, region)]

    def _resource(self, active: int, arns: Iterable[str]) -> str | None:
        if not all(active & allow for allow in self._allow):
            return None
        for arn in arns:
            matched = active & self._touching(arn)
            if not matched & self._deny and all(matched & allow for allow in self._allow):
                return arn
        return None

    def _touching(self, arn: str) -> int:
        if arn not in self._touched:
            self._touched[arn] = self._where(lambda statement: _covers(statement, "Resource", arn))
        return self._touched[arn]

    def _choose(self, found: list[str | None]) -> tuple[str, ...] | None:
        return None if None in found else tuple(arn for arn in found if arn)


def forms(action: str, region: str) -> list[list[str]]:
    """List what a request touches: for each resource that it needs, the documented forms that its ARN can have."""
    known = catalogue.details(action)
    assert known is not None
    here = [
        (each.required, each.arn.replace("${Partition}", "aws").replace("${Region}", region))
        for each in known.resources
    ]
    return [[form] for required, form in here if required] or [[form for _, form in here] or ["*"]]


@lru_cache(maxsize=1 << 14)
def arns(form: str, accounts: tuple[str, ...], parts: frozenset[str]) -> list[str]:
    """Make ARNs of a form: with these accounts, and these or plain names where it asks for a name."""
    heads = {form.replace("${Account}", account) for account in accounts}
    plain = {_VARIABLE.sub(name, head) for head in heads for name in ("x", "xy", "q7")}
    made = {":".join([*head.split(":")[:5], part]) for head in heads for part in parts if ":" in head}
    return sorted(plain | {arn for arn in made if shape(form).fullmatch(arn)})


def _either(some: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(shape(form).pattern for form in some))


@lru_cache(maxsize=1 << 12)
def shape(form: str) -> re.Pattern[str]:
    """Compile a form: accounts have 12 digits, names hold no separators, but paths and object keys do."""

    def compiled(piece: str) -> str:
        if not piece.startswith("${"):
            return re.escape(piece)
        return r"\d{12}" if piece == "${Account}" else ".+" if re.search("Path|Object", piece) else "[^:/]+"

    return re.compile("".join(map(compiled, re.split(r"(\$\{\w+\})", form))))


def values(key: str, asked: Sequence[Line]) -> list[Value]:
    """Make values of a key, in lower case, by which what is asked of it could be told apart."""
    known = keys.key(key)
    absent: list[Value] = [] if known is not None and known.presence != "sometimes" else [None]
    if known is not None and known.types == ("Bool",):
        return [*absent, "false", "true"]
    texts = [value for line in asked for value in line.values if not line.operator.endswith("Null")]
    cases = any("IgnoreCase" in line.operator for line in asked)
    if known is None or not known.multivalued:
        return [*absent, *sorted(_plausible(texts, known.types if known is not None else (), cases=cases))]
    # A value that each line takes as it takes another one adds nothing to a set.
    several = [line for line in asked if not line.operator.endswith("Null")]
    singles = {
        tuple(holds(line.operator, line.values, (one,)) for line in several): one
        for one in sorted(_strings(texts, cases=cases))
    }
    most = len(singles) if len(singles) <= _FEW else 3
    return [*absent, *(some for size in range(1, most + 1) for some in combinations(singles.values(), size))]


_FEW = 8
_NAMES = ("Resource", "NotResource")
_VARIABLE = re.compile(r"\$\{\w+\}")


def _plausible(texts: Sequence[str], types: Iterable[str], *, cases: bool) -> Iterator[str]:
    if "Numeric" in types:
        yield from (str(float(text) + step) for text in ["0", *texts] for step in (-1, 0, 1))
    elif "Date" in types:
        yield from ((_date(text) + timedelta(days=step)).isoformat() for text in texts for step in (-1, 0, 1))
    elif "IPAddress" in types:
        yield from ("198.51.100.7", "2001:db8::7")
        for network in (ipaddress.ip_network(text, strict=False) for text in texts):
            yield from (str(network[0]), str(network[-1]))
    elif "ARN" in types:
        whole = [text.split(":", 5) for text in [*texts, "arn:aws:iam::999988887777:role/x"] if text.count(":") >= 5]
        accounts = sorted({fields[4] for fields in whole if fields[4].isdecimal()})
        parts = sorted(_strings((fields[5] for fields in whole), cases=cases))
        yield from (f"arn:aws:iam::{account}:{part}" for account in accounts for part in parts)
    else:
        yield from _strings(texts, cases=cases)


_CASES: tuple[Callable[[str], str], ...] = (
    str.lower,
    str.upper,
    str.swapcase,
    lambda text: text[:1].swapcase() + text[1:],
    lambda text: text[:-1] + text[-1:].swapcase(),
)


@lru_cache(maxsize=1 << 12)
def _made(texts: frozenset[str], cases: bool) -> frozenset[str]:  # noqa: FBT001  # cached by position
    """Make texts that patterns may match: alone, two at once, or none at all; never an empty one."""
    made = {"x", "xy", "Zq7"}
    letters = sorted({letter for text in texts for letter in text if letter.isalnum()} | {"x"})
    for text in texts:
        unknown = letters if "?" in text else ["x"]
        made |= {text.replace("?", letter).replace("*", rest) for letter in unknown for rest in ("", "x", "xy")}
        made |= {text[1:], text[:-1], text + "x", "x" + text}
    wild = [re.split(r"[*]+", text.replace("?", "x")) for text in texts if "*" in text]
    made |= {
        one[0] + inner + middle + other[-1]
        for one, other in product(wild, wild)
        for inner in ("", *(part for pieces in wild for part in pieces[1:-1]))
        for middle in ("", "x")
    }
    # Where case does not count for all, every change of it matters; elsewhere one tells all.
    changes = _CASES if cases else (str.swapcase,)
    made |= {change(text) for text in [*made, *texts] for change in changes}
    return frozenset(text for text in made if text and not re.search(r"[*?]", text))


def _strings(texts: Iterable[str], *, cases: bool = False) -> frozenset[str]:
    return _made(frozenset(texts), cases)


def _of_region(request: Request) -> dict[str, Value]:
    ec2 = request.action.lower().startswith("ec2:")
    return {REGION: request.region, EC2_REGION: request.region if ec2 else None}


def _covers(statement: Document, name: str, given: str) -> bool:
    """Say whether an element of a statement, or its opposite, covers an action in lower case, or a resource."""
    negated = f"Not{name}" in statement
    patterns = _listed(statement[f"Not{name}" if negated else name])
    if name == "Resource":
        return any(_on(pattern, given) for pattern in patterns) != negated
    return any(_glob(pattern.lower(), given) for pattern in patterns) != negated


@lru_cache(maxsize=1 << 18)
def _on(pattern: str, arn: str) -> bool:
    """Match a Resource: fields that are left out are any, and a star that ends a field may reach over the colon."""
    return _resource(pattern).fullmatch(arn) is not None


@lru_cache(maxsize=1 << 12)
def _resource(pattern: str) -> re.Pattern[str]:
    if pattern.startswith("arn:"):
        pattern += ":*" * (5 - pattern.count(":"))
    *fields, last = pattern.split(":", 5)
    within = {"*": "[^:]*", "?": "[^:]"}
    starts = ("".join(within.get(each) or re.escape(each) for each in field[:-1]) + _last(field) for field in fields)
    return re.compile(":".join([*starts, _compiled(last).pattern]), re.DOTALL)


def _last(field: str) -> str:
    return {"*": ".*", "?": "[^:]"}.get(field[-1:]) or re.escape(field[-1:])


@lru_cache(maxsize=1 << 18)
def _glob(pattern: str, text: str) -> bool:
    return _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=1 << 12)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("".join({"*": ".*", "?": "."}.get(each) or re.escape(each) for each in pattern), re.DOTALL)


def _arn(pattern: str, text: str) -> bool:
    """Match ARNs field by field: no wildcard reaches over one of the first five colons."""
    fields, given = pattern.split(":", 5), text.split(":", 5)
    return len(fields) == len(given) == 6 and all(map(_glob, fields, given))


def _date(text: str) -> datetime:
    if text.isdecimal():
        return datetime.fromtimestamp(int(text), UTC)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _ordered(read: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Callable[[str, str], bool]:
    def ordered(value: str, given: str) -> bool:
        try:
            return compare(read(given), read(value))
        except ValueError:
            return False

    return ordered


def _within(value: str, given: str) -> bool:
    try:
        return ipaddress.ip_address(given) in ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]


_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": lambda one, other: bool(one == other),
    "LessThan": lambda one, other: bool(one < other),
    "LessThanEquals": lambda one, other: bool(one <= other),
    "GreaterThan": lambda one, other: bool(one > other),
    "GreaterThanEquals": lambda one, other: bool(one >= other),
}
# By name without Not: whether a value of the policy matches one of the request.
_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda value, given: value == given,
    "StringEqualsIgnoreCase": lambda value, given: value.lower() == given.lower(),
    "StringLike": _glob,
    "ArnEquals": _arn,
    "ArnLike": _arn,
    "Bool": lambda value, given: value.lower() == given.lower(),
    "BinaryEquals": lambda value, given: value == given,
    "IpAddress": _within,
    **{f"Numeric{name}": _ordered(float, compare) for name, compare in _ORDERS.items()},
    **{f"Date{name}": _ordered(_date, compare) for name, compare in _ORDERS.items()},
}
