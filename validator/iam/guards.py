"""Statements that speak of the requested region: what each one guards, and which regions its author had in mind."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from validator.iam import regions
from validator.iam.clause import REGION_KEYS, Clause, Layer
from validator.iam.condition import Atom, atoms
from validator.iam.keys import key
from validator.iam.policy import Statement
from validator.suggest import nearest

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
        if self.clause.allows:
            return "allows-elsewhere" if self.test.operator.negated else "allows-in"
        return "denies-elsewhere" if self.test.operator.negated else "denies-in"

    @property
    def others(self) -> tuple[Atom, ...]:
        """The other conditions, which must hold at the same time."""
        return tuple(atom for atom in self.clause.conditions if atom is not self.test)

    @property
    def named(self) -> tuple[str, ...]:
        """The known regions, of any partition, among the values; none where one is not known."""
        known = {name for partition in regions.partitions() for name in regions.regions(partition)}
        return tuple(value for value in self.test.values if value in known)


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


def region_tests(statement: Statement) -> Iterator[Atom]:
    """Yield the conditions of a statement on the requested region, by whatever operator, as they are written."""
    for atom in atoms(statement.condition, variables=statement.policy.variables):
        if atom.key in REGION_KEYS:
            yield atom


def meant_region_key(name: str) -> str:
    """Give the key that was meant by one that AWS does not have and that looks like the requested region's; or empty.

    Only these are so near that nothing else can have been meant: `aws:Region`, and what is nearly `RequestedRegion`
    under whatever prefix.
    """
    if key(name) is not None:
        return ""
    prefix, colon, rest = name.partition(":")
    bare = (rest if colon else prefix).lower().replace("-", "").replace("_", "")
    if bare == "region":
        return REGION_KEY if not colon or prefix.lower() == "aws" else ""
    return REGION_KEY if bare in _MEANT or nearest(bare, _MEANT) else ""


_MEANT = ("requestedregion", "requestregion")
