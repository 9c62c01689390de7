import pytest

from validator.document import Span, Value
from validator.parse import load, parse

TEXT = '\ufeff{\r\n\t"a": [1, -2.50, true, null],\r\n\t"b\\n": {"日本": "\U0001f600\\ud83d\\ude00"}\r\n}\r\n'


def corners(span: Span) -> tuple[int, int, int, int]:
    return span.line, span.column, span.end_line, span.end_column


@pytest.mark.parametrize(
    ("path", "source", "value", "place"),
    [
        ((), TEXT[1:-2], {"a": [1, -2.5, True, None], "b\n": {"日本": "\U0001f600\U0001f600"}}, (1, 1, 4, 2)),
        (("a",), "[1, -2.50, true, null]", [1, -2.5, True, None], (2, 7, 2, 29)),
        (("a", 1), "-2.50", -2.5, (2, 11, 2, 16)),
        (("a", 3), "null", None, (2, 24, 2, 28)),
        (("b\n", "日本"), '"\U0001f600\\ud83d\\ude00"', "\U0001f600\U0001f600", (3, 16, 3, 31)),
    ],
)
def test_a_value_knows_its_text_and_place(
    path: tuple[str | int, ...], source: str, value: Value, place: tuple[int, int, int, int]
) -> None:
    node = parse("x.json", TEXT).root.get(*path)
    assert node is not None
    assert (node.text, node.value, corners(node.span)) == (source, value, place)


def test_a_key_knows_its_text_and_place() -> None:
    node = parse("x.json", TEXT).root.get("b\n")
    assert node is not None
    assert (node.key.text, corners(node.key_span), node.key.style) == ('"b\\n"', (3, 2, 3, 7), '"')
    assert [tuple(region) for region in node.key.characters] == [(37, 38), (38, 40)]


@pytest.mark.parametrize(("text", "style"), [('"a"', '"'), ("1", "plain"), ("[]", "flow"), ("{}", "flow")])
def test_style(text: str, style: str) -> None:
    node = parse("x.json", f"[{text}]").root.get(0)
    assert node is not None
    assert node.style == style


@pytest.mark.parametrize(
    ("path", "text", "format"),
    [
        ("x.json", "{}", "json"),
        ("x.template", " \r\n{}", "json"),
        ("x.template", "\ufeff[]", "json"),
        ("x.template", '[\n{"a": 1}]', "json"),
        ("x.template", '{"a": 1, b: 2}', "json"),
        ("x.template", "{a: 1}", "yaml"),
        ("x.template", "[1, 2]", "yaml"),
        ("x.template", "a: 1", "yaml"),
        ("x.YAML", '{"a": 1}', "yaml"),
        ("x", "", "yaml"),
    ],
)
def test_the_name_decides_the_format_and_then_the_start_of_the_text(path: str, text: str, format: str) -> None:
    assert load(path, text.encode()).format == format
