import json

from hypothesis import given
from hypothesis import strategies as st

from validator.document import Document, Node, Region, Value
from validator.parse import embedded, parse

TEXT = """\
Resources:
  Topic:
    Type: AWS::SNS::Topic
    "a/b~c": [x, {y: z}]
"""


def at(*path: str | int) -> Node:
    node = parse("x.yml", TEXT).root.get(*path)
    assert node is not None
    return node


def inside(path: str, text: str, *steps: str | int, format: str = "") -> Document:
    outer = parse(path, text).root.get(*steps)
    assert outer is not None
    return embedded(outer, format=format)


def test_goes_down_only_where_there_is_a_way() -> None:
    root = at()
    assert root.get("Resources", "Topic", "a/b~c", 1, "y") == at("Resources", "Topic", "a/b~c", 1, "y")
    assert [root.get(*path) for path in (("x",), (0,), ("Resources", 0), ("Resources", "Topic", "Type", "x"))] == [
        None
    ] * 4
    assert at("Resources", "Topic", "a/b~c").get(-1) is None
    assert at("Resources", "Topic", "a/b~c").get("0") is None


def test_lists_members_and_elements_of_their_own_kind_only() -> None:
    topic = at("Resources", "Topic")
    assert [(key, node.name) for key, node in topic.items()] == [("Type", "Type"), ("a/b~c", "a/b~c")]
    assert list(topic.elements()) == []
    items = at("Resources", "Topic", "a/b~c")
    assert [node.value for node in items.elements()] == ["x", {"y": "z"}]
    assert list(items.items()) == []
    assert list(at("Resources", "Topic", "Type").items()) == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(VALUES)
def test_mappings_are_met_in_the_order_of_a_walk(value: Value) -> None:
    root = parse("x.json", json.dumps(value)).root
    expected = [(node, node.value) for node in root.walk() if isinstance(node.value, dict)]
    assert list(root.mappings()) == expected


def test_walks_parents_first_in_document_order() -> None:
    assert [node.pointer for node in at("Resources", "Topic").walk()] == [
        "/Resources/Topic",
        "/Resources/Topic/Type",
        "/Resources/Topic/a~1b~0c",
        "/Resources/Topic/a~1b~0c/0",
        "/Resources/Topic/a~1b~0c/1",
        "/Resources/Topic/a~1b~0c/1/y",
    ]


def test_knows_its_parent_and_its_name() -> None:
    node = at("Resources", "Topic", "a/b~c", 1)
    assert (node.parent, node.name) == (at("Resources", "Topic", "a/b~c"), 1)
    assert (at().parent, at().name, at().key) == (None, None, at())
    assert node.key == node
    assert node.key_span == node.span


def test_a_key_is_another_place_than_its_value() -> None:
    node = at("Resources", "Topic", "Type")
    assert node.key != node
    assert (node.key.value, node.key.text, node.key.parent) == ("Type", "Type", node.parent)
    assert (node.key_span.line, node.key_span.column, node.span.column) == (3, 5, 11)
    assert node.key.key == node.key


def test_repr_shows_no_value() -> None:
    assert repr(at("Resources", "Topic", "Type")) == "<Node x.yml#/Resources/Topic/Type>"
    inner = inside("x.json", '{"k": "{\\"secret\\": 1}"}', "k").root.get("secret")
    assert repr(inner) == "<Node x.json#/k!/secret>"


def test_says_what_kind_a_value_is() -> None:
    kinds = {
        node.name: node.kind for node in parse("x.yml", "{a: {}, b: [], c: x, d: yes, e: 1, f: 1.5, g: }").root.walk()
    }
    assert kinds == {
        None: "a mapping",
        "a": "a mapping",
        "b": "a list",
        "c": "a string",
        "d": "a boolean",
        "e": "a number",
        "f": "a number",
        "g": "nothing",
    }


def test_is_not_equal_to_other_things() -> None:
    assert at() != "x.yml"
    assert at().__lt__("x.yml") is NotImplemented


@st.composite
def nodes(draw: st.DrawFn) -> Node:
    document = Document(draw(st.sampled_from("ab")), "", None, parse("x.yml", "").places)
    if draw(st.booleans()):
        outer = Node(document, draw(st.sampled_from([(), ("a",), (0,)])), None)
        document = Document(document.path, "", None, document.places, outer=outer)
    steps: list[str | int] = ["", "0", "a", 0, 1, 10]
    path = tuple(draw(st.lists(st.sampled_from(steps), max_size=2)))
    pinned = draw(st.none() | st.builds(Region, st.integers(0, 2), st.integers(2, 3)))
    return Node(document, path, None, is_key=draw(st.booleans()), pinned=pinned)


@given(nodes(), nodes(), nodes())
def test_order_is_total_and_agrees_with_equality_and_hash(one: Node, two: Node, three: Node) -> None:
    assert (one < two) + (one == two) + (one > two) == 1
    assert (one == two) <= (hash(one) == hash(two))
    assert (one <= two <= three) <= (one <= three)
    assert sorted([one, two, three]) == sorted([three, two, one])


def test_a_pinned_node_is_the_same_value_at_another_place() -> None:
    node = at("Resources", "Topic", "Type")
    pinned = node.pin(Region(0, 9))
    assert (pinned.text, pinned.pointer, pinned.value) == ("Resources", node.pointer, node.value)
    assert pinned != node


POLICY = '{"Statement": [{"Action": "*"}]}'


def test_a_text_in_a_json_string_stands_in_the_outer_file() -> None:
    document = inside("x.json", '{\n "k": "{\\"Statement\\": [{\\"Action\\": \\"*\\"}]}"\n}', "k")
    node = document.root.get("Statement", 0, "Action")
    assert node is not None
    assert (node.pointer, node.inner, node.span.path) == ("/k", "/Statement/0/Action", "x.json")
    assert (node.span.line, node.span.column, node.span.end_column) == (2, 38, 43)
    assert (node.key_span.column, node.text) == (26, '"*"')


def test_a_text_in_a_block_stands_on_its_own_lines() -> None:
    document = inside(
        "x.yml", "k: !Sub |\r\n    {\r\n      'a': [b,\r\n  \r\n        c]}\r\nl: m\r\n", "k", "Fn::Sub", format="yaml"
    )
    node = document.root.get("a", 1)
    assert node is not None
    assert (node.value, node.span.line, node.span.column, node.span.end_column) == ("c", 5, 9, 10)
    assert (node.pointer, node.inner) == ("/k/Fn::Sub", "/a/1")


def test_a_folded_text_stands_where_its_lines_are() -> None:
    node = inside("x.yml", "k: >\n  [1,\n  two, 3]\n", "k", format="yaml").root.get(1)
    assert node is not None
    assert (node.value, node.span.line, node.span.column) == ("two", 3, 3)


def test_a_text_in_a_text_in_a_text() -> None:
    middle = inside("x.json", r'{"k": "{\"l\": \"[1, \\\"x\\\"]\"}"}', "k").root.get("l")
    assert middle is not None
    node = embedded(middle).root.get(1)
    assert node is not None
    assert (node.value, node.pointer, node.inner) == ("x", "/k", "/l/1")
    assert r'{"k": "{\"l\": \"[1, \\\"x\\\"]\"}"}'[node.span.start : node.span.end] == r"\\\"x\\\""


def test_a_broken_text_in_a_text_says_where() -> None:
    for path, text, offset in (("x.json", r'{"k": "{\"a\": }"}', 15), ("x.yml", "k: |\n  {\n  a: ]\n", 14)):
        document = inside(path, text, "k")
        assert document.broken
        assert document.problems[0].at.span.start == offset


def test_a_text_that_ends_too_early_ends_within_its_scalar() -> None:
    text = 'k: |\n  {"a":\n\n\nl: m\n'
    span = inside("x.yml", text, "k", format="json").problems[0].at.span
    assert (span.line, span.column) == (2, 8)


def test_an_empty_text_stands_at_its_scalar() -> None:
    span = inside("x.yml", "k: ''\n", "k", format="json").problems[0].at.span
    assert (span.line, span.column, span.end_column) == (1, 4, 6)


def test_a_scalar_that_is_no_string_is_read_as_it_is_written() -> None:
    document = inside("x.yml", "k: 1_0\n", "k")
    assert (document.text, document.root.span.column, document.root.span.end_column) == ("1_0", 4, 7)


def test_a_part_of_a_text_stands_where_the_part_stands() -> None:
    outer = parse("x.yml", "k: 'aws x {\"a\": 1}'\n").root.get("k")
    assert outer is not None
    value = str(outer.value)
    document = embedded(outer, value[6:], outer.characters[6:])
    node = document.root.get("a")
    assert node is not None
    assert (node.value, node.span.column) == (1, 17)


def test_a_byte_order_mark_has_an_offset_but_no_column() -> None:
    document = parse("x.yml", "\ufeffa: b\n")
    span = document.span(Region(0, 2))
    assert (span.start, span.line, span.column, span.end, span.end_column) == (0, 1, 1, 2, 2)


@given(st.text("a\r\n\x85\u2028\ufeff"), st.data())
def test_lines_end_at_their_three_ends_only(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    document = Document("x", text, None, parse("x.yml", "").places)
    line = document.span(Region(offset, offset)).line
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n").count("\n")
    assert line == before + 1 - (text[offset - 1 : offset + 1] == "\r\n" and offset > 0)


@given(
    st.recursive(
        st.integers(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("a/~0"), inner, max_size=3)
    )
)
def test_a_pointer_leads_to_its_node(value: Value) -> None:
    document = Document("x", "", value, parse("x.yml", "").places)
    pointers = [node.pointer for node in document.root.walk()]
    assert len(set(pointers)) == len(pointers)
    for node in document.root.walk():
        found = value
        for step in node.pointer.split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            found = found[int(key)] if isinstance(found, list) else found[key] if isinstance(found, dict) else None
        assert found == node.value
