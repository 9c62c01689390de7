"""What a name that is no condition key was meant to be, and what values look like."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.iam.keys import Guess, form, guess, key, keys, mistaken

GLOBAL = [name for name in keys() if "${" not in name]


@given(st.sampled_from(GLOBAL), st.integers(0, 30), st.sampled_from(string.ascii_letters))
def test_whatever_is_one_letter_more_is_surely_a_slip(name: str, at: int, letter: str) -> None:
    place = min(at, len(name) - 4) + 4
    slip = name[:place] + letter + name[place:]
    found = guess(slip)
    assert key(slip) is not None or (found is not None and found.certain)


@given(st.sampled_from([*keys(), *keys("ec2"), *keys("s3"), *keys("kms"), *keys("dms")]), st.integers(0, 40))
def test_whatever_is_guessed_is_a_key(name: str, at: int) -> None:
    found = guess(name[:at] + name[at + 1 :])
    assert found is None or found.lacking or key(found.name) is not None


@pytest.mark.parametrize(
    ("name", "prefixes", "expected"),
    [
        ("aws:prefix", {"s3"}, Guess("s3:prefix", certain=False)),
        ("s3:prefixx", set(), Guess("s3:prefix", certain=True)),
        ("ec2:ResourceTags/a/b", set(), Guess("ec2:ResourceTag/a/b", certain=True)),
        ("kms:RecipientAttestation:PCR99", set(), None),
        ("quuxly:Key", set(), None),
    ],
)
def test_guesses(name: str, prefixes: set[str], expected: Guess | None) -> None:
    found = guess(name, frozenset(prefixes))
    assert found == expected or (expected is None and found is not None and not found.certain)


def test_every_form_has_an_example_of_its_own() -> None:
    for name in keys():
        known = key(name)
        expected = form(known) if known is not None else None
        assert expected is None or mistaken(expected.example, expected) is None
