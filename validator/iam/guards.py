"""Statements that speak of the requested region: what each one guards, and which regions its author had in mind."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from validator.document import Node
from validator.iam import regions
from validator.iam.actions import matches
from validator.iam.clause import REGION_KEYS, Clause, Layer, conditions
from validator.iam.condition import Atom
from validator.iam.globs import glob
from validator.iam.keys import key
from validator.iam.policy import Policy, Statement
from validator.lazy import kept
from validator.suggest import one_edit_apart

# What a statement does with the regions that its condition names.
Form = Literal["allows-in", "allows-elsewhere", "denies-in", "denies-elsewhere"]

REGION_KEY = "aws:RequestedRegion"


@dataclass(frozen=True, slots=True, eq=False)
class Guard:
    """A statement with a condition on the requested region by a string operator.

    Attributes:
        clause: The statement, as deployed.
        test: The one condition on the region that is meant here; a statement with two makes two guards.
    """

    clause: Clause
    test: Atom

    @property
    def form(self) -> Form:
        """What it does: a denylist is `denies-in` or `allows-elsewhere`; the other two name where one may act."""
        return _form(self.test, allows=self.clause.allows)

    @property
    def others(self) -> tuple[Atom, ...]:
        """The other conditions, which must hold at the same time."""
        return tuple(atom for atom in self.clause.conditions if atom is not self.test)

    @property
    def named(self) -> tuple[str, ...]:
        """The known regions, of any partition, among the values; none where one is not known."""
        return tuple(value for value in self.test.values if value in known_regions())


def guards(layers: Iterable[Layer]) -> Iterator[Guard]:
    """Yield the guards among the statements of some layers."""
    for one in layers:
        for clause in one.clauses:
            for atom in clause.conditions:
                if atom.key in REGION_KEYS and atom.operator.family == "string":
                    yield Guard(clause, atom)


def intended(found: Iterable[Guard]) -> tuple[str, ...]:
    """Give the regions in which guards mean to let something act: what they deny all others for, or else allow.

    Empty where none says it, or where what it says cannot be read. This stands in for the approved regions where none
    are configured.
    """
    every = [guard for guard in found if guard.test.key == REGION_KEY.lower()]
    for form in ("denies-elsewhere", "allows-in"):
        if meant := dict.fromkeys(name for guard in every if guard.form == form for name in guard.named):
            return tuple(meant)
    return ()


def sweeping_guards(layers: Sequence[Layer]) -> Iterator[Guard]:
    """Yield the guards that deny all that the layers allow, but for narrow rules about a few actions of many.

    Other conditions may exempt someone from them; they may not choose whom they are about.
    """
    every = list(guards(layers))
    if not every:
        return
    bound = {guard.clause for guard in every if guard.form == "allows-in"}
    allowed = [other for one in layers for other in one.clauses if other.allows and other not in bound]
    whole = any(one.full for one in layers) or not allowed or any(other.but for other in allowed)
    patterns = {pattern for other in allowed for pattern in other.patterns}

    @cache
    def covers(texts: tuple[str, ...]) -> bool:
        if any(set(text) <= {"*", ":"} for text in texts):
            return True
        return not whole and all(any(matches(text, other) for text in texts) for other in patterns)

    for guard in every:
        clause = guard.clause
        if clause.allows or not clause.anywhere or not all(_exempts(atom) for atom in guard.others):
            continue
        if clause.but or covers(clause.patterns):
            yield guard


@kept
def region_tests(statement: Statement) -> tuple[Atom, ...]:
    """List the conditions of a statement on the requested region, by whatever operator, as they are written."""
    if not speaks_of_region(statement):
        return ()
    return tuple(atom for atom in conditions(statement) if atom.key in REGION_KEYS)


@kept
def speaks_of_region(part: Statement | Policy) -> bool:
    """Say whether there is a condition on the requested region, well written or not: cheap, to ask before all else."""
    if isinstance(part, Policy):
        return any(speaks_of_region(statement) for statement in part.statements())
    condition = part.element("Condition")
    if not isinstance(condition, dict):
        return False
    return any(name.lower() in REGION_KEYS for names in condition.values() if isinstance(names, dict) for name in names)


def form_of(statement: Statement, test: Atom) -> Form | None:
    """Say what a statement does with the regions that a condition of it names; None where its Effect is not known."""
    effect = statement.effect
    if effect is None or effect.value not in {"Allow", "Deny"}:
        return None
    return _form(test, allows=effect.value == "Allow")


def may_add(region: str, statement: Statement, test: Atom, approved: Sequence[str]) -> bool:
    """Say whether a region may be written among a condition's values unasked: it opens nothing, or what is approved."""
    return region in approved or form_of(statement, test) in {"denies-in", "allows-elsewhere"}


def names(test: Atom) -> Iterator[Node]:
    """Yield the values that are meant as names or patterns of regions.

    Not those with a policy variable, or with what stands for a name in templates and in examples.
    """
    for node in test.operands:
        if isinstance(node.value, str) and not _PLACEHOLDER.search(node.value):
            yield node


@cache
def known_regions() -> frozenset[str]:
    """Give the regions of all partitions."""
    return frozenset(name for partition in regions.partitions() for name in regions.regions(partition))


def is_pattern(text: str) -> bool:
    """Say whether a text has a wildcard, for an operator that knows them."""
    return "*" in text or "?" in text


@lru_cache(maxsize=1024)
def matching(pattern: str, partition: str = "") -> tuple[str, ...]:
    """List the launched regions that a pattern matches, the best known first; of one partition, or of all."""
    compiled = glob(pattern)
    every = regions.regions(partition) if partition else known_regions()
    found = (name for name in every if regions.opt_in(name) is not None and compiled.matches(name))
    return tuple(sorted(found, key=lambda name: (regions.rank_region(name), name)))


def only_ec2(statement: Statement) -> bool | None:
    """Say whether a statement is about EC2, whose requests alone have `ec2:Region`.

    True if it is about nothing else, False if it is surely not about EC2 at all, None otherwise.
    """
    actions = statement.actions
    if actions is None or actions.negated or not actions.complete:
        return None
    prefixes = [str(node.value).lower().partition(":")[0] for node in actions.values]
    if all(prefix == "ec2" for prefix in prefixes):
        return True if prefixes else None
    return None if any(matches(prefix, "ec2") or _PLACEHOLDER.search(prefix) for prefix in prefixes) else False


def beside(test: Atom) -> tuple[str, ...]:
    """List the keys under the operator, this one included."""
    return tuple(name for name, _ in test.node.parent.items()) if test.node.parent is not None else ()


def operator_key(test: Atom) -> Node:
    """Give the key that names the operator."""
    return (test.node.parent or test.node).key


def operator_at(test: Atom) -> Node:
    """Give the place of an operator that is wrong for the region: the region's key, if others share the operator."""
    return operator_key(test) if len(beside(test)) == 1 else test.node.key


def always_present(test: Atom, statement: Statement) -> bool:
    """Say whether all that an operator compares is in every request that the statement is about."""
    present = REGION_KEYS if only_ec2(statement) else REGION_KEYS[:1]
    return all(name.lower() in present for name in beside(test))


def has_twin(test: Atom, statement: Statement) -> bool:
    """Say whether another operator of the Condition differs in prefix and suffix only, so that the two would merge."""
    bare = plain_operator(test.written).lower()
    every = statement.condition.items() if statement.condition is not None else ()
    return any(plain_operator(name).lower() == bare for name, _ in every if name != test.written)


def plain_operator(name: str) -> str:
    """Give an operator without its prefix for sets and its suffix."""
    bare = name.rpartition(":")[2]
    return bare[: -len("IfExists")] if bare.lower().endswith("ifexists") else bare


def is_spelled_out(node: Node) -> bool:
    """Say whether a text stands in the file as it is, quotes aside, and is nothing else's: no anchor hands it on."""
    text, start = node.text, node.region.start
    before = node.document.text[max(start - 200, 0) : start].split()[-1:]
    whole = text == node.value or (text[:1] in {'"', "'"} and text[1:-1] == node.value)
    return whole and not any(word.lstrip("[{,:?-").startswith(("&", "!", "*")) for word in before)


@lru_cache(maxsize=1024)
def meant_region_key(name: str) -> str:
    """Give the key that was meant by one that AWS does not have and that looks like the requested region's; or empty.

    Only these are so near that nothing else can have been meant: `aws:Region`, and what is nearly `RequestedRegion`
    under whatever prefix.
    """
    prefix, colon, rest = name.partition(":")
    bare = (rest if colon else prefix).lower().replace("-", "").replace("_", "")
    if bare == "region":
        near = prefix.lower() == "aws" or not colon
    else:
        near = bare in _MEANT or any(one_edit_apart(bare, meant) for meant in _MEANT)
    return REGION_KEY if near and key(name) is None else ""


_MEANT = ("requestedregion", "requestregion")
# Beside what template languages have: `{example-region-1}`, `[REGION]`, `YOUR_REGION`.
_PLACEHOLDER = re.compile(r"[$%]\(|[{}<>\[\]]|region", re.IGNORECASE)


def _form(test: Atom, *, allows: bool) -> Form:
    if allows:
        return "allows-elsewhere" if test.operator.negated else "allows-in"
    return "denies-elsewhere" if test.operator.negated else "denies-in"


def _exempts(atom: Atom) -> bool:
    return atom.key not in REGION_KEYS and (atom.operator.negated or atom.operator.family in {"null", "bool"})
