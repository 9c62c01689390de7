"""AWS's managed policies: their names and paths, those that it once had, and SAM's policy templates."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from validator.suggest import nearest, one_edit_apart

SERVICE_LINKED = "/aws-service-role/"


class Verdict(NamedTuple):
    """What is wrong with the name of a managed policy.

    Attributes:
        kind: `path`: there is a policy of that name at another path; `linked`: it is for service-linked roles only;
            `retired`: AWS no longer has it; `unknown`: it has none of that name.
        right: The path and name that was meant, where that is told.
        seen: For `retired`: the month of the last listing that has it.
        certain: For `unknown`: a slip and no newer policy.
    """

    kind: str
    right: str = ""
    seen: str = ""
    certain: bool = True


def judge(path: str) -> Verdict | None:
    """Judge the path and name of one of AWS's policies, `/service-role/AWSLambdaBasicExecutionRole`; None if it is one.

    A policy of another partition is one, too.
    """
    name = path.rpartition("/")[2]
    places = _by_name().get(name, ())
    if path in places:
        return Verdict("linked") if path.startswith(SERVICE_LINKED) else None
    if places:
        return Verdict("path", places[0])
    if (seen := _data()["retired"].get(name)) is not None:
        near = nearest(name, (other for other in _by_name() if other.startswith(name)))
        return Verdict("retired", _by_name()[near[0]][0] if near else "", seen, certain=False)
    near = nearest(name, _by_name())
    if not near:
        return Verdict("unknown", certain=False)
    digits = str.maketrans("", "", "0123456789")
    slip = one_edit_apart(name, near[0]) and name.translate(digits).lower() != near[0].translate(digits).lower()
    return Verdict("unknown", _by_name()[near[0]][0], certain=slip)


def path_of(name: str) -> str:
    """Give the path and name of a policy by its name alone, as SAM looks it up; empty if there is none."""
    return next(iter(_by_name().get(name, ())), "")


def listed_in() -> str:
    """Give the month of the listing, YYYY-MM."""
    return str(_data()["listed"])


def sam_templates() -> Mapping[str, list[str]]:
    """Give the parameters of SAM's policy templates by name."""
    return _read("sam_policy_templates")["templates"]  # type: ignore[no-any-return]


@cache
def _by_name() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, names in _data()["aws"].items():
        for name in names:
            found.setdefault(name, []).append(path + name)
    for path in _data()["elsewhere"]:
        found.setdefault(path.rpartition("/")[2], []).append(path)
    return found


def _data() -> Any:
    return _read("managed_policies")


@cache
def _read(name: str) -> Any:
    return json.loads((Path(__file__).parent / "data" / f"{name}.json").read_text(encoding="utf-8"))
