"""Statements, ready to be evaluated: which actions and resources one is about, and under which conditions."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from validator.iam.actions import matches
from validator.iam.arns import Resources, arn, covers_all
from validator.iam.condition import REGION_VARIABLE, Atom, atoms
from validator.iam.keys import key
from validator.iam.policy import Element, Policy, Statement
from validator.values import Partial, Scope, text_of

Truth = bool | None  # None: not known

# The keys that say in which region a request is made; the second is in requests to EC2 only.
REGION_KEYS = ("aws:requestedregion", "ec2:region")

_VARIABLE = re.compile(r"\$\{(?![*?$]\})[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern of Action or NotAction; not sure where the value is made by a function that nobody can evaluate."""

    text: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Written:
    """The patterns of Resource or NotResource, before the region is known.

    Attributes:
        values: Each is its parts, of which what is not text is not known, and whether it surely is there.
        why: What is not known of them.
    """

    values: tuple[tuple[tuple[str | None, ...], bool], ...]
    negated: bool
    variables: bool
    why: str = ""

    @property
    def regional(self) -> bool:
        """Whether the requested region's variable stands in one."""
        return self.variables and any(REGION_VARIABLE.search(part or "") for parts, _ in self.values for part in parts)


@lru_cache(maxsize=2048)
def _resources(written: Written, region: str) -> Resources:
    found = []
    for parts, sure in written.values:
        if written.variables:
            parts = tuple(part and REGION_VARIABLE.sub(region, part) for part in parts)  # noqa: PLW2901
        one = arn(*parts, variables=written.variables)
        found.append(one if sure else replace(one, certain=()))
    return Resources(tuple(found), written.negated)


_EVERY = Resources((arn("*"),))


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """A statement of a layer.

    Attributes:
        actions: The patterns of Action or NotAction; `but` says that it is the latter.
        resources: The patterns of Resource or NotResource. None for a statement that names none, as a trust policy's.
        unknown: Why it is not known whether the statement counts; empty if it is.
    """

    statement: Statement
    allows: bool
    actions: tuple[Pattern, ...]
    but: bool
    resources: Written | None
    conditions: tuple[Atom, ...]
    unknown: str = ""

    def speaks_of(self, action: str) -> Truth:
        """Whether it is about an action, as far as its patterns are known."""
        found = {pattern.sure for pattern in self.actions if matches(pattern.text, action)}
        return not self.but if True in found else None if found else self.but

    @property
    def sure(self) -> Truth:
        """Whether it is surely about the actions that it can be about: True, or not known."""
        return True if all(pattern.sure for pattern in self.actions) else None

    def on(self, region: str) -> Resources:
        """Give the resources that it is about when a region is requested."""
        if self.resources is None:
            return _EVERY
        return _resources(self.resources, region if self.resources.regional else "")

    @property
    def anywhere(self) -> bool:
        """Whether it is about every resource."""
        return covers_all(self.on(""))

    @property
    def plain(self) -> bool:
        """Whether it surely allows its actions on every resource, under no condition."""
        return self.allows and not self.conditions and not self.unknown and self.anywhere and self.sure is True

    @property
    def why(self) -> str:
        """What nobody can know of it; empty if everything is known."""
        unsure = any(not pattern.sure for pattern in self.actions)
        return (
            self.unknown
            or ("an action is made by a function" if unsure else "")
            or next((atom.unknown for atom in self.conditions if atom.unknown), "")
            or (self.resources.why if self.resources is not None else "")
        )


@dataclass(frozen=True, slots=True)
class Layer:
    """Policies of which one must allow a request, and none deny it: a boundary; all SCPs; an identity's own.

    Attributes:
        clauses: Of all the policies, in order.
        full: It also holds a statement that allows everything: the full-access policy beside an SCP that only denies,
            or the identity behind a ceiling.
        unknown: Why there may be more statements; empty if these are all.
    """

    clauses: tuple[Clause, ...]
    full: bool = False
    unknown: str = ""


EVERYTHING = Layer((), full=True)


def layer(policies: Iterable[Policy], *, full: bool = False, scope: Scope | None = None) -> Layer:
    """Make a layer of policies.

    Args:
        policies: Their statements act together.
        full: Whether everything is allowed besides, but for what is denied.
        scope: Of the template that the policies stand in, to evaluate intrinsic functions in; without one, what a
            function makes is unknown.
    """
    policies = tuple(policies)
    unknown = "" if all(policy.complete for policy in policies) else "a statement is made by a function, or is none"
    return Layer(tuple(clause for policy in policies for clause in _clauses(policy, scope)), full, unknown)


def _clauses(policy: Policy, scope: Scope | None) -> Iterator[Clause]:
    variables = policy.variables
    for statement in policy.statements():
        actions, resources = statement.actions, statement.resources
        if actions is None:
            continue
        effects = _effects(statement, scope)
        unknown = ""
        if statement.conditional:
            unknown = "the statement stands under an Fn::If"
        elif len(effects) > 1:
            unknown = "an Effect is made by a function"
        elif statement.node.get("NotPrincipal") is not None:
            unknown = "whom the statement is about is not known"
        patterns = tuple(
            Pattern("".join(part or "*" for part in parts), sure and None not in parts)
            for parts, sure in _values(actions, scope)
        )
        for effect in effects:
            yield Clause(
                statement,
                effect == "Allow",
                patterns,
                actions.negated,
                _written(resources, scope, variables=variables) if resources is not None else None,
                tuple(_judged(atom) for atom in atoms(statement.condition, variables=variables, scope=scope)),
                unknown,
            )


def _effects(statement: Statement, scope: Scope | None) -> list[str]:
    """Give what the Effect can be: nothing, for one that AWS refuses."""
    node = statement.node.get("Effect")
    if node is None or not isinstance(node.value, dict):
        return [effect for effect in ("Allow", "Deny") if node is not None and effect == node.value]
    found = [case.value for case in scope.evaluate(node)] if scope is not None else []
    both = ["Allow", "Deny"]
    return [effect for effect in both if effect in found] if found and all(one in both for one in found) else both


def _judged(atom: Atom) -> Atom:
    """Mark an atom as unknown whose outcome AWS does not define."""
    if atom.unknown:
        return atom
    if key(atom.name) is None:
        return replace(atom, unknown=f"{atom.name} is no condition key that AWS has")
    if atom.key in REGION_KEYS and atom.operator.family not in {"string", "null"}:
        return replace(atom, unknown=f"{atom.name} is compared by an operator for another type, which is undefined")
    return atom


def _written(resources: Element, scope: Scope | None, *, variables: bool) -> Written:
    values = tuple(_values(resources, scope))
    found = [
        text for parts, _ in values for part in parts for text in (_VARIABLE.findall(part or "") if variables else ())
    ]
    variable = next((text for text in found if not REGION_VARIABLE.fullmatch(text)), "")
    made = any(not sure or None in parts for parts, sure in values)
    name = resources.node.path[-1] if resources.node.path else "Resource"
    why = f"{name} holds {variable}" if variable else f"an element of {name} is made by a function" if made else ""
    return Written(values, resources.negated, variables, why)


def _values(element: Element, scope: Scope | None) -> Iterator[tuple[tuple[str | None, ...], bool]]:
    """Yield the values of an element: the parts of each, None for what is not known, and whether it surely is one."""
    given = element.node.value if isinstance(element.node.value, list) else [element.node.value]
    for at, value in enumerate(given):
        if isinstance(value, str):
            yield (value,), True
            continue
        node = element.node.get(at) if given is element.node.value else element.node
        cases = scope.evaluate(node) if scope is not None and node is not None else ()
        for case in cases:
            for made in case.value if isinstance(case.value, list) else [case.value]:
                yield _parts(made), len(cases) == 1
        if not cases:
            yield (None,), False


def _parts(value: object) -> tuple[str | None, ...]:
    if isinstance(value, Partial):
        return tuple(part if isinstance(part, str) else None for part in value.parts)
    return (text_of(value),)
