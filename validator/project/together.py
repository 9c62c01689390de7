"""Which policies act together: those of one role, user or group, in a template or in a dump of an account."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from validator.cloudformation.template import Resource, Template
from validator.document import Document, Node
from validator.iam.policy import Policy
from validator.project.inside import opened
from validator.shape import may_be_absent

_PRINCIPALS = frozenset({
    *("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::SSO::PermissionSet"),
    *("AWS::Serverless::Function", "AWS::Serverless::StateMachine"),
})  # fmt: skip
# Of what attaches itself: the properties that name to whom.
_ATTACHED_BY: Mapping[str, tuple[str, ...]] = {
    "AWS::IAM::Policy": ("Roles", "Users", "Groups"),
    "AWS::IAM::ManagedPolicy": ("Roles", "Users", "Groups"),
    "AWS::IAM::RolePolicy": ("RoleName",),
    "AWS::IAM::UserPolicy": ("UserName",),
    "AWS::IAM::GroupPolicy": ("GroupName",),
}


@dataclass
class _Principal:
    """Whoever has policies.

    Attributes:
        limited: By a boundary that is not at hand.
    """

    policies: list[Policy] = field(default_factory=list)
    boundary: list[Policy] = field(default_factory=list)
    limited: bool = False

    def all(self) -> list[Policy]:
        """Give all its policies; what a boundary may forbid that nobody can read is not certain."""
        own = [replace(policy, guessed=True) for policy in self.policies] if self.limited else self.policies
        return [*(replace(policy, kind="boundary") for policy in self.boundary), *own]


def in_template(template: Template, policies: Iterable[Policy]) -> Iterator[list[Policy]]:
    """Group the policies of one template: a role's inline ones, those that are attached to it, and its boundary.

    What is attached under a condition of its own, or to somebody else too, stands alone as well.
    """
    by_resource: dict[str, list[Policy]] = {}
    for policy in policies:
        by_resource.setdefault(_resource_of(policy.node), []).append(policy)
    found: dict[str, _Principal] = {}
    attached: set[str] = set()
    for name, resource in template.resources.items():
        if resource.type in _PRINCIPALS:
            found[name] = _principal(resource, template, by_resource, attached)
    for name, resource in template.resources.items():
        if resource.type in _ATTACHED_BY:
            _attach(resource, template, found, by_resource.get(name, []), attached)
    for name, resource in template.resources.items():
        if resource.type == "AWS::IAM::User":
            for group in _named(resource.property("Groups"), template)[0]:
                if group in found:
                    found[name].policies += found[group].policies
    for name, own in by_resource.items():
        if name in found:
            yield found[name].all()
        elif name not in attached:
            yield from ([policy] for policy in own)
    yield from (each.all() for name, each in found.items() if name not in by_resource and each.policies)


def in_dump(document: Document) -> Iterator[list[Policy]]:
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
            user.policies += groups.get(name, [])
        found.append(user)
    roles = _members(root, "RoleDetailList")
    found += [_with_boundary(one, _listed(one, "RolePolicyList", managed), managed) for one in roles]
    found += [_Principal(policies) for name, policies in groups.items() if name not in members]
    yield from (each.all() for each in found if each.policies)
    had = {policy.node for each in found for policy in (*each.policies, *each.boundary)}
    for arn, policy in managed.items():
        if policy is not None and policy.node not in had and not is_aws_own(arn):
            yield [policy]


def is_aws_own(arn: str) -> bool:
    """Say whether AWS has written a managed policy."""
    return ":iam::aws:policy/" in arn


# --- templates -------------------------------------------------------------------------------------------------------


def _principal(
    resource: Resource, template: Template, by_resource: Mapping[str, list[Policy]], attached: set[str]
) -> _Principal:
    found = _Principal([*by_resource.get(resource.logical_id, [])])
    for name in _named(resource.property("ManagedPolicyArns"), template)[0]:
        own = by_resource.get(name, [])
        if own and _is_sure(own) and _same_condition(template.resources[name], resource):
            found.policies += own
            attached.add(name)
    boundary = resource.property("PermissionsBoundary")
    if boundary is not None:
        names, _ = _named(boundary, template)
        known = names and names[0] in by_resource and template.resources[names[0]].type == "AWS::IAM::ManagedPolicy"
        if known and _is_sure(by_resource[names[0]]) and _same_condition(template.resources[names[0]], resource):
            found.boundary += by_resource[names[0]]
            attached.add(names[0])
        else:
            found.limited = not may_be_absent(boundary.value) or boundary.get("Fn::If") is not None
    return found


def _attach(
    resource: Resource,
    template: Template,
    principals: Mapping[str, _Principal],
    policies: list[Policy],
    attached: set[str],
) -> None:
    """Give policies to the principals that a policy's resource names."""
    if not _is_sure(policies):
        return
    named, complete = [], True
    for name in _ATTACHED_BY[resource.type]:
        some, all_of_them = _named(resource.property(name), template)
        named += some
        complete = complete and all_of_them
    known = [name for name in named if name in principals and _same_condition(resource, template.resources[name])]
    for name in known:
        own = principals[name].policies
        own += [policy for policy in policies if policy not in own]
    if named and complete and len(known) == len(named) and policies:
        attached.add(resource.logical_id)


def _is_sure(policies: Iterable[Policy]) -> bool:
    """Say whether policies are deployed whatever conditions come to: none stands in a branch of an `Fn::If`."""
    return all("Fn::If" not in _outermost(policy.node).path for policy in policies)


def _same_condition(resource: Resource, other: Resource) -> bool:
    """Say whether a resource is there wherever another is."""
    return resource.condition in {"", other.condition}


def _named(node: Node | None, template: Template) -> tuple[list[str], bool]:
    """List the resources that a property refers to, and say whether it names no others."""
    if node is None:
        return [], True
    each = list(node.elements()) if isinstance(node.value, list) else [node]
    found = [_referred(one.value) for one in each]
    return [name for name in found if name in template.resources], all(name in template.resources for name in found)


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


def _resource_of(policy: Node) -> str:
    path = _outermost(policy).path
    return str(path[1]) if len(path) > 1 else ""


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


def _listed(holder: Node, inline: str, managed: Mapping[str, Policy | None]) -> list[Policy]:
    """List the inline policies and those that are attached and at hand."""
    found = [_policy(one.get("PolicyDocument")) for one in _members(holder, inline)]
    found += [managed.get(_text(one, "PolicyArn")) for one in _members(holder, "AttachedManagedPolicies")]
    return [policy for policy in found if policy is not None]


def _with_boundary(holder: Node, policies: list[Policy], managed: Mapping[str, Policy | None]) -> _Principal:
    arn = holder.get("PermissionsBoundary", "PermissionsBoundaryArn")
    if arn is None:
        return _Principal(policies)
    boundary = managed.get(str(arn.value))
    return _Principal(policies, [boundary] if boundary is not None else [], limited=boundary is None)


def _policy(node: Node | None) -> Policy | None:
    found = opened(node) if node is not None else None
    return Policy(found, "identity") if found is not None and found.get("Statement") is not None else None


def _members(node: Node, name: str) -> Iterator[Node]:
    child = node.get(name)
    return child.elements() if child is not None else iter(())


def _text(node: Node, name: str) -> str:
    found = node.get(name)
    return found.value if found is not None and isinstance(found.value, str) else ""
