"""What CloudFormation allows: how much of a thing, and where a template may lie."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Quotas:
    """The quotas of one template and of one tree.

    Attributes:
        template_bytes: The size of a template in S3.
        body_bytes: The size of a template that a request carries.
        sections: How many members each section may have.
        mapping_attributes: How many keys one mapping may have.
        parameter_bytes: The size of a parameter's value.
        nested_resources: How many resources one operation on a tree may create, update or delete.
    """

    template_bytes: int
    body_bytes: int
    sections: dict[str, int]
    mapping_attributes: int
    parameter_bytes: int
    nested_resources: int


@cache
def quotas() -> Quotas:
    """Give the quotas."""
    return Quotas(**_read("quotas.json"))


@cache
def url_suffixes() -> tuple[str, ...]:
    """Give the ends of the host names that belong to AWS, in all partitions."""
    return tuple(_read("url_suffixes.json")["suffixes"])


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_DATA / name).read_text(encoding="utf-8"))
    return found
