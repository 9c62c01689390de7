"""The proof that policies are confined to the approved regions, or witnesses of what can be called elsewhere.

Actions that all statements treat alike are one to the proof; so it asks `decide` about few actions in every region.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from validator.document import Node
from validator.iam import regions
from validator.iam.actions import services
from validator.iam.alike import apart, documented, near
from validator.iam.catalogue import ActionSet, Universe, rank
from validator.iam.classes import MAX_CLASSES, Class, classes, grouped
from validator.iam.clause import EVERYTHING, REGION_KEYS, Clause, Layer, layer
from validator.iam.decision import Decision, Kind, decide, outcome, stopped
from validator.iam.glance import Seen, glance
from validator.iam.standing import Place, may_carry
from validator.lazy import lazy
from validator.settings import Exempt

__all__ = ["EVERYTHING", "Decision", "Layer", "Proof", "Verdict", "Witness", "decide", "layer", "prove"]

Verdict = Literal["confined", "escapes", "escapes-if", "undecided"]

# Services whose calls are tolerated in every region, and said: STS answers in all of them by design.
TOLERATED = ("sts",)
# Questions about resources that one proof asks at most, some seconds' worth; what no answer showed is undecided.
MAX_EFFORT = 60_000
# More than these no policy has; proofs of such would take seconds.
MAX_STATEMENTS = 1_000
MAX_ACTIONS = 20_000
_MOST_WITNESSES = 3
_RANK: dict[str, int] = {"always": 0, "if": 1, "unknown": 2}
_VERDICTS: dict[str, Verdict] = {"always": "escapes", "if": "escapes-if", "unknown": "undecided"}


# Never changed; not frozen, which would take most of the time to make one.
@dataclass(eq=False)
class Witness:
    """An action that can be called outside the approved regions; how is worked out when asked.

    Attributes:
        kind: As in Decision, without `never`.
        reason: Why it is unknown.
        layers: All the policies.
    """

    where: Place
    kind: Kind
    reason: str
    layers: Sequence[Layer] = field(repr=False)

    @property
    def action(self) -> str:
        """The action, as prefix:Name."""
        return self.where.action

    @property
    def region(self) -> str:
        """The region, or a name that stands for those not yet launched."""
        return self.where.region

    @lazy
    def decision(self) -> Decision:
        """The request, the statement that allows it, and why each Deny misses it."""
        action, region, partition, principals = self.where
        found = decide(self.layers, action, region, partition=partition, principals=principals)
        return found if found.kind == self.kind else Decision(self.kind, reason=self.reason)

    @lazy
    def allow(self) -> Clause | None:
        """The statement that allows it; None if nothing does but the full access that was assumed."""
        # Where nothing is denied and the first that is about it needs nothing else, no decision has to be made again.
        if len(self.layers) == 1 and all(clause.allows for clause in self.layers[0].clauses):
            about = (clause for clause in self.layers[0].clauses if clause.speaks_of(self.action) is not False)
            if (first := next(about, None)) is not None and first.plain:
                return first
        return self.decision.allow

    @property
    def at(self) -> Node | None:
        """The Action or NotAction that allows it; None if nothing does but the full access that was assumed."""
        allow = self.allow
        return allow.statement.actions.node if allow is not None and allow.statement.actions is not None else None

    @property
    def because(self) -> tuple[tuple[Node, str], ...]:
        """The Deny statements, each with why it does not stop it."""
        if all(clause.allows for one in self.layers for clause in one.clauses):
            return ()
        return tuple(
            (clause.statement.node, f"this Deny does not stop it: {why}") for clause, why in self.decision.denies
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved of a set of policies.

    Attributes:
        reason: Why it is undecided; empty for any other verdict.
        witnesses: The best three, for `escapes` and `escapes-if`; what could not be decided, for `undecided`.
        reads: A witness among actions that only list or read, which are tolerated; None if none of them escapes, or for
            `escapes`, where none is looked for.
        exempt: Services that do write elsewhere and may: exempted by the configuration, or tolerated. All of them,
            unless something `escapes`.
        homes: Global services that are called outside the approved regions because they are at home there; likewise.
    """

    verdict: Verdict
    reason: str = ""
    witnesses: tuple[Witness, ...] = ()
    reads: Witness | None = None
    exempt: tuple[str, ...] = ()
    homes: tuple[str, ...] = ()


def prove(
    layers: Sequence[Layer], approved: Iterable[str], *, partition: str = "aws", exempt: Exempt | None = None
) -> Proof:
    """Prove that nothing can be called outside the approved regions, or find what can.

    Args:
        layers: Policies that act together; each layer must allow a request.
        approved: Regions by name.
        partition: Whose regions there are.
        exempt: What may act elsewhere.
    """
    return _Prover(layers, frozenset(approved), partition, exempt or Exempt()).prove()


class _Prover:
    def __init__(self, layers: Sequence[Layer], approved: frozenset[str], partition: str, exempt: Exempt) -> None:
        self._layers = layers
        self._approved = approved
        self._partition = partition
        self._exempt = exempt
        self._clauses = [clause for one in layers for clause in one.clauses]
        self._effort = 0
        self._tolerated: set[str] = set()
        self._homes: set[str] = set()

    @lazy
    def _universe(self) -> Universe:
        return Universe([*(pattern for one in self._clauses for pattern in one.patterns), *self._exempt.actions])

    @lazy
    def _regions(self) -> tuple[tuple[str, ...], bool]:
        """The regions that are not approved, and whether these are all."""
        return _outside(frozenset(_region_texts(self._clauses)), self._approved, self._partition)

    @property
    def _outside(self) -> tuple[str, ...]:
        return self._regions[0]

    @lazy
    def _keyed(self) -> set[str]:
        """Keys that only requests to some services carry."""
        keys = {atom.key for clause in self._clauses for atom in clause.conditions}
        return {key for key in keys if key.partition(":")[0] in services()}

    def prove(self) -> Proof:
        if reason := self._refused():
            return Proof("undecided", reason)
        if (seen := self._seen()) is not None:
            writes, reads = ([self._witness(one, self._somewhere, "always", "") for one in some] for some in seen)
            return Proof("escapes" if writes else "confined", "", tuple(writes), next(iter(reads), None))
        free = self._universe.matching(*self._exempt.actions)
        groups = grouped(self._layers, self._universe)
        split = classes(self._layers, groups, self._universe, self._universe.everything - free)
        if split is None:
            return Proof("undecided", f"statements tell more than {MAX_CLASSES} sets of actions apart")
        writes = self._escapes([(one, one.actions.writes()) for one in split])
        exempt, homes = tuple(sorted(self._tolerated)), tuple(sorted(self._homes))
        escapes = bool(writes) and writes[0].kind == "always"
        reads = [] if escapes else self._escapes([(one, one.actions.reads()) for one in split], 1)
        return replace(self._proof(writes, reads), exempt=exempt, homes=homes)

    def _seen(self) -> Seen | None:
        """Give the escapes that a glance shows."""
        if self._exempt.actions or not self._somewhere:
            return None
        settled = _settled(self._exempt.services, self._partition)
        return glance(self._layers, self._somewhere, self._partition, settled=settled, most=_MOST_WITNESSES)

    @lazy
    def _somewhere(self) -> str:
        """The region in which an escape is best shown; empty if all are approved."""
        return next(iter(_outside(frozenset(), self._approved, self._partition)[0]), "")

    def _proof(self, writes: Sequence[Witness], reads: Sequence[Witness]) -> Proof:
        """Judge by the best witnesses among actions that write, and that read."""
        read = reads[0] if reads else None
        if writes:
            kind = writes[0].kind
            found = _distinct(one for one in writes if one.kind == kind)
            return Proof(_VERDICTS[kind], writes[0].reason, tuple(found), read)
        doubt = "" if self._regions[1] else "regions are compared with too many patterns"
        doubt = doubt or ("" if self._universe.complete else "too many actions are not documented")
        doubt = doubt or (
            f"it takes more than {MAX_EFFORT} questions about resources" if self._effort > MAX_EFFORT else ""
        )
        return Proof("undecided" if doubt else "confined", doubt, (), read)

    def _escapes(self, parts: Iterable[tuple[Class, ActionSet]], most: int = _MOST_WITNESSES) -> list[Witness]:
        """Find the best escapes; what shows them less well is not looked at once enough are certain."""
        parts = [(whole, actions) for whole, actions in parts if actions]
        ordered = [(0, 0, *parts[0])] if len(parts) == 1 else []
        if len(parts) > 1:
            ordered = [(actions.first, at, whole, actions) for at, (whole, actions) in enumerate(parts)]
            ordered.sort(key=lambda one: one[:2])
        # What needs something special, or nobody knows, matters only where nothing escapes without.
        found = self._best([one for one in ordered if one[2].may_open], most, sure=True) or self._best(ordered, most)
        found.sort(key=lambda one: (_RANK[one.kind], rank(one.action), regions.rank_region(one.region), one.action))
        return found

    def _best(
        self, ordered: Iterable[tuple[int, int, Class, ActionSet]], most: int, *, sure: bool = False
    ) -> list[Witness]:
        found: list[Witness] = []
        for place, _, whole, actions in ordered:
            if self._effort > MAX_EFFORT:
                break
            certain = {one.action for one in found if one.kind == "always" and rank(one.action) <= place}
            if len(certain) >= most:
                break
            found += self._best_of(whole, actions, most) or self._escapes_of(whole, actions, sure=sure)
        return found

    def _refused(self) -> str:
        """Say why a proof is not even tried."""
        if reason := next((one.unknown for one in self._layers if one.unknown), ""):
            return reason
        if not regions.regions(self._partition):
            return f"the regions of the partition {self._partition!r} are not known"
        if len(self._clauses) > MAX_STATEMENTS:
            return f"there are more than {MAX_STATEMENTS} statements"
        if sum([len(one.actions) + len(one.doubtful) for one in self._clauses]) > MAX_ACTIONS:
            return f"the statements name more than {MAX_ACTIONS} actions"
        return ""

    def _best_of(self, whole: Class, actions: ActionSet, most: int) -> list[Witness]:
        """Give the best actions of a class if all of them surely escape, so that no other has to be looked at."""
        found: list[Witness] = []
        if not self._outside or whole.too_many:
            return found
        for action in actions.best(most):
            service = action.partition(":")[0].lower()
            if self._tolerates(service) or regions.home(service, self._partition) is not None:
                return []
            if whole.opens(action, self._outside[0], self._partition):
                self._effort += 1
                found.append(self._witness(action, self._outside[0], "always", ""))
                continue
            escape = self._escape(whole, action, None, sure=True)
            if escape is None:
                return []
            found.append(escape)
        return found

    def _escapes_of(self, whole: Class, actions: ActionSet, *, sure: bool) -> Iterator[Witness]:
        """Yield the best escapes among actions that all statements are about, or none."""
        groups = whole.alike.get(actions.number())
        if groups is None:
            groups = whole.alike[actions.number()] = self._alike(whole, actions) if self._anywhere_open(whole) else []
        if not groups:
            return
        if reason := whole.too_many:
            if not sure:
                yield self._witness(actions.best(1)[0], self._outside[0], "unknown", reason)
            return
        for each in groups:
            if self._effort > MAX_EFFORT:
                return
            group = each.best(_MOST_WITNESSES)
            first = group[0]
            service = first.partition(":")[0].lower()
            home = regions.home(service, self._partition)
            if sure and (home is not None or self._tolerates(service)):
                continue
            if (escape := self._escape(whole, first, home, sure=sure)) is None:
                continue
            if self._tolerates(service):
                self._tolerated.add(service)
            elif home is not None:
                self._homes.add(service)
            else:
                yield escape
                for action in group[1:]:
                    kind, reason = self._outcome(whole, action, escape.region, sure=sure)
                    if kind == escape.kind:
                        yield self._witness(action, escape.region, kind, reason)

    def _anywhere_open(self, whole: Class) -> bool:
        """Whether some request may get past the statements that are about every resource."""
        return any(not stopped(whole.layers, service, region) for region in self._outside for service in ("", "ec2"))

    def _tolerates(self, service: str) -> bool:
        return service in self._exempt.services or service in TOLERATED

    def _special(self, service: str) -> tuple[object, ...]:
        """Say in what a service differs from most others; nothing, for most."""
        home = regions.home(service, self._partition)
        carried = tuple(sorted(key for key in self._keyed if may_carry(service, key)))
        own = service if self._tolerates(service) or home is not None else ""
        return (own, home, carried, service == "ec2" and any(key in REGION_KEYS for key in self._keyed))

    def _alike(self, whole: Class, actions: ActionSet) -> list[ActionSet]:
        """Group actions that no statement, resource or key tells apart."""
        clauses = whole.clauses
        heads = None
        if not all(clause.anywhere for clause in clauses):
            heads = frozenset(one.head for clause in clauses if not clause.anywhere for one in clause.on("").arns)
        found: dict[object, dict[str, int]] = {}
        for service in actions.services():
            bits = actions.bits(service)
            special = self._special(service)
            if heads is None:
                found.setdefault(special, {})[service] = bits
                continue
            for arranged, some in near(service, heads, self._partition):
                if some & bits:
                    here = found.setdefault((special, arranged), {})
                    here[service] = here.get(service, 0) | some & bits
            known = len(self._universe.service(service).names) and documented(service)
            if extra := bits & ~known:
                found[service, "undocumented"] = {service: extra}
        return [self._universe.of(group) for group in found.values()]

    def _place(self, action: str, region: str) -> Place:
        return Place(action, region, self._partition, self._exempt.principals)

    def _outcome(self, whole: Class, action: str, region: str, *, sure: bool) -> tuple[Kind, str]:
        """Decide about an action; if only what is sure counts, anything but `always` is `never`."""
        asked = whole.sort(action), region
        if asked in whole.known:
            kind, reason = whole.known[asked]
            return (kind, reason) if kind == "always" or not sure else ("never", "")
        if sure and asked in whole.shut:
            return "never", ""
        found = outcome(whole.layers, self._place(action, region), sure=sure)
        self._effort += found.effort
        if sure and found.kind != "always":
            whole.shut.add(asked)
        else:
            whole.known[asked] = found.kind, found.reason
        return found.kind, found.reason

    def _witness(self, action: str, region: str, kind: Kind, reason: str) -> Witness:
        return Witness(self._place(action, region), kind, reason, self._layers)

    def _escape(self, whole: Class, action: str, home: frozenset[str] | None, *, sure: bool) -> Witness | None:
        best: Witness | None = None
        names = self._outside if home is None else [one for one in self._outside if one in home]
        for region in self._told_apart(whole, action, names):
            kind, reason = self._outcome(whole, action, region, sure=sure)
            if kind == "always":
                return self._witness(action, region, kind, reason)
            if kind != "never" and (best is None or _RANK[kind] < _RANK[best.kind]):
                best = self._witness(action, region, kind, reason)
        return best

    def _told_apart(self, whole: Class, action: str, names: Sequence[str]) -> Iterator[str]:
        """Yield regions that stand for all; the first without asking what it stands for, which mostly settles it."""
        yield from names[:1]
        if len(names) > 1:
            sort = whole.sort(action)
            if sort not in whole.apart:
                whole.apart[sort] = apart(whole.clauses, action, names, self._partition)[1:]
            yield from whole.apart[sort]


@lru_cache(maxsize=256)
def _outside(texts: frozenset[str], approved: frozenset[str], partition: str) -> tuple[tuple[str, ...], bool]:
    """List the regions that are not approved, those first in which a witness is best shown, and say if these are all.

    Args:
        texts: What regions are compared with.
        approved: Regions by name.
        partition: Whose regions there are.
    """
    domain = regions.domain(texts | approved, partition)
    written = (name for name in domain.written if not _slip(name, partition))
    others = (name for name in (*domain.known, *written, *domain.future) if name not in approved)
    return tuple(sorted(others, key=lambda one: (regions.rank_region(one), one))), domain.complete


@lru_cache(maxsize=64)
def _settled(exempt: tuple[str, ...], partition: str) -> frozenset[str]:
    """List the services that may be called elsewhere, or are at home in some regions."""
    return frozenset((*exempt, *TOLERATED, *regions.at_home(partition)))


def _slip(name: str, partition: str) -> bool:
    """Whether a name is nearly a region's, and misspelled: no request will ever be made there."""
    places = {known.split("-")[-2] for known in regions.regions(partition)}
    return name.split("-")[-2] not in places and bool(regions.suggest(name, partition))


def _region_texts(clauses: Iterable[Clause]) -> Iterator[str]:
    """Yield what regions are compared with: in conditions, and in the ARNs of resources."""
    for clause in clauses:
        for atom in clause.conditions:
            if atom.key in REGION_KEYS:
                yield from (value.lower() if atom.operator.ignore_case else value for value in atom.values)
        yield from clause.on("").regions


def _distinct(escapes: Iterable[Witness]) -> list[Witness]:
    """Keep the best escapes, no two of them the same action."""
    found: dict[str, Witness] = {}
    for one in escapes:
        found.setdefault(one.action, one)
    return list(found.values())[:_MOST_WITNESSES]
