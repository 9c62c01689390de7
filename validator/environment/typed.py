"""What AWS's models say against a spec: its parameters, its paths, and the types that it expects."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from validator.document import Node, Problem, Region, Value
from validator.environment import expressions
from validator.environment.checks import Call, Check
from validator.environment.matchers import Matcher, Style
from validator.environment.possible import kind_of, kinds
from validator.environment.references import is_open
from validator.environment.shapes import ANY, Operation, Shape, operation
from validator.environment.spec import EnvironmentSpec, read
from validator.environment.terms import Fault
from validator.lazy import kept
from validator.suggest import did_you_mean, listed, nearest

_NUMBER = Shape("float")
_PER_ELEMENT = frozenset({"same", "exactly", "contains_all", "some", "each", "none"})
_SAME_VALUE = frozenset({"not", "any_of", "all_of"})


@kept
def problems(spec: EnvironmentSpec) -> tuple[Problem, ...]:
    """Type all calls of a spec, and what is expected of stacks; of resources no more than that paths can be evaluated.

    Returns:
        What is wrong, by code: `unknown-parameter`, `parameter-type`, `missing-parameter`; of the paths `syntax`,
        `path`, `comparison`, `argument`, as `terms.Fault` has them; `expectation` for what can never be met.
    """
    given, wrong = read(spec)
    found: dict[Problem, None] = {}
    for check in given.checks:
        for one in (check, check.also):
            if one is not None and one.call is not None:
                known = operation(one.call.service, one.call.operation)
                found |= dict.fromkeys(_problems(one, one.call, known)) if known is not None else {}
            elif one is not None and one.kind != "output":
                found |= dict.fromkeys(_expected(one, _stack() if one.kind == "stack" else ANY))
    # A matcher with a misspelt operator is taken for members, which is told once.
    misread = {problem.at.path[:-1] for problem in wrong if problem.code == "operator"}
    return tuple(one for one in found if one.code != "expectation" or one.at.path not in misread)


def _problems(check: Check, call: Call, known: Operation) -> Iterator[Problem]:
    if not check.literal:
        yield from _given(call, known)
    shape = known.output
    if call.select:
        found = expressions.typed(call.select, shape, is_filled=not check.literal)
        yield from _placed(call.selected, found.faults)
        shape = found.shape
        if check.count is not None and shape.kind not in {"any", "list", "nothing"} and call.selected is not None:
            message = f"`count` counts the elements of a list, and `select` gives {shape.noun}"
            yield Problem(call.selected, message, "select a list", "expectation", sure=False)
    yield from _expected(check, shape)


def _expected(check: Check, shape: Shape) -> Iterator[Problem]:
    for each in check.expected:
        found = expressions.typed(each.path, shape, is_filled=False)
        if each.path != "@":
            yield from _placed(each.at, found.faults)
        what = repr(each.path) if each.path != "@" else "what is selected"
        yield from _unmet(each.matcher, found.shape, what, check.style)


@cache
def _stack() -> Shape:
    """Give the shape of a stack as checks see it: its parameters and outputs stand by their names."""
    known = operation("cloudformation", "describe_stacks")
    if known is None or "Stacks" not in known.output.members:
        return ANY
    own = known.output.members["Stacks"].element
    named = Shape("map", find_element=lambda: Shape("string"))
    members = {**own.members, "Parameters": named, "Outputs": named}
    return Shape("structure", "a stack", find_members=lambda: members)


def _placed(node: Node | None, faults: Sequence[Fault]) -> Iterator[Problem]:
    """Turn the faults of an expression into problems at their places in the text of a node."""
    for fault in faults if node is not None else ():
        assert node is not None
        characters = node.characters
        at = node
        if fault.start < fault.end <= len(characters):
            at = node.pin(Region(characters[fault.start].start, characters[fault.end - 1].end))
        yield Problem(at, fault.message, fault.help, fault.code, sure=fault.sure)


# --- parameters ------------------------------------------------------------------------------------------------------


def _given(call: Call, known: Operation) -> Iterator[Problem]:
    name = f"{known.service}.{known.name}"
    if call.given is None:
        yield from _missing(call.at, {}, known.input, name)
    elif isinstance(call.given.value, dict):
        yield from _structure(call.given, known.input, "", name)


def _structure(node: Node, shape: Shape, path: str, name: str = "") -> Iterator[Problem]:
    """Check the members of a parameter; the name is that of the operation, for the parameters themselves."""
    given = node.value if isinstance(node.value, dict) else {}
    whose = name or repr(path)
    yield from _missing(node.key, given, shape, whose)
    if shape.is_union and len(given) != 1:
        message = f"{whose} has {len(given)} members, and takes exactly one"
        yield Problem(node.key, message, f"known: {listed(shape.members)}", "parameter-type")
    for key, member in node.items():
        if key in shape.members:
            yield from _value(member, shape.members[key], f"{path}.{key}" if path else key)
        else:
            advice = did_you_mean(key, shape.members) or f"known: {listed(sorted(shape.members))}"
            message = f"{whose} has no {'parameter' if name else 'member'} {key!r}"
            yield Problem(member.key, message, advice, "unknown-parameter")


def _missing(at: Node, given: Mapping[str, Value], shape: Shape, whose: str) -> Iterator[Problem]:
    for one in shape.required:
        # A name that is there and not known was meant to be it, more likely than not.
        if one not in given and not any(
            one in nearest(key, shape.members) for key in given.keys() - shape.members.keys()
        ):
            yield Problem(at, f"{whose} needs {one!r}", f"add {one!r}", "missing-parameter", subject=one)


def _value(node: Node, shape: Shape, path: str) -> Iterator[Problem]:
    """Check a parameter as botocore will before it sends it."""
    value = node.value
    if shape.kind == "any" or is_open(value):
        return
    if not _is_taken(value, shape):
        message = f"{path!r} is {_shown(node)}, expected {_wanted(shape)}"
        yield Problem(node, message, _advice(node, shape), "parameter-type")
    elif shape.kind == "structure":
        yield from _structure(node, shape, path)
    elif shape.kind == "list":
        yield from _short(node, shape, path)
        for number, element in enumerate(node.elements()):
            yield from _value(element, shape.element, f"{path}[{number}]")
    elif shape.kind == "map":
        for key, member in node.items():
            yield from _value(member, shape.element, f"{path}.{key}")
    else:
        yield from _short(node, shape, path)
        yield from _unlisted(node, value, shape, "parameter-type")


def _is_taken(value: Value, shape: Shape) -> bool:
    match shape.kind:
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "timestamp":
            return isinstance(value, str | int | float) and not isinstance(value, bool)
        case _:
            return kind_of(value) in shape.values


def _short(node: Node, shape: Shape, path: str) -> Iterator[Problem]:
    """Say of what is less than the least: botocore holds parameters to that, and to no other limit."""
    value = node.value
    size = len(value) if isinstance(value, str | list) else value
    if shape.kind in {"blob", "timestamp"} or shape.least is None or not isinstance(size, int | float):
        return
    if size < shape.least:
        unit = {"list": " elements", "string": " characters"}.get(shape.kind, "")
        message = f"{path!r} {'has' if unit else 'is'} {size}{unit}, expected at least {shape.least}"
        yield Problem(node, message, "", "parameter-type")


def _unlisted(node: Node, value: Value, shape: Shape, code: str) -> Iterator[Problem]:
    """Say of a value that the model does not list."""
    if shape.enum and isinstance(value, str) and value not in shape.enum and not is_open(value):
        advice, sure = expressions.unlisted(value, shape)
        yield Problem(node, f"{value!r} is no value of {shape.name}", advice, code, sure=sure)


def _wanted(shape: Shape) -> str:
    return "a whole number" if shape.kind == "integer" else shape.noun


def _shown(node: Node) -> str:
    if isinstance(node.value, list | dict | None):
        return node.kind
    return f"{node.text if len(node.text) <= 40 else 'a long text'}, {node.kind}"


def _advice(node: Node, shape: Shape) -> str:
    """Say how to write a value so that it is of the kind that is wanted."""
    value, text = node.value, node.text
    if shape.kind == "list" and not isinstance(value, dict | None) and "\n" not in text:
        return f"write [{text}]"
    if isinstance(value, str):
        is_number = value.lstrip("-").isdigit() and "number" in shape.values
        is_flag = value.lower() in {"true", "false"} and "boolean" in shape.values
        return f"write {value.lower()}, without quotes" if is_number or is_flag else ""
    if isinstance(value, int | float) and "string" in shape.values:
        return f"write {text!r}, in quotes"
    return ""


# --- expectations ----------------------------------------------------------------------------------------------------


def _unmet(matcher: Matcher, shape: Shape, what: str, style: Style) -> Iterator[Problem]:
    """Yield what of a matcher no value of a shape can meet, and members that it does not have."""
    operator = matcher.operator
    if shape.kind in {"any", "nothing"}:
        return
    if operator in _SAME_VALUE:
        for each in matcher.inner:
            yield from _unmet(each, shape, what, style)
    elif not kinds(matcher, style) & (shape.values | {"nothing"}):
        yield _impossible(matcher, shape, what)
    elif operator in _PER_ELEMENT or (operator == "contains" and shape.kind == "list"):
        for each in matcher.inner:
            yield from _unmet(each, shape.element, f"an element of {what}", style)
    elif operator == "contains":
        yield from _unmet(matcher.inner[0], shape, what, style)
    elif operator == "length":
        yield from _unmet(matcher.inner[0], _NUMBER, f"the length of {what}", style)
    elif operator == "members":
        yield from _members(matcher, shape, style)
    elif operator in {"equals", "in", "not_in"}:
        yield from _values(matcher, shape, what, style)


def _members(matcher: Matcher, shape: Shape, style: Style) -> Iterator[Problem]:
    for name, each in zip(matcher.names, matcher.inner, strict=True):
        if shape.kind == "map":
            yield from _unmet(each, shape.element, repr(name), style)
        elif name in shape.members:
            yield from _unmet(each, shape.members[name], repr(name), style)
        else:
            advice = did_you_mean(name, shape.members) or f"known: {listed(sorted(shape.members))}"
            at = (matcher.at.get(name) or each.at).key
            yield Problem(at, f"{name!r} is no member of {shape.name or 'it'}", advice, "path")


def _values(matcher: Matcher, shape: Shape, what: str, style: Style) -> Iterator[Problem]:
    operand = matcher.operand
    if matcher.operator == "equals":
        yield from _unlisted(matcher.at, operand, shape, "expectation")
        return
    for node in matcher.at.elements():
        fits = style == "loose" or kind_of(node.value) in shape.values | {"nothing"}
        if not fits and not is_open(node.value):
            yield Problem(node, f"{what} is {shape.noun}, never {_shown(node)}", _advice(node, shape), "expectation")
        else:
            yield from _unlisted(node, node.value, shape, "expectation")


def _impossible(matcher: Matcher, shape: Shape, what: str) -> Problem:
    node = matcher.at
    if matcher.operator in {"equals", "members", "same", "in"}:
        advice = _advice(node, shape)
        if shape.kind == "list" and matcher.operator in {"equals", "members"}:
            advice = "write [0] behind the path, or say it of the elements by some, each or contains"
        return Problem(node, f"{what} is {shape.noun}, never {_shown(node)}", advice, "expectation")
    place = node.key
    advice = "write 'version' for versions" if matcher.operator in {"gt", "gte", "lt", "lte"} else ""
    return Problem(place, f"{what} is {shape.noun}, for which {matcher.operator!r} never holds", advice, "expectation")
