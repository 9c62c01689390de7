"""What references to a template's resources become, as far as that is sure before deployment."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_PLACE = re.compile(r"\{(\w+)\}")


def reference(type_: object, attribute: str = "Ref") -> tuple[str, ...]:
    """Give what an attribute of a resource of a type becomes, or a `Ref` to it, by data/references.json.

    Returns:
        Texts at even places; at odd ones words for what is not in the data: `partition`, `region` and `account` are
        those of the stack, and any other word is for what deployment gives. Nothing where nothing is sure.
    """
    return _types().get(type_, {}).get(attribute, ()) if isinstance(type_, str) else ()


@cache
def _types() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    text = (Path(__file__).parent / "data" / "references.json").read_text(encoding="utf-8")
    return {
        type_: {attribute: tuple(_PLACE.split(form)) for attribute, form in forms.items()}
        for type_, forms in json.loads(text)["types"].items()
    }
