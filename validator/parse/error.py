"""What all parsers refuse alike, and how they say so."""

from validator.document import Region

# Deep enough for any delivery, and far from where recursive code over plain values would end.
MAX_DEPTH = 200
MAX_DIGITS = 1000


class ParseError(ValueError):
    """A text that is not what it should be.

    Attributes:
        region: The first bad character, 0-based offsets in the text.
        related: Where the construct began that could not be finished, with what it is.
    """

    def __init__(
        self, message: str, region: Region, help: str = "", related: tuple[tuple[Region, str], ...] = ()
    ) -> None:
        """Say what was found and what was expected, in `message`, and what to do, in `help`."""
        super().__init__(message)
        self.message = message
        self.region = region
        self.help = help
        self.related = related


def too_deep(at: int) -> ParseError:
    """Make the error for a value that lies too deep, at an offset."""
    return ParseError(f"nested deeper than {MAX_DEPTH} levels", Region(at, at + 1))


def too_many(limit: int, at: int) -> ParseError:
    """Make the error for a text of too many values, at the offset of the first that is too much."""
    return ParseError(f"the file has more than {limit} values", Region(at, at))


def quoted(text: str) -> str:
    """Quote source text for a message, shortened if need be."""
    return repr(text if len(text) <= 60 else f"{text[:59]}…")
