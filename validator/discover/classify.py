"""What a document is: by its content if that says so, then by its name."""

from validator.discover import content, foreign, likeness, marks
from validator.discover.kind import Kind
from validator.document import Document


def classify(document: Document) -> Kind:
    """Say what a document is.

    Content counts first, and what is clearly another tool's is not ours whatever its name is. A document with a
    spelling mistake in the very key that tells what it is counts as what it was meant to be, so that rules can say so;
    a document that did not parse, as what its text or name speaks of.
    """
    if document.broken:
        return marks.read(document)
    if other := foreign.tool(document):
        return Kind("other", why=other)
    if kind := content.read(document):
        return kind
    if document.parts > 1:
        return Kind("other", why=f"holds {document.parts} YAML documents")
    return likeness.read(document) or Kind("other", why="has nothing that stackproof knows", sure=False)
