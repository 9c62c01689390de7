"""Which operations AWS has, as boto3 spells them: read from botocore's data, without its loaders."""

import gzip
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

# What the first format knows how to ask, without a service: classic load balancers, not those of elbv2.
LEGACY: Mapping[str, str] = {
    "describe_security_groups": "ec2",
    "get_role": "iam",
    "describe_load_balancers": "elb",
    "describe_launch_configurations": "autoscaling",
    "describe_auto_scaling_groups": "autoscaling",
}

_OPERATION = re.compile(rb'"(\w+)":\s*\{\s*"name":\s*"\1"')
_READS = re.compile(r"(?:batch_)?(?:describe|get|list|head|search|lookup)_")


@cache
def services() -> frozenset[str]:
    """List the services that boto3 has clients for; none if botocore is not there."""
    return frozenset(model.parts[-3] for model in _models())


@cache
def operations(service: str) -> frozenset[str]:
    """List the operations of one service; none for a service that does not exist. Reads 1 MB for ec2, mostly less."""
    from botocore import xform_name  # noqa: PLC0415  # 0.1 s, only where a spec names a service

    models = [model for model in _models() if model.parts[-3] == service]
    return (
        frozenset(xform_name(name) for name in json.loads(_read(models[-1]))["operations"]) if models else frozenset()
    )


def services_with(operation: str) -> tuple[str, ...]:
    """List the services that have an operation of this name, sorted. Reads all services once, in about 1 s."""
    return tuple(service for service in _by_name().get(_bare(operation), ()) if operation in operations(service))


def reads(operation: str) -> bool:
    """Say whether an operation only reads, as far as its name tells."""
    return _READS.match(operation) is not None


@cache
def _models() -> tuple[Path, ...]:
    """List the models of all services; of one with several versions the latest comes last."""
    botocore = find_spec("botocore")
    if botocore is None or botocore.origin is None:
        return ()
    return tuple(sorted((Path(botocore.origin).parent / "data").glob("*/*/service-2.json*")))


def _read(model: Path) -> bytes:
    return gzip.decompress(model.read_bytes()) if model.suffix == ".gz" else model.read_bytes()


@cache
def _by_name() -> Mapping[str, tuple[str, ...]]:
    """Map the names of all operations, bare, to the services that have them."""
    found: dict[str, set[str]] = {}
    for model in _models():
        text = _read(model)
        start = text.find(b'"operations":')
        end = text.find(b'"shapes":', start)
        for match in _OPERATION.finditer(text, max(start, 0), end if end > start else len(text)):
            found.setdefault(_bare(match[1].decode()), set()).add(model.parts[-3])
    return {name: tuple(sorted(having)) for name, having in found.items()}


def _bare(name: str) -> str:
    """Give what the two spellings of an operation, `DescribeVpcs` and `describe_vpcs`, have in common."""
    return name.replace("_", "").lower()
