"""What a spec asks for, as plain data: one model for both formats."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from validator.document import Node, Problem, Value
from validator.environment import matchers
from validator.environment.comparison import differences
from validator.environment.matchers import Matcher, Style
from validator.environment.references import Lookup, Reference, filled, is_open, substitute

Kind = Literal["resource", "resources", "call", "stack", "output"]

KINDS: tuple[Kind, ...] = ("resource", "resources", "call", "output", "stack")
TIMEOUT = 300.0
INTERVAL = 15.0

_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)([smh])")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class Wait:
    """How long to read again, and how often, in seconds; None for a time that holds a reference."""

    at: Node = field(compare=False)
    timeout: float | None = TIMEOUT
    interval: float | None = INTERVAL


@dataclass(frozen=True, slots=True)
class When:
    """A check is for those runs in which a variable has one of some values."""

    at: Node = field(compare=False)
    variable: str
    values: tuple[Value, ...]

    def holds(self, lookup: Lookup) -> bool:
        """Say whether the variable has one of the values.

        Raises:
            UnresolvedError: It has none itself, or what one of them refers to has none.
        """
        value = lookup(Reference("var", self.variable, f"${{var.{self.variable}}}", 0, 0))
        values = [substitute(one, lookup) for one in self.values]
        return not differences(Matcher("in", self.at, values), value, "loose")


@dataclass(frozen=True, slots=True)
class Call:
    """A read operation, and the part of its answer that is looked at.

    Attributes:
        at: What names the operation: the value of `call`, or the key in the legacy format.
        service: As boto3 calls it; both are empty where the text is no `service.operation`.
        parameters: As written, with the references in them.
        select: A JMESPath expression; empty for the whole answer.
        given: The node of the parameters, and `selected` that of the expression; None for one that nobody wrote, since
            the legacy format stands for it.
        not_found: Error codes that mean, beside the usual ones, that there is no such thing.
    """

    at: Node = field(compare=False)
    service: str
    operation: str
    parameters: Mapping[str, Value]
    select: str = ""
    given: Node | None = field(default=None, compare=False)
    selected: Node | None = field(default=None, compare=False)
    not_found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Members:
    """Which resources of the stack tree are meant: all that is given must hold.

    Attributes:
        under: Path of the nested stack to look in; empty for the whole tree.
        logical: A glob on logical ids; empty for any.
    """

    at: Node = field(compare=False)
    type: str = ""
    under: str = ""
    logical: str = ""
    tags: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """What must be at one path.

    Attributes:
        path: JMESPath in the answer of a call, a property's path in a resource or a stack; empty for an output.
        at: The path's node: a key in format 1 and in the legacy one.
    """

    path: str
    matcher: Matcher
    at: Node = field(compare=False)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so. Equal to another that asks for the same, wherever it stands.

    Attributes:
        at: The whole check's node.
        path: Of a resource, an output or a stack: logical ids of nested stacks, with slashes between; empty else.
        type: The CloudFormation type that a resource must have; empty if the check does not say.
        root: Name of the stack to look in, in place of the target's.
        call: For a call, what is called.
        members: For resources, which ones; `expected` is then what must hold for each of them.
        expected: In the order of the file.
        count: How many there must be. Of resources there must be one at least where it is None.
        absent: Whether the thing must not be there; None where a reference says so.
        also: A further call about the same thing: a check of its own, without an id.
        targets: The targets that it is for, and `regions` the regions; all of them where empty.
        literal: Whether a `${` is plain text here, as in the legacy format.
    """

    id: str
    at: Node = field(compare=False)
    kind: Kind
    path: str = ""
    type: str = ""
    root: str = ""
    call: Call | None = None
    members: Members | None = None
    expected: tuple[Expected, ...] = ()
    count: Matcher | None = None
    absent: bool | None = False
    also: "Check | None" = None
    when: When | None = None
    wait: Wait | None = None
    targets: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    severity: str = "error"
    tags: tuple[str, ...] = ()
    title: str = ""
    why: str = ""
    via: str = "auto"
    literal: bool = field(default=False, compare=False)

    @property
    def style(self) -> Style:
        """How values are compared: what a service answers has types, CloudFormation knows texts only."""
        return "typed" if self.kind == "call" else "loose"

    @property
    def matchers(self) -> tuple[Matcher, ...]:
        """What it compares with, without that of a further call."""
        return (*(each.matcher for each in self.expected), *((self.count,) if self.count is not None else ()))

    def fill(self, lookup: Lookup) -> "Check":
        """Give the same check with values in place of references; it stands where it stood.

        Raises:
            UnresolvedError: A reference has no value.
        """
        if self.literal:
            return self
        found = check(filled(self.at, lookup))
        assert found is not None
        return replace(found[0], wait=found[0].wait or self.wait, severity=self.severity, tags=self.tags, via=self.via)


@dataclass(frozen=True, slots=True)
class Target:
    """One environment. Texts are as written, with the references in them.

    Attributes:
        at: The target's node.
        regions: Those of `region` or `regions`, else the spec's default; empty if nobody says.
        variables: The nodes of values that take the place of the spec's.
        settings: All other texts, by their keys: `account`, `partition`, `stack`, `profile`, `role_arn` ….
    """

    name: str
    at: Node
    regions: tuple[str, ...] = ()
    variables: Mapping[str, Node] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def account(self) -> str:
        """The account that must answer; empty if any may."""
        return self.settings.get("account", "")

    @property
    def stack(self) -> str:
        """The name of the root stack; empty if there is none."""
        return self.settings.get("stack", "")


@dataclass(frozen=True, slots=True)
class Spec:
    """All that one spec asks for, or several that belong together.

    Attributes:
        at: The node of the whole spec, of the one that includes the others.
        variables: The nodes of the values by name.
        sensitive: Globs of property paths whose values are never shown.
        allowed: Operations, as `service.operation`, that give back secrets and may be called.
        includes: The nodes of the paths of further files.
    """

    at: Node
    name: str = ""
    targets: Mapping[str, Target] = field(default_factory=dict)
    variables: Mapping[str, Node] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    sensitive: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    includes: tuple[Node, ...] = ()

    def definitions(self, target: Target | None = None, region: str = "") -> Mapping[str, Node]:
        """Give the nodes of what references can mean, by `var.NAME` and `target.NAME`.

        Args:
            target: Whose variables take the place of the spec's; without one there are no `target.NAME`.
            region: The one of the target's regions that it is about, where it has several.
        """
        found = {f"var.{name}": node for name, node in self.variables.items()}
        if target is not None:
            found |= {f"var.{name}": node for name, node in target.variables.items()}
            found["target.name"] = target.at.key
            regions = [*_elements(target.at, "regions")]
            own = {key: target.at.get(key) for key in ("account", "partition", "stack")}
            own["region"] = target.at.get("region") or self.at.get("defaults", "region")
            if regions:
                own["region"] = next((one for one in regions if one.value == region or len(regions) == 1), None)
            found |= {f"target.{key}": node for key, node in own.items() if node is not None}
        return found


def join(specs: Iterable[Spec]) -> Spec:
    """Put specs together, the first of which includes the others: an earlier one's word goes before a later one's."""
    first, *others = specs
    for other in others:
        first = replace(
            first,
            targets={**other.targets, **first.targets},
            variables={**other.variables, **first.variables},
            checks=(*first.checks, *other.checks),
            sensitive=tuple(dict.fromkeys((*first.sensitive, *other.sensitive))),
            allowed=tuple(dict.fromkeys((*first.allowed, *other.allowed))),
        )
    return first


# --- format 1 --------------------------------------------------------------------------------------------------------


def read(root: Node) -> tuple[Spec, tuple[Problem, ...]]:
    """Read a spec of format 1.

    Returns:
        What it asks for, and what its schema cannot say is wrong: problems of its matchers. What does not fit the
        schema is left out, and told by nobody here.
    """
    problems: list[Problem] = []
    defaults = root.get("defaults")
    region = _text(defaults, "region")
    checks: list[Check] = []
    for node in _elements(root, "checks"):
        if (found := check(node, defaults)) is not None:
            checks.append(found[0])
            problems += found[1]
    spec = Spec(
        root,
        _text(root, "name"),
        {name: _target(name, node, region) for name, node in _items(root, "targets") if isinstance(node.value, dict)},
        dict(_items(root, "vars")),
        tuple(checks),
        _texts(root, "sensitive"),
        _texts(root, "allow_sensitive_reads"),
        tuple(node for node in _elements(root, "include") if isinstance(node.value, str)),
    )
    return spec, tuple(problems)


def check(node: Node, defaults: Node | None = None) -> tuple[Check, tuple[Problem, ...]] | None:
    """Read one check; None for what looks at nothing that the format knows."""
    problems: list[Problem] = []
    found = _check(node, problems)
    if found is None:
        return None
    if (also := node.get("also")) is not None:
        found = replace(found, also=_check(also, problems))
    return replace(
        found,
        when=_when(node.get("when")),
        wait=_wait(node.get("wait")) or _wait(defaults.get("wait") if defaults is not None else None),
        targets=_texts(node, "targets"),
        regions=_texts(node, "regions"),
        severity=_text(node, "severity") or _text(defaults, "severity") or "error",
        tags=tuple(dict.fromkeys((*_texts(defaults, "tags"), *_texts(node, "tags")))),
        title=_text(node, "title"),
        why=_text(node, "why"),
        via=_text(defaults, "via") or "auto",
    ), tuple(problems)


def _check(node: Node, problems: list[Problem]) -> Check | None:
    """Read what a check looks at and what it expects of that."""
    kind: Kind | None = next((each for each in KINDS if node.get(each) is not None), None)
    if kind is None:
        return None
    count = node.get("count")
    subject = node.get(kind)
    assert subject is not None
    absent = node.get("absent")
    return Check(
        _text(node, "id"),
        node,
        kind,
        path=_text(node, kind) if kind != "call" else "",
        type=_text(node, "type"),
        root=_text(node, "stack") if kind != "stack" else "",
        call=_call(node, subject) if kind == "call" else None,
        members=_members(subject) if kind == "resources" else None,
        expected=tuple(_expected(node, kind, problems)),
        count=_matcher(count, problems) if count is not None else None,
        absent=(absent.value if isinstance(absent.value, bool) else None) if absent is not None else False,
    )


def _expected(node: Node, kind: Kind, problems: list[Problem]) -> Iterator[Expected]:
    whole = node.get("each" if kind == "resources" else "expect")
    if whole is None:
        return
    if kind == "output":
        yield Expected("", _matcher(whole, problems), whole)
        return
    for path, member in whole.items():
        yield Expected(path, _matcher(member, problems), member.key)


def _matcher(node: Node, problems: list[Problem]) -> Matcher:
    found, wrong = matchers.read(node)
    problems += wrong
    return found


def _call(node: Node, at: Node) -> Call:
    service, dot, operation = (at.value if isinstance(at.value, str) else "").partition(".")
    given, selected = node.get("with"), node.get("select")
    return Call(
        at,
        service if dot else "",
        operation if dot else "",
        given.value if given is not None and isinstance(given.value, dict) else {},
        _text(node, "select"),
        given,
        selected,
        _texts(node, "not_found"),
    )


def _members(node: Node) -> Members:
    tags = tuple((key, value.value) for key, value in _items(node, "tags"))
    return Members(node, _text(node, "type"), _text(node, "under"), _text(node, "logical"), tags)


def _when(node: Node | None) -> When | None:
    if node is None or not (variable := _text(node, "var")):
        return None
    listed, alone = node.get("in"), node.get("equals")
    values = [alone.value] if alone is not None else [each.value for each in (listed.elements() if listed else ())]
    return When(node, variable, tuple(values))


def _wait(node: Node | None) -> Wait | None:
    if node is None or not isinstance(node.value, dict):
        return None
    timeout, interval = node.get("timeout"), node.get("interval")
    return Wait(
        node,
        seconds(timeout.value) if timeout is not None else TIMEOUT,
        seconds(interval.value) if interval is not None else INTERVAL,
    )


def seconds(duration: Value) -> float | None:
    """Read a duration: a number, or a text such as `1m30s`; None for what is neither, such as a reference."""
    if isinstance(duration, int | float) and not isinstance(duration, bool):
        return float(duration)
    if not isinstance(duration, str) or is_open(duration) or not re.fullmatch(f"(?:{_DURATION.pattern})+", duration):
        return None
    return sum(float(number) * _SECONDS[unit] for number, unit in _DURATION.findall(duration))


def _target(name: str, node: Node, region: str) -> Target:
    regions = _texts(node, "regions") or tuple(filter(None, [_text(node, "region") or region]))
    settings = {key: value.value for key, value in node.items() if isinstance(value.value, str)}
    return Target(name, node, regions, dict(_items(node, "vars")), settings)


# --- parts of a node that may be of any shape ------------------------------------------------------------------------


def _text(node: Node | None, key: str) -> str:
    found = node.get(key) if node is not None else None
    return found.value if found is not None and isinstance(found.value, str) else ""


def _texts(node: Node | None, key: str) -> tuple[str, ...]:
    found = (each.value for each in _elements(node, key))
    return tuple(value for value in found if isinstance(value, str))


def _elements(node: Node | None, key: str) -> Iterator[Node]:
    found = node.get(key) if node is not None else None
    return found.elements() if found is not None else iter(())


def _items(node: Node | None, key: str) -> Iterator[tuple[str, Node]]:
    found = node.get(key) if node is not None else None
    return found.items() if found is not None else iter(())
