"""Which operations AWS has, as boto3 spells them, and which of them read: from botocore's data, without its loaders."""

import gzip
import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from validator.document import Value
from validator.environment.references import is_open

# What an operation does: read; read what is a secret; or anything else, as far as is known.
Access = Literal["read", "secret", "other"]

# What the first format knows how to ask, without a service: classic load balancers, not those of elbv2.
LEGACY: Mapping[str, str] = {
    "describe_security_groups": "ec2",
    "get_role": "iam",
    "describe_load_balancers": "elb",
    "describe_launch_configurations": "autoscaling",
    "describe_auto_scaling_groups": "autoscaling",
}

_OPERATION = re.compile(rb'"(\w+)":\s*\{\s*"name":\s*"\1"')
_NOTHING: Mapping[str, Value] = MappingProxyType({})


@cache
def services() -> frozenset[str]:
    """List the services that boto3 has clients for; none if botocore is not there."""
    return frozenset(_models())


def operations(service: str) -> frozenset[str]:
    """List the operations of one service; none for a service that does not exist. Reads 1 MB for ec2, mostly less."""
    return frozenset(names(service))


@cache
def names(service: str) -> Mapping[str, str]:
    """Map the operations of one service to their names in the API: `describe_vpcs` to `DescribeVpcs`."""
    from botocore import xform_name  # noqa: PLC0415  # 0.1 s, only where a spec names a service

    return {xform_name(name): name for name in model(service).get("operations", ())}


@lru_cache(maxsize=16)
def model(service: str) -> Mapping[str, Any]:
    """Read the model of a service, the latest; an empty one for a service that does not exist."""
    path = _models().get(service)
    found: dict[str, Any] = json.loads(_read(path)) if path is not None else {}
    return found


def services_with(operation: str) -> tuple[str, ...]:
    """List the services that have an operation of this name, sorted. Reads all services once, in about 1 s."""
    return tuple(service for service in _by_name().get(_bare(operation), ()) if operation in operations(service))


def access(service: str, operation: str, parameters: Mapping[str, Value] = _NOTHING) -> Access:
    """Say what an operation does, by data/operations.json: `other` for what is not known to read only.

    Args:
        service: As boto3 spells it.
        operation: The same.
        parameters: What it is called with: some operations give secrets only if they are asked to.
    """
    known = _classes()
    name = f"{service}.{operation}"
    named = known["exceptions"]
    if name in named["other"]:
        return "other"
    if name in named["secret"]:
        return "secret"
    if (asked := named["secret_when"].get(name)) is not None:
        given = ((parameters.get(key, False), wanted) for key, wanted in asked.items())
        return "secret" if any(value is wanted or is_open(value) for value, wanted in given) else "read"
    if name in named["reading"]:
        return "read"
    if operation.startswith("get_") and operation.rpartition("_")[2] in known["secret"]:
        return "secret"
    return "read" if verb(operation) in known["reading"] else "other"


def is_classified(service: str, operation: str) -> bool:
    """Say whether data/operations.json has a word on an operation: `access` takes any other for one that changes."""
    known = _classes()
    return f"{service}.{operation}" in exceptions() or verb(operation) in known["reading"] | known["other"]


def exceptions() -> frozenset[str]:
    """List the operations, as `service.operation`, that data/operations.json names one by one."""
    return frozenset[str]().union(*_classes()["exceptions"].values())


def verb(operation: str) -> str:
    """Give the word that says what an operation does: the first one, or two where that is `batch`."""
    first, _, rest = operation.partition("_")
    return f"{first}_{rest.partition('_')[0]}" if first == "batch" else first


@cache
def _classes() -> dict[str, Any]:
    text = (Path(__file__).parent / "data" / "operations.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return {
        **{kind: frozenset(found[kind]) for kind in ("reading", "other", "secret")},
        "exceptions": {
            kind: listed if isinstance(listed, dict) else frozenset(listed)
            for kind, listed in found["exceptions"].items()
        },
    }


@cache
def _models() -> Mapping[str, Path]:
    """Map each service to its model, of several versions the latest."""
    botocore = find_spec("botocore")
    if botocore is None or botocore.origin is None:
        return {}
    found = sorted((Path(botocore.origin).parent / "data").glob("*/*/service-2.json*"))
    return {path.parts[-3]: path for path in found}


def _read(model: Path) -> bytes:
    return gzip.decompress(model.read_bytes()) if model.suffix == ".gz" else model.read_bytes()


@cache
def _by_name() -> Mapping[str, tuple[str, ...]]:
    """Map the names of all operations, bare, to the services that have them."""
    found: dict[str, set[str]] = {}
    for service, path in _models().items():
        text = _read(path)
        start = text.find(b'"operations":')
        end = text.find(b'"shapes":', start)
        for match in _OPERATION.finditer(text, max(start, 0), end if end > start else len(text)):
            found.setdefault(_bare(match[1].decode()), set()).add(service)
    return {name: tuple(sorted(having)) for name, having in found.items()}


def _bare(name: str) -> str:
    """Give what the two spellings of an operation, `DescribeVpcs` and `describe_vpcs`, have in common."""
    return name.replace("_", "").lower()
