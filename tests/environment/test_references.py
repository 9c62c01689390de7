"""References in the texts of a spec."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.document import Value
from validator.environment.references import (
    MAX_TEXT,
    Reference,
    UnresolvedError,
    circles,
    cycles,
    escaped,
    filled,
    found_in,
    references,
    settle,
    substitute,
)
from validator.parse import parse


def live(reference: Reference) -> Value:
    raise UnresolvedError(reference, "is not deployed")


def resolve(text: str, definitions: str = "{}") -> Value:
    root = parse("vars.yml", definitions).root
    return substitute(text, settle({f"var.{name}": node for name, node in root.items()}, live))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("${var.env}", [("var", "env")]),
        ("a-${target.region}-${output:Security/Sg}", [("target", "region"), ("output", "Security/Sg")]),
        ("${param:Environment}${resource:A/B}", [("param", "Environment"), ("resource", "A/B")]),
        ("${AWS::Region} ${env} ${var.} ${}", [("", "AWS::Region"), ("", "env"), ("", "var."), ("", "")]),
        ("$${var.env} $ {x} ${unclosed", []),
        ("$$${var.env}", []),
    ],
)
def test_finds_references(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.kind, one.name) for one in references(text)] == found


def test_says_where_they_stand() -> None:
    root = parse("spec.yml", "checks: [\"a\\u0062 ${var.x}\", {b: 'it''s ${output:Y}'}]\n").root
    assert [(place.text, place.span.column) for place, _ in found_in(root)] == [("${var.x}", 19), ("${output:Y}", 41)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${var.n}", 2),
        ("${var.b}", True),
        ("n=${var.n}", "n=2"),
        ("b=${var.b}", "b=true"),
        ("${var.s}${var.s}", "webweb"),
        ("$${var.n} ${var.n}", "${var.n} 2"),
        ("${var.chain}", "web-2"),
    ],
)
def test_puts_values_in_place(text: str, value: Value) -> None:
    assert resolve(text, '{n: 2, b: true, s: web, chain: "${var.s}-${var.n}"}') == value


@given(st.text("ab$${}: .var", max_size=20))
def test_escaped_text_is_what_it_was(text: str) -> None:
    assert substitute(escaped(text), settle({}, live)) == text
    assert not references(str(escaped(text)))


@pytest.mark.parametrize(
    ("text", "definitions", "reason"),
    [
        ("${var.x}", "{}", "is not defined"),
        ("${var.a}", '{a: "${var.b}", b: "${var.a}"}', "refers to itself"),
        ("${x}", "{}", "is no reference"),
        ("${output:X}", "{}", "is not deployed"),
        ("a ${var.l}", "{l: [1]}", "is no plain value, and other text stands around it"),
    ],
)
def test_says_why_there_is_no_value(text: str, definitions: str, reason: str) -> None:
    with pytest.raises(UnresolvedError) as caught:
        resolve(text, definitions)
    assert caught.value.reason == reason


def test_texts_that_double_are_bounded() -> None:
    doubling = "".join(f'  v{n}: "${{var.v{n - 1}}}${{var.v{n - 1}}}"\n' for n in range(1, 40))
    with pytest.raises(UnresolvedError, match=f"{MAX_TEXT:,}"):
        resolve("${var.v39}", f"v0: ab\n{doubling}".replace("\n  ", "\n"))


def test_long_chains_are_bounded() -> None:
    chain = "".join(f'v{n}: "${{var.v{n + 1}}}"\n' for n in range(2_000))
    with pytest.raises(UnresolvedError, match="references away"):
        resolve("${var.v0}", chain)


def test_a_filled_node_stands_where_it_stood() -> None:
    root = parse("spec.yml", "a:\n  b: [x, '${var.n}']\n").root
    lookup = settle({"var.n": parse("v.yml", "n: 2").root.get("n")}, live)  # type: ignore[dict-item]  # it is there
    node = filled(root, lookup).get("a", "b", 1)
    assert node is not None
    assert (node.value, node.span.line, node.span.column) == (2, 2, 10)


def test_finds_circles() -> None:
    assert circles({"a": ["b"], "b": ["c", "a"], "c": ["c"], "d": ["a"]}) == (("c",), ("a", "b"))


def test_finds_the_cycles_of_definitions() -> None:
    root = parse("v.yml", 'a: "${var.b}"\nb: "x${var.a}"\nc: "${var.a}"\nd: "${var.d}"\n').root
    assert cycles({f"var.{name}": node for name, node in root.items()}) == (("var.a", "var.b"), ("var.d",))


def test_a_long_way_to_a_circle_is_walked() -> None:
    leads = {str(number): [str(number + 1)] for number in range(20_000)} | {"20000": ["0"]}
    assert len(circles(leads)[0]) == 20_001
