"""What a statement's Resource names: values one by one, and the resource types that AWS documents for them.

The formats of types come from AWS's documentation, which lacks some. So a value that fits none is not called wrong for
that alone: something must tell what was meant.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from validator.document import Node
from validator.iam.actions import described, expand, iam_data, matches, services
from validator.iam.arns import Resources, arn, meets, plainly_lacks, plainly_meets
from validator.iam.catalogue import READS, details
from validator.iam.faults import faults
from validator.iam.formats import pieces
from validator.iam.globs import Pieces, consists_of
from validator.iam.policy import Policy, Statement
from validator.lazy import kept, lazy
from validator.values import reference

Parts = tuple[str | None, ...]


@dataclass(frozen=True)
class Target:
    """One value of a Resource or NotResource.

    Attributes:
        text: As written, with the `${…}` of a Sub or of another template language, which a Ref or a GetAtt gets too;
            empty where another function makes it.
        parts: Its text in order; None for what is filled in or varies.
        typical: The same with what a template is sure to fill in: an account's number, the ARN of a bucket of its own.
        conditional: It stands in a branch of an `Fn::If`, or its statement does, so that it may not be deployed.
    """

    node: Node
    text: str
    parts: Parts
    typical: Parts
    conditional: bool = False

    @property
    def called(self) -> str:
        """How a message names it."""
        return repr(self.text) if self.text or self.node.value == "" else "this ARN"

    @lazy
    def shape(self) -> str:
        """The text that it typically is, with `*` for what is not known."""
        return "".join("*" if part is None else part for part in self.typical)

    @lazy
    def everything(self) -> bool:
        """Whether it is `*`, or may be anything."""
        if len(self.typical) == 1 and self.typical[0]:  # nearly always
            return not self.typical[0].strip("*")
        known = "".join(part or "" for part in self.typical)
        return set(known) == {"*"} or (not known and None in self.typical)


@kept
def targets(statement: Statement) -> tuple[Target, ...]:
    """List the values of a Resource or NotResource, the branches of an `Fn::If` one by one.

    A list that a function makes is one value of which nothing is known.
    """
    element = statement.resources
    if element is None:
        return ()
    if element.complete:
        return tuple([_target(node, conditional=statement.conditional) for node in element.values])
    leaves = _leaves(element.node, conditional=statement.conditional)
    return tuple(_target(node, conditional=conditional) for node, conditional in leaves)


def is_about_all(statement: Statement) -> bool:
    """Say whether its Resource is `*` and nothing else: cheap, to ask before all else."""
    return statement.element("Resource") in ("*", ["*"])


def fields(text: str) -> list[str]:
    """Split an ARN at its first five colons, but for those within `${…}` and the like."""
    if _OPENING.isdisjoint(text):
        return text.split(":", 5)
    found: list[str] = []
    start = 0
    for match in _COLON.finditer(text):
        if match.group() == ":" and len(found) < 5:
            found.append(text[start : match.start()])
            start = match.end()
    return [*found, text[start:]]


def completed(target: Target) -> str:
    """Give an ARN with the field put in that it lacks before its resource, if it names something only then; or empty.

    In `arn:aws:sqs:eu-west-1:orders` the queue's name stands where the account belongs.
    """
    found, typical = fields(target.text), _whole(target.typical).split(":", 5)
    if len(found) != len(typical) or not 4 <= len(found) <= 6 or _ACCOUNT.fullmatch(typical[3:5][-1]):
        return ""
    known = _formats(typical[2])
    if len(found) == 6 and _any_fits(":".join(typical), known):
        return ""
    for at in (4, 3) if len(found) > 4 else (3,):
        for put in ("", "*"):
            lacking = [put] * (6 - len(found)) or [put]
            # A wildcard might fit what a region or an account does not.
            usual = [_USUAL[at + number] if put else "" for number in range(len(lacking))]
            if _any_fits(":".join([*typical[:at], *usual, *typical[at:]]), known):
                return ":".join([*found[:at], *lacking, *found[at:]])
    return ""


def service_of(target: Target) -> str:
    """Give the service that an ARN names; empty where that is not known."""
    return next(iter(target.shape.split(":")[2:3]), "")


def with_fields(text: str, given: Mapping[str, str]) -> str:
    """Write an ARN with another region or account; empty for a text that is no whole ARN."""
    found = fields(text)
    if len(found) < 6:
        return ""
    found[3], found[4] = given.get("region", found[3]), given.get("account", found[4])
    return ":".join(found)


class Misfit(NamedTuple):
    """Fields of an ARN that are empty, or are not, where every type of the service has it the other way round.

    Attributes:
        empty: Those that are wrongly empty: `region`, `account`.
        filled: Those that are wrongly filled.
    """

    empty: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()


def misfit(target: Target) -> Misfit | None:
    """Say whether a value names no resource at all, because of its region or account.

    It fits none of the types that the service's ARNs are documented for, and would with these fields put right.
    """
    return _misfit(target.typical)


def changed(target: Target, formats: Iterable[str]) -> str:
    """Give the text that a value would have to be to name a resource of one of some formats, by its end alone."""
    formats = tuple(formats)
    if not target.text:
        return ""
    # What follows a name is mostly parted by a slash from it, and by a colon as log streams are.
    colons = any("}:" in form.split(":", 5)[5] for form in formats)
    for end in (":*", "/*") if colons else ("/*", ":*"):
        if _fits((*target.typical, end), formats):
            return target.text + end
    shorter, whole = target.text.partition("/")[0], _whole(target.typical).partition("/")[0]
    return shorter if shorter != target.text and _any_fits(whole, formats) else ""


def fits(target: Target, formats: Iterable[str]) -> bool:
    """Say whether a value names, or may name, a resource of one of some formats."""
    return _fits(target.typical, tuple(formats))


def is_broken(target: Target) -> bool:
    """Say whether something is wrong with a value in itself, so that what it names cannot be told."""
    faulty = next(faults(*target.parts), None) is not None
    return faulty or bool(completed(target)) or misfit(target) is not None


class Taken(NamedTuple):
    """What actions take as their resource.

    Attributes:
        formats: The formats of the types' ARNs; none for actions that can only have `*`.
        known: Every action is documented.
    """

    formats: frozenset[str]
    known: bool = True


@lru_cache(maxsize=2048)
def taken(action: str) -> Taken:
    """Say what the actions take that a pattern stands for."""
    prefix, _, name = action.lower().partition(":")
    if prefix not in services():
        return Taken(frozenset(), known=False)
    types = _types(prefix)
    if name == "*":
        return Taken(frozenset(chain.from_iterable(types.values())))
    # What is spelled out, as most actions are, needs no search.
    names = [name] if name in described(prefix) else [found.partition(":")[2].lower() for found in expand(action)]
    each = (described(prefix)[found]["resourceTypes"] for found in names)
    return Taken(frozenset(form for some in each for one in some for form in types[one["name"]]), known=bool(names))


@lru_cache(maxsize=1024)
def _types(prefix: str) -> Mapping[str, tuple[str, ...]]:
    """Map the resource types of a service to the formats of their ARNs."""
    data = iam_data().resources
    names = data.get_resource_types_for_service(prefix)
    return {name: tuple(data.get_resource_type_details(prefix, name)["arn"].split(", ")) for name in names}


class Reached:
    """Which actions the statements of a policy are about with a resource that each can have, looked up once."""

    def __init__(self, policy: Policy) -> None:
        """Take the policy; nothing is looked up yet."""
        self._policy = policy
        self._answers: dict[tuple[str, str], bool] = {}

    def has(self, action: str, effect: str) -> bool:
        """Say whether some statement to this effect is about such a resource of an action, or may be."""
        if (action, effect) not in self._answers:
            self._answers[action, effect] = any(_reaches(each, action, effect) for each in self._statements)
        return self._answers[action, effect]

    @lazy
    def _statements(self) -> tuple[Statement, ...]:
        return self._policy.statements()[:_MOST_STATEMENTS]


def _reaches(statement: Statement, action: str, effect: str) -> bool:
    actions = statement.action_texts
    if not actions.given or statement.element("Effect") != effect:
        return False
    if any(matches(text, action) for text in actions.texts) == actions.negated:
        return False
    element, formats = statement.resources, taken(action).formats
    return element is None or element.negated or any(one.everything or fits(one, formats) for one in targets(statement))


def well_documented(service: str) -> bool:
    """Say whether the types that AWS documents for a service were found to be all that its own policies name."""
    return service.lower() in _read("documented_types")["services"]


@lru_cache(maxsize=4096)
def takes_star(action: str) -> bool:
    """Say whether an action surely is about no resource in particular, as it is documented to be.

    For what creates something AWS's documentation often lacks the type, so that reads are believed of most services,
    and writes one by one.
    """
    prefix, _, name = action.lower().partition(":")
    # Asked first, as it costs least: most actions have a type.
    if prefix not in services() or (said := described(prefix).get(name)) is None or said["resourceTypes"]:
        return False
    facts, found = _read("documented_types"), details(action)
    if found is None:
        return False
    return found.name in facts["writes"] or bool(found.level & READS and prefix in facts["star"])


def is_filled_in(text: str) -> bool:
    """Say whether a text holds a policy variable, or a place that some tool fills in."""
    return _HOLE.search(text) is not None


@cache
def known_services() -> frozenset[str]:
    """List what can stand for the service in an ARN: the prefixes of actions, and some names besides."""
    return services() | _shared().keys()


_OPENING = frozenset("${<%")
_COLON = re.compile(r"\$\{[^{}]*\}|\{\{.*?\}\}|<[\w -]+>|<%.*?%>|%\{[^}]*\}|\$\([^)]*\)|:", re.DOTALL)
# Policy variables, and left-overs of template languages: ${…}, {{…}}, <name>, <%…%>, %{…}, $(…).
_HOLE = re.compile(r"\$\{(?![*?$]\})[^{}]*\}|\{\{.*?\}\}|<[\w -]+>|<%.*?%>|%\{[^}]*\}|\$\([^)]*\)", re.DOTALL)
_REFERENCE = re.compile(r"\$\{(!?)([^{}]*)\}")
# No rule asks which region or account it is.
_PSEUDO = {"AWS::Partition": "aws", "AWS::Region": "eu-central-1", "AWS::AccountId": "123456789012"}
_EXAMPLES = {
    "partition": _PSEUDO["AWS::Partition"],
    "region": _PSEUDO["AWS::Region"],
    "account": _PSEUDO["AWS::AccountId"],
    "suffix": "AbCdEf",
}
_VARYING = re.compile(r"\$\{|\*")
_FLAT = ("${BucketName}", "${TableName}")
_WILD = re.compile(r"[*?\0]|\$\{")
_USUAL = {3: _PSEUDO["AWS::Region"], 4: _PSEUDO["AWS::AccountId"]}
_UNKNOWN = "\0"
_MOST_STATEMENTS = 300  # more than any policy has that IAM takes
# What can stand for an account, a region, or both.
_ACCOUNT = re.compile(r"|[0-9]{12}|[0-9*?\0]+|[a-z]{2}(?:-[a-z]+)+-[0-9]+|aws|[Aa]ccount.*|[A-Z_]+")


def _leaves(node: Node, *, conditional: bool) -> Iterator[tuple[Node, bool]]:
    if isinstance(node.value, list):
        for element in node.elements():
            yield from _leaves(element, conditional=conditional)
    elif (branches := node.get("Fn::If")) is not None and isinstance(branches.value, list):
        for branch in list(branches.elements())[1:]:
            yield from _leaves(branch, conditional=True)
    elif node.value != {"Ref": "AWS::NoValue"}:
        yield node, conditional


def _target(node: Node, *, conditional: bool) -> Target:
    if isinstance(node.value, str):
        parts = tuple(_split(node.value)) if not _OPENING.isdisjoint(node.value) else (node.value,)
        return Target(node, node.value, parts, parts, conditional)
    sub = node.get("Fn::Sub", 0) or node.get("Fn::Sub")
    text = sub.value if sub is not None and isinstance(sub.value, str) else _reference(node)
    root = node.document.root
    plain, typical = (tuple(_made(node, root, typical=typical)) for typical in (False, True))
    return Target(node, text, plain, typical, conditional)


def _reference(node: Node) -> str:
    """Write a Ref or a GetAtt as it would stand in a Sub; nothing for another function."""
    if not isinstance(node.value, dict) or len(node.value) != 1:
        return ""
    name = node.value.get("Ref", node.value.get("Fn::GetAtt"))
    parts = name if isinstance(name, list) and "Ref" not in node.value else [name]
    return "${" + ".".join(map(str, parts)) + "}" if all(isinstance(part, str) for part in parts) else ""


def _split(text: str) -> Iterator[str | None]:
    end = 0
    for match in _HOLE.finditer(text):
        yield text[end : match.start()]
        yield None
        end = match.end()
    yield text[end:]


def _made(node: Node, root: Node, *, typical: bool) -> Iterator[str | None]:
    """Yield the parts of what a function makes."""
    value = node.value
    if isinstance(value, str):
        yield from _split(value)
    elif (sub := node.get("Fn::Sub")) is not None:
        yield from _substituted(sub, root, typical=typical)
    elif (
        (join := node.get("Fn::Join")) is not None
        and isinstance(separator := (join.get(0) or join).value, str)
        and (members := join.get(1)) is not None
        and isinstance(members.value, list)
    ):
        for number, member in enumerate(members.elements()):
            if number:
                yield separator
            yield from _made(member, root, typical=typical)
    else:
        name = _reference(node)[2:-1]
        yield _referred(name, root) if name and typical else None


def _substituted(sub: Node, root: Node, *, typical: bool) -> Iterator[str | None]:
    text = sub.get(0) or sub
    if not isinstance(text.value, str):
        yield None
        return
    local, end = sub.get(1), 0
    for match in _REFERENCE.finditer(text.value):
        yield from _split(text.value[end : match.start()])
        end = match.end()
        escaped, name = match.groups()
        if not escaped and local is not None and (given := local.get(name.strip())) is not None:
            yield from _made(given, root, typical=typical)
        else:
            yield _referred(name.strip(), root) if typical and not escaped else None
    yield from _split(text.value[end:])


def _referred(name: str, root: Node) -> str | None:
    """Give what a reference typically becomes, if that is sure in all that matters."""
    if name in _PSEUDO:
        return _PSEUDO[name]
    logical_id, _, attribute = name.partition(".")
    kind = root.get("Resources", logical_id, "Type")
    found = reference(kind.value if kind is not None else None, attribute or "Ref")
    examples = [_EXAMPLES.get(text, "example") if place % 2 else text for place, text in enumerate(found)]
    return "".join(examples) if found else None


@lru_cache(maxsize=2048)
def _misfit(parts: Parts) -> Misfit | None:
    found = _whole(parts).split(":", 5)
    if len(found) < 6 or found[0] != "arn" or any(_UNKNOWN in field for field in found[2:5]):
        return None
    _, partition, service, region, account, name = found
    known = _formats(service)
    if not known or _any_fits(":".join(found), known):
        return None
    switched = "" if region else _USUAL[3], "" if account else _USUAL[4]
    for other in ((region, switched[1]), (switched[0], account), switched):
        if _any_fits(":".join(("arn", partition, service, *other, name)), known):
            pairs = zip(("region", "account"), (region, account), other, strict=True)
            changed = [(field, old) for field, old, new in pairs if old != new]
            empty = tuple(field for field, old in changed if not old)
            return Misfit(empty, tuple(field for field, old in changed if old))
    return None


def _whole(parts: Parts) -> str:
    if len(parts) == 1 and parts[0] is not None:  # nearly always
        return parts[0]
    return "".join([_UNKNOWN if part is None else part for part in parts])


def _any_fits(text: str, formats: Iterable[str]) -> bool:
    if text and _UNKNOWN not in text:
        return _fits((text,), tuple(formats))
    return _fits(tuple(part or None for part in re.split(f"({_UNKNOWN})", text) if part != ""), tuple(formats))


@lru_cache(maxsize=2048)
def _fits(parts: Parts, formats: tuple[str, ...]) -> bool:
    whole = _whole(parts)
    found = whole.split(":", 5)
    # Nearly always a look at the fields will do, at a fraction of the cost.
    if len(found) == 6:
        for form in formats:
            if _format(form).plainly_has(found):
                return True
    start = _WILD.split(whole, maxsplit=1)[0].split(":", 5)
    every = map(_format, formats)
    near = [form for form in every if form.may_begin(start) and not (len(found) == 6 and form.plainly_lacks(found))]
    if not near:
        return False
    value = arn(*(None if part == _UNKNOWN else part for part in parts))
    near = [form for form in near if not plainly_lacks(value, form.text)]
    if any(plainly_meets(value, form.text) for form in near):
        return True
    one = Resources((value,))
    return any(meets(one, form.text) != "no" for form in near)


class _Format(NamedTuple):
    """A format, with what is asked of it often.

    Attributes:
        places: Its first five fields.
        name: The sixth.
        pieces: What of its names is the same in all.
        head: The text that all names begin with.
        open: Whether but one part of them varies, at their end.
        flat: And that part holds no slash, as the name of a bucket or a table: `b/*` is no bucket.
    """

    text: str
    places: list[str]
    name: str
    pieces: Pieces
    head: str
    open: bool
    flat: bool

    def plainly_has(self, found: list[str]) -> bool:
        """Say whether a value, by its fields, names one of its resources beyond doubt."""
        name = found[5]
        longer = self.open and len(name) > len(self.head) and name.startswith(self.head) and not self._is_deep(name)
        if not (longer or name in ("*", self.name)):
            return False
        for field, place in zip(found, self.places, strict=False):  # all but the name
            if field not in (place, "*") and place != "*" and not (field and place.startswith("$")):
                return False
        return True

    def plainly_lacks(self, found: list[str]) -> bool:
        """Say whether a value of constant text in some field names none of its resources beyond doubt."""
        *places, name = found
        for field, place in zip(places, self.places, strict=True):
            if _WILD.search(field):
                break  # a wildcard may reach over colons
            if place != "*" and (not field if place.startswith("$") else field != place):
                return True
        if self._is_deep(name):
            return True
        return not _WILD.search(name) and not _WILD.search(":".join(places)) and not consists_of(name, self.pieces)

    def _is_deep(self, name: str) -> bool:
        return self.flat and name.startswith(self.head) and "/" in name[len(self.head) :]

    def may_begin(self, start: list[str]) -> bool:
        """Say whether one of its resources may begin like a value does, by the fields before its first wildcard."""
        service = self.places[2]
        if len(start) > 3 and start[2] != service and not service.startswith("$"):
            return False
        return len(start) < 6 or start[5].startswith(self.head) or self.head.startswith(start[5])


@lru_cache(maxsize=8192)
def _format(text: str) -> _Format:
    *places, name = text.split(":", 5)
    head, *rest = _VARYING.split(name)
    one = len(rest) == 1 and name.endswith(("}", "*"))
    return _Format(text, places, name, pieces(name), head, one, one and name.endswith(_FLAT))


@lru_cache(maxsize=1024)
def _formats(service: str) -> tuple[str, ...]:
    """List the formats of all ARNs of a service."""
    prefixes = _shared().get(service, [service] if service in services() else [])
    found = chain.from_iterable(each for prefix in prefixes for each in _types(prefix).values())
    return tuple(dict.fromkeys(form for form in found if form.split(":")[2] == service))


@cache
def _shared() -> Mapping[str, list[str]]:
    return _read("arn_services")["services"]  # type: ignore[no-any-return]


@cache
def _read(name: str) -> Any:
    return json.loads((Path(__file__).parent / "data" / f"{name}.json").read_text(encoding="utf-8"))
