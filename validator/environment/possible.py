"""What can be told of a matcher without any value: for what it can hold, and whether it ever can, or always does."""

from collections.abc import Iterator

from validator.document import Node, Value
from validator.environment.matchers import NUMBER, ORDERS, Matcher, Style
from validator.environment.references import is_open

# Of what a matcher may hold for.
KINDS = frozenset({"nothing", "boolean", "number", "string", "list", "mapping"})


def kinds(matcher: Matcher, style: Style = "typed") -> frozenset[str]:
    """List the kinds of values, of KINDS, that a matcher can hold for: none that is left out can ever match."""
    operator, operand, loose = matcher.operator, matcher.operand, style == "loose"
    scalars = frozenset({"boolean", "number", "string"})
    a_list = frozenset({"list", "string"} if loose else {"list"})
    if operator in {"not", "not_in", "json"} or is_open(operand):
        return KINDS
    if operator == "any_of":
        return frozenset[str]().union(*(kinds(each, style) for each in matcher.inner))
    if operator == "all_of":
        return KINDS.intersection(*(kinds(each, style) for each in matcher.inner))
    if operator in {"equals", "in"}:
        values = operand if operator == "in" and isinstance(operand, list) else [operand]
        if any(map(is_open, values)):
            return KINDS
        found = frozenset(kind_of(value) for value in values)
        return found | scalars | {"list"} if loose and found & scalars else found
    if operator == "contains":
        [each] = matcher.inner
        text = kinds(each, style) & (scalars if loose else {"string"})
        return (
            a_list
            | ({"string"} if text else frozenset())
            | ({"mapping"} if each.operator == "members" else frozenset())
        )
    if operator in {"exists", "empty"} and isinstance(operand, bool):
        there = KINDS - {"nothing"}
        if operator == "exists":
            return there if operand else frozenset({"nothing"})
        return there if not operand else frozenset({"nothing", "string", "list", "mapping"})
    if operator in ORDERS or operator == "between":
        bounds = operand if isinstance(operand, list) else [operand]
        if any(map(is_open, bounds)):
            return KINDS
        return frozenset(kind_of(bound) for bound in bounds) | (
            frozenset({"number", "string"}) if loose else frozenset()
        )
    return {
        "members": frozenset({"mapping"}),
        "same": a_list,
        "exactly": a_list,
        "contains_all": a_list,
        "some": a_list,
        "each": a_list,
        "none": a_list,
        "length": frozenset({"string", "list", "mapping"}),
        "matches": scalars if loose else frozenset({"string"}),
        "cidr_within": frozenset({"string"}),
        "version": frozenset({"string", "number"}),
        "policy": frozenset({"mapping", "string", "list"}),
    }.get(operator, KINDS)


def kind_of(value: Value) -> str:
    """Name the kind of a value, of KINDS."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    if value is None:
        return "nothing"
    return "list" if isinstance(value, list) else "mapping"


def impossible(matcher: Matcher) -> Iterator[tuple[Node, str]]:
    """Yield the parts of a matcher that no value can meet, each with what is wrong with it."""
    for each in matcher.walk():
        operand = each.operand
        if (each.operator == "in" and operand == []) or (
            each.operator == "any_of" and not each.inner and operand is None
        ):
            yield each.at, f"{each.operator!r} lists nothing, so nothing can be one of it"
        elif (
            each.operator == "between"
            and isinstance(operand, list)
            and len(operand) == 2
            and _crossed(*operand, open=False)
        ):
            yield each.at, f"nothing is between {operand[0]!r} and {operand[1]!r}"
        elif each.operator == "all_of":
            yield from _crossing(each)


def _crossing(matcher: Matcher) -> Iterator[tuple[Node, str]]:
    lower = [each for each in matcher.inner if each.operator in {"gt", "gte"}]
    upper = [each for each in matcher.inner if each.operator in {"lt", "lte"}]
    for one in lower:
        for other in upper:
            if _crossed(one.operand, other.operand, open={one.operator, other.operator} != {"gte", "lte"}):
                yield other.at, f"nothing is {one.operator} {one.operand!r} and {other.operator} {other.operand!r}"


def _crossed(least: Value, most: Value, *, open: bool) -> bool:
    if isinstance(least, bool | None) or isinstance(most, bool | None) or is_open(least) or is_open(most):
        return False
    if isinstance(least, int | float) and isinstance(most, int | float):
        return least > most or (open and least == most)
    if isinstance(least, str) and isinstance(most, str) and not (NUMBER.fullmatch(least) or NUMBER.fullmatch(most)):
        return least > most or (open and least == most)
    return False


def always(matcher: Matcher) -> bool:
    """Say whether a matcher surely holds for whatever value, so that it asks for nothing."""
    operator, inner = matcher.operator, matcher.inner
    if operator == "not_in":
        return matcher.operand == []
    if operator == "all_of":
        return all(map(always, inner))
    if operator == "any_of":
        return any(map(always, inner))
    return operator == "not" and next(impossible(inner[0]), None) is not None and inner[0].operator in {"in", "any_of"}
