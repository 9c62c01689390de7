"""Rule environment-unused-include."""

import pytest

from validator.testing import findings

RULE = "environment-unused-include"


def found(include: str, other: str) -> list[tuple[str, str]]:
    spec = f"envspec: 1\ninclude: {include}\nchecks: [{{id: a, stack: .}}]\n"
    every = findings(RULE, {"spec.yml": spec, "other.yml": other})
    return [(one.at.text, one.message) for one in every]


@pytest.mark.parametrize("other", ["envspec: 1\n", "envspec: 1\ndefaults: {severity: warning}\nchecks: []\n"])
def test_a_file_that_brings_nothing(other: str) -> None:
    assert found("[other.yml]", other) == [("other.yml", "other.yml has no checks, targets or variables to bring")]


def test_a_file_that_is_included_twice() -> None:
    assert found("[other.yml, ./other.yml]", "envspec: 1\nvars: {a: 1}\n") == [
        ("./other.yml", "other.yml is included here before")
    ]


@pytest.mark.parametrize(
    "other",
    [
        "envspec: 1\nvars: {a: 1}\n",
        "envspec: 1\ntargets: {t: {}}\n",
        "envspec: 1\nchecks: [{id: b, stack: .}]\n",
        "envspec: 1\nsensitive: [Password]\n",
        "envspec: 1\ninclude: [spec.yml]\n",
    ],
)
def test_accepts(other: str) -> None:
    assert not found("[other.yml]", other)


def test_several_files_may_include_one() -> None:
    other = "envspec: 1\ninclude: [vars.yml]\nchecks: [{id: b, stack: .}]\n"
    files = {
        "spec.yml": "envspec: 1\ninclude: [other.yml, vars.yml]\n",
        "other.yml": other,
        "vars.yml": "envspec: 1\nvars: {a: 1}\n",
    }
    assert not findings(RULE, files)
