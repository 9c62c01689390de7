"""The properties of deployed resources, in CloudFormation's names."""

import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from validator.document import Value
from validator.environment.plan import head, ways
from validator.environment.resources import Row
from validator.live.calls import Aws
from validator.live.outcome import Fault, FaultError, MissingError
from validator.live.stacks import Deployed
from validator.suggest import listed

_MISSING = frozenset({"ResourceNotFoundException", "ResourceNotFound", "NotFound"})
_UNREADABLE = frozenset({"TypeNotFoundException", "UnsupportedActionException"})


def properties(
    aws: Aws, resource: Deployed, names: Collection[str], via: str, since: float
) -> tuple[dict[str, Value], dict[str, Fault]]:
    """Read properties of a resource: by the table of types what that has, by Cloud Control what it has not.

    Args:
        aws: Who is asked.
        resource: Of which.
        names: The properties that are needed.
        via: `table` or `cloudcontrol` for that alone; `auto` for both.
        since: Since when it must have been read.

    Returns:
        The properties that are set, and for each that could not be read the reason.

    Raises:
        MissingError: There is no such resource.
        FaultError: Nothing of it can be read.
    """
    row, others = ways(resource.type, names, via)
    parts = row.parts(resource.id) if row is not None else None
    if row is None or parts is None:
        if via == "table":
            raise FaultError(Fault("environment-not-readable", f"{resource.type} is not in the table of types"))
        return _by_cloud_control(aws, resource, since), {}
    found, faults = _by_table(aws, resource, row, parts, names, since)
    if unknown := sorted(set(names) - row.properties):
        fault = Fault(
            "environment-not-readable", f"the table of types has no {listed(map(repr, unknown))} of {row.type}"
        )
        if others:
            try:
                more = _by_cloud_control(aws, resource, since)
            except (FaultError, MissingError) as error:
                # That Cloud Control knows it by another id does not mean that it is not there.
                fault = replace(fault, reason=f"{fault.reason}, and Cloud Control gives none: {error}")
            else:
                return found | {name: more[name] for name in unknown if name in more}, faults
        faults |= dict.fromkeys(unknown, fault)
    return found, faults


def _by_table(
    aws: Aws, resource: Deployed, row: Row, parts: dict[str, str], names: Collection[str], since: float
) -> tuple[dict[str, Value], dict[str, Fault]]:
    found: dict[str, Value] = {}
    faults: dict[str, Fault] = {}
    for read in row.reads_for(names):
        is_first = read is row.reads[0]
        try:
            answer = aws.read(read.service, read.operation, read.given(parts), since=since)
        except FaultError as error:
            if error.fault.code in read.missing:
                raise MissingError(f"there is no {resource.type} {resource.id!r}") from None
            if error.fault.code not in read.unset:
                if is_first:
                    raise
                faults |= {name: error.fault for name in read.properties if name in names}
            continue
        if (name := head(read.select)) and (not isinstance(answer, dict) or name not in answer):
            # Where there is none, there is a list of none, or an error.
            raise FaultError(Fault("environment-bad-response", f"{read.service}.{read.operation} gives no {name}"))
        there = read.found(answer, parts)
        if there is None and is_first:
            raise MissingError(f"there is no {resource.type} {resource.id!r}")
        found |= read.shaped(there, parts, names)
    return found, faults


def _by_cloud_control(aws: Aws, resource: Deployed, since: float) -> dict[str, Value]:
    given = {"TypeName": resource.type, "Identifier": resource.id}
    try:
        answer: Any = aws.read("cloudcontrol", "get_resource", given, since=since)
    except FaultError as error:
        if error.fault.code in _MISSING:
            raise MissingError(f"there is no {resource.type} {resource.id!r}") from None
        if error.fault.code in _UNREADABLE:
            reason = f"{resource.type} is neither in the table of types nor known to Cloud Control"
            raise FaultError(Fault("environment-not-readable", reason, error.fault.code)) from None
        raise
    try:
        # Its model calls that a secret as a whole; which parts of it are is told by their names.
        found = json.loads(str(answer["ResourceDescription"]["Properties"]))
    except (KeyError, TypeError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise FaultError(Fault("environment-bad-response", "Cloud Control gives no properties"))
    return found
