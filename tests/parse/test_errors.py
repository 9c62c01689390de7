import json

import pytest

from validator.document import Document, Region
from validator.parse import ParseError, load, parse, unread


def told(document: Document) -> tuple[str, int, int]:
    [problem] = document.problems
    assert document.broken
    assert document.value is None
    return problem.message, problem.at.span.line, problem.at.span.column


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("a:\n\tb: c", "found a tab where YAML wants spaces", (2, 1)),
        ("a: b\n\tc: d", "found a tab where YAML wants spaces", (2, 1)),
        ("a: b\nc: 'd\ne: f\n", "found a quote that is never closed", (2, 4)),
        ('a: "b', "found a quote that is never closed", (1, 4)),
        ("a: 'b\n---\nc'", "found the end of the document inside quotes", (2, 1)),
        ("a: [b, c\nd: e", "found ':', expected ',' or ']'", (2, 2)),
        ("a: {b: c\nd: e", "found ':', expected ',' or '}'", (2, 2)),
        ("a: [b,\n", "found the end of the text, expected a value", (2, 1)),
        ("a: ]", "found ']', expected a value", (1, 4)),
        ("a: [b]]", "found ']', expected a key", (1, 7)),
        ("a:\n  b: 1\n c: 2", "found 'c:', expected a key", (3, 2)),
        ("- a\nb: c", "found 'b:', expected '- ' or the end of the list", (2, 1)),
        ("a: 'b' c", "found 'c', expected a key", (1, 8)),
        ("key: a: b", "found ':' where no key can stand", (1, 7)),
        ("a: - b", "found '- ' where no list can start", (1, 4)),
        ("a: ? b", "found '? ' where no key can stand", (1, 4)),
        ("a: b\nc\nd: e", "found 'c', expected ':' after the key", (2, 1)),
        ("a: @x", "found '@', which cannot start a value", (1, 4)),
        ("a: `x`", "found '`', which cannot start a value", (1, 4)),
        ("a: %x", "found '%', which cannot start a value", (1, 4)),
        ("%x", "found a directive that YAML does not have", (1, 1)),
        ("%YAML 2.0\n--- a", "found a version of YAML other than 1.1 and 1.2", (1, 1)),
        ("a: !x!y z", "found a tag whose handle no %TAG directive defines", (1, 4)),
        ("a: !%ED%A0%80 z", "found a tag whose escapes are not UTF-8", (1, 5)),
        ('a: !Sub"x"', "found '\"x\"', expected white space", (1, 8)),
        ('a: "\\q"', "found an escape that YAML does not have", (1, 5)),
        ('a: "\\xZZ"', "found 'ZZ\"', expected hexadecimal digits", (1, 7)),
        ("a: |x\n b", "found 'x', expected the end of the line", (1, 5)),
        ("a: *b", "the alias '*b' refers to no anchor above it", (1, 4)),
        ("a: &b [*b]", "the alias '*b' refers to what it stands in", (1, 8)),
        ("a: &b 1\nc: &b [*b]", "the alias '*b' refers to what it stands in", (2, 8)),
        ("a: &b x\n*b : c", "found the alias '*b' as a key, expected a string", (2, 1)),
        ("[a]: b", "found a list or mapping as a key, expected a string", (1, 1)),
        ("? {a: b}\n: c", "found a list or mapping as a key, expected a string", (1, 3)),
        ("<<: x", "found a string to merge, expected a mapping or a list of mappings", (1, 5)),
        ("<<: [{a: b}, 1]", "found a number to merge, expected a mapping or a list of mappings", (1, 14)),
        ("a: \x07", "found the character '\\x07', which YAML does not allow", (1, 4)),
        ("a: b\x00", "found the character '\\x00', which YAML does not allow", (1, 5)),
        ("a: " + "9" * 5000, "found a number of 5000 digits", (1, 4)),
        ("a: 0b" + "1" * 1001, "found a number of 1001 digits", (1, 4)),
        ("a: b\r\nc: @\r\n", "found '@', which cannot start a value", (2, 4)),
        ("\ufeffa: @", "found '@', which cannot start a value", (1, 4)),
        ("日本: '\U0001f600' x", "found 'x', expected a key", (1, 9)),
    ],
)
def test_yaml(text: str, message: str, place: tuple[int, int]) -> None:
    assert told(load("x.yml", text.encode())) == (message, *place)


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ('{"a": 1,}', "found a comma before a closing bracket, expected another member", (1, 8)),
        ("[1,\r\n]", "found a comma before a closing bracket, expected another member", (1, 3)),
        ("[\n// c\n1]", "found a comment, which JSON does not have", (2, 1)),
        ('{"a": 1, /* c */ "b": 2}', "found a comment, which JSON does not have", (1, 10)),
        ('{"a": 1\n "b": 2}', "found '\"b\"', expected ',' or a closing bracket", (2, 2)),
        ("[1 2]", "found '2', expected ',' or a closing bracket", (1, 4)),
        ("[1}", "found '}', expected ',' or a closing bracket", (1, 3)),
        ('{"a" 1}', "found '1', expected ':' after the key", (1, 6)),
        ('{"a":}', "found '}', expected a value", (1, 6)),
        ("{a: 1}", "found 'a', expected a key in double quotes", (1, 2)),
        ("['a']", "found \"'a'\", expected a value", (1, 2)),
        ("[1,,2]", "found ',', expected a value", (1, 4)),
        ("[tru]", "found 'tru', expected a value", (1, 2)),
        ("[True]", "found 'True', expected a value", (1, 2)),
        ("[01]", "found '1', expected ',' or a closing bracket", (1, 3)),
        ("[1] x", "found 'x', expected the end of the text", (1, 5)),
        ("", "found the end of the text, expected a value", (1, 1)),
        ("\ufeff \n", "found the end of the text, expected a value", (2, 1)),
        ("[1", "found the end of the text, expected ',' or a closing bracket", (1, 3)),
        ('["a', "found a string without an end, expected '\"'", (1, 2)),
        ('["a\nb"]', "found '\\n' inside a string", (1, 4)),
        ('["a\x07b"]', "found '\\x07' inside a string", (1, 4)),
        ('["\\x"]', "found the escape '\\\\x', which JSON does not have", (1, 3)),
        ('["\\u12"]', "found the escape '\\\\u', which JSON does not have", (1, 3)),
        ('["NaN", NaN]', "found NaN, which JSON does not have", (1, 9)),
        ('{"-Infinity": -Infinity}', "found -Infinity, which JSON does not have", (1, 15)),
        ("[1e999]", "found '1e999', a number too large to read", (1, 2)),
        ('["' + "1" * 2000 + '", -' + "9" * 5000 + "]", "found a number of 5001 digits", (1, 2006)),
        ('["\\ud83d\\ude00", "\\ud83d"]', "found '\\\\ud83d', half of a surrogate pair", (1, 19)),
        ('{"\\\\ud83d": "\\ude00"}', "found '\\\\ude00', half of a surrogate pair", (1, 14)),
        ("[\x00]", "found '\\x00', expected a value", (1, 2)),
    ],
)
def test_json(text: str, message: str, place: tuple[int, int]) -> None:
    assert told(load("x.json", text.encode())) == (message, *place)


@pytest.mark.parametrize("path", ["x.json", "x.yml"])
def test_half_of_a_surrogate_pair_in_the_text_itself(path: str) -> None:
    with pytest.raises(ParseError, match=r"surrogate|does not allow") as error:
        parse(path, '["\ud800"]')
    assert error.value.region == Region(2, 3)


@pytest.mark.parametrize(
    ("message", "at", "text", "told_as"),
    [
        ("Illegal trailing comma before end of object", 8, '{"a": 1 , }', "found a comma before a closing bracket"),
        ("Illegal trailing comma before end of array", 2, "[1,]", "found a comma before a closing bracket"),
        ("Invalid \\uXXXX escape", 3, '["\\u12"]', r"found the escape '\\\\u'"),
        ("Invalid \\escape: ", 2, '["\\x"]', r"found the escape '\\\\x'"),
        ("Something new", 1, "[a]", "found 'a', expected Something new"),
    ],
)
def test_errors_of_every_python_are_told_alike(
    message: str, at: int, text: str, told_as: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise json.JSONDecodeError(message, text, at)

    monkeypatch.setattr(json.JSONDecoder, "raw_decode", refuse)
    with pytest.raises(ParseError, match=told_as):
        parse("x.json", text)


@pytest.mark.parametrize(
    ("data", "message", "place"),
    [
        ("a: é".encode("utf-16"), "the file is UTF-16, expected UTF-8", (1, 1)),
        (b"\xfe\xff\x00", "the file is UTF-16, expected UTF-8", (1, 1)),
        (b"a: b\nc: \xc3\xa9 \xe9\n", "byte 0xe9 is not UTF-8", (2, 6)),
        (b"a: \xed\xa0\x80", "byte 0xed is not UTF-8", (1, 4)),
    ],
)
@pytest.mark.parametrize("path", ["x.json", "x.yml"])
def test_bytes(path: str, data: bytes, message: str, place: tuple[int, int]) -> None:
    assert told(load(path, data)) == (message, *place)


def test_a_file_that_could_not_be_read() -> None:
    document = unread("x.json", "permission denied")
    assert told(document) == ("the file could not be read: permission denied", 1, 1)
    assert document.format == "json"


@pytest.mark.parametrize(
    ("path", "text", "what", "line"),
    [
        ("x.yml", "a:\n  - [b,\n     c\nd: e", "the list starts here", 2),
        ("x.yml", "a:\n  b: 1\n c: 2", "the mapping starts here", 1),
        ("x.yml", 'a:\n  "b\n  \\q"', "the quoted text starts here", 2),
    ],
)
def test_tells_where_the_broken_construct_starts(path: str, text: str, what: str, line: int) -> None:
    [problem] = load(path, text.encode()).problems
    assert [(node.span.line, told) for node, told in problem.related] == [(line, what)]


def test_a_long_word_is_shortened() -> None:
    with pytest.raises(ParseError) as error:
        parse("x.yml", "a: *" + "b" * 5000)
    assert len(error.value.message) < 120


def test_a_template_that_is_neither_json_nor_yaml_is_told_as_json() -> None:
    assert told(load("x.template", b'{"a": "b"\n "c": @}'))[0] == "found '\"c\"', expected ',' or a closing bracket"


@pytest.mark.parametrize(
    ("path", "text", "spots"),
    [
        ("x.yml", "a: 1\nb: 2\na: 3\n", [("/a", 3, 1)]),
        ("x.yml", "k:\n  - {a: 1, 'a': 2, \"a\": 3}\n", [("/k/0/a", 2, 2), ("/k/0/a", 2, 2)]),
        ("x.yml", "k: !Sub\n  - x\n  - {a: 1, a: 2}\n", [("/k/Fn::Sub/1/a", 3, 3)]),
        ("x.yml", "k: {a: {b: 1, b: 2}}\nk: 3\n", [("/k", 1, 1), ("/k", 2, 1)]),
        ("x.yml", "a: 1\n---\nb: 1\nb: 2\n", [("", 4, 3)]),
        ("x.yml", "<<: {a: 1}\na: 2\n<<: {a: 3}\n", []),
        ("x.json", '{"a": 1,\n "b": [{"\\u0061": 1,\n "a": 2}],\n "a": 3}', [("/b/0/a", 3, 2), ("/a", 4, 1)]),
        ("x.json", '{"k": {"b": 1, "b": 2},\n "k": {"b": 3}}', [("/k/b", 1, 1), ("/k", 2, 1)]),
    ],
)
def test_a_key_that_stands_twice(path: str, text: str, spots: list[tuple[str, int, int]]) -> None:
    problems = parse(path, text).problems
    assert [problem.code for problem in problems] == ["duplicate-key"] * len(spots)
    found = [(problem.at.pointer, problem.at.span.line, problem.related[0][0].span.line) for problem in problems]
    assert found == spots


def test_the_last_of_two_keys_counts() -> None:
    for path, text in (("x.yml", "a: 1\nb: 2\na: 3\n"), ("x.json", '{"a": 1, "b": 2, "a": 3}')):
        document = parse(path, text)
        assert document.value == {"a": 3, "b": 2}
        [problem] = document.problems
        node = document.root.get("a")
        assert node is not None
        assert problem.at.region == node.key.region
        assert problem.related[0][0].region < problem.at.region


@pytest.mark.parametrize("path", ["x.yml", "x.json"])
def test_only_the_first_hundred_repeated_keys_are_told(path: str) -> None:
    problems = parse(path, "{" + ",".join(['"a": 1'] * 200) + "}").problems
    regions = [problem.at.region for problem in problems]
    assert len(problems) == 101
    assert regions == sorted(regions)
    assert problems[-1].message == "more than 100 keys stand a second time; here is one more"


def test_a_colon_without_a_blank_is_seen_where_it_stands() -> None:
    [problem] = load("b.yml", b"a:\n  b:true\n  c: 1\n").problems
    assert (problem.at.span.line, problem.at.span.column) == (2, 4)
    assert problem.message == "found no blank behind this ':'"
    assert problem.help.startswith("write 'b: true'")


@pytest.mark.parametrize("text", ["a: http://x\n  c: 1\n", "a: b\n  c: 1\n", "a b:c\n d: 1\n"])
def test_a_colon_that_is_no_slip_is_not_taken_for_one(text: str) -> None:
    [problem] = load("b.yml", text.encode()).problems
    assert problem.message == "found ':' where no key can stand"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("- [ -f x ] && make\n", "'[' means a list"),
        ("- *.sh\n", "'*' means an alias"),
        ("- {a} b\n", "'{' means a mapping"),
    ],
)
def test_says_what_a_value_that_starts_so_means(text: str, meaning: str) -> None:
    [problem] = load("b.yml", text.encode()).problems
    assert "in quotes" in problem.help
    assert meaning in problem.help
