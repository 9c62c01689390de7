"""What a glance shows of values and formats, against the algebra of patterns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.iam.arns import arn, bound, plainly_lacks, plainly_meets
from validator.iam.globs import Glob, closed, glob, witness

PLACES = st.sampled_from(["", "*", "a", "b", "ab"])
NAMES = st.text("ab/:*", max_size=6)
VARYING = st.lists(st.sampled_from(["a", "b", "/", ":", "${X}", "${Y}", "*"]), min_size=1, max_size=4).map("".join)
FORMAT_PLACES = st.sampled_from(["", "*", "a", "${Region}"])


def pattern(form: str, partition: str, region: str) -> Glob:
    """Make the pattern of a format's ARNs, field by field."""
    fields = form.split(":", 5)
    given = {1: partition, 3: region}
    filled = [given.get(at) or each if each.startswith("${") else each for at, each in enumerate(fields)]
    text = ":".join(filled)
    for name in ("${X}", "${Y}", "${Region}", "${Partition}"):
        text = text.replace(name, "?*")
    return bound(glob(text))


@given(PLACES, PLACES, NAMES, FORMAT_PLACES, FORMAT_PLACES, VARYING, st.sampled_from(["", "a", "b"]))
def test_says_nothing_that_the_algebra_does_not(
    region: str, account: str, name: str, its_region: str, its_account: str, its_name: str, called: str
) -> None:
    value = arn(f"arn:aws:s:{region}:{account}:{name}")
    form = f"arn:${{Partition}}:s:{its_region}:{its_account}:{its_name}"
    every = pattern(form, "aws", called)
    if plainly_meets(value, form, partition="aws", region=called):
        assert isinstance(witness([[every], value.certain]), str)
    if plainly_lacks(value, form, partition="aws", region=called):
        assert witness([[every], value.fielded]) is None
        assert witness([[closed(every)], value.spanning]) is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("arn:aws:ec2:*:*:instance/*", "meets"),
        ("arn:aws:ec2:eu-west-1:123456789012:instance/i-*", "meets"),
        ("arn:aws:ec2:us-east-1:123456789012:instance/i-1", "lacks"),
        ("arn:aws:ec2:*:*:volume/*", "lacks"),
        ("arn:aws:ec2:eu-*:*:instance/*", ""),
    ],
)
def test_settles_what_policies_name(value: str, shown: str) -> None:
    form = "arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}"
    assert plainly_meets(arn(value), form, partition="aws", region="eu-west-1") is (shown == "meets")
    assert plainly_lacks(arn(value), form, partition="aws", region="eu-west-1") is (shown == "lacks")


def test_a_bucket_has_no_slash() -> None:
    assert not plainly_meets(arn("arn:aws:s3:::b/*"), "arn:${Partition}:s3:::${BucketName}", partition="aws")
