"""Statements, ready to be evaluated: which actions and resources one is about, and under which conditions."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from validator.iam.actions import matches
from validator.iam.arns import Resources, arn
from validator.iam.catalogue import Named, meaning, prefixes, told
from validator.iam.condition import REGION_VARIABLE, Atom, atoms
from validator.iam.keys import key
from validator.iam.policy import Element, Policy, Statement
from validator.lazy import kept, lazy
from validator.values import Partial, Scope, text_of

Truth = bool | None  # None: not known

# The keys that say in which region a request is made; the second is in requests to EC2 only.
REGION_KEYS = ("aws:requestedregion", "ec2:region")

_VARIABLE = re.compile(r"\$\{(?![*?$]\})[^{}]*\}")


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
    def anywhere(self) -> Resources:
        """The resources, where it does not matter which region is requested."""
        return _resources(self, "")

    @lazy
    def everything(self) -> bool:
        """Whether it certainly is all resources there are: `*`."""
        if self.negated:
            return False
        for parts, sure in self.values:
            if sure and None not in parts and (text := "".join(parts)) and not text.strip("*"):  # type: ignore[arg-type]
                return True
        return False

    @lazy
    def regional(self) -> bool:
        """Whether the requested region's variable stands in one."""
        texts = (part for parts, _ in self.values for part in parts if part and "${" in part)
        return self.variables and any(map(REGION_VARIABLE.search, texts))


@lru_cache(maxsize=1024)
def _in_region(written: Written, region: str) -> Resources:
    return _resources(written, region)


def _resources(written: Written, region: str) -> Resources:
    found = []
    for parts, sure in written.values:
        if written.variables:
            parts = tuple(part and REGION_VARIABLE.sub(region, part) for part in parts)  # noqa: PLW2901
        one = arn(*parts, variables=written.variables)
        found.append(one if sure else one.doubted())
    return Resources(tuple(found), written.negated)


_EVERY = Resources((arn("*"),))
_EFFECTS = ("Allow", "Deny")


# Never changed; not frozen, which would take most of the time to make one.
@dataclass(eq=False)
class Clause:
    """A statement of a layer.

    Attributes:
        actions: The patterns of Action or NotAction; `but` says that it is the latter.
        doubtful: More of these, of which nobody knows whether they are there: what a function makes.
        resources: The patterns of Resource or NotResource. None for a statement that names none, as a trust policy's.
        unknown: Why it is not known whether the statement counts; empty if it is.
    """

    statement: Statement
    allows: bool
    actions: tuple[str, ...]
    but: bool
    resources: Written | None
    conditions: tuple[Atom, ...]
    unknown: str = ""
    doubtful: tuple[str, ...] = ()

    @property
    def patterns(self) -> tuple[str, ...]:
        """All patterns, doubtful or not."""
        return self.actions + self.doubtful

    def speaks_of(self, action: str) -> Truth:
        """Whether it is about an action, as far as its patterns are known."""
        named, others = self._spoken
        service, _, bit = meaning(action)
        if bit and named.get(service, 0) & bit:
            return not self.but
        if any(matches(pattern, action) for pattern in (others if bit else self.actions)):
            return not self.but
        doubtful = any(matches(pattern, action) for pattern in self.doubtful)
        return None if doubtful else self.but

    def names(self, service: str) -> bool:
        """Whether a pattern can be about a service, by its prefix in small letters."""
        named, others = self._spoken
        return bool(self.doubtful or service in named or any(map(_may_name(service), others)))

    @lazy
    def services(self) -> tuple[str, ...]:
        """The prefixes of its patterns that are not doubtful, in small letters, each once, some with wildcards."""
        return prefixes(*self._spoken)

    @property
    def named(self) -> Named | None:
        """The actions that its patterns fit; None where some fit none that is documented, or of any service."""
        named, others = self._spoken
        return named if not others and not self.doubtful else None

    @lazy
    def _spoken(self) -> tuple[Named, tuple[str, ...]]:
        """The documented actions that its patterns fit, and the patterns that fit none, or are of any service."""
        # What functions make is told from what is written.
        plain = self.actions is self.statement.action_texts.texts
        return self.statement.spoken if plain else told(self.actions)

    @property
    def sure(self) -> Truth:
        """Whether it is surely about the actions that it can be about: True, or not known."""
        return None if self.doubtful else True

    def on(self, region: str) -> Resources:
        """Give the resources that it is about when a region is requested."""
        if self.resources is None:
            return _EVERY
        return _in_region(self.resources, region) if region and self.resources.regional else self.resources.anywhere

    @lazy
    def anywhere(self) -> bool:
        """Whether it is about every resource."""
        return self.resources is None or self.resources.everything

    @lazy
    def plain(self) -> bool:
        """Whether it surely allows its actions on every resource, under no condition."""
        if not self.allows or self.conditions or self.unknown or self.doubtful:
            return False
        return self.resources is None or self.resources.everything

    @lazy
    def unconditional(self) -> bool:
        """Whether it surely holds for its actions on resources that match a value of it."""
        negated = self.resources is not None and self.resources.negated
        return not (self.conditions or self.unknown or self.doubtful or negated)

    @lazy
    def special(self) -> bool:
        """Whether it holds only for requests that have a key which not all have: for none with nothing special."""
        return any(
            not atom.unknown
            and atom.key not in REGION_KEYS
            and (known := key(atom.name)) is not None
            and known.presence == "sometimes"
            and atom.holds(None) is False
            for atom in self.conditions
        )

    @property
    def why(self) -> str:
        """What nobody can know of it; empty if everything is known."""
        return (
            self.unknown
            or ("an action is made by a function" if self.doubtful else "")
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


def joined(layers: Sequence[Layer]) -> Layer:
    """Make one layer of several that act together, none of which is full."""
    if len(layers) == 1:
        return layers[0]
    unknown = next((one.unknown for one in layers if one.unknown), "")
    return Layer(tuple([clause for one in layers for clause in one.clauses]), unknown=unknown)


def _clauses(policy: Policy, scope: Scope | None) -> Iterator[Clause]:
    variables = policy.variables
    for statement in policy.statements():
        actions, resources = statement.action_texts, statement.resource_texts
        if not actions.given:
            continue
        effects = _effects(statement, scope)
        unknown = ""
        if statement.conditional:
            unknown = "the statement stands under an Fn::If"
        elif len(effects) > 1:
            unknown = "an Effect is made by a function"
        elif "NotPrincipal" in statement.body:
            unknown = "whom the statement is about is not known"
        doubtful: tuple[str, ...] = ()
        patterns = actions.texts
        if not actions.complete:
            patterns, doubtful = _made(statement, scope)
        written = None
        if resources.complete:
            written = _constant(resources.texts, resources.negated, variables)
        elif resources.given:
            written = _evaluated(statement, scope, variables=variables)
        asked: tuple[Atom, ...] = ()
        if "Condition" in statement.body:
            asked = tuple([_judged(atom) for atom in _conditions(statement, scope)])
        for effect in effects:
            yield Clause(statement, effect == "Allow", patterns, actions.negated, written, asked, unknown, doubtful)


def _may_name(service: str) -> Callable[[str], bool]:
    """Give what says whether a pattern can be about a service, as far as its prefix goes."""

    def said(pattern: str) -> bool:
        prefix, colon, _ = pattern.lower().partition(":")
        return prefix == service or not colon or "*" in prefix or "?" in prefix

    return said


@kept
def conditions(statement: Statement) -> tuple[Atom, ...]:
    """List the conditions of a statement as they are written: what a function makes is unknown."""
    return tuple(atoms(statement.condition, variables=statement.policy.variables))


def _conditions(statement: Statement, scope: Scope | None) -> Iterable[Atom]:
    if scope is None:
        return conditions(statement)
    return atoms(statement.condition, variables=statement.policy.variables, scope=scope)


def _made(statement: Statement, scope: Scope | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the patterns of actions of which a function makes some: those that are sure, and the others."""
    found: dict[bool, list[str]] = {True: [], False: []}
    for parts, sure in _values(statement.actions, scope):
        found[sure and None not in parts].append("".join([part or "*" for part in parts]))
    return tuple(found[True]), tuple(found[False])


def _effects(statement: Statement, scope: Scope | None) -> tuple[str, ...]:
    """Give what the Effect can be: nothing, for one that AWS refuses."""
    written = statement.body.get("Effect")
    if not isinstance(written, dict):
        return (written,) if isinstance(written, str) and written in _EFFECTS else ()
    node = statement.node.get("Effect")
    found = [case.value for case in scope.evaluate(node)] if scope is not None and node is not None else []
    known = found and all(one in _EFFECTS for one in found)
    return tuple([effect for effect in _EFFECTS if effect in found]) if known else _EFFECTS


def _judged(atom: Atom) -> Atom:
    """Mark an atom as unknown whose outcome AWS does not define."""
    if atom.unknown:
        return atom
    if key(atom.name) is None:
        return replace(atom, unknown=f"{atom.name} is no condition key that AWS has")
    if atom.key in REGION_KEYS and atom.operator.family not in {"string", "null"}:
        return replace(atom, unknown=f"{atom.name} is compared by an operator for another type, which is undefined")
    return atom


@lru_cache(maxsize=2048)
def _constant(texts: tuple[str, ...], negated: bool, variables: bool) -> Written:  # noqa: FBT001  # a key
    return _written(tuple([((text,), True) for text in texts]), "", negated=negated, variables=variables)


def _evaluated(statement: Statement, scope: Scope | None, *, variables: bool) -> Written:
    element = statement.resources
    assert element is not None
    values = tuple(_values(element, scope))
    made = any(not sure or None in parts for parts, sure in values)
    name = element.node.path[-1] if element.node.path else "Resource"
    why = f"an element of {name} is made by a function" if made else ""
    return _written(values, why, negated=element.negated, variables=variables)


def _written(
    values: tuple[tuple[tuple[str | None, ...], bool], ...], why: str, *, negated: bool, variables: bool
) -> Written:
    texts = (part for parts, _ in values for part in parts if part and "${" in part) if variables else ()
    named = (found for text in texts for found in _VARIABLE.findall(text) if not REGION_VARIABLE.fullmatch(found))
    if variable := next(named, ""):
        why = f"{'NotResource' if negated else 'Resource'} holds {variable}"
    return Written(values, negated, variables, why)


def _values(element: Element | None, scope: Scope | None) -> Iterator[tuple[tuple[str | None, ...], bool]]:
    """Yield the values of an element: the parts of each, None for what is not known, and whether it surely is one."""
    assert element is not None
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
