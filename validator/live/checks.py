"""One check in one region of one target: look, and compare."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from validator.document import Node, Value
from validator.environment import Check, Expected, Spec, Target
from validator.environment.checks import Call
from validator.environment.matchers import Difference, Matcher, UndecidedError, differences, written
from validator.environment.references import Lookup, Reference, UnresolvedError, settle, substitute
from validator.live.calls import Aws
from validator.live.clock import Clock
from validator.live.outcome import Fault, FaultError, Kind, MissingError, Outcome
from validator.live.properties import properties
from validator.live.redaction import Redaction, is_secret, secret_members
from validator.live.stacks import Deployed, Stacks
from validator.project.secrets import secret_like

_NOT_FOUND = re.compile(r"NotFound|NoSuch|DoesNotExist|NonExistent")
_FAILED = re.compile(r"_FAILED$|ROLLBACK")
_HEAD = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([A-Za-z_][A-Za-z0-9_]*))')
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Place:
    """One region of one target, ready to be looked at.

    Attributes:
        target: None for the legacy format.
        given: Values of variables that take the place of the spec's and the target's.
        fault: Why nothing there can be looked at.
    """

    spec: Spec
    target: Target | None
    region: str
    aws: Aws
    clock: Clock
    given: dict[str, Value] = field(default_factory=dict)
    fault: Fault | None = None

    @property
    def name(self) -> str:
        """The target's name."""
        return self.target.name if self.target is not None else ""

    def lookup(self, since: float) -> Lookup:
        """Make what gives the values of references."""
        definitions = dict(self.spec.definitions(self.target, self.region))
        for name, value in self.given.items():
            definitions[f"var.{name}"] = Node(self.spec.at.document, (), value)
        if self.region:
            definitions["target.region"] = Node(self.spec.at.document, (), self.region)

        def live(reference: Reference) -> Value:
            stacks = Stacks(self.aws, self.root(lookup), since)
            try:
                if reference.kind == "output":
                    return stacks.output(reference.name)
                if reference.kind == "param":
                    return stacks.parameter(reference.name)
                return stacks.resource(reference.name).id
            except MissingError as error:
                raise UnresolvedError(reference, f"has no value: {error}") from None

        lookup = settle(definitions, live)
        return lookup

    def setting(self, name: str, lookup: Lookup) -> str:
        """Give a text of the target."""
        written_ = self.target.settings.get(name, "") if self.target is not None else ""
        found = substitute(written_, lookup)
        return found if isinstance(found, str) else str(found)

    def root(self, lookup: Lookup) -> str:
        """Give the name of the root stack."""
        return self.setting("stack", lookup)


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one expectation, before secrets are hidden.

    Attributes:
        secret: Whether all that was found there is a secret, and `hidden` the members that are.
    """

    path: str
    at: Node
    kind: Kind
    rule: str = ""
    message: str = ""
    expected: Value = None
    differences: tuple[Difference, ...] = ()
    secret: bool = False
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Aspect:
    """One expectation of a check: a path, or what is asked of the thing as a whole."""

    path: str
    at: Node
    matcher: Matcher | None = None


def look(check: Check, place: Place, *, attempts: int = 1, since: float = float("-inf")) -> tuple[list[Outcome], bool]:
    """Look once.

    Returns:
        The outcomes, and whether to look again may give others.
    """
    if place.fault is not None:
        return failed(check, place, place.fault), False
    lookup = place.lookup(since)
    redaction = _redaction(place, lookup)
    try:
        filled = check.fill(lookup)
    except UnresolvedError as error:
        return failed(
            check, place, Fault("environment-unresolved", str(error), passing=True), redaction, attempts
        ), True
    except FaultError as error:
        return failed(check, place, error.fault, redaction, attempts), error.fault.passing
    found: list[Outcome] = []
    again = True
    for part in (filled, *((filled.also,) if filled.also is not None else ())):
        outcomes, repeat, hidden = _looked(part, place, lookup, since)
        again = again and repeat
        around = redaction if not hidden else _redaction(place, lookup, hidden)
        found += [_outcome(check, part, place, one, around, attempts) for one in outcomes]
    return found, again


def failed(
    check: Check, place: Place, fault: Fault, redaction: Redaction | None = None, attempts: int = 1
) -> list[Outcome]:
    """Say of all of a check that it could not be looked at."""
    return _all(check, place, "error", fault.rule, fault.reason, redaction, attempts)


def skipped(check: Check, place: Place, rule: str, reason: str) -> list[Outcome]:
    """Say of all of a check that it was not looked at."""
    return _all(check, place, "skipped", rule, reason, None, 1)


def _all(
    check: Check, place: Place, kind: Kind, rule: str, message: str, redaction: Redaction | None, attempts: int
) -> list[Outcome]:
    hide = redaction or Redaction(place.spec.sensitive)
    return [
        _outcome(check, part, place, Found(one.path, one.at, kind, rule, message), hide, attempts)
        for part in (check, *((check.also,) if check.also is not None else ()))
        for one in aspects(part)
    ]


def aspects(check: Check) -> list[Aspect]:
    """List what a check expects, its further call aside; one at least, that the thing is there."""
    if check.absent:
        return [Aspect("absent", check.at)]
    found = [Aspect("type", check.at.get("type") or check.at)] if check.type else []
    if check.count is not None:
        found.append(Aspect("count", check.count.at, check.count))
    found += [Aspect(one.path, one.at, one.matcher) for one in check.expected]
    return found or [Aspect("", check.at)]


def subject(check: Check) -> str:
    """Name what a check looks at."""
    if check.call is not None:
        return f"{check.call.service}.{check.call.operation}"
    if check.members is not None:
        what = " ".join(filter(None, [check.members.type, check.members.logical])) or "resources"
        return f"{what} under {check.members.under}" if check.members.under else what
    return check.path


# --- one look --------------------------------------------------------------------------------------------------------


def _looked(check: Check, place: Place, lookup: Lookup, since: float) -> tuple[list[Found], bool, frozenset[str]]:
    """Look at one thing; say too whether looking again may help, and which of its members are hidden."""
    every = aspects(check)
    hidden: frozenset[str] = frozenset()
    if check.absent is None:
        return (
            [_error(one, "environment-unresolved", "'absent' is neither true nor false") for one in every],
            False,
            hidden,
        )
    try:
        stacks = Stacks(place.aws, check.root or place.root(lookup), since)
        if check.kind == "call":
            return _call(check, every, place, since), True, hidden
        if check.kind == "resources":
            return _members(check, every, place, stacks, since), True, hidden
        if check.kind == "resource":
            return _resource(check, every, place, stacks, since), True, hidden
        if check.kind == "stack":
            value: Value = stacks.stack(check.path)
            known = stacks.hidden(check.path) if any(_head(one.path) == "Parameters" for one in every) else hidden
            hidden = known if known is not None else frozenset({"Parameters"})
            settled = isinstance(value, dict) and _FAILED.search(str(value.get("StackStatus"))) is not None
            return _compared(check, every, value), not settled, hidden
        return _compared(check, every, stacks.output(check.path)), True, hidden
    except MissingError as error:
        return [_missing(one, str(error)) for one in every], True, hidden
    except UnresolvedError as error:
        return [_error(one, "environment-unresolved", str(error)) for one in every], True, hidden
    except FaultError as error:
        return [_error(one, error.fault.rule, error.fault.reason) for one in every], error.fault.passing, hidden


def _resource(check: Check, every: list[Aspect], place: Place, stacks: Stacks, since: float) -> list[Found]:
    deployed = stacks.resource(check.path)
    if check.type and deployed.type != check.type:
        message = f"{check.path} is of the type {deployed.type}, not {check.type}"
        difference = Difference("", check.type, deployed.type, "equals")
        return [
            Found(one.path, one.at, "differs", "environment-type", message, check.type, (difference,))
            if one.path == "type" and one.matcher is None
            else Found(one.path, one.at, "skipped", "environment-depends", f"its type is another: {deployed.type}")
            for one in every
        ]
    value, faults = properties(place.aws, deployed, _heads(check.expected), check.via, since)
    return [_read(one, check, value, faults) for one in every]


def _members(check: Check, every: list[Aspect], place: Place, stacks: Stacks, since: float) -> list[Found]:
    members = check.members
    assert members is not None
    chosen: list[tuple[Deployed, dict[str, Value], dict[str, Fault]]] = []
    wanted = {*_heads(check.expected), *(["Tags"] if members.tags else [])}
    for deployed in stacks.resources(members.under):
        if members.type and deployed.type != members.type:
            continue
        if members.logical and not fnmatchcase(deployed.path.rpartition("/")[2], members.logical):
            continue
        # What only the stack knows of is counted; what else is asked for is read.
        found, faults = properties(place.aws, deployed, wanted, check.via, since) if wanted else ({}, {})
        if members.tags and "Tags" in faults:
            # It may be one of those, or not.
            raise FaultError(faults["Tags"])
        if all(_tagged(found.get("Tags"), name, value) for name, value in members.tags):
            chosen.append((deployed, found, faults))
    if not chosen and check.count is None and not check.absent:
        raise MissingError("there is no such resource")
    results = []
    for one in every:
        if one.path in {"count", "absent"} and (one.matcher is check.count):
            results.append(_counted(one, chosen))
        else:
            results.append(_each(one, check, chosen))
    return results


def _each(aspect: Aspect, check: Check, chosen: list[tuple[Deployed, dict[str, Value], dict[str, Fault]]]) -> Found:
    """Compare every one of some resources; the first that differs, or cannot be told of, speaks for all."""
    results = [(deployed, _read(aspect, check, found, faults)) for deployed, found, faults in chosen]
    for kind in ("differs", "error"):
        for deployed, found in results:
            if found.kind == kind:
                return replace(found, message=f"{deployed.path}: {found.message}")
    return _conforming(aspect)


def _read(aspect: Aspect, check: Check, value: dict[str, Value], faults: dict[str, Fault]) -> Found:
    """Compare one expectation of a resource, if what it is about could be read."""
    fault = faults.get(_head(aspect.path)) if aspect.matcher is not None else None
    return _one(aspect, check, value) if fault is None else _error(aspect, fault.rule, fault.reason)


def _call(check: Check, every: list[Aspect], place: Place, since: float) -> list[Found]:
    call = check.call
    assert call is not None
    try:
        value = place.aws.read(call.service, call.operation, call.parameters, since=since)
    except FaultError as error:
        code = error.fault.code
        if not _is_missing(call, code):
            raise
        if check.count is not None:
            none = [_counted(one, []) if one.matcher is check.count else None for one in every]
            missing = [_missing(one, f"AWS answers {code}") for one in every]
            return [one or other for one, other in zip(none, missing, strict=True)]
        raise MissingError(f"AWS answers {code}") from None
    if call.select:
        value = _searched(call.select, value)
        if value is None and check.count is None:
            raise MissingError(f"{call.select!r} finds nothing")
    return _compared(check, every, value)


def _is_missing(call: Call, code: str) -> bool:
    if call.operation.startswith("head_") and code == "404":
        return True
    return bool(code) and (code in call.not_found or _NOT_FOUND.search(code) is not None)


def _is_nothing(call: Call, value: Value) -> bool:
    """Say whether nothing was found: an answer that AWS gives about a thing is something, lists of none are not."""
    if call.select:
        return value in (None, [], {})
    return isinstance(value, dict) and bool(value) and all(member == [] for member in value.values())


def _compared(check: Check, every: list[Aspect], value: Value) -> list[Found]:
    return [_one(aspect, check, value) for aspect in every]


def _one(aspect: Aspect, check: Check, value: Value) -> Found:
    """Compare one expectation with what is there."""
    if aspect.path == "absent" and aspect.matcher is None:
        if check.call is not None and _is_nothing(check.call, value):
            return _conforming(aspect)
        return Found(aspect.path, aspect.at, "differs", "environment-present", "it is there, and must not be", True)
    if aspect.matcher is None:
        if aspect.path == "" and check.call is not None and _is_nothing(check.call, value):
            return _missing(aspect, "nothing is found")
        return _conforming(aspect)
    if aspect.matcher is check.count:
        if not isinstance(value, list | None):
            return _error(aspect, "environment-undecided", "what is there is no list: `select` one to count")
        return _counted(aspect, value or [])
    try:
        actual = _searched(aspect.path, value) if aspect.path else value
        found = differences(aspect.matcher, actual, check.style)
    except UndecidedError as error:
        return _error(aspect, "environment-undecided", str(error))
    except FaultError as error:
        return _error(aspect, error.fault.rule, error.fault.reason)
    return replace(
        _said(aspect, check, actual, found), secret=is_secret(actual), hidden=frozenset(secret_members(actual))
    )


def _said(aspect: Aspect, check: Check, actual: Value, found: tuple[Difference, ...]) -> Found:
    """Say how what is there differs."""
    assert aspect.matcher is not None
    if not found:
        return _conforming(aspect)
    if actual == [] and aspect.matcher.operator == "some":
        return _missing(aspect, "nothing is found")
    name = aspect.path or check.path
    rule, what = ("environment-unset", "is not set") if actual is None else ("environment-value", "differs")
    return Found(aspect.path, aspect.at, "differs", rule, f"{name} {what}", written(aspect.matcher), found)


def _counted(aspect: Aspect, things: list[Any]) -> Found:
    number = len(things)
    if aspect.path == "absent" and aspect.matcher is None:
        if not things:
            return _conforming(aspect)
        message = f"there {'is' if number == 1 else 'are'} {number}, and must be none"
        return Found(aspect.path, aspect.at, "differs", "environment-present", message, True)
    assert aspect.matcher is not None
    try:
        found = differences(aspect.matcher, number, "typed")
    except UndecidedError as error:
        return _error(aspect, "environment-undecided", str(error))
    if not found:
        return _conforming(aspect)
    message = f"there {'is' if number == 1 else 'are'} {number}"
    return Found(aspect.path, aspect.at, "differs", "environment-count", message, written(aspect.matcher), found)


def _missing(aspect: Aspect, reason: str) -> Found:
    if aspect.path == "absent" and aspect.matcher is None:
        return _conforming(aspect)
    wanted = written(aspect.matcher) if aspect.matcher is not None else None
    return Found(aspect.path, aspect.at, "differs", "environment-missing", reason, wanted)


def _conforming(aspect: Aspect) -> Found:
    wanted = written(aspect.matcher) if aspect.matcher is not None else None
    return Found(aspect.path, aspect.at, "conforms", expected=wanted)


def _error(aspect: Aspect, rule: str, reason: str) -> Found:
    return Found(aspect.path, aspect.at, "error", rule, reason)


def _searched(expression: str, value: Value) -> Value:
    try:
        found: Value = jmespath.search(expression, value)
    except (JMESPathError, RecursionError) as error:
        said = str(error).partition("\n")[0]
        raise FaultError(Fault("environment-undecided", f"{expression!r} cannot be evaluated: {said}")) from None
    return found


def _heads(every: tuple[Expected, ...]) -> set[str]:
    """List the properties that some paths start from."""
    return {head for one in every if (head := _head(one.path))}


def _head(path: str) -> str:
    match = _HEAD.match(path)
    return (match[1] or match[2]) if match else ""


def _tagged(tags: Value, name: str, value: Value) -> bool:
    """Say whether there is a tag among some, listed or as a mapping."""
    if isinstance(tags, dict):
        return name in tags and str(tags[name]) == str(value)
    listed = tags if isinstance(tags, list) else []
    return any(isinstance(tag, dict) and tag.get("Key") == name and tag.get("Value") == str(value) for tag in listed)


# --- what may be shown -----------------------------------------------------------------------------------------------


def _redaction(place: Place, lookup: Lookup, names: frozenset[str] = frozenset()) -> Redaction:
    return Redaction(place.spec.sensitive, names, _secrets(place, lookup))


def _secrets(place: Place, lookup: Lookup) -> Iterator[str]:
    """Yield the values of variables that are secrets by their names."""
    defined = {name.removeprefix("var.") for name in place.spec.definitions(place.target) if name.startswith("var.")}
    for name in sorted({*defined, *place.given}):
        if secret_like(name):
            try:
                value = lookup(Reference("var", name, f"${{var.{name}}}", 0, 0))
            except (UnresolvedError, FaultError):
                continue
            if isinstance(value, str) and len(value) >= _SHORTEST:
                yield value
    if place.target is not None and len(secret := place.target.settings.get("external_id", "")) >= _SHORTEST:
        yield secret


def _outcome(check: Check, part: Check, place: Place, found: Found, redaction: Redaction, attempts: int) -> Outcome:
    path = found.path
    redaction = redaction.hiding(found.hidden)
    hide = found.secret or redaction.hides(path)
    return Outcome(
        check.id,
        found.at.span,
        place.name,
        place.region,
        redaction.text(subject(part)),
        redaction.text(path),
        found.kind,
        found.rule,
        redaction.text(found.message),
        "***" if hide and found.expected is not None else redaction.value(found.expected, path),
        tuple(redaction.difference(path, one, secret=found.secret) for one in found.differences),
        check.severity,
        redaction.text(check.title),
        redaction.text(check.why),
        attempts,
    )
