"""Values that stand for all that a key can have."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.iam.condition import Atom, atoms
from validator.iam.contexts import contexts
from validator.parse import parse

_STRINGS = st.sampled_from(["a", "A", "ab", "AB", "aB", "b", "ba", "*", "a*", "*b", "?", "a?", "*a*", "A*"])
_NAMES = [
    f"{quantifier}{name}{end}"
    for quantifier in ("", "ForAllValues:", "ForAnyValue:")
    for name in ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase")
    for end in ("", "IfExists")
]
_TEXT = st.text(alphabet="abABx", min_size=1, max_size=3)


def read(operator: str, values: object) -> Atom:
    [atom] = atoms(parse("p.json", json.dumps({operator: {"aws:TagKeys": values}})).root, variables=True)
    return atom


def made(names: list[str]) -> st.SearchStrategy[list[Atom]]:
    one = st.tuples(st.sampled_from(names), st.lists(_STRINGS, min_size=1, max_size=3))
    null = st.tuples(st.just("Null"), st.sampled_from(["true", "false"]))
    return st.lists(one | null, min_size=1, max_size=3).map(lambda asked: [read(*each) for each in asked])


@given(made([name for name in _NAMES if ":" not in name]), _TEXT | st.none())
def test_every_value_is_answered_like_one_that_is_given(asked: list[Atom], value: str | None) -> None:
    found = contexts(asked, multivalued=False, always=False)
    answers = [tuple(atom.holds(one) for atom in asked) for one in found.all]
    assert found.complete
    assert tuple(atom.holds(value) for atom in asked) in answers


@given(made([name for name in _NAMES if ":" in name]), st.lists(_TEXT, max_size=4, unique=True))
def test_every_set_of_values_is_answered_like_one_that_is_given(asked: list[Atom], values: list[str]) -> None:
    found = contexts(asked, multivalued=True, always=False)
    answers = [tuple(atom.holds(one) for atom in asked) for one in found.all]
    assert tuple(atom.holds(tuple(values)) for atom in asked) in answers


@pytest.mark.parametrize(
    ("operator", "limits", "tried"),
    [
        ("NumericLessThan", ["5", "9"], ["4", "5", "7", "9", "100"]),
        ("NumericEquals", ["5"], ["5", "5.0", "6", "1"]),
        ("DateGreaterThan", ["2026-01-01T00:00:00Z"], ["2025-12-31", "2026-01-01", "2026-06-01T00:00:00Z"]),
        ("IpAddress", ["10.0.0.0/8", "10.1.0.0/16"], ["10.0.0.1", "10.1.2.3", "11.0.0.0", "9.255.255.255"]),
        ("Bool", ["true"], ["true", "false"]),
        ("ArnLike", ["arn:aws:iam::*:role/a*"], ["arn:aws:iam::1:role/ab", "arn:aws:iam::1:role/b"]),
    ],
)
def test_values_lie_on_each_side_of_what_is_named(operator: str, limits: list[str], tried: list[str]) -> None:
    asked = [read(operator, limit) for limit in limits]
    found = contexts(asked, multivalued=False, always=False)
    answers = {tuple(atom.holds(one) for atom in asked) for one in found.all}
    assert answers >= {tuple(atom.holds(one) for atom in asked) for one in tried}


def test_a_plain_request_has_nothing_special() -> None:
    asked = [read("StringEquals", "other"), read("StringLike", "any*")]
    assert contexts(asked, multivalued=False, always=False).plain is None
    plain = contexts(asked, multivalued=False, always=True).plain
    assert not any(atom.holds(plain) for atom in asked)


def test_above_the_cap_it_says_so() -> None:
    assert not contexts([read("StringLike", f"*{at}*") for at in range(7)], multivalued=False, always=True).complete


def test_a_principal_is_called_as_principals_are() -> None:
    """Text patterns and ARN patterns differ on an account with colons, which there is not."""
    operators = {"StringLike": "arn:aws:iam::*:role/*", "ArnNotLike": "arn:aws:iam::*:role/*"}
    text = json.dumps({name: {"aws:PrincipalArn": value} for name, value in operators.items()})
    asked = list(atoms(parse("p.json", text).root, variables=True))
    found = contexts(asked, multivalued=False, always=True, type="ARN")
    assert not [value for value in found.all if all(atom.holds(value) for atom in asked)]
