"""Sets of policies that act together, and what is proved of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from validator.document import Node
from validator.iam.clause import EVERYTHING, Layer, layer
from validator.iam.policy import Policy
from validator.iam.proof import Proof, prove
from validator.settings import Settings
from validator.values import Case, Scope, constant

# How bad a verdict is, where a template is deployed to several regions and each gives its own.
_WORST = ("escapes", "escapes-if", "undecided", "confined")


# Compared by identity: nodes of the same place in two files of one name are equal, but what is proved of them is not.
@dataclass(frozen=True, eq=False)
class PolicySet:
    """Policies that act together: one alone, all that are inline in one role, or what the configuration groups.

    Service control policies and boundaries grant nothing: without an identity policy they are judged as the ceiling of
    one that is allowed everything, and SCPs without an Allow as standing beside the full-access one.
    """

    policies: tuple[Policy, ...]

    @property
    def node(self) -> Node:
        """The first policy's node: where something is said of the whole set."""
        return self.policies[0].node

    @property
    def guessed(self) -> bool:
        """Whether the kind of a policy rests on a name."""
        return any(policy.guessed for policy in self.policies)

    def proof(self, settings: Settings) -> Proof:
        """Prove that the set is confined to the approved regions; remembered, for there are several who ask."""
        return _proof(self, settings)

    def layers(self, region: str, settings: Settings) -> list[Layer]:
        """Give the layers that must allow a request, as deployed to a region; empty if that is not known."""
        scope = _scope(self.node, region, settings.partition)
        found: list[Layer] = []
        for kind in ("scp", "rcp", "boundary", "session", "identity"):
            policies = [policy for policy in self.policies if policy.kind == kind]
            if not policies:
                continue
            one = layer(policies, scope=scope)
            ceiling = kind in {"scp", "rcp"} and not any(clause.allows for clause in one.clauses)
            found.append(Layer(one.clauses, full=ceiling))
        return found if any(policy.kind == "identity" for policy in self.policies) else [*found, EVERYTHING]


@lru_cache(maxsize=256)
def _proof(policies: PolicySet, settings: Settings) -> Proof:
    proofs = [
        prove(
            policies.layers(region, settings),
            settings.approved_regions,
            partition=settings.partition,
            exempt=settings.exempt,
        )
        for region in _regions(policies, settings)
    ]
    return min(proofs, key=lambda proof: _WORST.index(proof.verdict))


def _regions(policies: PolicySet, settings: Settings) -> Iterator[str]:
    """Yield the regions in which the policies are deployed: only a template's can differ by it."""
    templated = any("Resources" in _root(policy.node) for policy in policies.policies)
    yield from (settings.deploy_regions if templated else ()) or ("",)


def _root(node: Node) -> dict[str, object]:
    document = node.document
    while document.outer is not None:
        document = document.outer.document
    return document.value if isinstance(document.value, dict) else {}  # type: ignore[return-value]


def _scope(node: Node, region: str, partition: str) -> Scope | None:
    document = node.document
    while document.outer is not None:
        document = document.outer.document
    if document.root.get("Resources") is None:
        return None
    pseudo: dict[str, tuple[Case, ...]] = {"AWS::Partition": constant(partition)}
    if region:
        pseudo["AWS::Region"] = constant(region)
    return Scope(document.root, pseudo=pseudo)
