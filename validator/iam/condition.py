"""Conditions of a statement: what each operator says of a request's context, exactly, absent keys included.

Facts: IAM user guide, "IAM JSON policy elements: Condition operators", "Multivalued context keys" and "Conditions with
multiple context keys or values". Several operators and keys are ANDed, several values ORed; a negated operator holds if
no value matches. A key that is absent makes a positive operator false, a negated one and any `…IfExists` true.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Literal, NamedTuple

from validator.document import Node
from validator.iam.arns import bound
from validator.iam.globs import Glob, closed, glob
from validator.lazy import lazy
from validator.shape import is_function
from validator.values import Scope, text_of

Family = Literal["string", "number", "date", "bool", "ip", "arn", "null", "binary"]
Quantifier = Literal["", "all", "any"]
Context = str | tuple[str, ...] | None  # a key's value, its values if it can have several, None if it is absent

_NAME = re.compile(r"(?:(?P<set>ForAllValues|ForAnyValue):)?(?P<name>[A-Za-z]+?)(?P<exists>IfExists)?", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{(?![*?$]\})[^{}]*\}")
_ESCAPED = re.compile(r"\$\{([*?$])\}")
# Names a service and the region in which it calls KMS, which is that of the key: `s3.eu-west-1.amazonaws.com`.
# https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
VIA_SERVICE = "kms:viaservice"
_ENDS = ("amazonaws.com", "amazonaws.com.cn", "amazonaws.eu", "c2s.ic.gov", "sc2s.sgov.gov")
# The one policy variable whose value a proof knows: it asks about each region.
REGION_VARIABLE = re.compile(r"\$\{aws:requestedregion\}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Operator:
    """What an operator compares, and how."""

    family: Family
    negated: bool = False
    like: bool = False
    ignore_case: bool = False
    compare: str = "="


OPERATORS = {
    "stringequals": Operator("string"),
    "stringnotequals": Operator("string", negated=True),
    "stringequalsignorecase": Operator("string", ignore_case=True),
    "stringnotequalsignorecase": Operator("string", negated=True, ignore_case=True),
    "stringlike": Operator("string", like=True),
    "stringnotlike": Operator("string", negated=True, like=True),
    "arnequals": Operator("arn", like=True),
    "arnlike": Operator("arn", like=True),
    "arnnotequals": Operator("arn", negated=True, like=True),
    "arnnotlike": Operator("arn", negated=True, like=True),
    "bool": Operator("bool"),
    "null": Operator("null"),
    "binaryequals": Operator("binary"),
    "ipaddress": Operator("ip"),
    "notipaddress": Operator("ip", negated=True),
    **{
        f"{family}{name}": Operator("number" if family == "numeric" else "date", compare=sign, negated=sign == "!")
        for family in ("numeric", "date")
        for name, sign in (
            ("equals", "="),
            ("notequals", "!"),
            ("lessthan", "<"),
            ("lessthanequals", "<="),
            ("greaterthan", ">"),
            ("greaterthanequals", ">="),
        )
    },
}


@dataclass(frozen=True)
class Atom:
    """One key under one operator of a Condition.

    Attributes:
        key: In small letters, since keys are compared without case; `name` is as written.
        values: What it is compared with; empty if that is unknown.
        unknown: Why nobody can say what it evaluates to; empty if somebody can.
        regional: The values mean another thing in each region, by the requested region's variable or because the key
            holds the region's name: `at` makes an atom of what they mean in one.
    """

    node: Node
    name: str
    operator: Operator
    quantifier: Quantifier
    if_exists: bool
    values: tuple[str, ...]
    unknown: str = ""
    regional: bool = False

    @lazy
    def key(self) -> str:
        """The key in the form in which it is compared."""
        return self.name.lower()

    @property
    def written(self) -> str:
        """The operator as the policy has it, prefix and suffix included."""
        return str(self.node.path[-2])

    @property
    def operands(self) -> tuple[Node, ...]:
        """The nodes of the values, those that a function makes included."""
        return tuple(self.node.elements()) if isinstance(self.node.value, list) else (self.node,)

    def at(self, region: str) -> "Atom":
        """Say what it comes to in a region: its variable is replaced, and no service of elsewhere can be via."""
        values = _meant(self.values, region, self.key == VIA_SERVICE, self.operator.like)
        return replace(self, values=values, regional=False)

    def holds(self, context: Context) -> bool | None:
        """Evaluate for one value of the key; None if it is undefined or depends on what is not known."""
        if self.unknown:
            return None
        if context == ():
            context = None  # IAM takes an empty set for an absent key
        if self.operator.family == "null":
            return (context is None) in {value.lower() == "true" for value in self.values}
        if self.quantifier:
            return self._over_set((context,) if isinstance(context, str) else context or ())
        if context is None:
            return self.if_exists or self.operator.negated
        if isinstance(context, tuple):
            return self._matches(context[0]) if len(context) == 1 else None
        return self._matches(context)

    def _over_set(self, values: tuple[str, ...]) -> bool | None:
        if not values:
            return self.quantifier == "all" or self.if_exists
        found = [self._matches(value) for value in values]
        decisive = self.quantifier == "any"
        if decisive in found:
            return decisive
        return None if None in found else not decisive

    def _matches(self, value: str) -> bool | None:
        """Whether one value of the context satisfies the operator, its negation included."""
        compare = _COMPARISONS[self.operator.family]
        found = [compare(self.operator, value, wanted) for wanted in self.values]
        if True in found:
            return not self.operator.negated
        return None if None in found else self.operator.negated


def atoms(condition: Node | None, *, variables: bool, scope: Scope | None = None) -> Iterator[Atom]:
    """Yield the atoms of a Condition; what cannot be read gives an atom that is unknown, and says why.

    Args:
        condition: The element's node, if the statement has one.
        variables: Whether the policy's version knows policy variables; else `${` is plain text.
        scope: Of the template that the policy stands in, to evaluate intrinsic functions in.
    """
    if condition is None:
        return
    if not isinstance(condition.value, dict) or is_function(condition.value):
        yield _unread(condition, "the Condition is made by a function")
        return
    for name, keys in condition.items():
        if (spelled := _spelled(name)) is None:
            yield _unread(keys, f"{name!r} is no condition operator")
        elif not isinstance(keys.value, dict) or is_function(keys.value):
            yield _unread(keys, f"the keys of {name} are made by a function")
        else:
            for key, values in keys.items():
                yield _atom(key, values, spelled, variables=variables, scope=scope)


class _Spelled(NamedTuple):
    """What the name of an operator says."""

    operator: Operator
    quantifier: Quantifier
    if_exists: bool


@lru_cache(maxsize=1024)
def _spelled(name: str) -> _Spelled | None:
    """Read the name of an operator."""
    match = _NAME.fullmatch(name)
    operator = OPERATORS.get(match["name"].lower()) if match else None
    if match is None or operator is None:
        return None
    return _Spelled(operator, _QUANTIFIERS.get((match["set"] or "").lower(), ""), match["exists"] is not None)


def _atom(key: str, node: Node, spelled: _Spelled, *, variables: bool, scope: Scope | None) -> Atom:
    operator, quantifier, if_exists = spelled
    texts: Sequence[str | None]
    if isinstance(node.value, str):
        texts = [node.value]
    else:
        elements = node.elements() if isinstance(node.value, list) else [node]
        texts = [text for element in elements for text in _values(element, scope)]
    variables_in = [found for text in texts if text and "${" in text for found in _VARIABLE.findall(text)]
    variables_in = variables_in if variables else []
    variable = next((found for found in variables_in if not REGION_VARIABLE.fullmatch(found)), "")
    unknown = ""
    if None in texts:
        unknown = f"a value of {key} is made by a function"
    elif not texts:
        unknown = f"{key} is compared with an empty list, which is undefined"
    elif variable:
        unknown = f"{key} is compared with {variable}"
    known = tuple(text for text in texts if text is not None) if not unknown else ()
    if operator.like is not variables and any("${" in text for text in known):
        # Only patterns know escapes, and only where variables are known: what means itself is made to do so.
        known = tuple(text.replace("${", "${$}{") if operator.like else _ESCAPED.sub(r"\1", text) for text in known)
    regional = not unknown and (bool(variables_in) or (key.lower() == VIA_SERVICE and operator.family == "string"))
    return Atom(node, key, operator, quantifier, if_exists, known, unknown, regional)


def _values(node: Node, scope: Scope | None) -> list[str | None]:
    """Give the texts that a value stands for; None for what is not known."""
    if (text := text_of(node.value)) is not None:
        return [text]
    cases = scope.evaluate(node) if scope is not None else ()
    if len(cases) != 1:
        return [None]
    value = cases[0].value
    return [text_of(one) for one in (value if isinstance(value, list) else [value])]


@lru_cache(maxsize=4096)
def _meant(values: tuple[str, ...], region: str, via: bool, like: bool) -> tuple[str, ...]:  # noqa: FBT001  # a key
    """Give what values come to in a region; of the service that calls KMS, only those that can be there."""
    found = tuple(REGION_VARIABLE.sub(region, value) for value in values)
    return tuple(value for value in found if _can_be_via(value, region, like=like)) if via else found


def _can_be_via(value: str, region: str, *, like: bool) -> bool:
    """Say whether a value of kms:ViaService can be that of a request in a region."""
    if like:
        filled = value.replace("*", region)
        service, _, rest = filled.partition(".")
        if service and any(rest == f"{region}.{end}" for end in _ENDS):
            return True
        # No dot is in a service's name, as no colon is in a field.
        pattern = glob(value.replace(".", ":"))
        return any(not pattern.apart(one) and pattern.intersects(one) for one in _callers(region))
    return any(value.lower().endswith(f".{region}.{end}") for end in _ENDS)


@lru_cache(maxsize=256)
def _callers(region: str) -> tuple[Glob, ...]:
    """Give the patterns of what can call KMS in a region, with colons for dots."""
    return tuple(closed(glob(f"?*:{region}:{end.replace('.', ':')}")) for end in _ENDS)


def _unread(node: Node, why: str) -> Atom:
    return Atom(node, "", Operator("string"), "", if_exists=False, values=(), unknown=why)


# --- comparisons ---------------------------------------------------------------------------------------------------


def _string(operator: Operator, value: str, wanted: str) -> bool:
    if operator.like:
        return glob(wanted).matches(value)
    return value.lower() == wanted.lower() if operator.ignore_case else value == wanted


def arn_pattern(text: str) -> Glob | None:
    """Read what an ARN is compared with, field by field: six, of which all but the last keep wildcards within.

    None for a text that has other than six fields, where it is not documented what happens; `*` alone is any ARN.
    """
    if set(text) == {"*"}:
        return glob("*")
    return bound(glob(text)) if text.count(":") >= 5 else None


def _arn(_: Operator, value: str, wanted: str) -> bool | None:
    pattern = arn_pattern(wanted)
    return None if pattern is None else pattern.matches(value)


def _bool(_: Operator, value: str, wanted: str) -> bool | None:
    if value.lower() not in {"true", "false"} or wanted.lower() not in {"true", "false"}:
        return None
    return value.lower() == wanted.lower()


def _binary(_: Operator, value: str, wanted: str) -> bool:
    return value == wanted


def _number(operator: Operator, value: str, wanted: str) -> bool | None:
    try:
        return _ordered(operator.compare, float(value), float(wanted))
    except ValueError:
        return None


def _date(operator: Operator, value: str, wanted: str) -> bool | None:
    left, right = moment(value), moment(wanted)
    return None if left is None or right is None else _ordered(operator.compare, left, right)


def _ip(_: Operator, value: str, wanted: str) -> bool | None:
    try:
        return ip_address(value) in ip_network(wanted, strict=False)
    except ValueError:
        return None


def moment(text: str) -> float | None:
    """Give the seconds since 1970 of a date as IAM writes it: ISO 8601, or the seconds themselves."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _ordered(sign: str, left: float, right: float) -> bool:
    # A negated comparison is negated once, by the operator.
    return {
        "=": left == right,
        "!": left == right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[sign]


def _null(_: Operator, value: str, wanted: str) -> bool | None:  # noqa: ARG001  # answered by the atom itself
    return None


_QUANTIFIERS: dict[str, Quantifier] = {"forallvalues": "all", "foranyvalue": "any"}
_COMPARISONS: dict[Family, Callable[[Operator, str, str], bool | None]] = {
    "string": _string,
    "arn": _arn,
    "bool": _bool,
    "binary": _binary,
    "number": _number,
    "date": _date,
    "ip": _ip,
    "null": _null,
}
