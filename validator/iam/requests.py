"""Requests of which more is asked than the action: on a resource that nobody named, with keys of known values."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path

from validator.document import Node
from validator.iam import regions
from validator.iam.actions import matches
from validator.iam.alike import apart
from validator.iam.arns import arn
from validator.iam.clause import Clause, Layer, Truth, Written
from validator.iam.condition import Context
from validator.iam.decision import NEVER, Decision, decide
from validator.iam.policy import PolicySet
from validator.iam.principals import carrier
from validator.iam.sets import deployments
from validator.iam.standing import too_many
from validator.settings import Settings

# A name that no policy has: whoever may do something to it may do it to any.
_UNNAMED = "unnamed-by-any-policy"
_SOME_ACCOUNT = "123456789012"
_KINDS = ("always", "if", "unknown", "never")


@dataclass(frozen=True, slots=True)
class Request:
    """A request.

    Attributes:
        on: The type of an IAM resource that no policy names, such as `role`, or an ARN; empty if any resource will do.
        known: Condition keys, in small letters, whose values are given.
    """

    action: str
    on: str = ""
    known: Mapping[str, Context] = field(default_factory=dict)

    @property
    def service(self) -> str:
        """The prefix of the action, in small letters."""
        return self.action.partition(":")[0].lower()


def ask(policies: PolicySet, request: Request, settings: Settings) -> Decision:
    """Decide whether a request can be made under policies that act together, wherever they are deployed."""
    found = (answer(layers, request, settings.partition) for _, layers in deployments(policies, settings))
    return min(found, key=lambda one: _KINDS.index(one.kind), default=NEVER)


def answer(layers: Sequence[Layer], request: Request, partition: str = "aws") -> Decision:
    """Decide whether a request can be made in any region, in the most favourable one."""
    action, service = request.action, request.service
    # Most requests are allowed nowhere, and that is seen at a fraction of the cost.
    if not all(
        one.full or any(clause.allows and _is_about(clause, action, service) for clause in one.clauses)
        for one in layers
    ):
        return NEVER
    layers = [
        replace(one, clauses=tuple([clause for clause in one.clauses if _is_about(clause, action, service)]))
        for one in layers
    ]
    if reason := too_many([clause for one in layers for clause in one.clauses]):
        return Decision("unknown", reason=reason)
    best = NEVER
    for resource in _resources(layers, request.on, partition):
        left = narrowed(layers, resource, request.known)
        clauses = [clause for one in left for clause in one.clauses]
        home = regions.home(service, partition)
        for region in apart(clauses, action, sorted(home or regions.regions(partition)), partition):
            found = decide(left, action, region, partition=partition)
            best = min(best, found, key=lambda one: _KINDS.index(one.kind))
            if best.kind == "always":
                return best
    return best


def narrowed(layers: Iterable[Layer], resource: str, known: Mapping[str, Context]) -> tuple[Layer, ...]:
    """Leave of some layers what they say of requests on one resource, with keys of known values.

    Args:
        layers: As of `deployments`.
        resource: An ARN; empty if it stays open.
        known: By key in small letters.
    """
    return tuple(
        replace(one, clauses=tuple(_narrowed(one.clauses, resource, known))) if one.clauses else one for one in layers
    )


def allowing(clause: Clause, action: str) -> Node:
    """Give the value of Action that an action is allowed or denied by; the whole NotAction."""
    actions = clause.statement.actions
    values = actions.values if actions is not None and not actions.negated else ()
    found = (value for value in values if matches(str(value.value), action))
    return next(found, actions.node if actions is not None else clause.statement.node)


def unlimited(policies: PolicySet, settings: Settings) -> Clause | None:
    """Find a statement that allows everything on everything, whatever the request."""
    for _, layers in deployments(policies, settings):
        for clause in (clause for one in layers for clause in one.clauses):
            if (
                clause.allows
                and not (clause.but or clause.unknown or clause.conditions)
                and any(not pattern.strip("*:") for pattern in clause.actions)
                and clause.statement.policy.kind == "identity"
                and clause.anywhere
            ):
                return clause
    return None


def _is_about(clause: Clause, action: str, service: str) -> bool:
    """Say whether a statement may be about an action of a service, in small letters."""
    return _is_near(clause, service) and clause.speaks_of(action) is not False


def _is_near(clause: Clause, service: str) -> bool:
    """Say, cheaply, whether a statement may be about actions of a service; most are seen at a glance not to be."""
    return clause.but or clause.names(service)


def _narrowed(clauses: Iterable[Clause], resource: str, known: Mapping[str, Context]) -> Iterator[Clause]:
    for clause in clauses:
        truths = [(atom, atom.holds(known[atom.key]) if atom.key in known else None) for atom in clause.conditions]
        about = _among(clause.resources, resource) if resource and clause.resources is not None else True
        if about is False or any(truth is False for _, truth in truths):
            continue
        yield replace(
            clause,
            resources=None if resource else clause.resources,
            conditions=tuple(atom for atom, truth in truths if truth is None),
            unknown=clause.unknown or ("" if about else "a resource is made by a function, or holds a variable"),
        )


def _among(written: Written, resource: str) -> Truth:
    """Say whether a resource is among those of a statement."""
    account = resource.split(":", 5)[4]
    possible = False
    for parts, sure in written.values:
        one = arn(*_filled(parts, account), variables=written.variables)
        if sure and any(pattern.matches(resource) for pattern in one.certain):
            return not written.negated
        possible = possible or any(pattern.matches(resource) for pattern in one.spanning)
    return None if possible else written.negated


def _filled(parts: Sequence[str | None], account: str) -> Iterator[str | None]:
    """Put an account where a part that is not known can be nothing else: before the last colon of an ARN."""
    before = ""
    for at, part in enumerate(parts):
        after = parts[at + 1] if at + 1 < len(parts) else ""
        if part is None and before.count(":") == 4 and before.endswith(":") and (after or "").startswith(":"):
            part = account  # noqa: PLW2901
        before += part or "*"
        yield part


def _resources(layers: Sequence[Layer], on: str, partition: str) -> list[str]:
    """Give the resources to ask about: one in each account that the statements name."""
    if not on or on.startswith("arn:"):
        return [on]
    every = (
        part
        for one in layers
        for clause in one.clauses
        if clause.resources
        for parts, _ in clause.resources.values
        for part in parts
    )
    accounts = dict.fromkeys(account for part in every for account in re.findall(r":iam::(\d{12}):", part or ""))
    return [f"arn:{partition}:iam::{account}:{on}/{_UNNAMED}" for account in [_SOME_ACCOUNT, *accounts][:5]]


# --- ways to more rights ---------------------------------------------------------------------------------------------


# Passing any role, to a service that no policy names.
PASS_ANYWHERE = Request("iam:PassRole", "role", {"iam:passedtoservice": "unnamed-by-any-policy.amazonaws.com"})


@dataclass(frozen=True, slots=True)
class Way:
    """Requests that together let their sender take rights that he does not have: the gain, in words."""

    needs: tuple[Request, ...]
    gain: str

    @property
    def passes(self) -> bool:
        """Whether it is by passing a role to something that runs one's own code."""
        return self.needs[0].action == PASS_ANYWHERE.action

    @property
    def start(self) -> tuple[str, ...]:
        """The first two actions, which say what it comes to."""
        return tuple(need.action for need in self.needs[:2])

    @property
    def called(self) -> str:
        """The actions, for a message."""
        first, *others = (need.action for need in self.needs)
        return f"{first} with {' and '.join(others)}" if others else first


@lru_cache(maxsize=256)
def open_ways(policies: PolicySet, settings: Settings) -> tuple[tuple[Way, tuple[Clause, ...]], ...]:
    """Give the ways that are open to whoever has the policies, each with what allows its requests.

    None is open to whoever is held by an unknown boundary, or is allowed everything anyway; a NotAction, which allows
    more than anybody can list, opens none. The answer is remembered.
    """
    if not any(policy.kind == "identity" for policy in policies.policies) or bounded(policies):
        return ()
    deployed = [layers for _, layers in deployments(policies, settings)]
    allows = [clause for layers in deployed for one in layers for clause in one.clauses if clause.allows]
    # Every way begins with a request to IAM.
    near = {"iam": [clause for clause in allows if _is_near(clause, "iam")]}
    if not near["iam"] or unlimited(policies, settings):
        return ()
    whole = any(all(one.full for one in layers) for layers in deployed)
    asked: dict[tuple[object, ...], Decision] = {}
    found = []
    for way in _ways():
        answers = []
        for need in way.needs:
            name = (need.action, *need.known.items())
            if name not in asked:
                # Most are named by no statement, which costs least to say.
                if (service := need.service) not in near:
                    near[service] = [clause for clause in allows if _is_near(clause, service)]
                named = whole or any(clause.speaks_of(need.action) is not False for clause in near[service])
                asked[name] = ask(policies, need, settings) if named else NEVER
            allow = asked[name].allow
            if asked[name].kind != "always" or allow is None or allow.but:
                break
            answers.append(allow)
        else:
            found.append((way, tuple(answers)))
    return tuple(found)


def bounded(policies: PolicySet) -> bool:
    """Say whether a boundary that is not at hand limits what the policies allow."""
    if any(policy.kind == "boundary" for policy in policies.policies):
        return False
    holders = [carrier(policy) for policy in policies.policies]
    return policies.guessed or any(
        one is not None and one.get("Properties", "PermissionsBoundary") is not None for one in holders
    )


@cache
def _ways() -> tuple[Way, ...]:
    text = (Path(__file__).parent / "data" / "escalations.json").read_text(encoding="utf-8")
    return tuple(
        Way(tuple(Request(one["action"], one.get("on", ""), one.get("with", {})) for one in way["needs"]), way["gain"])
        for way in json.loads(text)["ways"]
    )
