"""Why a declared parameter refuses a value: its type, and the constraints beside it."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from validator.cloudformation.patterns import matches
from validator.cloudformation.template import Parameter
from validator.document import Node
from validator.suggest import listed
from validator.values import text_of

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\Z", re.ASCII)
# Java reads these as numbers too; whether CloudFormation does is not documented.
_ODD_NUMBER = re.compile(r"[-+]?(nan|infinity|0x[0-9a-f.p+-]+|[0-9.e+-]+[dfl])\Z", re.IGNORECASE)
# Scripts put values in place of such texts.
_PLACEHOLDER = re.compile(r"\A(<.*>|__.*__|%.*%|@.*@|\{\{.*\}\}|\$.*)\Z|REPLACE|CHANGE_?ME|PLACEHOLDER", re.IGNORECASE)


class Refusal(NamedTuple):
    """Why a parameter refuses a value.

    Attributes:
        wants: What it would take, in words that follow its name: `allows only dev, prod`.
        item: The item of a list that is refused; else empty.
        allowed: What AllowedValues holds, where that is the reason.
        by_type: Whether the value looks like another thing than the parameter's AWS-specific type is for.
    """

    wants: str
    item: str = ""
    allowed: tuple[str, ...] = ()
    by_type: bool = False


@cache
def facts() -> Mapping[str, Any]:
    """Read the data file on parameter types."""
    return json.loads((files("validator.cloudformation") / "data" / "parameter_types.json").read_text("utf-8"))  # type: ignore[no-any-return]


def item_type(parameter: Parameter) -> str:
    """Give the type of a parameter, or of each item if it is a list."""
    kind = parameter.type
    if kind == "CommaDelimitedList":
        return "String"
    return kind[5:-1] if kind.startswith("List<") else kind


def is_plural(parameter: Parameter) -> bool:
    """Whether a parameter is a list."""
    return parameter.type == "CommaDelimitedList" or parameter.type.startswith("List<")


def is_looked_up(parameter: Parameter) -> bool:
    """Whether what the parameter is given is the name of an SSM parameter."""
    return parameter.type.startswith("AWS::SSM::")


def constrains(parameter: Parameter) -> bool:
    """Whether a parameter can refuse any text at all."""
    if is_looked_up(parameter):
        return False
    kind = item_type(parameter)
    names = ("AllowedValues", "AllowedPattern", "MinLength", "MaxLength")
    return kind == "Number" or kind in facts()["types"] or any(parameter.node.get(name) is not None for name in names)


def refusal(parameter: Parameter, value: object) -> Refusal | None:
    """Say why a parameter refuses a value, as far as that is sure; None if it takes it, or nobody can tell."""
    if value is None:
        return Refusal("takes no null")
    if isinstance(value, list) and is_plural(parameter):
        value = ",".join(text_of(item) or "" for item in value)
    text = text_of(value)
    if text is None or is_looked_up(parameter) or _PLACEHOLDER.search(text):
        return None
    if not is_plural(parameter):
        return _first(parameter, text)
    items = [item.strip() for item in text.split(",")] if text else []
    for item in items:
        found = _first(parameter, item)
        if found is not None:
            return found._replace(item=item if len(items) > 1 else "")
    return None


def _first(parameter: Parameter, text: str) -> Refusal | None:
    return next(_refusals(parameter, text), None)


def _refusals(parameter: Parameter, text: str) -> Iterator[Refusal]:
    kind = item_type(parameter)
    known = facts()["types"].get(kind)
    number = None
    if kind == "Number":
        if _NUMBER.match(text.strip()):
            number = float(text)
        elif not _ODD_NUMBER.match(text.strip()):
            yield Refusal("wants a number")
    elif known is not None and matches(known["form"], text) is False:
        yield Refusal(f"wants {known['what']}", by_type=True)
    yield from _not_allowed(parameter, text, number)
    if kind == "String":
        yield from _misshapen(parameter, text)
    if number is not None:
        yield from _out_of_range(parameter, number)


def _not_allowed(parameter: Parameter, text: str, number: float | None) -> Iterator[Refusal]:
    allowed, possible = parameter.allowed, parameter.readings
    if allowed is None:
        return
    if text in possible or (text.endswith(".0") and text[:-2] in possible):
        return
    if number is not None and number in {float(one) for one in possible if _NUMBER.match(one)}:
        return
    yield Refusal(f"allows only {listed(allowed)}", allowed=allowed)


def _misshapen(parameter: Parameter, text: str) -> Iterator[Refusal]:
    pattern = parameter.node.get("AllowedPattern")
    if pattern is not None and isinstance(pattern.value, str) and matches(pattern.value, text) is False:
        yield Refusal(f"wants a text like '{pattern.value}'")
    if is_plural(parameter):
        return
    least, most = _bound(parameter, "MinLength"), _bound(parameter, "MaxLength")
    if least is not None and len(text) < least:
        yield Refusal(f"wants at least {least:.15g} characters")
    # How many characters those are that Java counts as two is not sure.
    if most is not None and len(text) > most:
        yield Refusal(f"takes at most {most:.15g} characters")


def _out_of_range(parameter: Parameter, number: float) -> Iterator[Refusal]:
    least, most = _bound(parameter, "MinValue"), _bound(parameter, "MaxValue")
    if least is not None and number < least:
        yield Refusal(f"wants at least {least:.15g}")
    if most is not None and number > most:
        yield Refusal(f"takes at most {most:.15g}")


def _bound(parameter: Parameter, name: str) -> float | None:
    node = parameter.node.get(name)
    text = text_of(node.value) if node is not None else None
    return float(text) if text is not None and _NUMBER.match(text) else None


def shown(value: object, why: Refusal) -> str:
    """Write a value that is refused for a message."""
    if value is None:
        return "null"
    text = repr(text_of(value) or "")
    return f"{why.item!r} in {text}" if why.item else text


def drifts(node: Node, parameter: Parameter) -> bool:
    """Whether a parameter takes a scalar as it is written but not as it is read, which quotes would cure."""
    read = text_of(node.value)
    if isinstance(node.value, str) or read is None or node.document.format != "yaml" or node.style != "plain":
        return False
    return node.text != read and refusal(parameter, node.text) is None and refusal(parameter, read) is not None
