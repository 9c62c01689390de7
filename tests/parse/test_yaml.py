import pytest

from validator.document import Node, Span, Value
from validator.parse import ParseError, parse


def at(text: str, *path: str | int) -> Node:
    node = parse("x.yml", text).root.get(*path)
    assert node is not None
    return node


def corners(span: Span) -> tuple[int, int, int, int]:
    return span.line, span.column, span.end_line, span.end_column


@pytest.mark.parametrize(
    ("text", "source", "value", "place"),
    [
        ("k: plain  # comment\n", "plain", "plain", (1, 4, 1, 9)),
        ("k: two\n  words\n", "two\n  words", "two words", (1, 4, 2, 8)),
        ("k: 'it''s'\n", "'it''s'", "it's", (1, 4, 1, 11)),
        ('k: "a\\tb"\n', '"a\\tb"', "a\tb", (1, 4, 1, 10)),
        ('k: "a \\\n  b"\n', '"a \\\n  b"', "a b", (1, 4, 2, 5)),
        ("k: |\n  a\n  b\n\nl: m", "|\n  a\n  b", "a\nb\n", (1, 4, 3, 4)),
        ("k: >-\n  a\n  b\n\n# c\nl: m", ">-\n  a\n  b", "a b", (1, 4, 3, 4)),
        ("k: |+\n  a\n\nl: m", "|+\n  a", "a\n\n", (1, 4, 2, 4)),
        ("k: |2\n    a\n   b\n", "|2\n    a\n   b", "  a\n b\n", (1, 4, 3, 5)),
        ("k: |  # comment\n  a  \n", "|  # comment\n  a  ", "a  \n", (1, 4, 2, 6)),
        ("k: |\n\nl: m", "|", "", (1, 4, 1, 5)),
        ("k: [a, {b: c}]  # d", "[a, {b: c}]", ["a", {"b": "c"}], (1, 4, 1, 15)),
        ("k:\n  - a\n  - b\n\n# c\n", "- a\n  - b", ["a", "b"], (2, 3, 3, 6)),
        ("k:\n- a\n-\nl: m", "- a\n-", ["a", None], (2, 1, 3, 2)),
        ("k:\n  a: b\n\nl: m", "a: b", {"a": "b"}, (2, 3, 2, 7)),
        ("k:\n\n  # c\nl: m", "", None, (1, 3, 1, 3)),
        ("? k\n# c\n\n? l\n", "", None, (1, 4, 1, 4)),
        ("k: [a: b  , c]", "[a: b  , c]", [{"a": "b"}, "c"], (1, 4, 1, 15)),
        ("k: &x !!str 12\n", "12", "12", (1, 13, 1, 15)),
        ("k: !!map &x\n  # one\n  # two\n  a: b\n", "a: b", {"a": "b"}, (4, 3, 4, 7)),
        ("k: &x [a]\n", "[a]", ["a"], (1, 7, 1, 10)),
        ("k:\r\n  a: b\r\n  c: d\r\n", "a: b\r\n  c: d", {"a": "b", "c": "d"}, (2, 3, 3, 7)),
        ("k:\r  - 'a'\r", "- 'a'", ["a"], (2, 3, 2, 8)),
        ("\ufeffk: a\n", "a", "a", (1, 4, 1, 5)),
        ("k:\ta\tb  \n", "a\tb", "a\tb", (1, 4, 1, 7)),
        (
            "k: [日本, é\u0301, \U0001f600]\n",
            "[日本, é\u0301, \U0001f600]",
            ["日本", "é\u0301", "\U0001f600"],
            (1, 4, 1, 15),
        ),
        ("k: a\x85 b\u2028 c\n", "a\x85 b\u2028 c", "a b\u2028c", (1, 4, 1, 11)),
    ],
)
def test_a_value_knows_its_text_and_place(
    text: str, source: str, value: Value, place: tuple[int, int, int, int]
) -> None:
    node = at(text, "k")
    assert (node.text, node.value, corners(node.span)) == (source, value, place)


@pytest.mark.parametrize(
    ("text", "key", "source", "column"),
    [
        ("a b : c", "a b", "a b", 1),
        ("'a''b': c", "a'b", "'a''b'", 1),
        ('"a\\tb": c', "a\tb", '"a\\tb"', 1),
        ("{ a : b }", "a", "a", 3),
        ('{"a":b}', "a", '"a"', 2),
        ("? a\n: b", "a", "a", 3),
        ("&x a: b", "a", "a", 4),
        ("!!str 12: b", "12", "12", 7),
        ("yes: b", "yes", "yes", 1),
        ("012: b", "012", "012", 1),
        ("{'': b}", "", "''", 2),
        ("\ufeffa: b", "a", "a", 1),
    ],
)
def test_a_key_is_a_string_as_written_and_knows_its_place(text: str, key: str, source: str, column: int) -> None:
    node = at(text, key).key
    assert (node.value, node.text, node.span.column) == (key, source, column)
    assert len(node.characters) == len(key)


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("a", "plain"),
        ("'a'", "'"),
        ('"a"', '"'),
        ("|\n a", "|"),
        (">\n a", ">"),
        ("[a]", "flow"),
        ("\n- a", "block"),
        ("!Sub a", "block"),
    ],
)
def test_style(text: str, style: str) -> None:
    assert at(f"k: {text}", "k").style == style


@pytest.mark.parametrize(("key", "style"), [("k", "plain"), ("'k'", "'"), ('"k"', '"'), ("? |-\n  k\n", "|")])
def test_a_key_has_a_style_of_its_own(key: str, style: str) -> None:
    assert at(f"{key}: [1]", "k").key.style == style


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!Sub '${A}'", {"Fn::Sub": "${A}"}),
        ("!Ref A", {"Ref": "A"}),
        ("!Ref 012", {"Ref": "012"}),
        ("!Condition Yes", {"Condition": "Yes"}),
        ("!GetAZs", {"Fn::GetAZs": ""}),
        ("!GetAtt A.B", {"Fn::GetAtt": "A.B"}),
        ("!GetAtt [A, B]", {"Fn::GetAtt": ["A", "B"]}),
        ("!If [C, !Ref A, !Ref B]", {"Fn::If": ["C", {"Ref": "A"}, {"Ref": "B"}]}),
        ("!Sub |\n  a\n  b", {"Fn::Sub": "a\nb"}),
        ("!Sub\n  # one\n  # !Ref two\n  a", {"Fn::Sub": "a"}),
        ("!If\n  - C\n  - !Sub a\n  - 1", {"Fn::If": ["C", {"Fn::Sub": "a"}, 1]}),
        ("!Base64\n  Fn::Sub: a", {"Fn::Base64": {"Fn::Sub": "a"}}),
        ("\n  Fn::Base64: !Sub |\n    a", {"Fn::Base64": {"Fn::Sub": "a"}}),
        ("!Transform {Name: AWS::Include}", {"Fn::Transform": {"Name": "AWS::Include"}}),
        ("!<!Sub> a", {"Fn::Sub": "a"}),
        ("!Custom a", "a"),
        ("!Custom 12", 12),
        ("!Custom '12'", "12"),
    ],
)
def test_a_short_form_reads_as_its_long_form(text: str, value: Value) -> None:
    assert at(f"k: {text}", "k").value == value


@pytest.mark.parametrize(
    ("text", "path", "whole", "tag", "source"),
    [
        ("k: !Sub a", ("k", "Fn::Sub"), "!Sub a", "!Sub", "a"),
        ("k: [!Ref a, b]", ("k", 0, "Ref"), "!Ref a", "!Ref", "a"),
        ("k: [!Ref, b]", ("k", 0, "Ref"), "!Ref", "!Ref", ""),
        ("k: !Sub |\n  a\n", ("k", "Fn::Sub"), "!Sub |\n  a", "!Sub", "|\n  a"),
        ("k: &x !Sub a", ("k", "Fn::Sub"), "!Sub a", "!Sub", "a"),
        ("k: !Sub &x a", ("k", "Fn::Sub"), "!Sub &x a", "!Sub", "a"),
        ("k:\n  !If\n  - a\n  - b\nl: m", ("k", "Fn::If"), "!If\n  - a\n  - b", "!If", "- a\n  - b"),
        ("k: !Base64\n  Fn::Sub: a", ("k", "Fn::Base64"), "!Base64\n  Fn::Sub: a", "!Base64", "Fn::Sub: a"),
        ("k: &x # !Ref\n  !Sub # c\n  # d\n  a", ("k", "Fn::Sub"), "!Sub # c\n  # d\n  a", "!Sub", "a"),
    ],
)
def test_a_short_form_stands_from_its_tag(
    text: str, path: tuple[str | int, ...], whole: str, tag: str, source: str
) -> None:
    node = at(text, *path)
    assert node.parent is not None
    assert (node.parent.text, node.key.text, node.text) == (whole, tag, source)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("012", 10),
        ("0x_1F", 31),
        ("0b1_0", 2),
        ("-1_000", -1000),
        ("190:20:30", 685230),
        ("-1:30", -90),
        ("190:20:30.15", pytest.approx(685230.15)),
        ("8.10", 8.1),
        (".5", 0.5),
        ("-.5", "-.5"),
        ("1e3", "1e3"),
        ("1.0e+3", 1000.0),
        (".inf", ".inf"),
        ("-.INF", "-.INF"),
        (".nan", ".nan"),
        ("1.0e+999", "1.0e+999"),
        ("1" + ":1" * 400 + ".5", "1" + ":1" * 400 + ".5"),
        ("1:1" + ":1" * 300, sum(60**n for n in range(302))),
        ("yes", True),
        ("y", "y"),
        ("~", None),
        ("", None),
        ("=", "="),
        ("<<", "<<"),
        ("2024-01-02", "2024-01-02"),
        ("12:30:45", 45045),
        ("08", "08"),
        ("0o7", "0o7"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("!!binary aGk=", "aGk="),
    ],
)
def test_scalars_are_those_of_yaml_1_1_without_timestamps(text: str, value: Value) -> None:
    node = at(f"k: {text}", "k")
    assert node.value == value
    assert type(node.value) is type(value) or isinstance(node.value, float)
    assert node.text == text.rsplit(" ", maxsplit=1)[-1]


def test_an_aliased_value_stands_at_its_anchor() -> None:
    root = parse("x.yml", "a: &m {x: 1}\nb: *m\nc: [*m]\n").root
    assert root.value == {"a": {"x": 1}, "b": {"x": 1}, "c": [{"x": 1}]}
    b, inner = root.get("b"), root.get("c", 0, "x")
    assert b is not None
    assert inner is not None
    assert (b.key_span.line, b.span.line, inner.span.line) == (2, 1, 1)
    assert corners(root.span) == (1, 1, 3, 8)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<<: *m", {"x": 1, "y": 2}),
        ("<<: *m\n  x: 5", {"x": 5, "y": 2}),
        ("x: 5\n  <<: *m", {"x": 5, "y": 2}),
        ("<<: [*m, *n]", {"x": 1, "y": 2, "z": 4}),
        ("<<: *m\n  <<: *n", {"x": 1, "y": 2, "z": 4}),
        ("'<<': *m", {"<<": {"x": 1, "y": 2}}),
        ("<<: {q: 1}", {"q": 1}),
    ],
)
def test_merge_keys(text: str, value: Value) -> None:
    node = at(f"m: &m {{x: 1, y: 2}}\nn: &n {{x: 3, z: 4}}\nk:\n  {text}\n", "k")
    assert node.value == value


def test_a_merged_value_stands_where_it_was_written() -> None:
    node = at("m: &m\n  x: 1\nk:\n  <<: *m\n  y: 2\n", "k", "x")
    assert (node.span.line, node.key_span.line, node.pointer) == (2, 2, "/k/x")


@pytest.mark.parametrize("text", ["", "\n", "# only a comment", "---\n", "\ufeff", "---\n---\n", "null"])
def test_a_file_that_holds_nothing_is_no_error(text: str) -> None:
    document = parse("x.yml", text)
    assert (document.value, document.parts, document.problems) == (None, 0, ())
    assert 0 <= document.root.region.start <= document.root.region.end <= len(text)


@pytest.mark.parametrize(
    ("text", "parts", "value"),
    [
        ("a: 1", 1, {"a": 1}),
        ("---\na: 1\n...\n", 1, {"a": 1}),
        ("a: 1\n---\n", 1, {"a": 1}),
        ("# licence\n---\n---\na: 1\n", 1, {"a": 1}),
        ("a: 1\n---\nb: 2\n---\n- c\n", 3, {"a": 1}),
    ],
)
def test_counts_the_documents_of_a_file(text: str, parts: int, value: Value) -> None:
    document = parse("x.yml", text)
    assert (document.parts, document.value) == (parts, value)


def test_an_anchor_is_of_its_document_only() -> None:
    with pytest.raises(ParseError, match="no anchor above it"):
        parse("x.yml", "a: &m 1\n---\nb: *m\n")


def test_collects_tags_of_other_tools() -> None:
    document = parse("x.yml", "a: !Sub x\nb: !vault |\n  x\nc: !!python/name:x y\nd: !env [a]\n")
    assert document.foreign_tags == {"!vault", "!env"}


def test_nested_values_of_an_alias_cannot_make_a_value_deeper_than_the_limit() -> None:
    deep = "\n".join(f"- &a{level} [*a{level - 1}]" if level else "- &a0 [x]" for level in range(300))
    with pytest.raises(ParseError, match="nested deeper than 200 levels"):
        parse("x.yml", deep)
