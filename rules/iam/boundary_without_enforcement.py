"""Rule iam-boundary-without-enforcement."""

from collections.abc import Iterator
from dataclasses import replace

from validator.iam.clause import Clause, Layer
from validator.iam.condition import Atom
from validator.iam.policy import PolicySet
from validator.iam.requests import Request, answer, ask, open_ways
from validator.iam.sets import deployments
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-boundary-without-enforcement", Severity.NOTE)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """A policy asks for a permissions boundary, and leaves a way around it.

    Who may create roles or users only under a boundary, by a condition on `iam:PermissionsBoundary`, is held by it only
    as long as every way is closed: creating the other kind without it, taking it off again, putting another one in its
    place, and writing the boundary itself anew. Each of these is asked of the policies that act together, their Deny
    statements included. Policies that do not mention a boundary are not looked at; ways to more rights that need none
    are reported by `iam-privilege-escalation`.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": ["iam:CreateRole", "iam:PutRolePolicy"], "Resource": "*", "Condition": {
        "StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::123456789012:policy/developers"}}},
      {"Effect": "Allow", "Action": ["iam:DeleteRole*", "iam:CreatePolicyVersion"], "Resource": "*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": ["iam:CreateRole", "iam:PutRolePolicy"], "Resource": "*", "Condition": {
        "StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::123456789012:policy/developers"}}},
      {"Effect": "Allow", "Action": ["iam:DeleteRole", "iam:DeleteRolePolicy"], "Resource": "*"}]}
    ```
    """
    asking = next(_asking(policies, settings), None)
    if asking is None:
        return
    clause, asked = asking
    own = next((value for value in asked.values if ":policy/" in value and not {*"*?"} & {*value}), "")
    removing = [replace(one, known={_KEY: own or _OTHER}) for one in _REMOVING]
    rewriting = [replace(one, on=own) for one in _REWRITING] if own else []
    reported = {need.action for way, _ in open_ways(policies, settings) for need in way.needs}
    creating = [replace(one, on=_example(clause, asked, one.action)) for one in _WITHOUT]
    requests = [one for one in (*removing, *rewriting, *creating) if one.action not in reported]
    if found := [one.action for one in requests if ask(policies, one, settings).kind == "always"]:
        yield Finding(
            asked.node,
            f"the boundary that is asked for here can be got around by {listed(found, most=3)}",
            "deny these, or ask for the boundary there too",
        )


_KEY = "iam:permissionsboundary"
_CREATING = ("iam:CreateRole", "iam:CreateUser")
_OTHER = "arn:aws:iam::123456789012:policy/unnamed-by-any-policy"
_WITHOUT = (
    Request("iam:CreateRole", known={_KEY: None}),
    Request("iam:CreateUser", known={_KEY: None}),
    Request("iam:PutRolePermissionsBoundary", known={_KEY: _OTHER}),
    Request("iam:PutUserPermissionsBoundary", known={_KEY: _OTHER}),
)
_REMOVING = (Request("iam:DeleteRolePermissionsBoundary"), Request("iam:DeleteUserPermissionsBoundary"))
_REWRITING = (Request("iam:CreatePolicyVersion"), Request("iam:SetDefaultPolicyVersion"))


def _asking(policies: PolicySet, settings: Settings) -> Iterator[tuple[Clause, Atom]]:
    """Yield the statements by which somebody is created only with a boundary, each with the condition that asks."""
    if not any(policy.kind == "identity" for policy in policies.policies):
        return
    for _, layers in deployments(policies, settings):
        for clause in (clause for one in layers for clause in one.clauses):
            for atom in clause.conditions:
                if atom.key == _KEY and any(map(clause.speaks_of, _CREATING)) and _asks(clause, atom):
                    yield clause, atom


def _asks(clause: Clause, atom: Atom) -> bool:
    """Say whether a statement lets nothing be done without a boundary, whatever boundary that is."""
    without = replace(atom, unknown="", values=atom.values or (_OTHER,)).holds(None)
    return (without is True) is not clause.allows


def _example(clause: Clause, asked: Atom, action: str) -> str:
    """Give one of those for whom a statement asks for the boundary: others may be meant to do without."""
    if not clause.allows:
        return ""
    freely = replace(clause, conditions=tuple(atom for atom in clause.conditions if atom is not asked))
    found = answer([Layer((freely,))], Request(action)).resource
    return found if found.startswith("arn:") else ""
