"""Text from inputs as it may be shown: nothing in it can act, hide or turn the line around."""

import unicodedata


def visible(text: str, encoding: str | None = None) -> str:
    r"""Write what cannot be seen, or not be encoded, as escapes: `\x1b`, `\n`, `\u202e`, `\udc80`.

    Which characters these are is the rule of `repr`: control and format characters, line separators, surrogates, blanks
    other than the space. That covers all that XML 1.0 forbids. Every character is treated by itself, so a text can be
    cut before. The encoding is that of the stream to write to; None, as with a stream in memory, means UTF-8.
    """
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    encoding = encoding or "utf-8"
    return shown.encode(encoding, "backslashreplace").decode(encoding)


def cells(text: str) -> int:
    """Count the columns of a terminal that a visible text takes: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(
        2 if unicodedata.east_asian_width(c) in {"W", "F"} else unicodedata.category(c) not in {"Mn", "Me"}
        for c in text
    )
