"""Suppressions, wherever they stand."""

import pytest

from .conftest import Loading

RESOURCES = "Resources:\n  T: {Type: AWS::SNS::Topic}\n"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("# stackproof: ignore[a-b] because", (("a-b",), "because", "# stackproof: ignore[a-b] because")),
        (
            "x: y  # stackproof: ignore[a-b, c/E1] why ",
            (("a-b", "c/E1"), "why", "# stackproof: ignore[a-b, c/E1] why "),
        ),
        ("x: y\t#stackproof:ignore[a]", (("a",), "", "#stackproof:ignore[a]")),
        ("# stackproof: ignore all", ((), "all", "# stackproof: ignore all")),
        ("# stackproof: ignore[] x", ((), "x", "# stackproof: ignore[] x")),
        ("x: |\n  make # stackproof: ignore[a] b", (("a",), "b", "# stackproof: ignore[a] b")),
    ],
)
def test_comments(line: str, expected: tuple[object, ...], loaded: Loading) -> None:
    [found] = loaded({"t.yml": f"{line}\n{RESOURCES}"}).suppressions
    assert (found.rules, found.reason, found.at.text) == expected
    assert found.covers is None


@pytest.mark.parametrize("line", ["x: y#stackproof: ignore[a]", "# stackproof: ignored", "# stackproof", "# ignore[a]"])
def test_what_is_no_suppression(line: str, loaded: Loading) -> None:
    assert loaded({"t.yml": f"{line}\n{RESOURCES}"}).suppressions == ()


def test_the_first_characters_of_a_file(loaded: Loading) -> None:
    assert len(loaded({"t.yml": f"\ufeff# stackproof: ignore[a] b\n{RESOURCES}"}).suppressions) == 1


def test_json_has_no_comments(loaded: Loading) -> None:
    text = '{"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"D": "# stackproof: ignore[a] b"}}}}'
    assert loaded({"t.json": text}).suppressions == ()


def test_a_file_that_did_not_parse_has_comments(loaded: Loading) -> None:
    assert len(loaded({"template.yml": "Resources: {  # stackproof: ignore[a] b\n"}).suppressions) == 1


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ("[{rule: a, reason: b}, {rule: c}]", [("a", "b"), ("c", "")]),
        ("{rule: a, reason: b}", [("a", "b")]),
        ("[a]", [("a", "")]),
        ("a", [("a", "")]),
        ("[{reason: b}, 3, ~]", [("b",), ("",), ("",)]),
        ("{rule: a, reason: 2020-01-01}", [("a", "2020-01-01")]),
    ],
)
def test_metadata(entries: str, expected: list[tuple[str, ...]], loaded: Loading) -> None:
    metadata = f"Metadata: {{stackproof: {{ignore: {entries}}}}}"
    text = f"{metadata}\nResources:\n  T:\n    Type: AWS::SNS::Topic\n    {metadata}\n"
    found = loaded({"t.yml": text}).suppressions
    assert [(*one.rules, one.reason) for one in found] == expected * 2
    assert [one.covers.pointer for one in found if one.covers] == ["", "/Resources/T"] * len(expected) or len(
        expected
    ) > 1
