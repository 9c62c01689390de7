"""Strategies for texts: YAML in all its styles, JSON in all its layouts."""

import json
from typing import Any

from hypothesis import strategies as st

_LETTERS = "abxyzéßñ日本\U0001f600e\u0301\u00a0"
_ODD = " :#-?,[]{}'\"\\!&*|>%@`~=<\t\n\x85\u2028\u2029"
_PLAIN = st.one_of(
    st.text(_LETTERS + "0123456789 :#-.,'/", min_size=1, max_size=12).map(str.strip),
    st.sampled_from(
        ["yes", "NO", "012", "1_000", "12:30", "1:2.5", "8.10", "-.5", ".5", "1e3", "1.0e+9", "0x1F", "0b11"]
    ),
    st.sampled_from(
        ["~", "null", ".inf", ".NaN", "=", "<<", "2024-01-02", "0o7", "+1", "-0", "1.0e+999", "on", "a\n  b"]
    ),
)
_CONTENT = st.text(_LETTERS + _ODD, max_size=16)
_KEYS = st.sampled_from(
    ["a", "b", "key", "Fn::Sub", "a b", "'q k'", '"d\\tk"', "é", "1", "yes", "~", "!Ref t", "&k k", "''"]
)
_TAGS = st.sampled_from(["!Sub", "!Ref", "!GetAtt", "!If", "!Foo", "!!str", "!", "!<!Sub>", "!!int"])


def _escape(text: str) -> str:
    return "".join({'"': '\\"', "\\": "\\\\"}.get(character, character) for character in text)


@st.composite
def _flow_scalar(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["plain", "'", '"', "escapes"]))
    if kind == "plain":
        return draw(_PLAIN)
    if kind == "'":
        return "'" + draw(_CONTENT).replace("'", "''").replace("\n", "\n      ") + "'"
    if kind == '"':
        return (
            '"'
            + _escape(draw(_CONTENT)).replace(
                "\n", draw(st.sampled_from(["\n      ", "\\\n       ", " \n\n      \\ "]))
            )
            + '"'
        )
    pieces = st.sampled_from(
        ["\\n", "\\t", "\\x41", "\\u00e9", "\\U0001F600", "\\/", "\\_", "\\N", "\\L", "\\0", "\\ ", "a", " "]
    )
    return '"' + "".join(draw(st.lists(pieces, max_size=8))) + '"'


@st.composite
def _block_scalar(draw: st.DrawFn, indent: int) -> str:
    style, chomp = draw(st.sampled_from("|>")), draw(st.sampled_from(["", "-", "+"]))
    deeper = draw(st.integers(1, 3))
    digit = str(deeper) if draw(st.booleans()) else ""
    header = draw(st.sampled_from([style + chomp + digit, style + digit + chomp]))
    line = st.one_of(
        st.just(""), st.text(_LETTERS + " :#-'\"\t\u2028", max_size=10), st.sampled_from(["  deeper", " ", "    "])
    )
    lines = draw(st.lists(line, max_size=6))
    comment = draw(st.sampled_from(["", "  # comment"]))
    return "".join([header, comment, *(f"\n{' ' * (indent + deeper)}{each}" if each else "\n" for each in lines)])


@st.composite
def _flow(draw: st.DrawFn, depth: int) -> str:
    kind = draw(st.sampled_from(["scalar", "scalar", "list", "mapping", "empty"])) if depth else "scalar"
    gap = draw(st.sampled_from(["", " ", "\n      ", "  # c\n      ", "\t"]))
    if kind == "scalar":
        return draw(_properties()) + draw(_flow_scalar())
    if kind == "empty":
        return draw(st.sampled_from(["[]", "{}", "[ ]", "{ }"]))
    if kind == "list":
        pair = st.builds("{}: {}".format, _KEYS, _flow(depth - 1))
        items = draw(st.lists(_flow(depth - 1) | pair, min_size=1, max_size=3))
        return "[" + gap + f",{gap or ' '}".join(items) + draw(st.sampled_from(["", ",", gap])) + "]"
    values = _flow(depth - 1) | st.just("")
    form = st.sampled_from(["{}: {}", "? {} : {}", "{} : {}"])
    members = draw(st.lists(st.builds(str.format, form, _KEYS, values) | _KEYS, min_size=1, max_size=3))
    return "{" + gap + f",{gap or ' '}".join(members) + gap + "}"


@st.composite
def _properties(draw: st.DrawFn) -> str:
    if draw(st.integers(0, 4)):
        return ""
    anchor, tag = f"&{draw(st.sampled_from('mnop'))}", draw(_TAGS)
    return draw(st.sampled_from([f"{anchor} ", f"{tag} ", f"{anchor} {tag} ", f"{tag}  {anchor}\t"]))


@st.composite
def _block(draw: st.DrawFn, indent: int, depth: int) -> str:
    """Give what stands behind `key:` or `-`, with the space or line end before it."""
    kinds = ["flow", "block scalar", "mapping", "list"] * 3 + ["empty", "alias"]
    kind = draw(st.sampled_from(kinds)) if depth else "flow"
    properties = draw(_properties())
    if kind == "alias":
        return f" *{draw(st.sampled_from('mnop'))}"
    if kind == "empty":
        return " " + properties
    if kind == "flow":
        return " " + draw(_flow(min(depth, 2)))
    if kind == "block scalar":
        return f" {properties}{draw(_block_scalar(indent))}"
    comment = draw(st.sampled_from(["", " # comment", "\n", "\n# c\n   # d"]))
    inner = indent + draw(st.integers(1, 3))
    start = f"\n{' ' * inner}"
    members = []
    for _ in range(draw(st.integers(1, 3))):
        key = draw(_KEYS | st.just("<<"))
        value = draw(
            _block(inner, depth - 1) if key != "<<" else st.sampled_from([" {a: 1}", " *m", " [{a: 1}, {b: 2}]"])
        )
        if kind == "list":
            members.append(f"{start}-{value}")
        else:
            members.append(
                draw(
                    st.sampled_from(
                        [f"{start}{key}:{value}"] * 4 + [f"{start}? {key}{start}:{value}", f"{start}? {key}"]
                    )
                )
            )
    return f" {properties.rstrip()}{comment}" + "".join(members)


@st.composite
def yaml_texts(draw: st.DrawFn) -> str:
    """Most of them YAML; some not, since that is hard to know without a parser."""
    start = draw(st.sampled_from(["", "---", "# head\n---", "%YAML 1.1\n---"]))
    text = start + draw(_block(-1, 3))
    text += draw(st.sampled_from(["", "\n", "\n\n", "  \n# end", "\n...\n", "\n--- second\n"]))
    text = text if start else text.lstrip()
    bom = draw(st.sampled_from(["", "", "", "\ufeff"]))
    return bom + text.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))


def noise() -> st.SearchStrategy[str]:
    """Give short texts of little but signs that mean something."""
    words = [
        *(
            "a",
            "b: ",
            "- ",
            "? ",
            ": ",
            "\n",
            "\n ",
            "\n  ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "'",
            '"',
            "\\",
            "|",
            ">",
            "#",
            " # ",
        ),
        *(
            "&m ",
            "*m",
            "!Sub ",
            "!!str ",
            "<<: ",
            "%",
            "@",
            "\t",
            "---",
            "...",
            "\r",
            "\x85",
            "\u2028",
            "1",
            "'x'",
            '"y"',
        ),
        *("\ufeff", "é", "!", "|2-"),
    ]
    return st.lists(st.sampled_from(words), max_size=24).map("".join)


def json_values() -> st.SearchStrategy[Any]:
    leaves = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=8)
    )
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    )


@st.composite
def json_texts(draw: st.DrawFn) -> tuple[str, Any]:
    """Give a JSON text and its value."""
    value = draw(json_values())
    text = json.dumps(
        value,
        indent=draw(st.sampled_from([None, 0, 2, "\t"])),
        separators=draw(st.sampled_from([None, (",", ":"), (" , ", " : "), (",\r\n", ":\n")])),
        ensure_ascii=draw(st.booleans()),
    )
    before, after = draw(st.sampled_from(["", "\ufeff", " \r\n"])), draw(st.sampled_from(["", "\n", " \t"]))
    return before + text + after, value
