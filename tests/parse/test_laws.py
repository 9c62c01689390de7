import json
import re

import pytest
import yaml
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from validator.document import Value
from validator.parse import ParseError, embedded, load, parse

from .laws import check, oracle, places, scalars
from .texts import json_texts, json_values, noise, yaml_texts

many = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
# Refused here, though PyYAML may take it or take it otherwise.
OURS = re.compile(r"as a key|merge|refers to|number of")
LAST_MERGE_LOSES = tuple(map(int, re.findall(r"\d+", yaml.__version__)[:3])) >= (6, 0, 4)


def check_error(error: ParseError, text: str) -> None:
    assert 0 <= error.region.start <= error.region.end <= len(text)
    assert error.message


@many
@given(yaml_texts() | noise())
@example("? a\n# c\n\n? b\n")
@example("[a: b  # c\n , ? c]")
@example("a: !Sub\n  # one\n  # !two\n  b")
@example("- |\n  a\n     \n\n- >2-\n    a\n")
@example('"a \\\n  \n b\\ \n c"')
@example("{a: , b : }")
@example("a: &m {b: 1}\nc: {<<: *m, d: 2}")
def test_yaml_places(text: str) -> None:
    try:
        document = parse("x.yml", text)
    except ParseError as error:
        check_error(error, text)
        return
    tokens = list(yaml.scan(text, yaml.CSafeLoader))
    aliased = any(isinstance(token, yaml.AliasToken) for token in tokens)
    merged = any(isinstance(token, yaml.ScalarToken) and token.value == "<<" for token in tokens)
    check(document, nested=not aliased and not merged)


@many
@given(yaml_texts() | noise())
@example("[1:2.5, -.5, .5, 1_0, 0x1F, 0b1, 012, 08, 190:20:30, ~, yes, =, .inf, 1.0e+999, 1e3]")
@example("a: &m {x: 1, y: 2}\nb: &n {x: 3}\nc: {<<: [*m, *n], y: 4}\nd: {<<: *m, <<: *n}")
def test_yaml_values_are_those_of_the_safe_loader(text: str) -> None:
    try:
        value = parse("x.yml", text).value
    except ParseError as error:
        assume(not OURS.search(error.message))
        with pytest.raises((yaml.YAMLError, UnicodeDecodeError)):
            list(yaml.parse(text.lstrip("\ufeff"), yaml.CSafeLoader))
        return
    # It merges what a short form holds, and has `! "12"` for a number; before 6.0.4, the last `<<` of several won.
    assume(not (("<<" in text and "!" in text) or re.search(r"!(\s|$)", text)))
    assume(text.count("<<") < 2 or LAST_MERGE_LOSES)
    assert _equal(value, _oracle(text))


def _oracle(text: str) -> Value:
    try:
        return oracle(text)
    except (yaml.YAMLError, ValueError, IndexError) as error:
        # It refuses an anchor that is given twice, `!!int x` and `0x_`.
        assume("!!" not in text and not re.search("duplicate anchor|invalid literal", str(error)))
        raise


def _equal(one: Value, other: Value) -> bool:
    return repr(one) == repr(other) or (isinstance(one, float) and one == other) or one == other


@many
@given(yaml_texts() | noise())
def test_yaml_scalars_stand_at_the_marks_of_libyaml(text: str) -> None:
    assume(not re.search(r"[&*!<]|\n\.\.\.|---", text))
    try:
        document = parse("x.yml", text)
    except ParseError:
        return
    found = scalars(text)
    assume(found and not document.problems)
    for ours, theirs in zip(places(document), found, strict=True):
        value, start, end, style = theirs
        assert ours[0] in {None, value}
        if start != end:  # nothing stands behind its key, not before the next token
            assert ours[1] == start
            assert ours[2] == end or (style in {"|", ">"} and not text[ours[2] : end].strip(" \t\r\n\x85\u2028\u2029"))


@many
@given(json_texts())
def test_json(made: tuple[str, Value]) -> None:
    text, value = made
    document = parse("x.json", text)
    assert document.value == value == json.loads(text.removeprefix("\ufeff"))
    check(document)
    for node in document.root.walk():
        assert json.loads(node.text) == node.value
        assert json.loads(node.key.text) == node.key.value


@many
@given(
    st.text() | st.text('[]{}":,\\u0dD8e1 \n-.NaI/*tfn', max_size=20),
    st.sampled_from(["x.json", "x.yml", "x.template"]),
)
def test_any_text_parses_or_says_where_not(text: str, path: str) -> None:
    try:
        check(parse(path, text), nested=False)
    except ParseError as error:
        check_error(error, text)


@many
@given(json_texts(), st.integers(0), st.text('[]{}",:\\\n1 ', max_size=2), st.integers(0, 3))
def test_broken_json_is_never_read_otherwise_than_by_the_standard_library(
    made: tuple[str, Value], at: int, new: str, gone: int
) -> None:
    at %= len(made[0]) + 1
    text = made[0][:at] + new + made[0][at + gone :]
    try:
        document = parse("x.json", text)
    except ParseError as error:
        check_error(error, text)
        with pytest.raises(ValueError, match=r"."):
            json.dumps(json.loads(text.removeprefix("\ufeff")), allow_nan=False, ensure_ascii=False).encode()
    else:
        assert document.value == json.loads(text.removeprefix("\ufeff"))
        check(document)


@many
@given(st.binary(max_size=60) | noise().map(str.encode) | st.text().map(lambda text: text.encode("utf-16")))
def test_no_bytes_break_the_loader(data: bytes) -> None:
    for path in ("x.json", "x.yml", "x"):
        document = load(path, data)
        for problem in document.problems:
            assert 0 <= problem.at.region.start <= problem.at.region.end <= len(document.text)
            assert problem.at.span.line >= 1


STYLES = ["plain", "'", '"', "|", "|-", ">", "|2", ">+", "json"]


def _put(text: str, style: str) -> tuple[str, str]:
    """Write a text as the value of `k`, in a file of the second name."""
    if style == "json":
        return json.dumps({"k": text}), "x.json"
    dumped = yaml.dump(text, default_style=style[0] if style != "plain" else None, width=30, allow_unicode=True)
    if style[0] in {"|", ">"}:
        lines = re.split(r"\n", text)
        separator = "\n\n" if style[0] == ">" else "\n"
        return f"k: {style}\n" + separator.join(f"  {line}" if line else "" for line in lines) + "\n", "x.yml"
    return f"k: {dumped.replace(chr(10), chr(10) + '  ')}", "x.yml"


@many
@given(json_values(), st.sampled_from(STYLES), st.booleans())
def test_nodes_inside_a_scalar_stand_where_their_text_stands(inner: Value, style: str, pretty: bool) -> None:  # noqa: FBT001
    text = json.dumps(inner, indent=2 if pretty and style != "plain" else None)
    made, path = _put(text, style)
    outer = parse(path, made).root.get("k")
    assert outer is not None
    assume(isinstance(outer.value, str))
    document = embedded(outer, format="json")
    assert document.value == inner
    for node in document.root.walk():
        for place in (node, node.key):
            span = place.span
            assert outer.span.start <= span.start <= span.end <= outer.span.end
            assert _squeeze(made[span.start : span.end]) == _squeeze(place.text)


def _squeeze(text: str) -> str:
    """Undo what a scalar's style does to a JSON text: escapes, doubled quotes, folds."""
    return re.sub(r"[\s\\'n]", "", text)
