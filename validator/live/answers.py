"""Answers of services as plain values, in which secrets know that they are."""

import base64
from datetime import datetime
from typing import Any

from validator.document import Value
from validator.live.outcome import Fault, FaultError


class Secret(str):
    """A text that must not be shown, since its service says so."""

    __slots__ = ()


def plain(value: Any, shape: Any, *, secret: bool = False) -> Value:
    """Give an answer as JSON would have it: times and bytes as texts.

    Args:
        value: What botocore gives.
        shape: What the service's model says that it is; None where it says nothing.
        secret: Whether what it stands in is a secret already.

    Raises:
        FaultError: A part of it is a stream.
    """
    secret = secret or bool(getattr(shape, "metadata", {}).get("sensitive"))
    if isinstance(value, dict):
        members = getattr(shape, "members", {})
        below = getattr(shape, "value", None)
        return {str(key): plain(member, members.get(key, below), secret=secret) for key, member in value.items()}
    if isinstance(value, list):
        below = getattr(shape, "member", None)
        return [plain(element, below, secret=secret) for element in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes | bytearray):
        value = _text(bytes(value))
    if value is None or isinstance(value, bool | int | float):
        return value
    if not isinstance(value, str):
        raise FaultError(Fault("environment-bad-response", "the answer is a stream, which is not looked at"))
    return Secret(value) if secret else value


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return base64.b64encode(value).decode("ascii")
