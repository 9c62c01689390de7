"""JSON with comments and commas too many, as editors and compilers read it: AWS does not."""

import re

from validator.document import Value

# No stretch of text is tried twice: what opens and does not close goes on to the end.
_STRING = r'"(?:[^"\\]|\\.)*+"?'
_COMMENT = re.compile(rf"({_STRING})|//[^\n\r]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?", re.DOTALL)
_COMMA = re.compile(rf"({_STRING})|,(?=\s*+[\]}}])", re.DOTALL)


def read(text: str) -> Value:
    """Read a text without its comments and the commas before its closing brackets; None if that is no JSON."""
    import json  # noqa: PLC0415  # few files need it

    for pattern in (_COMMENT, _COMMA):
        text = pattern.sub(lambda match: match[1] or " ", text)
    try:
        value: Value = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None
    return value
