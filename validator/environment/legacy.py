"""The first format: five operations, each with the name of a thing and the properties that it must have.

What it asks for, as calls of format 1: all things of that name are looked at, on all pages, and one of them must have
all the properties. The name is part of the thing's name, of a role the whole; of an Auto Scaling group part of its name
or of its Name tag.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from validator.document import Node, Problem, Value
from validator.environment import statements
from validator.environment.checks import Call, Check, Expected, Spec
from validator.environment.matchers import Matcher
from validator.environment.operations import LEGACY
from validator.suggest import did_you_mean, listed

_Properties = Mapping[str, Node]
_BESIDE_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
# EC2 takes these for wildcards in the values of a filter.
_WILDCARDS = re.compile(r"[*?\\]")


@dataclass(frozen=True, slots=True)
class _Operation:
    """How one of the operations finds the things of a name, and what its properties ask of one of them.

    Attributes:
        noun: What the ids of its checks start with.
        parameters: What it is called with, for a name.
        select: The JMESPath expression that finds the things of a name in the answer.
        texts: The properties that are texts, `numbers` and `flags` those of these types; members of the thing itself.
        others: The properties that ask in a way of their own.
        single: Whether the name is that of one thing, not a part of several names.
    """

    noun: str
    parameters: Callable[[str], Mapping[str, Value]]
    select: Callable[[str], str]
    texts: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    others: Mapping[str, "_Property"] = field(default_factory=dict)
    single: bool = False

    @property
    def known(self) -> list[str]:
        """The names of its properties."""
        return sorted({*self.texts, *self.numbers, *self.flags, *self.others})


def read(root: Node) -> tuple[Spec, tuple[Problem, ...]]:
    """Read a spec of the first format.

    Returns:
        What it asks for, and what its schema cannot say is wrong: code `legacy-property` for a property that its
        operation does not know, `operand` for a value of the wrong kind. Both are left out of what it asks for.
    """
    problems: list[Problem] = []
    checks: list[Check] = []
    taken: Counter[str] = Counter()
    for called, entry in entries(root):
        operation = OPERATIONS.get(str(called.name))
        name = entry.get("Name")
        if operation is None or name is None or (text := _text(name)) is None:
            continue
        own = f"{operation.noun}-{_BESIDE_NAMES.sub('-', text).strip('-')}".rstrip("-")
        taken[own] += 1
        checks.append(
            Check(
                own if taken[own] == 1 else f"{own}.{taken[own]}",
                entry,
                "call",
                call=Call(
                    called.key,
                    LEGACY[str(called.name)],
                    str(called.name),
                    operation.parameters(text),
                    operation.select(text),
                ),
                expected=_expected(operation, entry, name, problems),
                literal=True,
            )
        )
    return Spec(root, checks=tuple(checks)), tuple(problems)


def entries(root: Node) -> Iterator[tuple[Node, Node]]:
    """Yield the entries of all operations in order, each with what stands at its operation: itself, or a list."""
    for _, found in root.items():  # noqa: PERF102  # a node, not a dict
        for entry in found.elements() if isinstance(found.value, list) else (found,):
            if isinstance(entry.value, dict):
                yield found, entry


def _expected(operation: _Operation, entry: Node, name: Node, problems: list[Problem]) -> tuple[Expected, ...]:
    properties = entry.get("Properties")
    reader = _Reader(problems)
    wanted = reader.wanted(operation, properties) if properties is not None else {}
    if operation.single:
        return tuple(Expected(path, matcher, matcher.at.key) for path, matcher in wanted.items())
    thing = _members(wanted, properties or entry)
    return (Expected("@", Matcher("some", thing.at, inner=(thing,)), name),)


class _Reader:
    """Reads the properties of one entry; complains of what it cannot read, and leaves it out."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems

    def wanted(self, operation: _Operation, properties: Node) -> dict[str, Matcher]:
        """Give what is asked of one thing, by its members."""
        found: dict[str, Matcher] = {}
        permission: dict[str, Matcher] = {}
        for name, node in properties.items():
            if name in operation.texts:
                self._put(found, name, self.text(node))
            elif name in operation.numbers:
                self._put(found, name, self.number(node))
            elif name in operation.flags:
                self._put(found, name, self.flag(node))
            elif name in operation.others:
                member, matcher = operation.others[name](self, node)
                self._put(permission if name in _PERMISSION else found, member, matcher)
            else:
                advice = did_you_mean(name, operation.known) or f"known: {listed(map(repr, operation.known))}"
                self._complain(node.key, f"this format does not know the property {name!r}", advice, "legacy-property")
        if permission:
            # One and the same permission must have all of it.
            found["IpPermissions"] = _some(_members(permission, properties))
        return found

    def text(self, node: Node) -> Matcher | None:
        """Read a text, which may have been written without quotes."""
        text = _text(node)
        if text is None:
            self._wrong(node, "a text")
            return None
        return Matcher("equals", node, text)

    def number(self, node: Node) -> Matcher | None:
        """Read a whole number, which may have been written in quotes."""
        value = node.value
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            self._wrong(node, "a whole number")
            return None
        return Matcher("equals", node, value)

    def flag(self, node: Node) -> Matcher | None:
        """Read a truth."""
        value = {"true": True, "false": False}.get(node.value.lower()) if isinstance(node.value, str) else node.value
        if not isinstance(value, bool):
            self._wrong(node, "true or false")
            return None
        return Matcher("equals", node, value)

    def part(self, node: Node) -> Matcher | None:
        """Read a part of a text."""
        text = self.text(node)
        return Matcher("contains", node, inner=(text,)) if text is not None else None

    def source(self, node: Node) -> tuple[str, Matcher | None]:
        """Read where a permission lets in from: a network, or a security group."""
        text = self.text(node)
        member, below = "IpRanges", "CidrIp"
        if text is not None and str(text.operand).startswith("sg-"):
            member, below = "UserIdGroupPairs", "GroupId"
        elif text is not None and ":" in str(text.operand):
            member, below = "Ipv6Ranges", "CidrIpv6"
        return member, _some(_members({below: text}, node)) if text is not None else None

    def parts(self, node: Node) -> Matcher | None:
        """Read parts of the elements of a list, one or several."""
        if not isinstance(node.value, list):
            return _some(part) if (part := self.part(node)) is not None else None
        found = [part for each in node.elements() if (part := self.part(each)) is not None]
        return Matcher("contains_all", node, inner=tuple(found))

    def listeners(self, node: Node) -> Matcher | None:
        """Read listeners, all of which must be there."""
        found = []
        for each in node.elements() if isinstance(node.value, list) else (node,):
            if not isinstance(each.value, dict):
                self._wrong(each, "a mapping")
                continue
            listener = _members(self.wanted(_LISTENER, each), each)
            found.append(_members({"Listener": listener}, each))
        return Matcher("contains_all", node, inner=tuple(found))

    def statements(self, node: Node) -> Matcher | None:
        """Read the statements of a policy, which must be all that it has."""
        value = node.value
        if isinstance(value, dict) and "Statement" not in value:
            value = [value]
        policy: Value = {"Statement": value} if isinstance(value, list) else value
        if not isinstance(policy, dict) or statements.read(policy) is None:
            self._wrong(node, "a list of statements")
            return None
        return Matcher("policy", node, policy)

    def _put(self, found: dict[str, Matcher], name: str, matcher: Matcher | None) -> None:
        if matcher is not None:
            found[name] = matcher

    def _wrong(self, node: Node, expected: str) -> None:
        what = "nothing" if node.value is None else repr(node.text) if _text(node) is not None else node.kind
        self._complain(node, f"{node.name!r} is {what}, expected {expected}", "", "operand")

    def _complain(self, at: Node, message: str, advice: str, code: str) -> None:
        self._problems.append(Problem(at, message, advice, code))


_Property = Callable[[_Reader, Node], tuple[str, Matcher | None]]


def _some(matcher: Matcher) -> Matcher:
    return Matcher("some", matcher.at, inner=(matcher,))


def _members(found: Mapping[str, Matcher], at: Node) -> Matcher:
    return Matcher("members", at, inner=tuple(found.values()), names=tuple(found))


_WHOLE = re.compile(r"-?[0-9]{1,9}")


def _text(node: Node) -> str | None:
    """Give a scalar as it is written; None for what is no scalar."""
    if isinstance(node.value, str):
        return node.value
    return node.text if isinstance(node.value, bool | int | float) else None


def _quoted(text: str) -> str:
    """Write a text as a literal of JMESPath."""
    if "'" in text or "\\" in text:
        return "`" + json.dumps(text).replace("`", "\\`") + "`"
    return f"'{text}'"


_LISTENER = _Operation(
    "listener",
    lambda _: {},
    lambda _: "",
    texts=frozenset({"Protocol", "InstanceProtocol", "SSLCertificateId"}),
    numbers=frozenset({"LoadBalancerPort", "InstancePort"}),
)
_PERMISSION = frozenset({"IpProtocol", "FromPort", "ToPort", "Target"})

OPERATIONS: Mapping[str, _Operation] = {
    "describe_security_groups": _Operation(
        "security-group",
        lambda name: {
            "Filters": [{"Name": "group-name", "Values": [f"*{_WILDCARDS.sub(lambda sign: chr(92) + sign[0], name)}*"]}]
        },
        lambda _: "SecurityGroups",
        texts=frozenset({"Description", "GroupName", "VpcId"}),
        others={
            "IpProtocol": lambda reader, node: ("IpProtocol", reader.text(node)),
            "FromPort": lambda reader, node: ("FromPort", reader.number(node)),
            "ToPort": lambda reader, node: ("ToPort", reader.number(node)),
            "Target": lambda reader, node: reader.source(node),
        },
    ),
    "get_role": _Operation(
        "role",
        lambda name: {"RoleName": name},
        lambda _: "Role",
        texts=frozenset({"Path", "Description"}),
        numbers=frozenset({"MaxSessionDuration"}),
        others={
            "AssumeRolePolicyDocument": lambda reader, node: ("AssumeRolePolicyDocument", reader.statements(node)),
        },
        single=True,
    ),
    "describe_load_balancers": _Operation(
        "load-balancer",
        lambda _: {},
        lambda name: f"LoadBalancerDescriptions[?contains(LoadBalancerName, {_quoted(name)})]",
        texts=frozenset({"Scheme", "VPCId"}),
        others={"Listeners": lambda reader, node: ("ListenerDescriptions", reader.listeners(node))},
    ),
    "describe_launch_configurations": _Operation(
        "launch-configuration",
        lambda _: {},
        lambda name: f"LaunchConfigurations[?contains(LaunchConfigurationName, {_quoted(name)})]",
        texts=frozenset({"ImageId", "InstanceType", "KeyName", "IamInstanceProfile", "PlacementTenancy", "SpotPrice"}),
        flags=frozenset({"AssociatePublicIpAddress", "EbsOptimized"}),
    ),
    "describe_auto_scaling_groups": _Operation(
        "auto-scaling-group",
        lambda _: {},
        lambda name: (
            f"AutoScalingGroups[?contains(AutoScalingGroupName, {_quoted(name)})"
            f" || Tags[?Key=='Name' && contains(Value, {_quoted(name)})]]"
        ),
        texts=frozenset({"HealthCheckType", "VPCZoneIdentifier"}),
        numbers=frozenset({"DefaultCooldown", "DesiredCapacity", "HealthCheckGracePeriod", "MaxSize", "MinSize"}),
        others={
            "LaunchConfigurationName": lambda reader, node: ("LaunchConfigurationName", reader.part(node)),
            "LoadBalancerNames": lambda reader, node: ("LoadBalancerNames", reader.parts(node)),
        },
    ),
}
