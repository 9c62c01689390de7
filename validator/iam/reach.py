"""Where policies let actions be called: the picture behind the proof, region by region."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from validator.iam import regions
from validator.iam.catalogue import READS, WELL_KNOWN, ActionSet, Universe
from validator.iam.clause import Layer
from validator.iam.decision import Kind, decide

# Services that the picture shows where a policy speaks of all of them.
_PROMINENT = tuple(dict.fromkeys(action.partition(":")[0] for action in WELL_KNOWN))
_MOST_SERVICES = 40


@dataclass(frozen=True, slots=True)
class Reach:
    """One action, and whether it can be called in each known region.

    Attributes:
        reads: Whether it only lists or reads.
        regions: The decision's kind by region.
    """

    action: str
    reads: bool
    regions: Mapping[str, Kind]


def reach(
    layers: Sequence[Layer], actions: Iterable[str], *, partition: str = "aws", principals: tuple[str, ...] = ()
) -> list[Reach]:
    """Decide about each action in each known region of a partition.

    Args:
        layers: Policies that act together; each layer must allow a request.
        actions: As prefix:Name; if there are none, of each service that is allowed one that writes and one that reads.
        partition: Whose regions there are.
        principals: ARN patterns of those who do not count.
    """
    universe = Universe(pattern for one in layers for clause in one.clauses for pattern in clause.patterns)
    reading = universe.at(READS)
    return [
        Reach(
            action,
            action in reading,
            {
                region: decide(layers, action, region, partition=partition, principals=principals).kind
                for region in _called(action, partition)
            },
        )
        for action in [*actions] or _shown(layers, universe)
    ]


def _called(action: str, partition: str) -> Iterable[str]:
    """Give the regions in which an action can be called at all: for a global service, where it is at home."""
    home = regions.home(action.partition(":")[0].lower(), partition)
    return [region for region in regions.regions(partition) if home is None or region in home]


def _shown(layers: Sequence[Layer], universe: Universe) -> list[str]:
    """Choose the best known action that writes and that reads, of each service that every layer allows."""
    allowed = universe.everything
    for layer in layers:
        if not layer.full:
            allowed &= _union(universe, layer)
    reading = universe.at(READS)
    services = sorted(allowed.named) if not allowed.rest else [*_PROMINENT]
    found: list[str] = []
    for service in services[:_MOST_SERVICES]:
        own = allowed & universe.matching(f"{service}:*")
        found += [action for part in (own - reading, own & reading) for action in part.best(1)]
    return found


def _union(universe: Universe, layer: Layer) -> ActionSet:
    found = universe.nothing
    for clause in layer.clauses:
        if clause.allows:
            named = universe.matching(*clause.patterns)
            found |= universe.everything - named if clause.but else named
    return found
