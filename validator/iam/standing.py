"""The statements that can apply to an action in a region, and what they settle before any request is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from validator.iam.actions import services
from validator.iam.alike import EC2_REGION, REGION
from validator.iam.arns import Resources, covers_all
from validator.iam.clause import Clause, Layer
from validator.iam.condition import Atom, Context
from validator.iam.keys import is_in_many_services

# Statements about one action that are compared; and characters in their resources.
MAX_STATEMENTS = 200
MAX_CHARACTERS = 20_000
# Whose requests carry keys of another service: found in the catalogue.
_SHARED = {
    "arc-zonal-shift": {"elasticloadbalancing"},
    "cases": {"connect"},
    "ec2-instance-connect": {"ec2"},
    "ec2messages": {"ec2", "ssm"},
    "iotjobsdata": {"iot"},
    "q": {"identitystore"},
    "qbusiness": {"identitystore"},
    "ssm": {"ec2"},
    "ssmmessages": {"ec2", "ssm"},
    "sts": {"iam"},
    "xray": {"logs"},
}


def too_many(clauses: Sequence[Clause]) -> str:
    """Say why statements about one action are not compared; empty if they are."""
    if len(clauses) > MAX_STATEMENTS:
        return f"more than {MAX_STATEMENTS} statements are about one action"
    if sum(one.size for clause in clauses for one in clause.on("").arns) > MAX_CHARACTERS:
        return f"the resources have more than {MAX_CHARACTERS} characters"
    return ""


class Place(NamedTuple):
    """What a decision is about: see `decide`."""

    action: str
    region: str
    partition: str = "aws"
    principals: tuple[str, ...] = ()

    @property
    def service(self) -> str:
        """The action's prefix."""
        return self.action.partition(":")[0].lower()

    @property
    def tied(self) -> dict[str, Context]:
        """The keys that follow from the region."""
        return {REGION: self.region, EC2_REGION: self.region if self.service == "ec2" else None}


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A clause that can apply to an action in a region.

    Attributes:
        certain: It does apply, if its free atoms hold, to its resources.
        free: The atoms on keys that do not follow from the region.
    """

    clause: Clause
    layer: int
    certain: bool
    free: tuple[Atom, ...]
    resources: Resources


def standing(layers: Sequence[Layer], where: Place, *, sure: bool = False) -> list[Standing]:
    """Choose the clauses that can apply; `sure` ones of their actions are known to be about this one."""
    found = []
    tied = where.tied
    named = not where.action.endswith(":")
    for at, one in enumerate(layers):
        for clause in one.clauses:
            speaks = clause.sure if sure or not named else None
            speaks = clause.speaks_of(where.action) if named and speaks is None else speaks
            if speaks is False:
                continue
            certain = speaks is True and not clause.unknown
            free: list[Atom] = []
            for atom in clause.conditions:
                atom = atom.at(where.region) if atom.regional else atom  # noqa: PLW2901
                if atom.key in tied or atom.unknown:
                    truth = atom.holds(tied.get(atom.key))
                elif not named or may_carry(where.service, atom.key):
                    free.append(atom)
                    continue
                else:
                    truth = atom.holds(None)
                if truth is False:
                    break
                certain = certain and truth is True
            else:
                found.append(Standing(clause, at, certain, tuple(free), clause.on(where.region)))
    return found


def may_carry(service: str, key: str) -> bool:
    """Say whether a request to a service can have a condition key: of other services' own keys, hardly any."""
    prefix = key.partition(":")[0]
    return (
        prefix == service or prefix not in services() or is_in_many_services(key) or prefix in _SHARED.get(service, ())
    )


def is_open(layers: Sequence[Layer], places: Sequence[Standing]) -> bool:
    """Whether each layer has an Allow, and no Deny holds for every request."""
    if any(not one.clause.allows and one.certain and not one.free and covers_all(one.resources) for one in places):
        return False
    allowing = {one.layer for one in places if one.clause.allows}
    return all(one.full or at in allowing for at, one in enumerate(layers))


def allows_all(layers: Sequence[Layer], places: Sequence[Standing]) -> bool:
    """Whether every layer allows every request, and none has a Deny."""
    if not all(one.clause.allows for one in places):
        return False
    granting = {one.layer for one in places if one.certain and not one.free and covers_all(one.resources)}
    return all(one.full or at in granting for at, one in enumerate(layers))
