"""One check in one region of one target: look, and compare."""

import re
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

from validator.document import Value
from validator.environment import Check
from validator.environment.checks import Call
from validator.environment.comparison import Difference
from validator.environment.plan import head, names
from validator.environment.references import Lookup, Reference, UnresolvedError
from validator.environment.stack_paths import steps
from validator.live.expectations import (
    Aspect,
    Found,
    aspects,
    compared,
    conforming,
    counted,
    missing,
    present,
    searched,
    unchecked,
)
from validator.live.outcome import Fault, FaultError, Kind, MissingError, NoStackError, Outcome
from validator.live.place import Place
from validator.live.properties import properties
from validator.live.redaction import Redaction, hidden
from validator.live.stacks import Deployed, Stacks, busy, in_progress
from validator.project.secrets import secret_like

_NOT_FOUND = re.compile(r"NotFound|NoSuch|DoesNotExist|NonExistent")
_FAILED = re.compile(r"_FAILED$|ROLLBACK")
_SHORTEST = 4


def look(check: Check, place: Place, *, attempts: int = 1, since: float = float("-inf")) -> tuple[list[Outcome], bool]:
    """Look once.

    Returns:
        The outcomes, and whether to look again may give others.
    """
    if place.fault is not None:
        return failed(check, place, place.fault), False
    lookup = place.lookup(since)
    redaction = _redaction(place)
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
        outcomes, repeat, unseen = _looked(part, place, lookup, since)
        again = again and repeat
        around = redaction if not unseen else _redaction(place, unseen)
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
    """Look at one thing; say too whether looking again may help, and which of its members are not shown."""
    every = aspects(check)
    unseen: frozenset[str] = frozenset()
    if check.absent is None:
        fault = Fault("environment-unresolved", "'absent' is neither true nor false")
        return [unchecked(one, fault) for one in every], False, unseen
    try:
        if check.kind == "call":
            return _call(check, every, place, since), True, unseen
        stacks = Stacks(place.aws, check.root or place.root(lookup), since)
        if check.kind == "resources":
            return _members(check, every, place, stacks, since), True, unseen
        if check.kind == "resource":
            return _resource(check, every, place, stacks, since), True, unseen
        if check.kind == "stack":
            return _stack(check, every, stacks)
        return [compared(one, check, stacks.output(check.path)) for one in every], True, unseen
    except MissingError as error:
        # Of what is in a stack that is not there, not even that it is absent is sure: the name may be wrong.
        around = isinstance(error, NoStackError) and (check.kind != "stack" or bool(steps(check.path)))
        return [missing(one, str(error), around=around) for one in every], True, unseen
    except UnresolvedError as error:
        fault = Fault("environment-unresolved", str(error))
        return [unchecked(one, fault) for one in every], True, unseen
    except FaultError as error:
        return [unchecked(one, error.fault) for one in every], error.fault.passing, unseen


def _stack(check: Check, every: list[Aspect], stacks: Stacks) -> tuple[list[Found], bool, frozenset[str]]:
    value: dict[str, Value] = stacks.stack(check.path)
    faults: dict[str, Fault] = {}
    unseen: frozenset[str] = frozenset()
    if any(head(one.path) == "Parameters" for one in every):
        try:
            unseen = stacks.hidden(check.path)
        except FaultError as error:
            # What must not be shown is not known then.
            faults["Parameters"] = error.fault
    state = str(value.get("StackStatus"))
    if in_progress(state):
        others = {head(one.path) for one in every} - {"StackStatus"}
        faults |= dict.fromkeys(others, busy(str(value.get("StackName", check.path)), state))
    return [_read(one, check, value, faults) for one in every], _FAILED.search(state) is None, unseen


def _resource(check: Check, every: list[Aspect], place: Place, stacks: Stacks, since: float) -> list[Found]:
    deployed = stacks.resource(check.path)
    if check.absent:
        # What the stack has is for it to say.
        return [present(one, "the stack has it, and must not") for one in every]
    if check.type and deployed.type != check.type:
        message = f"{check.path} is of the type {deployed.type}, not {check.type}"
        difference = Difference("", check.type, deployed.type, "equals")
        return [
            Found(one.path, one.at, "differs", "environment-type", message, check.type, (difference,))
            if one.path == "type" and one.matcher is None
            else Found(one.path, one.at, "skipped", "environment-depends", f"its type is another: {deployed.type}")
            for one in every
        ]
    value, faults = properties(place.aws, deployed, names(check), check.via, since)
    return [_read(one, check, value, faults) for one in every]


def _members(check: Check, every: list[Aspect], place: Place, stacks: Stacks, since: float) -> list[Found]:
    members = check.members
    assert members is not None
    chosen: list[tuple[Deployed, dict[str, Value], dict[str, Fault]]] = []
    gone: list[str] = []
    wanted = names(check)
    for deployed in stacks.resources(members.under):
        if members.type and deployed.type != members.type:
            continue
        if members.logical and not fnmatchcase(deployed.path.rpartition("/")[2], members.logical):
            continue
        # What only the stack knows of is counted; what else is asked for is read.
        try:
            found, faults = properties(place.aws, deployed, wanted, check.via, since) if wanted else ({}, {})
        except MissingError as error:
            gone += [f"{deployed.path}: {error}"] if not members.tags else []
            continue
        if members.tags and "Tags" in faults:
            # It may be one of those, or not.
            raise FaultError(faults["Tags"])
        if all(_tagged(found.get("Tags"), name, value) for name, value in members.tags):
            chosen.append((deployed, found, faults))
    if not chosen and not gone and check.count is None and not check.absent:
        raise MissingError("there is no such resource")
    results = []
    for one in every:
        if one.path in {"count", "absent"} and (one.matcher is check.count):
            results.append(counted(one, chosen))
        else:
            results.append(missing(one, gone[0]) if gone else _each(one, check, chosen))
    return results


def _each(aspect: Aspect, check: Check, chosen: list[tuple[Deployed, dict[str, Value], dict[str, Fault]]]) -> Found:
    """Compare every one of some resources; the first that differs, or cannot be told of, speaks for all."""
    results = [(deployed, _read(aspect, check, found, faults)) for deployed, found, faults in chosen]
    for kind in ("differs", "error"):
        for deployed, found in results:
            if found.kind == kind:
                return replace(found, message=f"{deployed.path}: {found.message}")
    return conforming(aspect)


def _read(aspect: Aspect, check: Check, value: dict[str, Value], faults: dict[str, Fault]) -> Found:
    """Compare one expectation of a resource, if what it is about could be read."""
    fault = faults.get(head(aspect.path)) if aspect.matcher is not None else None
    return compared(aspect, check, value) if fault is None else unchecked(aspect, fault)


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
            none = [counted(one, []) if one.matcher is check.count else None for one in every]
            missing = [missing(one, f"AWS answers {code}") for one in every]
            return [one or other for one, other in zip(none, missing, strict=True)]
        raise MissingError(f"AWS answers {code}") from None
    if call.select:
        value = searched(call.select, value)
        if value is None and check.count is None:
            raise MissingError(f"{call.select!r} finds nothing")
    return [compared(one, check, value) for one in every]


def _is_missing(call: Call, code: str) -> bool:
    if call.operation.startswith("head_") and code == "404":
        return True
    return bool(code) and (code in call.not_found or _NOT_FOUND.search(code) is not None)


def _tagged(tags: Value, name: str, value: Value) -> bool:
    """Say whether there is a tag among some, listed or as a mapping."""
    if isinstance(tags, dict):
        return name in tags and str(tags[name]) == str(value)
    listed = tags if isinstance(tags, list) else []
    return any(isinstance(tag, dict) and tag.get("Key") == name and tag.get("Value") == str(value) for tag in listed)


# --- what may be shown -----------------------------------------------------------------------------------------------


def _redaction(place: Place, unseen: frozenset[str] = frozenset()) -> Redaction:
    return Redaction(place.spec.sensitive, unseen, _secrets(place))


def _secrets(place: Place) -> Iterator[str]:
    """Yield the values of variables that are secrets by their names; what a stack shows is none."""
    lookup = place.lookup()
    for name in sorted(place.variables):
        if secret_like(name):
            try:
                value = lookup(Reference("var", name, f"${{var.{name}}}", 0, 0))
            except UnresolvedError:
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
        hidden(found.expected) if hide else redaction.value(found.expected, path),
        tuple(redaction.difference(path, one, secret=found.secret) for one in found.differences),
        check.severity,
        redaction.text(check.title),
        redaction.text(check.why),
        attempts,
    )
