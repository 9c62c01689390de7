"""What is wrong with an ARN as it is written, whatever it was meant for."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from validator.iam import regions
from validator.iam.arns import VARIABLE
from validator.suggest import nearest, one_edit_apart


class Fault(NamedTuple):
    """What is wrong with one value.

    Attributes:
        kind: `prefix`: it is neither `*` nor begins with `arn:`; `fields`: fewer than six, so that AWS completes it, or
            refuses it in a session policy; `variable`: a policy variable before the fifth colon; `partition`: not one
            of AWS's; `service`: empty, with a wildcard, or not in small letters; `region`: what no region is called;
            `unlisted`: what one may be called, and none is; `foreign`: a region of another partition; `account`: of
            digits, but not of 12; `blank`: blanks in a field before the fifth colon; `colon`: one too many there.
        value: The field, or the whole value.
        suggestion: What may have been meant instead of it; empty if nothing is near.
    """

    kind: Literal[
        "prefix", "fields", "variable", "blank", "partition", "service", "region", "unlisted", "foreign", "account",
        "colon",
    ]  # fmt: skip
    value: str
    suggestion: str = ""


def faults(*parts: object, variables: bool = True) -> Iterator[Fault]:
    """Yield what is wrong with a value, given as to `arn`; nothing that hangs on a part that is not known."""
    text = "".join(part if isinstance(part, str) else _UNKNOWN for part in parts)
    plain = VARIABLE.sub(_DEPENDS, text) if variables else text
    if plain.startswith((_UNKNOWN, _DEPENDS)) or set(plain) == {"*"}:
        return
    if not plain.startswith("arn:"):
        yield Fault("prefix", text, _prefixed(text))
        return
    fields = plain.split(":", 5)
    if len(fields) < 6 and _UNKNOWN not in plain:
        yield Fault("fields", text, text + ":*" * (6 - len(fields)))
    if _DEPENDS in plain and _DEPENDS in ":".join(fields[:5]) and len(fields) == 6:
        yield Fault("variable", text)
    if _BLANK.search(plain) and _BLANK.search(":".join(fields[:5])):
        yield Fault("blank", text, "".join(text.split()))
        return
    _, partition, service, region, account, name = [*fields, *[_UNKNOWN] * 5][:6]
    if partition not in regions.partitions() and re.fullmatch(r"[^*?\0\1]*", partition):
        yield Fault("partition", partition, *nearest(partition, regions.partitions()))
    if not service or _NO_SERVICE.search(service):
        yield Fault("service", service, service.lower() if service != service.lower() else "")
    if region and (found := _misnamed(region, partition)) is not None:
        yield found
    if _NO_ACCOUNT.fullmatch(account):
        digits = account.replace("-", "")
        yield Fault("account", account, digits if len(digits) == 12 else "")
    if name.startswith(":"):
        yield Fault("colon", text, ":".join([*fields[:5], name.lstrip(":")]) if _UNKNOWN not in plain else "")


def _prefixed(text: str) -> str:
    """Find the ARN that a text without its beginning was meant to be."""
    if (bare := text.strip()).startswith("arn:"):
        return bare
    head, colon, rest = text.partition(":")
    near = colon and rest.count(":") > 3 and (head.lower() == "arn" or one_edit_apart(head, "arn"))
    return f"arn:{rest}" if near and _UNKNOWN not in text else ""


@lru_cache(maxsize=1024)
def _misnamed(region: str, partition: str) -> Fault | None:
    """Say what is wrong with a region; a word such as `REGION` is left for somebody to fill in, `global` is AWS's."""
    if not re.fullmatch(r"[^*?\0\1]+", region) or "region" in region.lower() or region == "global":
        return None
    own = regions.regions(partition)
    every = [name for each in regions.partitions() for name in regions.regions(each)]
    if region in every:
        return Fault("foreign", region) if own and region not in own else None
    meant = next(iter(nearest(region, own or every)), "")
    # A new region lies in one of the directions: `eu-centrl-1` is a slip, and `eu-central-3` may be news.
    places = {name.split("-")[-2] for name in every}
    possible = regions.could_be(region) and not (meant and region.split("-")[-2] not in places)
    return Fault("unlisted" if possible else "region", region, meant)


_UNKNOWN, _DEPENDS = "\0", "\1"
_BLANK = re.compile(r"\s")
_NO_SERVICE = re.compile(r"[*?A-Z]")
_NO_ACCOUNT = re.compile(r"(?![0-9]{12}$)[0-9-]+")
