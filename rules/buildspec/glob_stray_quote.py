"""Rule buildspec-glob-stray-quote."""

from collections.abc import Iterator

from validator.buildspec.spec import Buildspec, is_rewritable
from validator.document import Node, Region
from validator.rule import Edit, Finding, Severity, rule

# Each quote with what may end a text that it starts; the curly ones come from web pages.
_PAIRS = {'"': '"', "'": "'", "\u201c": "\u201d", "\u201d": "\u201d", "\u2018": "\u2019", "\u2019": "\u2019"}


@rule("buildspec-glob-stray-quote", Severity.ERROR)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A pattern for files starts or ends with a quote, or with a blank.

    It is left over from quotes that do not match, and belongs to the name of the file: nothing is found, and the
    artifact lacks it.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    artifacts:
      files:
        - 'params/*.json"'
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    artifacts:
      files:
        - 'params/*.json'
    ```
    """
    for node in buildspec.globs():
        if not isinstance(text := node.value, str) or buildspec.is_open(node) or not text.strip():
            continue
        start, end = _stray(text)
        if (start, end) != (0, len(text)):
            which = text[:start].strip() or text[end:].strip()
            message = (
                f"{which!r} belongs to the name here: no file has one" if which else "blanks belong to the name here"
            )
            severity = None if which else Severity.WARNING
            yield Finding(
                _place(node, start, end),
                message,
                f"write {text[start:end]!r}",
                severity=severity,
                fix=_fix(node, start, end),
            )


def _stray(text: str) -> tuple[int, int]:
    """Say from where to where a pattern goes without the quotes and blanks around it; a text's last line end stays."""
    body = text.rstrip("\r\n")
    start, end = len(body) - len(body.lstrip(" \t")), len(body.rstrip(" \t"))
    first, last = body[start], body[end - 1]
    if first in _PAIRS and last == _PAIRS[first] and end - start > 2:
        if "$" in body:  # as a shell would have it
            return 0, len(text)
        start, end = start + 1, end - 1
    else:
        start += _is_single(body, first)
        end -= _is_single(body, last)
    return (0, len(text)) if (start, end) == (0, len(body)) or start >= end else (start, end)


def _is_single(text: str, quote: str) -> bool:
    return quote in _PAIRS and text.count(quote) % 2 == 1


def _place(node: Node, start: int, end: int) -> Node:
    """Pin to what is too much, if it stands at one side."""
    text, characters = str(node.value), node.characters
    if len(characters) != len(text) or (start and end != len(text.rstrip("\r\n"))):
        return node
    first, last = (0, start) if start else (end, len(text.rstrip("\r\n")))
    return node.pin(Region(characters[first].start, characters[last - 1].end))


def _fix(node: Node, start: int, end: int) -> tuple[Edit, ...]:
    text, characters = str(node.value), node.characters
    if not is_rewritable(node) or node.style in {"|", ">"} or len(characters) != len(text):
        return ()
    if node.style == "plain":
        right = text[start:end]
        return (Edit(node.span, f"'{right}'"),) if "'" not in right else ()
    document = node.document
    parts = [characters[at] for at in (*range(start), *range(end, len(text)))]
    return tuple(Edit(document.span(part), "") for part in parts)
