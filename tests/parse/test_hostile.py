"""Inputs made to break a parser. No test asserts a time: one that hangs is seen."""

import json

import pytest

from validator.document import Document
from validator.parse import LIMITS, embedded, load, parse

MIB = 2**20
LONG = 2**18  # what takes quadratic time would take hours


def refusal(path: str, text: str) -> str:
    [problem] = load(path, text.encode()).problems
    assert problem.code == "syntax"
    return problem.message


def accepted(path: str, text: str) -> Document:
    document = load(path, text.encode())
    assert not document.broken
    return document


@pytest.mark.parametrize("times", [10_000, 100_000])
@pytest.mark.parametrize("unit", ["[", "{a: ", "[{a: ", "- ", "? ", "- ? ", "{? ", "!Sub [", "&a [", "- - ? - "])
def test_deep_yaml(unit: str, times: int) -> None:
    assert refusal("x.yml", unit * times)


@pytest.mark.parametrize("times", [10_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_deep_json(opening: str, closing: str, times: int) -> None:
    assert refusal("x.json", opening * times) == "nested deeper than 200 levels"
    assert refusal("x.json", opening * times + "1" + closing * times) == "nested deeper than 200 levels"


def test_deep_yaml_by_indentation() -> None:
    text = "\n".join(" " * level + "a:" for level in range(2000))
    assert refusal("x.yml", text) == "nested deeper than 200 levels"


@pytest.mark.parametrize(
    ("path", "text"),
    [("x.json", "[" * 200 + "]" * 200), ("x.yml", "[" * 200 + "]" * 200), ("x.yml", "- " * 199 + "!Ref a")],
)
def test_the_deepest_that_is_read(path: str, text: str) -> None:
    node, depth = accepted(path, text).root, 0
    while inner := node.get(0) or node.get("Ref"):
        node, depth = inner, depth + 1
    assert depth == (199 if text.startswith("[") else 200)
    assert node.span.line == 1


def test_brackets_inside_strings_are_no_depth() -> None:
    accepted("x.json", json.dumps(["[" * 5000, '\\"[' * 5000, "{" * 5000]))


@pytest.mark.parametrize(
    "line",
    ["k{0}: &k{0} [*k{1}, *k{1}, *k{1}, *k{1}, *k{1}]", "k{0}: &k{0} {{a: *k{1}, b: *k{1}, c: *k{1}, d: *k{1}}}"],
)
def test_billion_laughs(line: str) -> None:
    text = "k0: &k0 [lol, lol]\n" + "\n".join(line.format(level, level - 1) for level in range(1, 40))
    assert refusal("x.yml", text) == "aliases make more than 100000 values of this file"


def test_billion_laughs_by_merges() -> None:
    members = ", ".join(f"k{n}: 1" for n in range(1000))
    merges = "\n".join(f"- <<: [{', '.join(['*m'] * 100)}]" for _ in range(100))
    assert refusal("x.yml", f"- &m {{{members}}}\n{merges}") == "aliases make more than 100000 values of this file"


def test_a_long_chain_of_merges() -> None:
    text = "- &m0 {k0: 1}\n" + "".join(f"- &m{n} {{<<: *m{n - 1}, k{n}: 1}}\n" for n in range(1, 300))
    document = accepted("x.yml", text)
    last = document.root.get(299)
    assert last is not None
    assert len(list(last.items())) == 300
    longer = text + "".join(f"- &m{n} {{<<: *m{n - 1}, k{n}: 1}}\n" for n in range(300, 3000))
    assert refusal("x.yml", longer) == "aliases make more than 100000 values of this file"


@pytest.mark.parametrize("path", ["x.json", "x.yml", "x"])
def test_too_large_a_file(path: str) -> None:
    message = refusal(path, '["' + "x" * 50 * MIB + '"]')
    assert message.startswith("the file has more than the ")


def test_too_large_a_text_in_a_scalar() -> None:
    document = parse("x.json", json.dumps({"k": "- a\n" * MIB * 2}))
    outer = document.root.get("k")
    assert outer is not None
    [problem] = embedded(outer, format="yaml").problems
    assert problem.message == "the file has more than the 4 MiB that are read"


@pytest.mark.parametrize("text", ["- a\n" * MIB, "[" + "a," * (2 * MIB - 2) + "]", "a: 1\n" * (MIB // 5 * 4)])
def test_a_yaml_file_of_tiny_nodes(text: str) -> None:
    assert refusal("x.yml", text) == "the file has more than 300000 values"


@pytest.mark.parametrize("unit", ["1,", "[],", '{"a":1,"a":2},', '"a",'])
def test_a_json_file_of_tiny_nodes(unit: str) -> None:
    text = "[" + unit * ((LIMITS["json"] - 4) // len(unit)) + "1]"
    assert refusal("x.json", text) == "the file has more than 1000000 values"


def test_a_large_json_file_of_repeated_keys() -> None:
    document = accepted("x.json", "[" + '{"a":1,"a":2},' * 100_000 + "1]")
    assert len(document.problems) == 101


def test_a_large_string_below_many_repeated_keys() -> None:
    document = accepted("x.json", '{"a":1,"a":' * 190 + '"' + "x" * 20 * MIB + '"' + "}" * 190)
    assert len(document.problems) == 101


@pytest.mark.parametrize(
    "text",
    [
        "k: " + "x" * LONG,
        "k: " + "x " * LONG,
        "k: 'x" + " " * LONG + "x'",
        'k: "x' + " " * LONG + 'x"',
        'k: "x' + " \n" * LONG + ' x"',
        'k: "' + "\\\\" * LONG + '"',
        'k: "' + "\\\n" * LONG + '"',
        "k: '" + "''" * LONG + "'",
        "k: x" + "\n" * LONG + " x",
        "k: |\n x" + "\n" * LONG + " x\n",
        "k: >\n x\n" + "  \n" * LONG + " x\n",
        "k: |1\n " + " " * LONG + "x\n",
        "k: |\n" + "".join(" x\n" for _ in range(LONG)),
        "k: |\n x" + "\n" * LONG,
        "k:" + "\n" * LONG + "l: x",
        "? k\n" + "\n #" * (LONG) + "\n? l",
        "k: &a" + "\n # #" * (LONG) + "\n  x",
        "k: &a !b" + " " * LONG + "x",
        "k: !" + "!" * LONG + " x",
        "k: !" + "%41" * LONG + " x",
    ],
)
def test_long_runs_in_yaml(text: str) -> None:
    node = accepted("x.yml", text).root.get("k")
    assert node is not None
    assert len(node.characters) == len(node.value if isinstance(node.value, str) else node.text)
    assert node.key_span.line == 1


@pytest.mark.parametrize(
    "text",
    [
        "&a " * LONG,
        "!a " * LONG,
        "&" * LONG,
        "*" * LONG,
        "? " * LONG,
        ": " * LONG,
        "%" * LONG,
        "k: &a &b c\n" * 9999,
        "'" * (LONG - 1),
        '"' + "\\" * LONG,
        "#" * LONG + "\n@",
        "# " + "!" * LONG + "\n!%ED%A0%80 x",
        "- &a" + "b" * LONG + " @",
        "%TAG !a! b\n" * 99_999 + "---\n",
        "".join(f"%TAG !{n}! x\n" for n in range(99_999)),
    ],
)
def test_long_runs_that_are_no_yaml(text: str) -> None:
    assert refusal("x.yml", text)


@pytest.mark.parametrize(
    "text",
    [
        '["' + "\\\\" * LONG + '"]',
        '["' + '\\"' * LONG + '"]',
        '["' + "\\u00e9" * LONG + '"]',
        '["' + "\\ud83d\\ude00" * LONG + '"]',
        " " * LONG + "[1]",
        "[1" + " " * LONG + "]",
        "[" * 150 + '"' + "[" * LONG + '"' + "]" * 150,
        "[0." + "9" * LONG + "]",
    ],
)  # fmt: skip
def test_long_runs_in_json(text: str) -> None:
    document = accepted("x.json", text)
    node = document.root.get(0)
    assert node is not None
    while inner := node.get(0):
        node = inner
    value = node.value
    assert len(node.characters) == len(value if isinstance(value, str) else node.text)


@pytest.mark.parametrize(
    "text",
    [
        '"' * (LONG - 1),
        '["' + '\\"' * LONG,
        '["' + "\\" * (LONG + 1),
        '["' + "\\ud83d" * LONG + '"]',
        '["' + "\\\\" * LONG + '\\ud83d"]',
        "[" + "9" * LONG + "]",
        "[1," + " " * LONG + "]",
        "[" * 100 + "]" * LONG,
        "N" * LONG,
        "[" + "1," * 200_000 + "NaN]",
        "[" + '"a",' * 200_000 + "1e999]",
    ],
)
def test_long_runs_that_are_no_json(text: str) -> None:
    assert len(refusal("x.json", text)) < 200


def test_many_anchors() -> None:
    document = accepted("x.yml", "".join(f"- &a{n} x\n- *a{n}\n" for n in range(30_000)))
    assert len(list(document.root.elements())) == 60_000
