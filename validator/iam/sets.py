"""What is proved of policies that act together."""

from collections.abc import Iterator
from functools import lru_cache

from validator.document import Node
from validator.iam.clause import EVERYTHING, Layer, layer
from validator.iam.policy import PolicySet
from validator.iam.proof import Proof, prove
from validator.settings import Settings
from validator.values import Case, Scope, constant

# How bad a verdict is, where a template is deployed to several regions and each gives its own.
_WORST = ("escapes", "escapes-if", "undecided", "confined")


@lru_cache(maxsize=256)
def prove_set(policies: PolicySet, settings: Settings) -> Proof:
    """Prove that policies which act together are confined to the approved regions; the answer is remembered.

    Service control policies and boundaries grant nothing: without an identity policy they are judged as the ceiling of
    one that is allowed everything, and SCPs without an Allow as standing beside the full-access one.
    """
    proofs = [
        prove(found, settings.approved_regions, partition=settings.partition, exempt=settings.exempt)
        for _, found in deployments(policies, settings)
    ]
    return min(proofs, key=lambda proof: _WORST.index(proof.verdict))


@lru_cache(maxsize=256)
def deployments(policies: PolicySet, settings: Settings) -> tuple[tuple[str, tuple[Layer, ...]], ...]:
    """Give the layers as they are in each region that the policies are deployed to; the answer is remembered.

    One pair with an empty region for policies that are the same wherever they are deployed.
    """
    return tuple((region, tuple(layers(policies, region, settings))) for region in _regions(policies, settings))


def layers(policies: PolicySet, region: str, settings: Settings) -> list[Layer]:
    """Give the layers that must allow a request, as deployed to a region; empty if that is not known."""
    scope = _scope(policies.node, region, settings.partition)
    found: list[Layer] = []
    for kind in ("scp", "rcp", "boundary", "session", "identity"):
        own = [policy for policy in policies.policies if policy.kind == kind]
        if not own:
            continue
        one = layer(own, scope=scope)
        ceiling = kind in {"scp", "rcp"} and not any(clause.allows for clause in one.clauses)
        found.append(Layer(one.clauses, full=ceiling))
    return found if any(policy.kind == "identity" for policy in policies.policies) else [*found, EVERYTHING]


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
