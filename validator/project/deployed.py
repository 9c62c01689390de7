"""Policies of templates as they are deployed: in each stack of their template, with what its parameters are given."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from validator.cloudformation.stacks import Stack
from validator.cloudformation.template import Template
from validator.document import Node
from validator.iam import regions
from validator.iam.policy import Policy
from validator.values import Cases, Scope, When, unknown

# More ways than these to deploy one template are not told apart: each costs a proof.
_MOST = 16
_WORD = re.compile(r"[A-Za-z0-9]+")


def scopes_of(
    policies: Sequence[Policy],
    template: Template,
    assumed: When,
    stacks: Callable[[Template], Iterable[Stack]],
    pseudo: Mapping[str, Cases],
) -> tuple[Scope, ...]:
    """Give what evaluates a template, once for each way in which its stacks give policies in it their values.

    Stacks that surely do without the policies are left out, and so are those that differ in nothing that the policies
    speak of. Where none is left, and the Defaults are against what is assumed of conditions, these stay undecided.
    """
    nodes = [_outermost(policy.node) for policy in policies]
    names = _spoken_of(nodes, template)
    found: dict[str, Scope] = {}
    for stack in stacks(template):
        scope = _scope(stack, pseudo)
        if scope is None or not _fits(scope, assumed) or not any(_may_exist(scope, node) for node in nodes):
            continue
        values = [scope.parameter(name) for name in names]
        # The names of assumptions tell trees apart that are alike.
        found.setdefault(repr([[case.value for case in cases] for cases in values]), scope)
        if len(found) > _MOST:
            several = dict.fromkeys(names, unknown("it is given too many values"))
            return (Scope(template.root, several, pseudo),)
    if not found and not _fits(Scope(template.root, pseudo=pseudo), assumed):
        return (Scope(template.root, pseudo=pseudo, decide=False),)
    return tuple(found.values())


def _fits(scope: Scope, assumed: When) -> bool:
    """Whether conditions can have the truths that are assumed of them."""
    return all(one.value in scope.possible(one.name) for one in assumed)


def _scope(stack: Stack, pseudo: Mapping[str, Cases]) -> Scope | None:
    """Give what evaluates the template of a stack, with what its parameters are given; None if it surely is not made.

    The Defaults of a root of which nothing else is known are what it is deployed with, but for a parameter that is made
    to choose among regions.
    """
    if stack.above is None or stack.link is None or stack.child is None:
        given = {name: one.cases for name, one in stack.given.items()}
        return Scope(stack.template.root, (_chosen(stack.template) if stack.file is None else {}) | given, pseudo)
    above = _scope(stack.above, pseudo)
    if above is None or not _may_exist(above, stack.link.resource.node):
        return None
    assumed = [one for one in stack.child.when if one.kind == "condition"]
    if any(one.value not in above.possible(one.name) for one in assumed):
        return None
    values = {name: above.evaluate(one.node) for name, one in stack.given.items()}
    if stack.link.is_open:
        values = dict.fromkeys(stack.template.parameters, unknown("a macro may pass it"))
    return Scope(stack.template.root, values, pseudo, label=".".join((*stack.path, "")))


def _chosen(template: Template) -> dict[str, Cases]:
    """Give the parameters with several regions among their AllowedValues: any of them may be given."""
    known = frozenset(name for partition in regions.partitions() for name in regions.regions(partition))
    found: dict[str, Cases] = {}
    for name, parameter in template.parameters.items():
        allowed = parameter.node.get("AllowedValues")
        named = [one.value for one in allowed.elements() if one.value in known] if allowed is not None else []
        if len(named) > 1:
            found[name] = unknown(f"parameter {name} can be any of several regions")
    return found


def _outermost(node: Node) -> Node:
    while node.document.outer is not None:
        node = node.document.outer
    return node


def _may_exist(scope: Scope, node: Node) -> bool:
    """Whether the resource that a policy stands in can be there."""
    condition = scope.template.get(*node.path[:2], "Condition") if node.path[:1] == ("Resources",) else None
    return condition is None or not isinstance(condition.value, str) or True in scope.possible(condition.value)


def _spoken_of(nodes: Sequence[Node], template: Template) -> list[str]:
    """List the parameters that can make a difference to what stands at nodes: their names occur there."""
    words = set(_words(nodes))
    if words & {"If", "Condition"}:
        words |= set(_words([section for section in (template.root.get("Conditions"),) if section is not None]))
    return [name for name in template.parameters if name in words]


def _words(nodes: Sequence[Node]) -> Iterator[str]:
    for node in nodes:
        for one in node.walk():
            if isinstance(one.value, str):
                yield from _WORD.findall(one.value)
            elif isinstance(one.value, dict):
                yield from (word for key in one.value for word in _WORD.findall(key))
