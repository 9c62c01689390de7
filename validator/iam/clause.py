"""Statements, ready to be evaluated: which actions and resources one is about, and under which conditions."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from validator.iam.actions import matches
from validator.iam.arns import Resources, arn, covers_all
from validator.iam.condition import REGION_VARIABLE, Atom, atoms
from validator.iam.keys import key
from validator.iam.lazy import kept, lazy
from validator.iam.policy import Element, Policy, Statement
from validator.values import Partial, Scope, text_of

Truth = bool | None  # None: not known

# The keys that say in which region a request is made; the second is in requests to EC2 only.
REGION_KEYS = ("aws:requestedregion", "ec2:region")

_VARIABLE = re.compile(r"\$\{(?![*?$]\})[^{}]*\}")


class Pattern(NamedTuple):
    """A pattern of Action or NotAction; not sure where the value is made by a function that nobody can evaluate."""

    text: str
    sure: bool = True


@dataclass(frozen=True)
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

    @lazy
    def regional(self) -> bool:
        """Whether the requested region's variable stands in one."""
        texts = (part for parts, _ in self.values for part in parts if part and "${" in part)
        return self.variables and any(map(REGION_VARIABLE.search, texts))


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
_STAR = ((("*",), True),)
_EFFECTS = ("Allow", "Deny")


@dataclass(frozen=True, eq=False)
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
        near = (*self._patterns.get(action.partition(":")[0].lower(), ()), *self._patterns.get("", ()))
        found = {pattern.sure for pattern in near if matches(pattern.text, action)}
        return not self.but if True in found else None if found else self.but

    def names(self, service: str) -> bool:
        """Whether a pattern can be about a service, by its prefix in small letters."""
        return service in self._patterns or "" in self._patterns

    @lazy
    def _patterns(self) -> dict[str, list[Pattern]]:
        """The patterns by service; under the empty text those of which no service is known."""
        found: dict[str, list[Pattern]] = {}
        for pattern in self.actions:
            prefix, colon, _ = pattern.text.lower().partition(":")
            found.setdefault("" if not colon or "*" in prefix or "?" in prefix else prefix, []).append(pattern)
        return found

    @lazy
    def sure(self) -> Truth:
        """Whether it is surely about the actions that it can be about: True, or not known."""
        return True if all(pattern.sure for pattern in self.actions) else None

    def on(self, region: str) -> Resources:
        """Give the resources that it is about when a region is requested."""
        if region and self.resources is not None and self.resources.regional:
            return _resources(self.resources, region)
        return self._resources

    @lazy
    def _resources(self) -> Resources:
        if self.resources is None or (self.resources.values == _STAR and not self.resources.negated):
            return _EVERY
        return _resources(self.resources, "")

    @lazy
    def anywhere(self) -> bool:
        """Whether it is about every resource."""
        return covers_all(self._resources)

    @lazy
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
    complete = all(policy.complete for policy in policies)
    unknown = "" if complete else "a statement is made by a function, or is none"
    return Layer(tuple([clause for policy in policies for clause in _clauses(policy, scope)]), full, unknown)


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
        elif statement.has("NotPrincipal"):
            unknown = "whom the statement is about is not known"
        patterns = _patterns(actions, scope)
        for effect in effects:
            yield Clause(
                statement,
                effect == "Allow",
                patterns,
                actions.negated,
                _written(resources, scope, variables=variables) if resources is not None else None,
                tuple([_judged(atom) for atom in _conditions(statement, scope)]) if statement.has("Condition") else (),
                unknown,
            )


@kept
def conditions(statement: Statement) -> tuple[Atom, ...]:
    """List the conditions of a statement as they are written: what a function makes is unknown."""
    return tuple(atoms(statement.condition, variables=statement.policy.variables))


def _conditions(statement: Statement, scope: Scope | None) -> Iterable[Atom]:
    if scope is None:
        return conditions(statement)
    return atoms(statement.condition, variables=statement.policy.variables, scope=scope)


def _patterns(actions: Element, scope: Scope | None) -> tuple[Pattern, ...]:
    given = actions.node.value if isinstance(actions.node.value, list) else [actions.node.value]
    texts = [Pattern(text) for text in given if isinstance(text, str)]
    if len(texts) == len(given):
        return tuple(texts)
    return tuple(
        [
            Pattern("".join([part or "*" for part in parts]), sure and None not in parts)
            for parts, sure in _values(actions, scope)
        ]
    )


def _effects(statement: Statement, scope: Scope | None) -> list[str]:
    """Give what the Effect can be: nothing, for one that AWS refuses."""
    if statement.effect is not None:
        return [str(statement.effect.value)] if statement.effect.value in _EFFECTS else []
    node = statement.node.get("Effect")
    if node is None or not isinstance(node.value, dict):
        return []
    found = [case.value for case in scope.evaluate(node)] if scope is not None else []
    known = found and all(one in _EFFECTS for one in found)
    return [effect for effect in _EFFECTS if effect in found] if known else [*_EFFECTS]


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
    if resources.node.value == "*":
        return Written(_STAR, resources.negated, variables)
    values = tuple(_values(resources, scope))
    variable, made = "", False
    for parts, sure in values:
        made = made or not sure or None in parts
        for part in parts if variables and not variable else ():
            if part and "${" in part:
                found = _VARIABLE.findall(part)
                variable = variable or next((text for text in found if not REGION_VARIABLE.fullmatch(text)), "")
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
