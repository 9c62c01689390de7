"""Formats of ARNs, as AWS documents the types of resources, and what a glance shows of values and them.

A format is `arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}`, or several such after `, `. Nearly
always the fields tell whether a value has an ARN of one; what they leave open is for `arns` to settle.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from validator.iam.globs import Pieces, consists_of

PLACEHOLDER = re.compile(r"\$\{[^}]*\}|\*")
# Formats whose names hold no slash, though they do not say so, each with a pattern of what is no such ARN.
FLAT = {"arn:${Partition}:s3:::${BucketName}": "arn:{}:s3:::*/*"}


class Format(NamedTuple):
    """One ARN format, with what is asked of it often.

    Attributes:
        places: Its first five fields.
        name: The last.
        pieces: What of the name is the same in all ARNs.
        flat: Its names hold no slash, though the format does not say so.
    """

    places: tuple[str, ...]
    name: str
    pieces: Pieces
    flat: bool

    def plainly_meets(self, fields: Sequence[str], partition: str, region: str) -> bool:
        """Say whether a value, by its six fields, certainly has an ARN of the format in a partition and a region."""
        *places, name = fields
        if self._misses(places, partition, region):
            return False
        begun, star, rest = name.partition("*")
        if not star or rest:
            made = name.replace("*", "x")
            if self.flat:
                return "/" not in name and consists_of(made, self.pieces)
            # What the last star stands for may be all that follows in the format.
            before, _, behind = name.rpartition("*")
            more = "x".join(("", *self.pieces.texts[1:]))
            longer = f"{before}x{more}{behind}".replace("*", "x")
            return consists_of(made, self.pieces) or (star != "" and consists_of(longer, self.pieces))
        if self.pieces.texts[0].startswith(begun):
            return True
        return (
            begun.startswith(self.pieces.texts[0]) and len(self.pieces.texts) > 1 and not (self.flat and "/" in begun)
        )

    def plainly_lacks(self, fields: Sequence[str], partition: str, region: str) -> bool:
        """Say whether a value has no ARN of the format, whether or not its wildcards stay in their fields."""
        *places, name = fields
        if name.count(":") != self.name.count(":"):
            return False  # a wildcard may reach past its field
        if self._misses(places, partition, region):
            return True
        begun, ended = name.partition("*")[0], name.rpartition("*")[2]
        first, last = self.pieces.texts[0], self.pieces.texts[-1]
        if len(self.pieces.texts) == 1 or begun == name:
            return not (first.startswith(begun) if begun != name else name.startswith(first) and name.endswith(last))
        return not (
            (begun.startswith(first) or first.startswith(begun)) and (ended.endswith(last) or last.endswith(ended))
        )

    def _misses(self, places: Sequence[str], partition: str, region: str) -> bool:
        for field, place, only in zip(places, self.places, ("", partition, "", region, ""), strict=True):
            if field not in {"*", place} and place != "*":
                if not place.startswith("${"):
                    return True
                if field != only if only else not field:
                    return True
        return False


def pieces(name: str) -> Pieces:
    """Cut the last field of a format at what varies: what has a name there is never empty, what is `*` can be."""
    gaps = tuple(int(found != "*") for found in PLACEHOLDER.findall(name))
    return Pieces(tuple(PLACEHOLDER.split(name)), gaps)


@lru_cache(maxsize=4096)
def formats(format: str) -> tuple[Format, ...]:
    """Read one format, or several after `, `."""
    found = []
    for one in format.split(", "):
        *places, name = one.split(":", 5)
        found.append(Format(tuple(places), name, pieces(name), one in FLAT))
    return tuple(found)


@lru_cache(maxsize=8192)
def begun(format: str, partition: str, region: str) -> tuple[tuple[str, str], ...]:
    """Give each of several formats with the text that all its ARNs begin with."""
    found = []
    for one in format.split(", "):
        given = zip(one.split(":", 5), ("", partition, "", region, "", ""), strict=True)
        filled = ":".join([only if only and field.startswith("${") else field for field, only in given])
        found.append((one, PLACEHOLDER.split(filled, maxsplit=1)[0]))
    return tuple(found)
