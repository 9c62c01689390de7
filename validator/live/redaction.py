"""What must not be shown, in values and in texts."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Self

from validator.document import Value
from validator.environment.comparison import Difference
from validator.live.answers import Secret
from validator.live.outcome import Outcome
from validator.project.secrets import secret_like

HIDDEN = "***"
# Shorter texts are no secrets, and too often part of other words.
_SHORTEST = 4
_ALWAYS = frozenset({"userdata", "secretstring", "secretbinary"})
# How lists of settings name one of them, and what they call its value.
_NAMES = ("Key", "Name", "ParameterKey", "key", "name", "OptionName")
_VALUES = frozenset({"Value", "ParameterValue", "value", "OptionSettings"})


# Nobody can find out by it what is hidden: it is another in every run, and never shown.
_KEY = secrets.token_bytes(16)


class Hidden(str):
    """What stands for a secret; says no more of it than whether another is the same.

    Attributes:
        mark: Equal for equal secrets of one run.
    """

    __slots__ = ("mark",)
    mark: bytes

    def __new__(cls, value: Value) -> Self:
        """Hide a value."""
        found = super().__new__(cls, HIDDEN)
        text = json.dumps(value, sort_keys=True, default=str) if isinstance(value, dict | list) else str(value)
        found.mark = hmac.digest(_KEY, text.encode("utf-8", "replace"), hashlib.sha256)
        return found


class Redaction:
    """Hides the secrets of one check."""

    def __init__(self, globs: Sequence[str] = (), names: Iterable[str] = (), texts: Iterable[str] = ()) -> None:
        """Take what is hidden beside what looks like a secret.

        Args:
            globs: Of property paths.
            names: Of members, such as parameters that a template hides.
            texts: Secrets themselves, wherever they stand.
        """
        self._globs = globs
        self._names = frozenset(names)
        self._given = tuple(texts)
        self._texts = sorted(
            {text for text in self._given if len(text) >= _SHORTEST}, key=lambda text: (-len(text), text)
        )

    def hiding(self, names: Iterable[str]) -> "Redaction":
        """Hide members of further names, too."""
        return Redaction(self._globs, self._names.union(names), self._given)

    def text(self, text: str) -> str:
        """Hide secrets in a text."""
        for secret in self._texts:
            text = text.replace(secret, HIDDEN)
        return text

    def value(self, value: Value, path: str = "") -> Value:
        """Hide secrets in a value that stands at a path."""
        if self.hides(path):
            return hidden(value)
        return self._below(value, path)

    def difference(self, path: str, difference: Difference, *, secret: bool) -> Difference:
        """Hide secrets in a difference of what stands at a path.

        Args:
            path: The expectation's.
            difference: Its own path goes on from there.
            secret: Whether what it is about is a secret as a whole.
        """
        whole = join(path, difference.path)
        if secret or self.hides(whole) or isinstance(difference.got, Secret):
            return replace(difference, wanted=hidden(difference.wanted), got=hidden(difference.got))
        return replace(difference, wanted=self._below(difference.wanted, whole), got=self._below(difference.got, whole))

    def hides(self, path: str) -> bool:
        """Say whether nothing at a path may be shown."""
        steps = [step.partition("[")[0].strip('"') for step in _steps(path)]
        if any(self._secret(step) for step in steps):
            return True
        bare = ".".join(step for step in steps if step)
        return any(fnmatchcase(found, glob) for glob in self._globs for found in (path, bare))

    def _secret(self, name: str) -> bool:
        return name in self._names or name.lower() in _ALWAYS or secret_like(name)

    def _below(self, value: Value, path: str) -> Value:
        if isinstance(value, dict):
            named = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), "")
            secret = self._secret(str(named))
            return {
                key: hidden(member) if secret and key in _VALUES else self.value(member, join(path, key))
                for key, member in value.items()
            }
        if isinstance(value, list):
            return [self.value(element, f"{path}[{number}]") for number, element in enumerate(value)]
        if isinstance(value, Secret):
            return hidden(value)
        return self.text(value) if isinstance(value, str) else value


def secret_members(value: Value) -> set[str]:
    """Name the members that hold nothing but what a service calls secret."""
    if isinstance(value, list):
        return set().union(*map(secret_members, value))
    if not isinstance(value, dict):
        return set()
    own = {name for name, member in value.items() if is_secret(member)}
    return own.union(*map(secret_members, value.values()))


def is_secret(value: Value) -> bool:
    """Say whether a value is all of it what a service calls secret."""
    if isinstance(value, dict | list):
        below = list(value.values()) if isinstance(value, dict) else value
        return bool(below) and all(map(is_secret, below))
    return isinstance(value, Secret)


def join(path: str, below: str) -> str:
    """Put a path and one that goes on from it together."""
    if path in {"", "@"}:
        return below or path
    return path + (below if not below or below.startswith("[") else f".{below}")


def hidden(value: Value) -> Value:
    """Hide a value, but for that there is one."""
    return value if value is None or isinstance(value, bool) else Hidden(value)


def told_apart(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Give numbers to what is hidden, in the order of the report: equal secrets have one, and a sole one has none."""
    marks: dict[bytes, int] = {}

    def number(value: Value) -> Value:
        if isinstance(value, Hidden):
            return f"{HIDDEN}#{marks[value.mark]}" if len(marks) > 1 else HIDDEN
        if isinstance(value, dict):
            return {key: number(member) for key, member in value.items()}
        return [number(element) for element in value] if isinstance(value, list) else value

    for outcome in outcomes:
        for value in (outcome.expected, *(side for one in outcome.differences for side in (one.wanted, one.got))):
            for mark in _marks(value):
                marks.setdefault(mark, len(marks) + 1)
    if not marks:
        return tuple(outcomes)
    return tuple(
        replace(
            outcome,
            expected=number(outcome.expected),
            differences=tuple(
                replace(one, wanted=number(one.wanted), got=number(one.got)) for one in outcome.differences
            ),
        )
        for outcome in outcomes
    )


def _marks(value: Value) -> Iterable[bytes]:
    if isinstance(value, Hidden):
        yield value.mark
    elif isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            yield from _marks(member)


def _steps(path: str) -> list[str]:
    return path.replace("[", ".[").split(".")
