"""The resources that a check of the first format can be about, as its operation will show them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from validator.cloudformation.stacks import Stack
from validator.cloudformation.template import Resource
from validator.environment.checks import Check
from validator.environment.conflicts import Conflict, conflicts
from validator.environment.forecast import OneOf, Prospect, made, properties


@dataclass(frozen=True, slots=True)
class _Form:
    """How an operation of the first format shows what a template makes.

    Attributes:
        names: The properties that name it; without one its name holds the logical id.
        shown: Turns its properties into what the operation answers.
        tagged: Whether its Name tag will do.
    """

    type: str
    names: str
    shown: Callable[[Prospect], Prospect] = lambda found: found
    tagged: bool = False


def _group(found: Prospect) -> Prospect:
    ingress = found.get("SecurityGroupIngress")
    members = {
        "Description": found.get("GroupDescription"),
        "GroupName": found.get("GroupName"),
        "VpcId": found.get("VpcId"),
    }
    if isinstance(ingress.value, list):
        members["IpPermissions"] = replace(ingress, value=[_permission(one) for one in ingress.elements])
    return replace(found, value=members)


_SOURCES = {
    "IpRanges": ("CidrIp", "CidrIp"),
    "Ipv6Ranges": ("CidrIpv6", "CidrIpv6"),
    "UserIdGroupPairs": ("SourceSecurityGroupId", "GroupId"),
}


def _permission(rule: Prospect) -> Prospect:
    if not isinstance(rule.value, dict):
        return rule
    members = {name: rule.get(name) for name in ("FromPort", "ToPort")}
    protocol = rule.get("IpProtocol")
    # The number of a protocol is answered as its name.
    if protocol.text is None or protocol.text.isalpha() or protocol.text == "-1":
        members["IpProtocol"] = protocol
    for listed, (given, shown) in _SOURCES.items():
        source = rule.value.get(given)
        one = [replace(source, value={shown: source})] if source is not None else []
        members[listed] = Prospect(list(one), source.at if source is not None else rule.at, rule.stack)
    return replace(rule, value=dict(members))


def _balancer(found: Prospect) -> Prospect:
    listeners = found.get("Listeners")
    members = {"Scheme": found.get("Scheme")}
    if isinstance(listeners.value, list):
        shown = [replace(one, value={"Listener": one}) for one in listeners.elements]
        members["ListenerDescriptions"] = replace(listeners, value=list(shown))
    elif isinstance(listeners.value, OneOf):
        every = tuple(_balancer(replace(found, value={"Listeners": one})) for one in listeners.value.of)
        members["ListenerDescriptions"] = replace(
            listeners, value=OneOf(tuple(one.get("ListenerDescriptions") for one in every))
        )
    return replace(found, value=dict(members))


LEGACY: Mapping[str, _Form] = {
    "describe_security_groups": _Form("AWS::EC2::SecurityGroup", "GroupName", _group),
    "get_role": _Form("AWS::IAM::Role", "RoleName"),
    "describe_load_balancers": _Form("AWS::ElasticLoadBalancing::LoadBalancer", "LoadBalancerName", _balancer),
    "describe_launch_configurations": _Form("AWS::AutoScaling::LaunchConfiguration", "LaunchConfigurationName"),
    "describe_auto_scaling_groups": _Form("AWS::AutoScaling::AutoScalingGroup", "AutoScalingGroupName", tagged=True),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resource that a check of the first format can be about.

    Attributes:
        shown: What its operation will answer about it.
        sure: Whether the name in the check is surely one of its, or a part of one.
    """

    stack: Stack
    resource: Resource
    shown: Prospect
    sure: bool


def candidates(check: Check, root: Stack) -> Iterator[Candidate]:
    """Yield the resources of a tree that a check of the first format can be about, by their names."""
    name = check.at.get("Name")
    form = LEGACY.get(check.call.operation) if check.call is not None and check.literal else None
    if form is None or name is None or not isinstance(name.value, str):
        return
    for stack, resource in made(root, form.type):
        found = properties(stack, resource)
        names = [found.get(form.names)] if resource.property(form.names) is not None else []
        if form.tagged:
            tags = found.get("Tags").elements
            names += [tag.get("Value") for tag in tags if tag.get("Key").text == "Name"]
        whole = check.call is not None and check.call.operation == "get_role"
        generated = resource.property(form.names) is None and _may_generate(resource.logical_id, name.value)
        sure = any(one.is_told and _named(name.value, one, whole=whole) for one in names)
        if sure or generated or any(_named(name.value, one, whole=whole) for one in names):
            sure = sure or (generated and not whole and name.value in resource.logical_id)
            yield Candidate(stack, resource, form.shown(found), sure)


def _may_generate(id: str, name: str) -> bool:
    """Say whether a name can be a part of one that CloudFormation makes up: the stack's, the logical id, letters."""
    return name in id or re.search(re.escape(id) + r"(?:-[A-Z0-9]*)?\Z", name) is not None


def _named(name: str, given: Prospect, *, whole: bool) -> bool:
    if isinstance(given.value, OneOf):
        return any(_named(name, one, whole=whole) for one in given.value.of)
    if not given.is_told:
        return True
    text = str(given.value)
    return name == text if whole else name in text


def legacy_conflicts(check: Check, candidate: Candidate) -> tuple[Conflict, ...]:
    """Say why a resource cannot be what a check of the first format asks for."""
    found: list[Conflict] = []
    for one in check.expected:
        if one.path == "@":
            found += conflicts(one.matcher.inner[0], candidate.shown)
        else:
            found += conflicts(one.matcher, candidate.shown.get(one.path))
    return tuple(found)
