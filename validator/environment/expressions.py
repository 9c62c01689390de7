"""JMESPath expressions typed over a shape: what they give, and what in them can never be."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from typing import Any

from validator.document import Value
from validator.environment.references import is_open, references
from validator.environment.shapes import ANY, Shape, listing
from validator.environment.terms import Fault, RefusedError, Term, read
from validator.suggest import did_you_mean, listed, nearest, one_edit_apart

_NOTHING = Shape("nothing")
_BOOLEAN = Shape("boolean")
_NUMBER = Shape("float")
_STRING = Shape("string")

# How kinds of values are called where JMESPath says which ones a function takes.
_TYPES: Mapping[str, str] = {
    "array": "list",
    "boolean": "boolean",
    "number": "number",
    "object": "mapping",
    "string": "string",
}
_NOUNS: Mapping[str, str] = {
    "array": "a list",
    "array-number": "a list of numbers",
    "array-string": "a list of strings",
    "boolean": "a boolean",
    "expref": "an expression such as &Name",
    "number": "a number",
    "object": "a mapping",
    "string": "a string",
}
_QUOTED = re.compile(r"'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|\"(?:\\.|[^\"\\])*\"")
_COMPARATORS: Mapping[str, str] = {"eq": "==", "ne": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


@dataclass(frozen=True, slots=True)
class Typed:
    """What an expression gives, and what is wrong in it."""

    shape: Shape
    faults: tuple[Fault, ...] = ()


@lru_cache(maxsize=4096)
def typed(expression: str, shape: Shape, *, is_filled: bool = True) -> Typed:
    """Type an expression over the shape of what it is applied to.

    Args:
        expression: As written.
        shape: Of what it is applied to.
        is_filled: Whether references in it are filled in before it is evaluated. They are holes then: a text with one
            is any text, and of an expression that has one elsewhere little can be told.
    """
    holes = [(one.start, one.end) for one in references(expression)] if is_filled else []
    text = expression
    for start, end in holes:
        text = text[:start] + "_" * (end - start) + text[end:]
    try:
        typing = _Typing(expression, holes)
        found = typing.shape(read(text), shape)
        return Typed(found, tuple(sorted(typing.faults, key=lambda fault: fault.start)))
    except RecursionError:
        return Typed(ANY, (Fault(0, len(text), "the expression is nested too deeply", "", "syntax"),))
    except RefusedError as refused:
        quoted = [match.span() for match in _QUOTED.finditer(text)]
        # What a reference comes to may make it right, if it stands outside of texts.
        inside = all(any(start < hole[0] and hole[1] < end for start, end in quoted) for hole in holes)
        return Typed(ANY, (refused.fault,) if inside else ())


# --- typing ----------------------------------------------------------------------------------------------------------


class _Typing:
    """Types the terms of one expression. What is wrong is told once: behind it, anything may be."""

    def __init__(self, text: str, holes: Sequence[tuple[int, int]]) -> None:
        self.faults: list[Fault] = []
        self._text = text
        self._holes = holes

    def shape(self, term: Term, of: Shape) -> Shape:
        """Say what a term gives where `of` is the current value."""
        match term.type:
            case "field":
                return self._field(term, of)
            case "identity" | "current":
                return of
            case "literal":
                return self._literal(term)
            case "subexpression" | "index_expression" | "pipe":
                for number, child in enumerate(term.children):
                    if child.type in {"index", "slice"}:
                        of = self._element(child, of, term.children[number - 1] if number else None)
                    else:
                        of = self.shape(child, of)
                return of
            case "index" | "slice":
                return self._element(term, of, None)
            case "flatten":
                return self._flattened(term, self.shape(term.children[0], of))
            case "projection" | "value_projection" | "filter_projection":
                return self._projected(term, of)
            case "comparator":
                return self._compared(term, of)
            case "function_expression":
                return self._called(term, of)
            case "multi_select_list":
                return listing(_union([self.shape(child, of) for child in term.children]))
            case "multi_select_dict":
                found = {pair.value: self.shape(pair.children[0], of) for pair in term.children}
                return Shape("structure", "what is selected", find_members=lambda: found)
            case "or_expression":
                return _union([self.shape(child, of) for child in term.children])
            case "and_expression":
                found_shapes = [self.shape(child, of) for child in term.children]
                return _BOOLEAN if all(one.kind == "boolean" for one in found_shapes) else ANY
            case "not_expression":
                self.shape(term.children[0], of)
                return _BOOLEAN
            case _:
                for child in term.children:
                    self.shape(child, ANY)
                return ANY

    def _field(self, term: Term, of: Shape) -> Shape:
        name = term.value
        if self._is_open(term) or of.kind in {"any", "nothing"}:
            return ANY
        if of.kind == "map":
            return of.element
        if of.kind == "structure":
            if name in of.members:
                return of.members[name]
            advice = did_you_mean(name, of.members) or f"known: {listed(sorted(of.members))}"
            return self._wrong(term, f"{name!r} is no member of {of.name or 'it'}", advice)
        if of.kind == "list":
            within = of.element
            right = name
            if within.kind == "structure" and name not in within.members:
                right = next(iter(nearest(name, within.members)), name)
            message = f"{name!r} is asked of a list, which has no members"
            return self._wrong(term, message, f"write [].{right}, or [0].{right}")
        return self._wrong(term, f"{name!r} is asked of {of.noun}, which has no members", "")

    def _literal(self, term: Term) -> Shape:
        if self._is_open(term):
            return _STRING if self._text.startswith(("'", '`"'), term.start) else ANY
        return _of_value(term.value)

    def _element(self, term: Term, of: Shape, whose: Term | None) -> Shape:
        if not self._is_list(term, of, whose):
            return ANY
        if term.type == "slice":
            return of
        return of.element if of.kind == "list" else ANY

    def _flattened(self, term: Term, of: Shape) -> Shape:
        if not self._is_list(term, of, term.children[0]):
            return ANY
        inner = of.element
        return of if inner.kind not in {"list", "any"} else listing(inner.element if inner.kind == "list" else ANY)

    def _projected(self, term: Term, of: Shape) -> Shape:
        left, right, *conditions = term.children
        base = self.shape(left, of)
        element = base.element if base.kind in {"list", "map"} else ANY
        if term.type == "value_projection":
            if base.kind == "structure":
                element = _union(list(base.members.values())) if base.members else ANY
            elif "mapping" not in base.values and base.kind != "nothing":
                advice = "write [*]" if base.kind == "list" else ""
                element = self._wrong(term, f"'*' gives nothing of {base.noun}", advice)
        elif left.type != "flatten" and not self._is_list(term, base, left):
            element = ANY
        for condition in conditions:
            self.shape(condition, element)
        return listing(self.shape(right, element))

    def _is_list(self, term: Term, of: Shape, whose: Term | None) -> bool:
        if of.kind in {"list", "any", "nothing"}:
            return True
        mark = self._text[slice(*term.mark)] if term.type != "filter_projection" else "[?…]"
        name = f"{whose.value!r} is" if whose is not None and whose.type == "field" else "this is"
        advice = f"remove {mark}"
        if term.type == "projection" and of.kind in {"map", "structure"}:
            advice = "write .* for the values of a mapping"
        self._wrong(term, f"{mark} is for lists, and {name} {of.noun}", advice)
        return False

    # --- comparisons -----------------------------------------------------------------------------------------------

    def _compared(self, term: Term, of: Shape) -> Shape:
        terms = term.children
        left, right = (self.shape(child, of) for child in terms)
        literals = [child.type == "literal" for child in terms]
        place = 0 if literals[0] and not literals[1] else 1
        is_equality = term.value in {"eq", "ne"}
        outcome = {"eq": "never true", "ne": "always true"}.get(term.value, "there is no order between them")
        if "any" in {left.kind, right.kind}:
            pass
        elif "nothing" in {left.kind, right.kind}:
            if not is_equality:
                self._never(terms[place], "nothing is less or more than null", "write == or !=", sure=True)
        elif not (left.values & right.values):
            message = f"{self._shown(terms[0])} is {left.noun}, and {self._shown(terms[1])} is {right.noun}: {outcome}"
            self._never(terms[place], message, _quoting(terms[place], (right, left)[place]), sure=any(literals))
        elif not is_equality and not (left.values & right.values & {"number", "string"}):
            message = f"{_COMPARATORS[term.value]} is for numbers and texts, and {self._shown(terms[0])} is {left.noun}"
            self._never(terms[0], message, "write == or !=", sure=True)
        elif is_equality:
            for at, other in ((0, right), (1, left)):
                if literals[at] and not self._is_open(terms[at]):
                    self._listed(terms[at], other, outcome)
        return _BOOLEAN

    def _shown(self, term: Term) -> str:
        text = self._text[term.start : term.end]
        return text if len(text) <= 40 else "one side" if term.start == 0 else "it"

    def _listed(self, term: Term, of: Shape, outcome: str) -> None:
        """Compare a literal with the values that the model lists."""
        if of.enum and isinstance(term.value, str) and term.value not in of.enum:
            advice, sure = unlisted(term.value, of)
            message = f"{term.value!r} is no value of {of.name}: {outcome}"
            self._never(term, message, advice, sure=sure)

    # --- functions -------------------------------------------------------------------------------------------------

    def _called(self, term: Term, of: Shape) -> Shape:
        known = _functions()
        name = term.value
        if name not in known:
            advice = did_you_mean(name, known) or f"known: {listed(sorted(known))}"
            return self._wrong(term, f"JMESPath has no function {name!r}", advice, "syntax")
        signature = known[name]
        is_open_ended = bool(signature and signature[-1].get("variadic"))
        count, wanted = len(term.children), len(signature)
        if count < wanted or (count > wanted and not is_open_ended):
            least = "at least " if is_open_ended else ""
            message = f"{name}() is given {count} arguments, expected {least}{wanted}"
            return self._wrong(term, message, "", "syntax")
        types = [signature[min(number, wanted - 1)]["types"] for number in range(count)]
        lists = [
            self.shape(child, of) if child.type != "expref" and "expref" not in one else ANY
            for child, one in zip(term.children, types, strict=True)
        ]
        # What stands behind & is evaluated for each element of the list beside it.
        element = next((one.element for one in lists if one.kind == "list"), ANY)
        found = [
            self.shape(child.children[0], element) if child.type == "expref" else one
            for child, one in zip(term.children, lists, strict=True)
        ]
        fits = [
            self._is_taken(name, child, one, taken)
            for child, one, taken in zip(term.children, found, types, strict=True)
        ]
        if all(fits) and name == "contains":
            self._contained(term, *found)
        if all(fits) and name.endswith("_by") and not found[1].values & {"number", "string"}:
            message = f"{name}() orders by numbers or texts, and this is {found[1].noun}"
            self._argument(term.children[1], message, "")
        return _GIVEN[name](found) if all(fits) and name in _GIVEN else ANY

    def _is_taken(self, name: str, term: Term, of: Shape, types: Sequence[str]) -> bool:
        if "expref" in types or term.type == "expref":
            if "expref" in types and term.type == "expref":
                return True
            advice = "write & before it" if "expref" in types else "remove &"
            self._argument(term, f"{name}() takes {_taken(types)} here", advice)
            return False
        if not types or of.kind == "any" or any(_fits(of, one) for one in types):
            return True
        self._argument(term, f"{name}() is given {of.noun}, expected {_taken(types)}", "")
        return False

    def _contained(self, term: Term, within: Shape, sought: Shape) -> None:
        second = term.children[1]
        if within.kind == "string" and "string" not in sought.values:
            message = f"contains() looks for {sought.noun} in a string"
            self._argument(second, message, _quoting(second, within))
        elif within.kind == "list" and sought.kind != "nothing":
            inner = within.element
            if inner.kind != "nothing" and not inner.values & sought.values:
                message = f"a list of {_plural(inner)} never contains {sought.noun}"
                self._never(second, message, _quoting(second, inner), sure=second.type == "literal")
            elif second.type == "literal" and not self._is_open(second):
                self._listed(second, inner, "never true")

    # --- faults ----------------------------------------------------------------------------------------------------

    def _is_open(self, term: Term) -> bool:
        """Say whether a part is not known before its references are."""
        if any(start < term.end and term.start < end for start, end in self._holes):
            return True
        return term.type == "literal" and "$${" in self._text[term.start : term.end]

    def _wrong(self, term: Term, message: str, advice: str, code: str = "path") -> Shape:
        self.faults.append(Fault(*term.mark, message, advice, code))
        return ANY

    def _argument(self, term: Term, message: str, advice: str) -> None:
        self.faults.append(Fault(term.start, term.end, message, advice, "argument"))

    def _never(self, term: Term, message: str, advice: str, *, sure: bool) -> None:
        self.faults.append(Fault(term.start, term.end, message, advice, "comparison", sure))


def unlisted(value: str, of: Shape) -> tuple[str, bool]:
    """Say what to write in place of a value that the model does not list, and whether it is surely wrong.

    AWS adds values faster than models follow: sure is only a slip of one letter in a plain word, and not at its end,
    where `COMPLETE` and `COMPLETED` may both be.
    """
    if not (near := nearest(value, of.enum)):
        return f"known: {listed(map(repr, of.enum))}", False
    [meant] = near
    sure = one_edit_apart(value, meant) and not any(sign.isdigit() for sign in value + meant)
    return f"did you mean {meant!r}?", sure and not value.startswith(meant) and not meant.startswith(value)


def _quoting(term: Term, wanted: Shape) -> str:
    """Say how to write a literal so that it is of the kind that is wanted."""
    value = term.value if term.type == "literal" else None
    if isinstance(value, str):
        if "number" in wanted.values and value.lstrip("-").isdigit():
            return f"write `{value}`, in backticks"
        if "boolean" in wanted.values and value.lower() in {"true", "false"}:
            return f"write `{value.lower()}`, in backticks"
    elif isinstance(value, int | float) and "string" in wanted.values:
        return f"write '{str(value).lower() if isinstance(value, bool) else value}', in quotes"
    return ""


def _of_value(value: Value) -> Shape:
    """Give the shape of a literal."""
    if value is None:
        return _NOTHING
    if isinstance(value, bool):
        return _BOOLEAN
    if isinstance(value, int | float):
        return _NUMBER
    if isinstance(value, str):
        return _STRING if not is_open(value) else ANY
    if isinstance(value, list):
        return listing(_union([_of_value(one) for one in value]))
    return Shape("map")


def _union(shapes: Sequence[Shape]) -> Shape:
    """Give a shape for what is one of several: anything, where they are not of one kind."""
    found = [one for one in dict.fromkeys(shapes) if one.kind != "nothing"]
    if not found:
        return ANY

    def join(one: Shape, other: Shape) -> Shape:
        if one.kind != other.kind:
            return Shape(one.kind) if one.values == other.values and not one.find_element else ANY
        if one.kind == "list":
            return listing(_union([one.element, other.element]))
        return Shape(one.kind) if one.kind not in {"map", "structure"} else ANY

    return reduce(join, found)


def _plural(of: Shape) -> str:
    return of.noun.removeprefix("a ") + "s"


# --- functions: what they take and give ------------------------------------------------------------------------------


@cache
def _functions() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    from jmespath.functions import Functions  # noqa: PLC0415  # only where there are specs

    return {name: found["signature"] for name, found in Functions.FUNCTION_TABLE.items()}


def _fits(of: Shape, type_: str) -> bool:
    """Say whether a value may be of one of the types that JMESPath names, such as `array-string`."""
    outer, _, inner = type_.partition("-")
    if _TYPES.get(outer) not in of.values:
        return False
    element = of.element.kind
    return not inner or of.kind != "list" or element == "nothing" or _TYPES[inner] in of.element.values


def _taken(types: Sequence[str]) -> str:
    return " or ".join(_NOUNS.get(one, one) for one in types)


_first: Callable[[Sequence[Shape]], Shape] = operator.itemgetter(0)

_GIVEN: Mapping[str, Callable[[Sequence[Shape]], Shape]] = {
    **dict.fromkeys(("abs", "avg", "ceil", "floor", "length", "sum", "to_number"), lambda _: _NUMBER),
    **dict.fromkeys(("contains", "ends_with", "starts_with"), lambda _: _BOOLEAN),
    **dict.fromkeys(("join", "to_string", "type"), lambda _: _STRING),
    **dict.fromkeys(("reverse", "sort", "sort_by"), _first),
    **dict.fromkeys(("max", "max_by", "min", "min_by"), lambda given: given[0].element),
    "keys": lambda _: listing(_STRING),
    "map": lambda given: listing(given[0]),
    "not_null": _union,
    "to_array": lambda given: given[0] if given[0].kind in {"list", "any"} else listing(given[0]),
    "values": lambda given: listing(given[0].element),
}
