"""Masking: no secret of the project in anything that is shown."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from validator.document import Node, Span

# Shorter texts are no secrets, and too often part of other words.
_SHORTEST = 4
_FEW = 100


class Mask:
    """Hides the secrets of one project."""

    def __init__(self, secrets: Iterable[Node], paths: Iterable[str] = ()) -> None:
        """Take the scalars that hold secrets, and the paths of files, in which nothing is hidden."""
        self._spans: dict[str, list[Span]] = defaultdict(list)
        # By how they start, and by length, the longest first: looking one by one would take time with their number.
        self._texts: dict[str, dict[int, set[str]]] = defaultdict(dict)
        spellings: set[str] = set()
        for node in secrets:
            span = node.span
            self._spans[span.path].append(span)
            spellings.update(_spellings(node))
        for text in sorted(spellings, key=lambda text: (-len(text), text)):
            self._texts[text[:_SHORTEST]].setdefault(len(text), set()).add(text)
        few = 0 < len(self._texts) <= _FEW
        self._beginnings = re.compile(f"(?={'|'.join(map(re.escape, self._texts))})") if few else None
        named = sorted((path for path in paths if self.holds(path)), key=len, reverse=True)
        self._paths = re.compile("|".join(map(re.escape, named))) if named else None

    def holds(self, text: str) -> bool:
        """Whether a text shows a secret."""
        return any(True for _ in self._places(text))

    def message(self, text: str) -> str:
        """Write `***` for each secret in a message."""
        pieces: list[str] = []
        done = 0
        paths = [match.span() for match in self._paths.finditer(text)] if self._paths else []
        for start, end in self._places(text):
            if not any(first <= start and end <= last for first, last in paths):
                pieces += text[done:start], "***"
                done = end
        return "".join(pieces) + text[done:]

    def source(self, path: str, text: str) -> str:
        """Write `*` for each character of the secrets that stand in a file, line ends kept, so that places hold."""
        pieces: list[str] = []
        done = 0
        spans = [(span.start, span.end) for span in self._spans.get(path, ())]
        for first, end in sorted([*spans, *self._places(text)]):
            start = max(done, first)
            pieces += text[done:start], re.sub(r"[^\r\n]", "*", text[start:end])
            done = max(done, end)
        return "".join(pieces) + text[done:]

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        end = 0
        for start in self._starts(text):
            if start >= end:
                known = self._texts.get(text[start : start + _SHORTEST], {})
                length = next((size for size, secrets in known.items() if _stands(secrets, text, start, size)), 0)
                if length:
                    end = start + length
                    yield start, end

    def _starts(self, text: str) -> Iterable[int]:
        """Give the places at which a secret may stand."""
        if self._beginnings is not None:
            return (match.start() for match in self._beginnings.finditer(text))
        return range(len(text) - _SHORTEST + 1) if self._texts else ()


def _stands(secrets: set[str], text: str, start: int, size: int) -> bool:
    """Whether a secret stands at a place; one that is a plain word only as a word, `postgres` not in `postgresql`."""
    found = text[start : start + size]
    if found not in secrets:
        return False
    end = start + size
    return not (found.isalpha() and (text[max(start - 1, 0) : start].isalnum() or text[end : end + 1].isalnum()))


def _spellings(node: Node) -> Iterator[str]:
    """Yield how a message may write a secret: as it is, as in the file, as in Python, as in JSON."""
    value = str(node.value)
    for text in (value, node.text, repr(value)[1:-1], json.dumps(value)[1:-1]):
        if len(text.strip()) >= _SHORTEST:
            yield text
