"""Parameter files in each of their forms, and links that meet."""

import pytest

from validator.cloudformation.parameters import Entry, Form, ParameterFile, ParameterLink, misspelt
from validator.cloudformation.template import Template
from validator.parse import load


def file(form: Form, text: str) -> ParameterFile:
    return ParameterFile(load("params.json", text.encode()), form)


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("codepipeline", '{"Parameters": {"A": "1"}, "Tags": {"T": "t"}}', {"A": ("A", "1")}),
        ("codepipeline", '{"Tags": {}}', {}),
        ("cli", '[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": 2}, 3]', {"A": ("A", "1")}),
        ("overrides", '["A=1=2", "B", 3]', {"A": ("A=1=2", "A=1=2")}),
        ("map", '{"A": "1"}', {"A": ("A", "1")}),
        ("deployment", '{"template-file-path": "t.yml", "parameters": {"A": "1"}}', {"A": ("A", "1")}),
        ("map", "[1]", {}),
    ],
)
def test_names_and_values(form: Form, text: str, expected: dict[str, tuple[str, str]]) -> None:
    found = file(form, text)
    assert {name: (at.value, found.values[name].value) for name, at in found.names.items()} == expected


def test_a_previous_value_counts_as_given() -> None:
    assert list(file("cli", '[{"ParameterKey": "A", "UsePreviousValue": true}]').values) == ["A"]


@pytest.mark.parametrize(
    ("form", "text", "column"),
    [("codepipeline", '{"Parameters": {}}', 2), ("codepipeline", '{"Tags": {}}', 1), ("cli", "[]", 1)],
)
def test_heading(form: Form, text: str, column: int) -> None:
    assert file(form, text).heading.span.column == column


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((True, {"A"}), (False, {"B"}), (True, {"A", "B"})),
        ((False, {"A"}), (False, None), (False, None)),
        ((False, None), (True, {"A"}), (True, None)),
    ],
)
def test_links_of_one_pair_join(
    one: tuple[bool, set[str] | None], other: tuple[bool, set[str] | None], expected: tuple[bool, set[str] | None]
) -> None:
    document = load("template.yml", b"Resources: {}")
    links = [
        ParameterLink(
            file("map", "{}"),
            Template(document.root),
            certain,
            overridden=frozenset(names) if names is not None else None,
        )
        for certain, names in (one, other)
    ]
    joined = links[0].joined(links[1])
    assert (joined.certain, joined.overridden) == expected


def test_what_is_written_in_one_file_is_told_apart_by_its_place() -> None:
    document = load("deploy.json", b'["A=1", "B=2"]')
    first, second = document.root.elements()
    entry = Entry("A", first, None)
    one, other = (ParameterFile(document, "written", (entry,), node) for node in (first, second))
    assert one != other
    assert one == ParameterFile(document, "written", (), first)
    assert (list(one.names), one.values, one.heading) == (["A"], {}, first)


@pytest.mark.parametrize(
    ("names", "declared", "expected"),
    [
        (["Envi"], ["Env"], {"Envi": "Env"}),
        (["env"], ["Env"], {"env": "Env"}),
        (["Env", "env"], ["Env"], {}),
        (["Colour"], ["Env"], {}),
        (["Enva", "Envb"], ["Env"], {}),
        (["Subnet2"], ["Subnet1"], {}),
        (["subnet1"], ["Subnet1"], {"subnet1": "Subnet1"}),
    ],
)
def test_misspelt(names: list[str], declared: list[str], expected: dict[str, str]) -> None:
    assert misspelt(names, declared) == expected


def test_names_for_another_template_are_not_compared() -> None:
    names = [f"Name{number}a" for number in range(2000)]
    assert misspelt([f"{name}b" for name in names], names) == {}
