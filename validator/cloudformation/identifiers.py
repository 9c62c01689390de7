"""What sort of thing an expression gives: an ARN, the id of a VPC; up and down through the levels of a tree."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from validator.cloudformation.constraints import facts
from validator.cloudformation.stacks import Stack, sole_reference
from validator.cloudformation.template import Parameter, reads
from validator.document import Node
from validator.values import When

ARN = "ARN"
# What can come from more places than these is not all looked at, nor what comes through more.
_MOST = 500
_MAX_STEPS = 80
_LOOKED_UP = "AWS::SSM::Parameter::Value<"


class Thing(NamedTuple):
    """A thing that an expression can give.

    Attributes:
        kind: `ARN`, or the parameter type that is for such a thing: `AWS::EC2::VPC::Id`.
        at: Where it is handed over: the expression in which it is first passed on.
        when: What is assumed on the way.
        related: Where its kind is told, and what it is passed through, with what that is.
        sure: Whether it comes from a template of which is sure that it is that one.
    """

    kind: str
    at: Node
    when: When = frozenset()
    related: tuple[tuple[Node, str], ...] = ()
    sure: bool = True


@dataclass(slots=True)
class _Search:
    """One search: how many more places it may look at, and which it is coming through, lest it goes in a circle."""

    left: int = _MOST
    through: list[tuple[Stack, Node]] = field(default_factory=list)


def things(stack: Stack, node: Node, search: _Search | None = None) -> Iterator[Thing]:
    """Yield what an expression in a stack can give, as far as its sort is known."""
    search = search or _Search()
    search.left -= 1
    if search.left < 0 or len(search.through) > _MAX_STEPS or (stack, node) in search.through:
        return
    search.through.append((stack, node))
    for leaf, when in stack.leaves(node):
        for thing in _given(stack, leaf, search):
            yield thing._replace(when=thing.when | when)
    search.through.pop()


def in_words(kind: str) -> str:
    """Name a kind of thing: `an ARN`, `the id of a VPC, 'vpc-…'`."""
    known = facts()["types"].get(kind)
    return str(known["what"]) if known is not None else "an ARN"


def _given(stack: Stack, leaf: Node, search: _Search) -> Iterator[Thing]:
    name = sole_reference(leaf)
    parameter, resource = stack.template.parameters.get(name), stack.template.resources.get(name)
    if parameter is not None:
        yield from _of_parameter(stack, leaf, parameter, search)
    elif resource is not None:
        kind = facts()["references"].get(resource.type)
        # Without a VPC it may give the name of the group.
        if kind is not None and (resource.type != "AWS::EC2::SecurityGroup" or resource.property("VpcId") is not None):
            yield Thing(kind, leaf.key, related=((resource.node.key, f"an {resource.type}"),))
    elif isinstance(leaf.value, dict) and len(leaf.value) == 1:
        [(function, argument)] = leaf.items()
        if function == "Fn::Select" and (listed := argument.get(1)) is not None:
            yield from _elements(stack, listed, leaf, search)
        elif function == "Fn::Join" and (listed := argument.get(1)) is not None:
            if isinstance(argument.value, list) and argument.value[0] == ",":
                yield from _elements(stack, listed, leaf, search)
        elif function == "Fn::GetAtt" or (function == "Fn::Sub" and _is_one_read(argument)):
            for read in reads(leaf):
                yield from _of_attribute(stack, leaf, read.logical_id, read.attribute, search)


def _elements(stack: Stack, listed: Node, leaf: Node, search: _Search) -> Iterator[Thing]:
    """Yield what can stand in a list."""
    parameter = stack.template.parameters.get(sole_reference(listed))
    kind = _item(parameter.type) if parameter is not None else None
    if parameter is not None and kind in facts()["types"]:
        yield Thing(str(kind), leaf.key, related=((parameter.node.key, "declared here"),))
    for element in listed.elements():
        for thing in things(stack, element, search):
            yield thing._replace(at=leaf.key) if thing.at.document is leaf.document else thing


def _item(kind: str) -> str | None:
    kind = kind[len(_LOOKED_UP) : -1] if kind.startswith(_LOOKED_UP) else kind
    return kind[5:-1] if kind.startswith("List<") else None


def _of_parameter(stack: Stack, leaf: Node, parameter: Parameter, search: _Search) -> Iterator[Thing]:
    kind = parameter.type
    kind = kind[len(_LOOKED_UP) : -1] if kind.startswith(_LOOKED_UP) else kind
    if kind in facts()["types"]:
        yield Thing(kind, leaf.key, related=((parameter.node.key, "declared here"),))
        return
    given = stack.given.get(parameter.name)
    if kind == "String" and given is not None and stack.above is not None:
        for thing in things(stack.above, given.node, search):
            yield thing._replace(
                related=(*thing.related, (leaf.key, "passed on here")), sure=thing.sure and stack.unique and stack.sure
            )


def _of_attribute(stack: Stack, leaf: Node, logical_id: str, attribute: str, search: _Search) -> Iterator[Thing]:
    resource = stack.template.resources.get(logical_id)
    if resource is None:
        return
    if attribute.startswith("Outputs."):
        name = attribute.removeprefix("Outputs.")
        for nested in stack.nested(logical_id):
            output = nested.template.outputs.get(name)
            value = output.get("Value") if output is not None else None
            if output is None or value is None:
                continue
            for thing in things(nested, value, search):
                sure = thing.sure and nested.sure and nested.always
                # What comes from above again was handed over there.
                inside = thing.at.document is nested.template.root.document
                related = ((output.key, "the output"),) if inside else ((output.key, "the output"), *thing.related)
                yield Thing(thing.kind, leaf.key, thing.when, related, sure)
        return
    known = facts()["attributes"].get(resource.type, {}).get(attribute)
    is_arn = resource.type.startswith("AWS::") and "Custom" not in resource.type and attribute.endswith("Arn")
    if known is not None or is_arn:
        yield Thing(known or ARN, leaf.key, related=((resource.node.key, f"an {resource.type}"),))


def _is_one_read(argument: Node) -> bool:
    text = argument.value
    return isinstance(text, str) and text.startswith("${") and text.find("}") == len(text) - 1
