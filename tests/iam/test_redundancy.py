"""Which patterns cover others, against the algebra of patterns."""

from hypothesis import given
from hypothesis import strategies as st

from validator.iam.arns import bound
from validator.iam.globs import glob
from validator.iam.redundancy import includes_action, includes_arn


@given(st.text("ab:*?", max_size=8), st.text("ab:*?", max_size=8))
def test_covers_what_the_algebra_of_patterns_says(wide: str, narrow: str) -> None:
    assert includes_action(wide, narrow) is glob(wide).includes(glob(narrow))


@given(st.text("ab*", max_size=4), st.text("ab*", max_size=4), st.text("ab:*", max_size=5), st.text("ab:*", max_size=5))
def test_covers_arns_in_either_reading(region: str, other: str, name: str, other_name: str) -> None:
    wide, narrow = glob(f"arn:aws:s:{region}:1:{name}"), glob(f"arn:aws:s:{other}:1:{other_name}")
    both = wide.includes(narrow) and bound(wide).includes(bound(narrow))
    assert includes_arn(str(wide), str(narrow)) is both
