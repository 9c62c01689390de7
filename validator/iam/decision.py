"""The decision: can one action be called in one region, by which statement, and why does no Deny stop it.

A request is an action, a region, resources and the values of condition keys. It is allowed if in each layer of policies
(service control policies, a boundary, the identity's own) some Allow matches, and in none a Deny. For one action and
one region everything else is finite: `contexts` gives the values that stand for all values of a key, and of those only
matters which statements they make hold; then `arns` finds a resource that the statements leave. What cannot be known (a
policy variable, a function of CloudFormation, an undefined comparison) is evaluated both ways: where the outcomes
differ, it is undecided.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product
from types import MappingProxyType
from typing import Literal, NamedTuple

from validator.iam.alike import forms_of, is_composite, resource_keys
from validator.iam.arns import (
    Remainder,
    Resources,
    arn,
    covers_all,
    may_begin,
    plainly_lacks,
    plainly_meets,
    remainder,
    selects_unnamed,
)
from validator.iam.clause import Clause, Layer, Truth
from validator.iam.condition import OPERATORS, Atom, Context
from validator.iam.contexts import Contexts, contexts
from validator.iam.formats import FLAT
from validator.iam.keys import key
from validator.iam.standing import Place, Standing, allows_all, is_open, standing, too_many

# Sets of statements that hold together, to try for one action in one region; and ways to choose an Allow of each layer.
MAX_REQUESTS = 1_000
MAX_CHOICES = 200
_PRINCIPAL = "aws:principalarn"

Kind = Literal["always", "if", "never", "unknown"]


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an action can be called in a region.

    Attributes:
        kind: `always`: with nothing special in the request; `if`: with the context; `never`; `unknown`: for the reason.
        context: The keys that the request needs, by name as written, where it needs any.
        request: All keys of the request that any statement asks about, by name in small letters.
        resource: One resource of the request; `*` where the action takes none.
        allow: The statement that allows it, of the last layer that has one.
        denies: The Deny statements about the action, each with why it does not hold.
    """

    kind: Kind
    context: Mapping[str, Context] = field(default_factory=dict)
    request: Mapping[str, Context] = field(default_factory=dict)
    resource: str = ""
    allow: Clause | None = None
    denies: tuple[tuple[Clause, str], ...] = ()
    reason: str = ""


NEVER = Decision("never")


class _Held(NamedTuple):
    """Which clauses hold, as bits: those that may, and those that do."""

    possible: int
    certain: int


class Outcome(NamedTuple):
    """The kind of a decision and its reason, by which request it came about, and how many questions it took."""

    kind: Kind
    reason: str = ""
    held: _Held = _Held(0, 0)
    context: Mapping[str, Context] = MappingProxyType({})
    resource: str = ""
    effort: int = 1


_NEVER, _ALWAYS = Outcome("never"), Outcome("always")


def decide(
    layers: Sequence[Layer], action: str, region: str, *, partition: str = "aws", principals: tuple[str, ...] = ()
) -> Decision:
    """Decide whether an action can be called in a region at all.

    Args:
        layers: Each must allow the request.
        action: As prefix:Name, documented or not.
        region: What `aws:RequestedRegion` is: a known region's name, or one that stands for others.
        partition: Of the resources' ARNs.
        principals: ARN patterns of those who may do anything anywhere, so that no request of theirs counts.
    """
    if reason := next((one.unknown for one in layers if one.unknown), ""):
        return Decision("unknown", reason=reason)
    where = Place(action, region, partition, principals)
    places = standing(layers, where)
    if not is_open(layers, places):
        return NEVER
    problem = _Problem(layers, places, where)
    decision = problem.explained(problem.solve())
    if decision.kind in {"never", "unknown"}:
        return decision
    denies = (clause for one in layers for clause in one.clauses if not clause.allows)
    return replace(decision, denies=tuple((clause, _miss(clause, where, decision)) for clause in denies))


def outcome(layers: Sequence[Layer], where: "Place", *, sure: bool = False) -> "Outcome":
    """Decide as `decide` does, and say the least about it: nothing of which statement allows it and how Denies miss.

    Args:
        layers: Of statements that are all about the action, if they are sure of their actions at all.
        where: What it is decided about.
        sure: Whether it is only asked if a request with nothing special is surely allowed: `always`, or `never`.
    """
    places = standing(layers, where, sure=True)
    if not is_open(layers, places):
        return _NEVER
    if allows_all(layers, places):
        return _ALWAYS
    problem = _Problem(layers, places, where, examples=False, sure=sure)
    found = problem.solve() if not sure else _ALWAYS if problem.is_open() else _NEVER
    return found._replace(effort=problem.effort)


def stopped(layers: Sequence[Layer], service: str, region: str) -> bool:
    """Whether statements that ask for nothing but the region stop all actions that they are all about.

    Args:
        layers: Of statements that are about the same actions, surely or not.
        service: Of the actions, if that is settled; empty otherwise.
        region: What is requested.
    """
    return not is_open(layers, standing(layers, Place(f"{service}:", region)))


class _Problem:
    """One action in one region: the requests that there are, and what becomes of them.

    Attributes:
        _examples: Whether an example is asked for of the resources that are left; it costs more than to know of one.
        _sure: Whether what may be allowed need not be told from what is not.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        places: list[Standing],
        where: Place,
        *,
        examples: bool = True,
        sure: bool = False,
    ) -> None:
        self._examples = examples
        self._sure = sure
        self._places = places
        self._where = where
        self._keys: dict[str, Contexts] = {}
        self._names: dict[str, str] = {}
        self._atoms: dict[str, list[tuple[int, Atom]]] = {}
        self._allows = certain = 0
        allowing = [0] * len(layers)
        for at, one in enumerate(places):
            bit = 1 << at
            certain |= bit if one.certain else 0
            if one.clause.allows:
                self._allows |= bit
                allowing[one.layer] |= bit
            for atom in one.free:
                self._atoms.setdefault(atom.key, []).append((at, atom))
        # What has to allow a request: the Allows of each layer that does not allow everything.
        self._needed = [bits for bits, one in zip(allowing, layers, strict=True) if not one.full]
        self._forms = forms_of(where.action)
        self._own = resource_keys(where.action) if self._forms is not None and len(self._forms) > 1 else frozenset()
        self._judged: dict[_Held, tuple[Truth, str]] = {}
        self.effort = 1
        self._start = _Held((1 << len(places)) - 1, certain)

    def is_open(self) -> bool:
        """Whether a request with nothing special is surely allowed."""
        if too_many([one.clause for one in self._places]):
            return False
        plain = self._start
        for name, group in self._atoms.items():
            atoms = [atom for _, atom in group]
            value = _domain(name, atoms, self._where.principals).plain if _is_always(atoms[0]) else None
            plain = self._and(plain, self._held(name, value))
        return self._allowed(plain)[0] is True

    def solve(self) -> Outcome:
        if reason := too_many([one.clause for one in self._places]):
            return Outcome("unknown", reason)
        incomplete = ""
        for name, group in self._atoms.items():
            self._keys[name] = domain = _domain(name, [atom for _, atom in group], self._where.principals)
            self._names[name] = group[0][1].name
            if not domain.complete:
                incomplete = incomplete or f"{group[0][1].name} is compared with too many patterns"
        plain = self._start
        for name, domain in self._keys.items():
            plain = self._and(plain, self._held(name, domain.plain))
        verdict, resource = self._allowed(plain)
        if verdict:
            return Outcome("always", "", plain, {}, resource)
        doubtful = Outcome("unknown", self._why(plain), plain, {}, resource) if verdict is None else None
        own = [name for name in self._keys if self._is_own(name)]
        found, whole = self._reachable([name for name in self._keys if name not in own]) if self._keys else ({}, True)
        ways, all_ways = self._reachable(own)
        if not (whole and all_ways):
            incomplete = incomplete or f"more than {MAX_REQUESTS} sets of statements can hold together"
        for held, special in sorted(found.items(), key=lambda one: len(one[1])):
            verdict, resource, more = self._apart(held, ways)
            if verdict:
                return Outcome("if", "", held, special | more, resource)
            if verdict is None and doubtful is None:
                doubtful = Outcome("unknown", self._why(held), held, special | more, resource)
        if doubtful is not None:
            return doubtful
        return Outcome("unknown", incomplete) if incomplete else _NEVER

    def explained(self, outcome: Outcome) -> Decision:
        """Say which request it is, and which statement allows it."""
        kind, reason, held, special, arn, _ = outcome
        if kind == "never":
            return NEVER
        plain = {name: domain.plain for name, domain in self._keys.items()}
        tied = {name: value for name, value in self._where.tied.items() if value is not None}
        return Decision(
            kind,
            {self._names[name]: value for name, value in special.items()},
            tied | plain | dict(special),
            arn,
            self._allowing(held, arn),
            (),
            reason,
        )

    def _allowing(self, held: _Held, arn: str) -> Clause | None:
        """Choose the statement to name: of the last layer with one that surely is about the resource, the first."""
        allows = [one for at, one in enumerate(self._places) if (held.possible & self._allows) >> at & 1]
        certain = [one for one in allows if _on_arn(one.resources, arn)]
        named = certain or allows[-1:]
        return next((one.clause for one in named if one.layer == named[-1].layer), None)

    def _held(self, name: str, value: Context) -> _Held:
        """Say which clauses hold as far as one key goes."""
        possible = certain = (1 << len(self._places)) - 1
        for at, atom in self._atoms[name]:
            truth = atom.holds(value)
            if truth is not True:
                certain &= ~(1 << at)
            if truth is False:
                possible &= ~(1 << at)
        return _Held(possible, certain)

    def _and(self, one: _Held, other: _Held) -> _Held:
        possible = one.possible & other.possible
        return _Held(possible, one.certain & other.certain & possible)

    def _reachable(self, names: Iterable[str]) -> tuple[dict[_Held, dict[str, Context]], bool]:
        """Give the sets of clauses that some keys let hold together, each with the fewest that have to be special."""
        found: dict[_Held, dict[str, Context]] = {self._start: {}}
        for name in names:
            domain = self._keys[name]
            ways: dict[_Held, dict[str, Context]] = {self._held(name, domain.plain): {}}
            for value in domain.named:
                ways.setdefault(self._held(name, value), {name: value})
            grown: dict[_Held, dict[str, Context]] = {}
            for (held, special), (more, needed) in product(found.items(), ways.items()):
                both = self._and(held, more)
                if both not in grown or len(grown[both]) > len(special) + len(needed):
                    grown[both] = special | needed
                if len(grown) > MAX_REQUESTS:
                    return grown, False
            found = grown
        return found, True

    def _allowed(self, held: _Held) -> tuple[Truth, str]:
        """Say whether a request is allowed for resources that can be chosen freely, and give one of them."""
        if held not in self._judged:
            self._judged[held] = self._judge(held)
        return self._judged[held]

    def _judge(self, held: _Held) -> tuple[Truth, str]:
        if not self._granted(held.possible):
            return False, ""
        if self._forms is None:
            return self._undocumented(held)
        return self._all([self._any(held, group) for group in self._forms])

    def _apart(self, held: _Held, ways: Mapping[_Held, Mapping[str, Context]]) -> tuple[Truth, str, dict[str, Context]]:
        """Judge a request each of whose resources has keys of its own, given the ways in which those can be."""
        if len(ways) == 1 or self._forms is None:
            return (*self._allowed(self._and(held, next(iter(ways)))), {})
        chosen: dict[str, Context] = {}
        each: list[tuple[Truth, str]] = []
        for group in self._forms:
            best: tuple[Truth, str] = (False, "")
            for own, special in sorted(ways.items(), key=lambda one: len(one[1])):
                both = self._and(held, own)
                found = self._any(both, group) if self._granted(both.possible) else (False, "")
                if _ORDER[found[0]] > _ORDER[best[0]]:
                    best = found
                    chosen |= special if found[0] else {}
                if best[0]:
                    break
            each.append(best)
        return (*self._all(each), chosen)

    def _is_own(self, name: str) -> bool:
        """Say whether each of several resources has its own value of a key."""
        return any(name == one or (one.endswith("/") and name.startswith(one)) for one in self._own)

    def _any(self, held: _Held, group: Iterable[str]) -> tuple[Truth, str]:
        """Say whether a resource of one of some forms is allowed."""
        best: tuple[Truth, str] = (False, "")
        for form in group:
            found = self._on(held, form)
            if _ORDER[found[0]] > _ORDER[best[0]]:
                best = found
            if best[0]:
                break
        return best

    def _all(self, each: Sequence[tuple[Truth, str]]) -> tuple[Truth, str]:
        """Judge by what is found of each resource that must be named; one may do, where nobody says that all must."""
        shown = next((example for truth, example in reversed(each) if truth is not False and example), "")
        truths = {truth for truth, _ in each}
        if False not in truths:
            return (None if None in truths else True), shown
        if truths == {False} or is_composite(self._where.action):
            return False, ""
        return None, shown

    def _granted(self, bits: int) -> bool:
        return all(map(bits.__and__, self._needed))

    def _undocumented(self, held: _Held) -> tuple[Truth, str]:
        """Judge an action of which nobody knows what resources it takes."""
        service = self._where.service
        forms = (
            f"arn:${{Partition}}:{service}:${{Region}}:${{Account}}:${{Name}}",
            "*",
            f"arn:${{Partition}}:{service}:::${{Name}}",
        )
        found = [self._on(held, form) for form in forms]
        truths = {truth for truth, _ in found}
        return (truths.pop() if len(truths) == 1 else None), found[0][1]

    def _on(self, held: _Held, form: str) -> tuple[Truth, str]:
        """Say whether a request on a resource of a form is allowed."""
        found = None
        if self._granted(held.certain):
            found = self._left(held.certain, held.possible, form)
            if found.answer == "yes":
                return True, found.example
        if self._sure:
            return False, ""
        if found is None or held.certain != held.possible:
            found = self._left(held.possible, held.certain, form)
        return (False if found.answer == "no" else None), found.example

    def _left(self, allowing: int, denying: int, form: str) -> Remainder:
        """Find a resource that some of the Allows leave in each layer, and none of the Denies takes."""
        self.effort += 1
        denies = self._picked(denying & ~self._allows)
        if any(covers_all(one) for one in denies):
            return Remainder("no")
        ways: list[Sequence[Resources]] = []
        for needed in self._needed:
            allows = self._picked(allowing & needed)
            if not any(covers_all(one) for one in allows):
                ways.append(_options(tuple(allows)))
        if not self._examples and (answer := self._plainly(ways, denies, form)):
            return Remainder(answer)
        best = Remainder("no")
        for count, chosen in enumerate(product(*ways)):
            if count == MAX_CHOICES:
                return Remainder("maybe", best.example)
            found = self._remainder(tuple(chosen), tuple(denies), form)
            if found.answer == "yes":
                return found
            if found.answer == "maybe":
                best = found
        return best

    def _plainly(
        self, ways: Sequence[Sequence[Resources]], denies: Sequence[Resources], form: str
    ) -> Literal["yes", "no", ""]:
        """Say whether something is left, as far as a glance shows; nothing if it takes more."""
        _, region, partition, _ = self._where
        if form == "*" or len(ways) > 1 or any(one.negated for way in ways for one in way):
            return ""
        if ways and all(
            plainly_lacks(value, form, partition=partition, region=region) for one in ways[0] for value in one.arns
        ):
            return "no"
        if any(one.negated or may_begin(one, form, partition=partition, region=region) for one in denies):
            return ""
        some = not ways or any(
            plainly_meets(value, form, partition=partition, region=region) for one in ways[0] for value in one.arns
        )
        return "yes" if some else ""

    def _remainder(self, selected: tuple[Resources, ...], removed: tuple[Resources, ...], form: str) -> Remainder:
        if form == "*":
            answers = {selects_unnamed(one) for one in selected} | {_NOT[selects_unnamed(one)] for one in removed}
            return Remainder("no" if "no" in answers else "maybe" if "maybe" in answers else "yes", "*")
        _, region, partition, _ = self._where
        if form in FLAT and (selected or removed):
            removed = (*removed, _impossible(form, partition))
        return remainder(selected, removed, form, partition=partition, region=region)

    def _picked(self, bits: int) -> list[Resources]:
        return [one.resources for at, one in enumerate(self._places) if bits >> at & 1]

    def _why(self, held: _Held) -> str:
        """Say what it is that nobody can know."""
        doubtful = [one.clause for at, one in enumerate(self._places) if (held.possible & ~held.certain) >> at & 1]
        others = [one.clause for at, one in enumerate(self._places) if held.certain >> at & 1]
        reasons = [reason for clause in (*doubtful, *others) if (reason := clause.why)]
        if reasons:
            return reasons[0]
        if self._forms is None:
            return f"{self._where.action} is not documented, so that nobody knows which resources it takes"
        if not is_composite(self._where.action):
            return f"AWS does not say whether {self._where.action} needs each of its resources or one"
        return "AWS does not document how far the wildcards of a resource reach"


_ORDER: dict[Truth, int] = {False: 0, None: 1, True: 2}
_NOT: dict[str, Literal["yes", "maybe", "no"]] = {"yes": "no", "maybe": "maybe", "no": "yes"}


@lru_cache(maxsize=1024)
def _options(allows: tuple[Resources, ...]) -> tuple[Resources, ...]:
    """Join what any of several statements is about; only NotResource stands alone."""
    positive = tuple(dict.fromkeys(value for one in allows if not one.negated for value in one.arns))
    negated = tuple(dict.fromkeys(one for one in allows if one.negated))
    return (*((Resources(positive),) if positive else ()), *negated)


@lru_cache(maxsize=16)
def _impossible(form: str, partition: str) -> Resources:
    return Resources((arn(FLAT[form].format(partition)),))


def _on_arn(resources: Resources, text: str) -> bool:
    """Whether a resource is surely among those of a statement; `*` is that of an action that takes none."""
    if text == "*":
        return selects_unnamed(resources) == "yes"
    matched = any(pattern.matches(text) for one in resources.arns for pattern in one.certain)
    return matched is not resources.negated


def _miss(clause: Clause, where: Place, decision: Decision) -> str:
    """Say why a Deny does not hold for the request that was found."""
    if clause.speaks_of(where.action) is False:
        return f"its NotAction leaves out {where.action}" if clause.but else f"it is not about {where.action}"
    for atom in clause.conditions:
        known = atom.at(where.region) if atom.regional else atom
        value = decision.request.get(atom.key)
        if known.holds(value) is False:
            return f"its condition does not hold where {atom.name} is {'absent' if value is None else repr(value)}"
    return "it is about other resources"


def _is_always(atom: Atom) -> bool:
    """Whether every request has the key of an atom."""
    known = key(atom.name)
    return known is not None and known.presence != "sometimes"


def _domain(name: str, group: Sequence[Atom], principals: tuple[str, ...]) -> Contexts:
    """Give the values to try for a key."""
    known = key(group[0].name)
    multivalued = known.multivalued if known is not None else any(atom.quantifier for atom in group)
    always = _is_always(group[0])
    kind = known.types[0] if known is not None and len(known.types) == 1 else "String"
    if name == _PRINCIPAL and principals:
        free = Atom(group[0].node, name, OPERATORS["arnlike"], "", if_exists=False, values=principals)
        domain = contexts([*group, free], multivalued=multivalued, always=always, type=kind)
        named = tuple(value for value in domain.named if not free.holds(value))
        return Contexts(domain.plain, named, domain.complete)
    return contexts(group, multivalued=multivalued, always=always, type=kind)
