"""Which policies act together: those of one role, user or group, in a template or in a dump of an account."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from validator.cloudformation.template import Resource, Template
from validator.document import Document, Node, Path
from validator.iam.policy import Policy, PolicySet
from validator.project.inside import opened, resources_of
from validator.shape import is_function
from validator.values import Assumption, Partial, When, choices, consistent

_SERVERLESS = frozenset({"AWS::Serverless::Function", "AWS::Serverless::StateMachine"})
_PRINCIPALS = frozenset({
    *("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::SSO::PermissionSet"),
    *_SERVERLESS,
})  # fmt: skip
# Of what attaches itself: the properties that name to whom.
_ATTACHED_BY: Mapping[str, tuple[str, ...]] = {
    "AWS::IAM::Policy": ("Roles", "Users", "Groups"),
    "AWS::IAM::ManagedPolicy": ("Roles", "Users", "Groups"),
    "AWS::IAM::RolePolicy": ("RoleName",),
    "AWS::IAM::UserPolicy": ("UserName",),
    "AWS::IAM::GroupPolicy": ("GroupName",),
}
# The second leaves out IAM, Organizations and the account itself, and nothing that is called in a region.
_FULL = re.compile(r"(?:.*:iam::aws:policy/)?(?:AdministratorAccess|PowerUserAccess)", re.DOTALL)
# More ways for conditions to come true than these are not told apart: each costs a proof.
_MOST = 16


class _Held(NamedTuple):
    """What somebody has: a policy; what attaches one that allows everything; the name of one that is not at hand.

    Attributes:
        when: The truths of conditions under which it is there.
    """

    what: Policy | Node | str
    when: When = frozenset()


@dataclass
class _Principal:
    """Whoever has policies.

    Attributes:
        there: The truths of conditions under which there is one.
        limited: By a boundary that is not at hand.
    """

    held: list[_Held] = field(default_factory=list)
    there: When = frozenset()
    limited: bool = False

    def sets(self, template: Template | None = None) -> Iterator[PolicySet]:
        """Yield what acts together, once for each way in which the conditions of the template can come true."""
        ways = _ways(self.held, self.there, template)
        seen = {number for way in ways for number in way}
        certain = tuple(number for number, one in enumerate(self.held) if one.when <= self.there)
        unsure: dict[tuple[int, ...], When] = {} if ways else {certain: self.there}
        # What is under a condition that cannot hold, or under too many: it acts with what it is never without.
        for number, one in enumerate(self.held):
            if number not in seen and number not in certain and consistent(one.when | self.there):
                unsure[tuple(sorted({*certain, number}))] = self.there | one.when
        for way, assumed in (*ways.items(), *unsure.items()):
            found = self._set([self.held[number].what for number in way], assumed, guessed=way in unsure)
            if found is not None:
                yield found

    def _set(self, held: Iterable[Policy | Node | str], assumed: When, *, guessed: bool) -> PolicySet | None:
        """Make a set; what a boundary may forbid that nobody can read is not certain."""
        held = list(held)
        policies = [one for one in held if isinstance(one, Policy)]
        policies.sort(key=lambda one: one.kind == "boundary")
        if self.limited or guessed:
            policies = [replace(one, guessed=True) if one.kind != "boundary" else one for one in policies]
        full = next((one for one in held if isinstance(one, Node)), None)
        if not policies and (full is None or self.limited):
            return None
        missing = tuple(dict.fromkeys(one for one in held if isinstance(one, str)))
        return PolicySet(tuple(dict.fromkeys(policies)), assumed=assumed, missing=missing, full=full)


def _ways(held: Iterable[_Held], there: When, template: Template | None) -> dict[tuple[int, ...], When]:
    """Give what of something held is there, as positions, in each way in which conditions can come true.

    Nothing, if those are too many. With each way stands what all choices assume that come to it.
    """
    held = list(held)
    names = sorted({assumed.name for when in (there, *(one.when for one in held)) for assumed in when})
    found: dict[tuple[int, ...], When] = {}
    if template is None or not names:
        return {tuple(range(len(held))): frozenset()}
    for choice in choices(template.scope.condition(name) for name in names):
        truths = frozenset(
            Assumption("condition", name, value is True) for name, value in zip(names, choice.values, strict=True)
        )
        if there <= truths:
            way = tuple(number for number, one in enumerate(held) if one.when <= truths)
            found[way] = found.get(way, truths) & truths
    return found if len(found) <= _MOST else {}


def in_template(template: Template, policies: Iterable[Policy]) -> Iterator[PolicySet]:
    """Group the policies of one template: a role's inline ones, those that are attached to it, and its boundary.

    What is attached to somebody else too stands alone as well.
    """
    yield from _Grouping(template, policies).sets()


class _Grouping:
    """The grouping of a template's policies.

    Attributes:
        _own: The policies that stand in each resource, by its path.
        _found: Whoever has policies, by the path of the resource.
        _attached: The paths of the resources whose policies only act with others.
    """

    def __init__(self, template: Template, policies: Iterable[Policy]) -> None:
        self._template = template
        self._resources: dict[str, Resource] = {}
        every = list(resources_of(template))
        for resource in every:
            self._resources.setdefault(resource.logical_id, resource)
        self._own: dict[Path, list[_Held]] = {}
        for policy in policies:
            place = _outermost(policy.node)
            self._own.setdefault(_resource_path(place), []).append(_Held(policy, _when(place)))
        self._attached: set[Path] = set()
        self._found = {one.node.path: self._principal(one) for one in every if one.type in _PRINCIPALS}
        for resource in every:
            if resource.type in _ATTACHED_BY:
                self._attach(resource)
        for resource in every:
            if resource.type == "AWS::IAM::User":
                self._join_groups(resource)

    def sets(self) -> Iterator[PolicySet]:
        for path, own in self._own.items():
            if path not in self._found and path not in self._attached:
                yield from (PolicySet((one.what,), assumed=one.when) for one in own if isinstance(one.what, Policy))
            elif path in self._found:
                yield from self._found[path].sets(self._template)
        for path, each in self._found.items():
            if path not in self._own:
                yield from each.sets(self._template)

    def _principal(self, resource: Resource) -> _Principal:
        found = _Principal([*self._own.get(resource.node.path, [])], _there(resource))
        properties = resource.node.get("Properties")
        for key, _ in properties.items() if properties is not None else ():
            if key.startswith("Fn::"):
                found.held.append(_Held(f"what {key} makes"))
        found.held += _unread(resource)
        serverless = resource.type in _SERVERLESS
        for name in ("Policies",) if serverless else ("ManagedPolicyArns", "ManagedPolicies"):
            for leaf, when in _leaves(resource.property(name)):
                found.held += self._attachment(leaf, when, serverless=serverless)
        for leaf, when in _leaves(resource.property("CustomerManagedPolicyReferences")):
            named = leaf.get("Name")
            found.held.append(_Held(_called(named, self._template) if named is not None else "a policy", when))
        for leaf, when in _leaves(resource.property("PermissionsBoundary")):
            limit = self._resources.get(_referred(leaf.value))
            own = self._own.get(limit.node.path, []) if limit and limit.type == "AWS::IAM::ManagedPolicy" else []
            if limit is None or not own:
                found.limited = True
                continue
            self._attached.add(limit.node.path)
            for one in own:
                if isinstance(one.what, Policy):
                    found.held.append(_Held(replace(one.what, kind="boundary"), one.when | when | _there(limit)))
        return found

    def _attachment(self, leaf: Node, when: When, *, serverless: bool) -> Iterator[_Held]:
        """Yield what is attached by one element of a list."""
        if isinstance(leaf.value, dict) and not is_function(leaf.value):
            if serverless and "Statement" not in leaf.value:
                yield from (_Held(f"SAM's template {name}", when) for name in leaf.value)
            return
        resource = self._resources.get(_referred(leaf.value))
        if resource is not None and self._own.get(resource.node.path):
            there = _there(resource)
            for one in self._own[resource.node.path]:
                yield _Held(one.what, one.when | when | there)
            if when <= there:
                self._attached.add(resource.node.path)
        elif not _holds_policy(leaf) and (name := _called(leaf, self._template)):
            yield _Held(leaf if _FULL.fullmatch(_text_of(leaf, self._template)) else name, when)

    def _attach(self, resource: Resource) -> None:
        """Give policies to those whom their resource names."""
        own, there = self._own.get(resource.node.path, []), _there(resource)
        policies = own or [_Held(resource.logical_id)]
        complete, several = True, False
        for name in _ATTACHED_BY[resource.type]:
            for leaf, when in _leaves(resource.property(name)):
                other = self._resources.get(_referred(leaf.value))
                principal = self._found.get(other.node.path) if other is not None else None
                several = True
                complete = complete and principal is not None
                if principal is None:
                    continue
                added = (_Held(one.what, one.when | when | there) for one in policies)
                principal.held += [one for one in added if one not in principal.held]
        if complete and several:
            self._attached.add(resource.node.path)

    def _join_groups(self, resource: Resource) -> None:
        """Give a user what his groups have."""
        user = self._found[resource.node.path]
        for leaf, when in _leaves(resource.property("Groups")):
            group = self._resources.get(_referred(leaf.value))
            if group is not None and group.node.path in self._found:
                held = self._found[group.node.path].held
                user.held += [_Held(one.what, one.when | when | _there(group)) for one in held]
            else:
                user.held.append(_Held(f"the policies of group {_called(leaf, self._template)}", when))


def in_dump(document: Document) -> Iterator[PolicySet]:
    """Group the policies in the output of `aws iam get-account-authorization-details` by who has them.

    Managed policies that nobody has stand alone, but for AWS's own; of each, the default version counts.
    """
    root = document.root
    managed = {_text(one, "Arn"): _default_version(one) for one in _members(root, "Policies")}
    groups = {
        _text(one, "GroupName"): _listed(one, "GroupPolicyList", managed) for one in _members(root, "GroupDetailList")
    }
    found: list[_Principal] = []
    members: set[str] = set()
    for one in _members(root, "UserDetailList"):
        user = _with_boundary(one, _listed(one, "UserPolicyList", managed), managed)
        names = [str(name.value) for name in _members(one, "GroupList")]
        members.update(names)
        for name in names:
            user.held += groups.get(name, [_Held(f"the policies of group {name}")])
        found.append(user)
    roles = _members(root, "RoleDetailList")
    found += [_with_boundary(one, _listed(one, "RolePolicyList", managed), managed) for one in roles]
    found += [_Principal(held) for name, held in groups.items() if name not in members]
    yield from (policies for each in found for policies in each.sets())
    had = {held.what.node for each in found for held in each.held if isinstance(held.what, Policy)}
    for arn, policy in managed.items():
        if policy is not None and policy.node not in had and not is_aws_own(arn):
            yield PolicySet((policy,))


def is_aws_own(arn: str) -> bool:
    """Say whether AWS has written a managed policy."""
    return ":iam::aws:policy/" in arn


# --- templates -------------------------------------------------------------------------------------------------------


def _there(resource: Resource) -> When:
    """Give the truth of the condition under which there is a resource."""
    return frozenset({Assumption("condition", resource.condition, value=True)} if resource.condition else ())


def _when(node: Node) -> When:
    """Give the truths with which the branches are taken that a node stands in."""
    root, path = node.document.root, node.path
    found = set()
    for at, step in enumerate(path[:-1]):
        name = root.get(*path[: at + 1], 0) if step == "Fn::If" else None
        if name is not None and isinstance(name.value, str) and path[at + 1] in {1, 2}:
            found.add(Assumption("condition", name.value, path[at + 1] == 1))
    return frozenset(found)


def _leaves(node: Node | None) -> Iterator[tuple[Node, When]]:
    """Yield the elements of a list, or what stands for one, with the truths under which each is there."""
    waiting = [node] if node is not None else []
    while waiting:
        one = waiting.pop()
        if isinstance(one.value, list):
            waiting += reversed(list(one.elements()))
        elif (branches := one.get("Fn::If")) is not None and isinstance(branches.value, list):
            waiting += reversed(list(branches.elements())[1:])
        elif one.value not in ({"Ref": "AWS::NoValue"}, None):
            yield one, _when(one)


def _unread(resource: Resource) -> Iterator[_Held]:
    """Yield the inline policies that nobody can read, since a function makes them."""
    inline = [(resource.property("InlinePolicy"), "its inline policy")]
    if resource.type not in _SERVERLESS:
        for leaf, when in _leaves(resource.property("Policies")):
            if is_function(leaf.value):
                yield _Held("its inline policies", when)
            name = leaf.get("PolicyName")
            called = f" {name.value}" if name is not None and isinstance(name.value, str) else ""
            inline.append((leaf.get("PolicyDocument"), f"inline policy{called}"))
    for node, called in inline:
        for leaf, when in _leaves(node):
            if is_function(leaf.value) and not _holds_policy(leaf):
                yield _Held(called, when)


def _holds_policy(node: Node) -> bool:
    policy = opened(node)
    return policy is not None and isinstance(policy.value, dict) and "Statement" in policy.value


def _called(node: Node, template: Template) -> str:
    """Name what a value stands for: by what is known of it, else by what it refers to."""
    value = node.value
    if not isinstance(value, dict):
        return str(value)
    text = value.get("Fn::Sub")
    if isinstance(text, str):
        return text
    found = _text_of(node, template)
    return found or _referred(value) or f"what {next(iter(value), 'nothing')} gives"


def _text_of(node: Node, template: Template) -> str:
    """Give the text that a value surely is, whatever parameters are given; a star stands for what is not known."""
    cases = template.scope.conditions.evaluate(node)
    value = cases[0].value if len(cases) == 1 else None
    if isinstance(value, Partial):
        return "".join(part if isinstance(part, str) else "*" for part in value.parts)
    return value if isinstance(value, str) else ""


def _referred(value: object) -> str:
    """Give the logical id in a Ref, a GetAtt, or a Sub of nothing else; or nothing."""
    if not isinstance(value, dict) or len(value) != 1:
        return ""
    [(function, argument)] = value.items()
    if function == "Fn::GetAtt":
        argument = argument[0] if isinstance(argument, list) and argument else argument
    elif function == "Fn::Sub" and isinstance(argument, str):
        argument = argument[2:-1] if argument.startswith("${") and argument.endswith("}") else ""
    elif function != "Ref":
        return ""
    return argument.partition(".")[0] if isinstance(argument, str) else ""


def _resource_path(node: Node) -> Path:
    """Give the path of the resource that a node stands in, or would, if the loops around it were unrolled."""
    at = 1
    while at < len(node.path) and str(node.path[at]).startswith("Fn::ForEach::"):
        at += 2
    return node.path[: at + 1]


def _outermost(node: Node) -> Node:
    """Give the scalar of the file that a node stands in, or the node itself."""
    while node.document.outer is not None:
        node = node.document.outer
    return node


# --- dumps -----------------------------------------------------------------------------------------------------------


def _default_version(managed: Node) -> Policy | None:
    for version in _members(managed, "PolicyVersionList"):
        default = version.get("IsDefaultVersion")
        if default is None or default.value is True:
            return _policy(version.get("Document"))
    return None


def _listed(holder: Node, inline: str, managed: Mapping[str, Policy | None]) -> list[_Held]:
    """List the inline policies and those that are attached."""
    own = [_policy(one.get("PolicyDocument")) for one in _members(holder, inline)]
    found = [_Held(policy) for policy in own if policy is not None]
    for one in _members(holder, "AttachedManagedPolicies"):
        arn = one.get("PolicyArn")
        text = _text(one, "PolicyArn")
        if arn is not None:
            found.append(_Held(managed.get(text) or (arn if _FULL.fullmatch(text) else text)))
    return found


def _with_boundary(holder: Node, held: list[_Held], managed: Mapping[str, Policy | None]) -> _Principal:
    arn = holder.get("PermissionsBoundary", "PermissionsBoundaryArn")
    if arn is None:
        return _Principal([*held])
    boundary = managed.get(str(arn.value))
    limit = [_Held(replace(boundary, kind="boundary"))] if boundary is not None else []
    return _Principal([*held, *limit], limited=boundary is None)


def _policy(node: Node | None) -> Policy | None:
    found = opened(node) if node is not None else None
    return Policy(found, "identity") if found is not None and found.get("Statement") is not None else None


def _members(node: Node, name: str) -> Iterator[Node]:
    child = node.get(name)
    return child.elements() if child is not None else iter(())


def _text(node: Node, name: str) -> str:
    found = node.get(name)
    return found.value if found is not None and isinstance(found.value, str) else ""
