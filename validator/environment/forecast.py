"""What a resource will be once its template is deployed, as far as that can be told, and whether a matcher can hold."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from validator.cloudformation.stacks import Stack, references
from validator.cloudformation.template import Resource
from validator.document import Node, Value
from validator.environment.checks import Check
from validator.environment.matchers import Matcher, UndecidedError, differences
from validator.environment.references import is_open
from validator.iam.lazy import kept
from validator.shape import is_function
from validator.values import NoValue, Partial, Unknown

_STEP = re.compile(r"\.?([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]{1,4})\]")
_NOT_TOLD = Unknown("the template does not tell")


@dataclass(frozen=True, slots=True)
class OneOf:
    """Several things that a value can be."""

    of: tuple["Prospect", ...]


Known = str | int | float | bool | list["Prospect"] | dict[str, "Prospect"] | None


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a value will be.

    Attributes:
        at: Where the template says so.
        stack: The stack that the value is for.
        more: Whether a list may get further elements than those that the template gives it there.
    """

    value: Known | OneOf | Partial | Unknown | NoValue
    at: Node
    stack: Stack
    more: bool = False

    def get(self, name: str) -> "Prospect":
        """Give a member; what the template does not set, AWS may."""
        if isinstance(self.value, dict) and name in self.value:
            return self.value[name]
        return Prospect(_NOT_TOLD, self.at, self.stack)

    @property
    def elements(self) -> list["Prospect"]:
        """The elements of a list; none of what is none."""
        return self.value if isinstance(self.value, list) else []

    @property
    def is_told(self) -> bool:
        """Whether it is known, as far as its own level goes."""
        return not isinstance(self.value, OneOf | Partial | Unknown | NoValue)

    @property
    def text(self) -> str | None:
        """The text, if it is one and known."""
        return self.value if isinstance(self.value, str) else None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A matcher that cannot hold, and the value that it is about."""

    matcher: Matcher
    value: Prospect


# --- what will be ----------------------------------------------------------------------------------------------------


def foresee(stack: Stack, node: Node) -> Prospect:
    """Say what will stand where a node of the stack's template does."""
    value = node.value
    if isinstance(value, dict) and is_function(value):
        return _made(stack, node)
    if isinstance(value, dict):
        return Prospect({name: foresee(stack, member) for name, member in node.items()}, node, stack)
    if isinstance(value, list):
        found = [foresee(stack, element) for element in node.elements()]
        return Prospect([one for one in found if not isinstance(one.value, NoValue)], node, stack)
    return _evaluated(stack, node)


def properties(stack: Stack, resource: Resource) -> Prospect:
    """Say what the properties of a resource will be."""
    known = _foreseen(stack)
    if resource.logical_id not in known:
        known[resource.logical_id] = _properties(stack, resource)
    return known[resource.logical_id]


@kept
def _foreseen(_: Stack) -> dict[str, Prospect]:
    """Keep what is known of the resources of a stack: checks of one resource are many."""
    return {}


def _properties(stack: Stack, resource: Resource) -> Prospect:
    node = resource.property()
    found = foresee(stack, node) if node is not None else Prospect({}, resource.node, stack)
    if not isinstance(found.value, dict):
        return replace(found, value=_NOT_TOLD)
    # Stacks tag what they make, and further resources give these lists elements of their own.
    there = _types(stack.root)
    more = {"Tags", *(name for name, kinds in _ADDED.items() if not there.isdisjoint(kinds))}
    members = {name: replace(one, more=True) if name in more else one for name, one in found.value.items()}
    return replace(found, value=members)


_ADDED: Mapping[str, tuple[str, ...]] = {
    "SecurityGroupIngress": ("AWS::EC2::SecurityGroupIngress",),
    "SecurityGroupEgress": ("AWS::EC2::SecurityGroupEgress",),
    "Policies": ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy"),
    "ManagedPolicyArns": ("AWS::IAM::ManagedPolicy",),
}


def at_path(resource: Prospect, path: str) -> Prospect:
    """Give what stands at a path below; not told for a path that is more than names and numbers."""
    found, end = resource, 0
    while end < len(path):
        match = _STEP.match(path, end)
        if match is None:
            return Prospect(_NOT_TOLD, resource.at, resource.stack)
        end = match.end()
        if match[1]:
            found = found.get(match[1])
        else:
            number = int(match[2])
            listed = found.elements
            # In which order AWS lists things is its own affair, but for one.
            alone = len(listed) == 1 and number == 0 and not found.more
            found = listed[0] if alone else Prospect(_NOT_TOLD, found.at, found.stack)
    return found


def _made(stack: Stack, node: Node) -> Prospect:
    """Say what a function makes."""
    branches = node.get("Fn::If")
    name = branches.get(0) if branches is not None else None
    if branches is not None and name is not None and isinstance(name.value, str):
        truths = dict.fromkeys(case.value is True for case in stack.scope.condition(name.value))
        found = [foresee(stack, one) for truth in truths if (one := branches.get(1 if truth else 2)) is not None]
        return found[0] if len(found) == 1 else Prospect(OneOf(tuple(found)) if found else _NOT_TOLD, node, stack)
    return _evaluated(stack, node)


def _evaluated(stack: Stack, node: Node) -> Prospect:
    parameters = stack.template.parameters
    if any(parameters[name].no_echo for name in references(node) if name in parameters):
        return Prospect(Unknown("it is a secret"), node, stack)
    cases = stack.evaluate(node)
    found = [_plain(case.value, node, stack) for case in cases]
    if len(found) == 1:
        return found[0]
    return Prospect(OneOf(tuple(found)) if found else _NOT_TOLD, node, stack)


def _plain(value: object, node: Node, stack: Stack) -> Prospect:
    if isinstance(value, dict):
        return Prospect({name: _plain(member, node, stack) for name, member in value.items()}, node, stack)
    if isinstance(value, list):
        return Prospect([_plain(element, node, stack) for element in value], node, stack)
    if isinstance(value, str | int | float | Partial | Unknown | NoValue) or value is None:
        return Prospect(value, node, stack)
    return Prospect(_NOT_TOLD, node, stack)


def trees(root: Stack) -> Iterator[Stack]:
    """Yield a stack and all stacks below it."""
    waiting = [root]
    while waiting:
        stack = waiting.pop()
        yield stack
        waiting += reversed(stack.below)


def made(root: Stack, *types: str) -> Iterator[tuple[Stack, Resource]]:
    """Yield the resources of some types, or of all, that can come to be in a tree."""
    for stack in trees(root):
        for resource in stack.template.resources.values():
            if (not types or resource.type in types) and stack.ways(resource.node):
                yield stack, resource


@kept
def _types(root: Stack) -> frozenset[str]:
    """List the types of the resources that can come to be in a tree."""
    return frozenset(resource.type for _, resource in made(root))


# --- whether a matcher can hold --------------------------------------------------------------------------------------


def conflicts(matcher: Matcher, value: Prospect) -> tuple[Conflict, ...]:
    """Say why a matcher cannot hold for what a value will be; nothing if it can, or if that cannot be told.

    Of several elements, any of which would do, the nearest is spoken of.
    """
    found = value.value
    if isinstance(found, Unknown | NoValue) or is_open(matcher.operand):
        return ()
    if isinstance(found, OneOf):
        every = [conflicts(matcher, one) for one in found.of]
        return every[0] if all(every) else ()
    if isinstance(found, Partial):
        return _of_partial(matcher, found, value)
    if (parts := _PARTS.get(matcher.operator)) is not None:
        return tuple(parts(matcher, value))
    plain = told(value)
    if isinstance(plain, Unknown) or (value.more and matcher.operator != "exists"):
        return ()
    try:
        differs = bool(differences(matcher, plain, "loose"))
    except UndecidedError:
        return ()
    return (Conflict(matcher, value),) if differs and not _may_read(matcher, plain) else ()


def _of_partial(matcher: Matcher, found: Partial, value: Prospect) -> tuple[Conflict, ...]:
    if matcher.operator != "equals" or not isinstance(matcher.operand, str):
        return ()
    pattern = "".join(re.escape(part) if isinstance(part, str) else ".*" for part in found.parts)
    fits = re.fullmatch(pattern, matcher.operand, re.DOTALL | re.IGNORECASE)
    return () if fits else (Conflict(matcher, value),)


def _all_of(matcher: Matcher, value: Prospect) -> Iterator[Conflict]:
    for each in matcher.inner:
        yield from conflicts(each, value)


def _any_of(matcher: Matcher, value: Prospect) -> Iterator[Conflict]:
    if matcher.inner and all(conflicts(each, value) for each in matcher.inner):
        yield Conflict(matcher, value)


def _members(matcher: Matcher, value: Prospect) -> Iterator[Conflict]:
    for name, each in zip(matcher.names, matcher.inner, strict=True):
        yield from conflicts(each, value.get(name))


def _same(matcher: Matcher, value: Prospect) -> Iterator[Conflict]:
    if not isinstance(value.value, list):
        return
    wanted, there = len(matcher.inner), len(value.elements)
    if matcher.operator != "contains_all" and (there > wanted or (there < wanted and not value.more)):
        yield Conflict(matcher, value)
        return
    for each in matcher.inner:
        yield from _among(each, value)


def _exactly(matcher: Matcher, value: Prospect) -> Iterator[Conflict]:
    if not isinstance(value.value, list) or value.more:
        return
    if len(matcher.inner) != len(value.elements):
        yield Conflict(matcher, value)
        return
    for each, element in zip(matcher.inner, value.elements, strict=True):
        yield from conflicts(each, element)


def _some(matcher: Matcher, value: Prospect) -> Iterator[Conflict]:
    if isinstance(value.value, list):
        yield from _among(matcher.inner[0], value)
    elif isinstance(value.value, dict):
        yield from conflicts(matcher.inner[0], value) if matcher.inner[0].operator == "members" else ()
    elif isinstance(value.value, str) and not is_open(matcher.inner[0].operand):
        plain = told(value)
        try:
            if not isinstance(plain, Unknown) and differences(matcher, plain, "loose"):
                yield Conflict(matcher, value)
        except UndecidedError:
            return


def _each(matcher: Matcher, value: Prospect) -> Iterator[Conflict]:
    for element in value.elements:
        yield from conflicts(matcher.inner[0], element)


def _among(each: Matcher, value: Prospect) -> tuple[Conflict, ...]:
    """Look for an element that a matcher can hold for."""
    if value.more:
        return ()
    every = [conflicts(each, element) for element in value.elements]
    if not every:
        return (Conflict(each, value),)
    return min(every, key=len)


def _undecided(_: Matcher, __: Prospect) -> Iterator[Conflict]:
    return iter(())


_PARTS: Mapping[str, Callable[[Matcher, Prospect], Iterator[Conflict]]] = {
    "all_of": _all_of,
    "any_of": _any_of,
    "members": _members,
    "same": _same,
    "contains_all": _same,
    "exactly": _exactly,
    "some": _some,
    "contains": _some,
    "each": _each,
    # What is not there, AWS may add.
    "none": _undecided,
    "not": _undecided,
    "not_in": _undecided,
    "json": _undecided,
    "length": _undecided,
}


def told(value: Prospect) -> Value | Unknown:
    """Give a value that is known all through."""
    found = value.value
    if isinstance(found, dict):
        members = {name: told(one) for name, one in found.items() if not isinstance(one.value, NoValue)}
        return _NOT_TOLD if any(isinstance(one, Unknown) for one in members.values()) else members  # type: ignore[return-value]  # those that are not left
    if isinstance(found, list):
        elements = [told(one) for one in found]
        return _NOT_TOLD if any(isinstance(one, Unknown) for one in elements) else elements  # type: ignore[return-value]  # those that are not left
    return found if not isinstance(found, OneOf | Partial | Unknown | NoValue) else _NOT_TOLD


def _may_read(matcher: Matcher, given: Value) -> bool:
    """Whether a service may show in another form what a template gives it: in small letters, as an ARN, in full."""
    if matcher.operator not in {"equals", "in"}:
        return False
    wanted = matcher.operand if isinstance(matcher.operand, list) else [matcher.operand]
    if isinstance(given, dict | list) or any(isinstance(one, dict | list) for one in wanted):
        return isinstance(given, dict) or any(isinstance(one, dict) for one in wanted)
    return any(_alike(str(given), str(one)) for one in wanted if not is_open(one)) or any(map(is_open, wanted))


def _alike(given: str, wanted: str) -> bool:
    one, other = given.casefold(), wanted.casefold()
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if long.startswith("arn:") and not short.startswith("arn:"):
        return long.endswith((f"/{short}", f":{short}")) or short.startswith("alias/")
    if short.startswith("alias/"):
        return True
    # A version is completed where it is made; `6` is tcp's number.
    versions = re.fullmatch(r"[0-9]+(\.[0-9]+)*", short) is not None and "." in long
    return versions and re.match(re.escape(short) + r"[.-]", long) is not None


# --- the first format ------------------------------------------------------------------------------------------------


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
    """

    stack: Stack
    resource: Resource
    shown: Prospect


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
        generated = resource.property(form.names) is None and (
            name.value in resource.logical_id or resource.logical_id in name.value
        )
        whole = check.call is not None and check.call.operation == "get_role"
        if generated or any(_named(name.value, one, whole=whole) for one in names):
            yield Candidate(stack, resource, form.shown(found))


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


def nearest_of(every: Iterable[tuple[Conflict, ...]]) -> tuple[Conflict, ...]:
    """Give the shortest of several lists of conflicts; nothing if there is none."""
    return min(every, key=len, default=())
