"""What a document is: by its content if that says so, then by its name."""

from dataclasses import replace

from validator.discover import content, foreign, jsonc, likeness, marks
from validator.discover.kind import Kind, name
from validator.document import Document


def classify(document: Document) -> Kind:
    """Say what a document is.

    Content counts first, and what is clearly another tool's is not ours whatever its name is. A document with a
    spelling mistake in the very key that tells what it is counts as what it was meant to be, so that rules can say so;
    a document that did not parse, as what its text or name speaks of.
    """
    return _broken(document) if document.broken else _read(document)


def text(path: str) -> Kind | None:
    """Say what a file is by its name alone, if it is of a kind that is read as plain text; else None."""
    plain = name(path)
    if plain.endswith(".sh") or plain == "makefile":
        return Kind("script", why="is a Makefile" if plain == "makefile" else "is a shell script")
    return Kind("samconfig", why="is SAM's configuration") if plain == "samconfig.toml" else None


def _broken(document: Document) -> Kind:
    kind = marks.read(document)
    if kind.sure or document.format != "json" or (value := jsonc.read(document.text)) is None:
        return kind
    # Some other tool's, unless what AWS would read without the comments is ours.
    meant = _read(replace(document, value=value, problems=()))
    return replace(meant, form="", at=(), why=f"is JSON with comments or commas too many: {meant.why}", sure=True)


def _read(document: Document) -> Kind:
    if other := foreign.tool(document):
        return Kind("other", why=other)
    if kind := content.read(document):
        return kind
    if document.parts > 1:
        return Kind("other", why=f"holds {document.parts} YAML documents")
    return likeness.read(document) or Kind("other", why="has nothing that stackproof knows", sure=False)
