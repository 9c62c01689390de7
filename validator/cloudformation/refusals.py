"""Values that parameters refuse, in a tree of stacks: which, where they come from, and whether that can be helped."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from validator.cloudformation.choices import variants
from validator.cloudformation.constraints import Refusal, constrains, facts, item_type, refusal, shown
from validator.cloudformation.stacks import Source, Stack
from validator.cloudformation.template import Parameter
from validator.document import Node
from validator.suggest import did_you_mean, listed
from validator.values import Case, NoValue, consistent


class Refused(NamedTuple):
    """What one source gives a parameter that refuses it.

    Attributes:
        stack: Where the parameter is declared.
        values: The values that are refused and can come there, with the reason for each.
        total: Whether every value is refused whatever is chosen, so that the stack can never be made.
    """

    stack: Stack
    parameter: Parameter
    source: Source
    values: tuple[tuple[object, Refusal], ...]
    total: bool

    @property
    def texts(self) -> tuple[str, ...]:
        """The values, in words."""
        # Of a secret, a part is not to be seen either; the whole is masked.
        secret = any(one.no_echo for one in (self.parameter, *self.source.through))
        texts = (shown(value, why._replace(item="") if secret else why) for value, why in self.values)
        return tuple(dict.fromkeys(texts))

    @property
    def refusing(self) -> str:
        """The parameter, and what it wants instead, in words."""
        return f"{self.parameter.name!r} of {self.stack.template.path}, which {self.values[0][1].wants}"

    @property
    def told(self) -> str:
        """What is wrong, in words."""
        return f"{listed(self.texts)} {'is' if len(self.texts) == 1 else 'are'} passed to {self.refusing}"

    @property
    def cure(self) -> str:
        """The nearest value that is allowed, as a question; empty if none is near."""
        value, why = self.values[0]
        return did_you_mean(str(value), why.allowed)

    @property
    def declared(self) -> Node:
        """The parameter's key."""
        return self.parameter.node.key

    @property
    def related(self) -> tuple[tuple[Node, str], ...]:
        """The places that play a part: what the value comes through, and the declaration."""
        route = [(node, "passed on here") for node in self.source.route]
        if self.source.kind in {"default", "allowed"}:
            route[0] = (route[0][0], "declared here")
        return (*route, (self.declared, "the parameter that refuses it"))


# Rules ask one after the other about one stack.
@lru_cache(maxsize=8)
def refused(stack: Stack) -> tuple[Refused, ...]:
    """List what the parameters of a stack refuse of what they can be given; not what a parameter's own Default is.

    A value that a parameter on its way refuses is that parameter's matter.
    """
    return tuple(_refused(stack)) if not stack.template.is_rewritten else ()


def _refused(stack: Stack) -> Iterator[Refused]:
    for parameter in stack.template.parameters.values():
        given = stack.given.get(parameter.name)
        if not constrains(parameter) and (given is None or all(case.value is not None for case in given.cases)):
            continue
        found = [
            (source, list(_bad(parameter, source)))
            for source in stack.sources(parameter.name)
            # What a template says of its own parameter is its own matter.
            if source.route or source.kind in {"literal", "file"}
        ]
        if not any(bad for _, bad in found):
            continue
        total = stack.sure and _total(stack, parameter)
        for source, bad in found:
            values = tuple((case.value, why) for case, why in bad if total or _possible(stack, parameter, source, case))
            if values:
                yield Refused(stack, parameter, source, values, total)


def _bad(parameter: Parameter, source: Source) -> Iterator[tuple[Case, Refusal]]:
    for case in source.cases:
        if not case.known or any(refusal(above, case.value) for above in source.through):
            continue
        why = refusal(parameter, case.value)
        # A parameter of one type that is passed on to one of another type is wrong whatever its value.
        if why is not None and not (why.by_type and any(item_type(one) in facts()["types"] for one in source.through)):
            yield case, why


def _possible(stack: Stack, parameter: Parameter, source: Source, case: Case) -> bool:
    """Whether a parameter can be given a value, in a choice of all that decides about it."""
    if stack.always and not case.when:
        return True
    fixed = {name: text if text is not None else str(case.value) for name, text in source.standing}
    fixed |= {one.name: str(one.value) for one in case.when if one.kind == "parameter" and "." not in one.name}
    found = variants(stack, parameter.name, fixed)
    return found is not None and any(one is not None and _given(one, parameter, source, case) for one in found)


def _given(stack: Stack, parameter: Parameter, source: Source, case: Case) -> bool:
    # One thing that cannot be decided can be either way; of several, one may rule out another.
    return any(
        one.value == case.value and consistent(one.when, way) and len(one.when | way) <= 1
        for other in stack.sources(parameter.name)
        if other.kind == "chosen" or other.at == source.at
        for one in other.cases
        for way in stack.exists
    )


def _total(stack: Stack, parameter: Parameter) -> bool:
    """Whether a stack is always made, and a parameter of it always refuses what it is given."""
    if _refuses_all(stack, parameter):
        return True
    found = variants(stack, parameter.name, {})
    return found is not None and all(one is not None and one.sure and _refuses_all(one, parameter) for one in found)


def _refuses_all(stack: Stack, parameter: Parameter) -> bool:
    if not stack.always:
        return False
    given = stack.given.get(parameter.name)
    if given is not None and stack.above is not None:
        cases: Iterable[Case] = stack.above.scope.conditions.evaluate(given.node)
    else:
        cases = given.cases if given is not None else ()
    values = [case.value for case in cases if not isinstance(case.value, NoValue)]
    if any(value is None for value in values):
        return len(values) == 1
    decided = stack.scope.conditions.parameter(parameter.name)
    return all(case.known and refusal(parameter, case.value) is not None for case in decided)
