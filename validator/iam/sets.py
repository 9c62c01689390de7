"""What is proved of policies that act together."""

from dataclasses import replace
from functools import lru_cache

from validator.document import Document, Node
from validator.iam.clause import EVERYTHING, Layer, joined, layer
from validator.iam.policy import Policy, PolicySet
from validator.iam.proof import Proof, prove
from validator.settings import Settings
from validator.suggest import listed
from validator.values import Cases, Scope, constant

# How bad a verdict is, where a template is deployed to several regions and each gives its own.
_WORST = ("escapes", "escapes-if", "undecided", "confined")


@lru_cache(maxsize=256)
def prove_set(policies: PolicySet, settings: Settings) -> Proof:
    """Prove that policies which act together are confined to the approved regions; the answer is remembered.

    Service control policies and boundaries grant nothing: without an identity policy they are judged as the ceiling of
    one that is allowed everything, and SCPs without an Allow as standing beside the full-access one.

    What is attached besides, and not at hand, can only allow more: an escape stays one, and policies are confined only
    if they are so beside one that allows everything.
    """
    found = _proved(policies, settings)
    if found.verdict != "confined" or not policies.missing:
        return found
    if _proved(at_most(policies), settings).verdict == "confined":
        return found
    return Proof("undecided", _not_at_hand(policies.missing))


def at_most(policies: PolicySet) -> PolicySet:
    """Give policies with one that allows everything in place of those that are not at hand."""
    return replace(policies, missing=(), full=policies.full or policies.node) if policies.missing else policies


def _not_at_hand(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return f"the text of {names[0]}, which is attached, is not at hand"
    return f"the texts of {listed(names)}, which are attached, are not at hand"


def _proved(policies: PolicySet, settings: Settings) -> Proof:
    proofs = [
        prove(found, settings.approved_regions, partition=settings.partition, exempt=settings.exempt)
        for _, found in deployments(policies, settings)
    ]
    return proofs[0] if len(proofs) == 1 else min(proofs, key=lambda proof: _WORST.index(proof.verdict))


@lru_cache(maxsize=256)
def deployments(policies: PolicySet, settings: Settings) -> tuple[tuple[str, tuple[Layer, ...]], ...]:
    """Give the layers as they are in each region that the policies are deployed to; the answer is remembered.

    A template's are there once for each way in which its parameters are given values that matter to them. One pair with
    an empty region for policies that are the same wherever they are deployed.
    """
    # Only a template's policies can differ by where they are deployed.
    if _template_of(policies) is None:
        return (("", tuple(_layers(policies, None))),)
    regions = settings.deploy_regions or ("",)
    return tuple([(region, found) for region in regions for found in variants(policies, region, settings)])


@lru_cache(maxsize=256)
def variants(policies: PolicySet, region: str, settings: Settings) -> tuple[tuple[Layer, ...], ...]:
    """Give the layers as deployed to a region, for each way in which that is done; the answer is remembered."""
    if (document := _template_of(policies)) is None:
        return tuple([found for _, found in deployments(policies, settings)])
    scopes = _scopes(policies, document, region, settings.partition)
    return tuple([tuple(_layers(policies, scope)) for scope in scopes])


def layers(policies: PolicySet, region: str, settings: Settings) -> list[Layer]:
    """Give the layers that must allow a request, as deployed to a region, in the first way; empty if it is unknown."""
    return list(variants(policies, region, settings)[0])


def _layers(policies: PolicySet, scope: Scope | None) -> list[Layer]:
    found: list[Layer] = []
    by_kind: dict[str, list[Policy]] = {}
    for policy in policies.policies:
        by_kind.setdefault(policy.kind, []).append(policy)
    for kind in ("scp", "rcp", "boundary", "session", "identity"):
        if kind not in by_kind:
            continue
        one = joined([layer([policy], scope=_scope_of(policy, scope)) for policy in by_kind[kind]])
        ceiling = kind in {"scp", "rcp"} and not any(clause.allows for clause in one.clauses)
        full = ceiling or (kind == "identity" and policies.full is not None)
        found.append(replace(one, full=full) if full else one)
    return found if "identity" in by_kind else [*found, EVERYTHING]


def _scope_of(policy: Policy, scope: Scope | None) -> Scope | None:
    """Give what evaluates a policy: the scope, if it is of the template that the policy stands in."""
    if scope is None or (template := _template(policy.node)) is None:
        return None
    return scope if scope.template.document is template else Scope(template.root, decide=False)


def _template(node: Node) -> Document | None:
    """Give the template that a policy stands in, in a text inside it or not; None for a file of its own."""
    document = node.document
    while document.outer is not None:
        document = document.outer.document
    return document if isinstance(document.value, dict) and "Resources" in document.value else None


def _template_of(policies: PolicySet) -> Document | None:
    """Give the first template that some of the policies stand in; None for plain files."""
    templates = (_template(policy.node) for policy in policies.policies)
    return next((one for one in templates if one is not None), None)


def _scopes(policies: PolicySet, document: Document, region: str, partition: str) -> tuple[Scope, ...]:
    """Give what evaluates the template that the policies stand in, as it is deployed."""
    pseudo: dict[str, Cases] = {"AWS::Partition": constant(partition)}
    if region:
        pseudo["AWS::Region"] = constant(region)
    found = policies.scopes(pseudo) if policies.scopes is not None else ()
    return found or (Scope(document.root, pseudo=pseudo),)
