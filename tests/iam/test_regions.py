"""Regions: the known ones, the names that stand for those to come, and where global services are called."""

import re
import subprocess
import sys

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from validator.iam.actions import matches, services
from validator.iam.regions import (
    FUTURE,
    domain,
    home,
    label,
    opt_in,
    partition_of,
    partitions,
    rank_region,
    regions,
    suggest,
)


def test_knows_the_regions_of_every_partition() -> None:
    assert partitions()[0] == "aws"
    assert {"aws", "aws-cn", "aws-us-gov", "aws-eusc"} <= set(partitions())
    assert {"us-east-1", "eu-central-1", "mx-central-1"} <= set(regions())
    assert regions("aws-cn") == ("cn-north-1", "cn-northwest-1")
    assert regions("aws-moon") == ()


@pytest.mark.parametrize("partition", partitions())
def test_takes_no_pseudo_region_for_a_region(partition: str) -> None:
    assert regions(partition)
    assert [region for region in regions(partition) if partition_of(region) != partition] == []


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-west-1", "aws"),
        ("eu-east-9", "aws"),
        ("eu-centrl-1", "aws"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-gov-south-7", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("cn-north-1", "aws-cn"),
        ("eusc-de-east-1", "aws-eusc"),
        ("eu-west", None),
        ("aws-global", None),
        ("EU-WEST-1", None),
        ("", None),
    ],
)
def test_tells_the_partition_of_a_region_by_its_name(region: str, partition: str | None) -> None:
    assert partition_of(region) == partition


def test_knows_which_regions_an_account_must_enable() -> None:
    assert (opt_in("us-east-1"), opt_in("af-south-1"), opt_in("sa-west-1"), opt_in("eu-east-9")) == (
        False, True, None, None,
    )  # fmt: skip


def test_suggests_the_nearest_region_of_the_partition() -> None:
    assert suggest("eu-centrl-1") == "eu-central-1"
    assert suggest("EU-West-1") == "eu-west-1"
    assert suggest("cn-nort-1", "aws-cn") == "cn-north-1"
    assert suggest("frankfurt") == ""


def test_shows_the_regions_first_that_everybody_knows() -> None:
    assert sorted(regions(), key=lambda region: (rank_region(region), region))[:2] == ["us-east-1", "us-west-2"]


def test_calls_a_region_that_is_not_known_one_not_yet_launched() -> None:
    assert label("eu-west-1") == "eu-west-1"
    assert label(domain().future[0]) == FUTURE == "a region not yet launched"


# Global services


@pytest.mark.parametrize(
    ("service", "partition", "where"),
    [
        ("iam", "aws", {"us-east-1"}),
        ("iam", "aws-cn", {"cn-north-1"}),
        ("iam", "aws-us-gov", {"us-gov-west-1"}),
        ("organizations", "aws-cn", {"cn-northwest-1"}),
        ("networkmanager", "aws", {"us-west-2"}),
        ("globalaccelerator", "aws", {"us-west-2"}),
        ("support", "aws", {"us-east-1", "us-west-2", "eu-west-1"}),
        ("support", "aws-cn", {"cn-north-1"}),
        ("health", "aws", {"us-east-1", "us-east-2"}),
    ],
)
def test_knows_where_a_global_service_is_called(service: str, partition: str, where: set[str]) -> None:
    assert home(service, partition) == frozenset(where)


@pytest.mark.parametrize("service", ["sts", "ec2", "s3", "kms", "acm", "wafv2", "chime", "nosuch"])
def test_takes_a_service_for_regional_that_is_called_in_a_region_of_choice(service: str) -> None:
    assert home(service) is None


def test_every_home_is_a_known_region_of_a_documented_service() -> None:
    named = {(service, name): home(service, name) for service in services() for name in partitions()}
    assert len({service for service, _ in named if named[service, "aws"]}) > 25
    wrong = [key for key, where in named.items() if where is not None and not where <= set(regions(key[1]))]
    assert wrong == []


# Names that stand for the regions to come


def test_without_patterns_one_name_stands_for_all_regions_to_come() -> None:
    found = domain(["eu-west-1"])
    assert (found.known, found.written, len(found.future), found.complete) == (regions(), (), 1, True)


def test_one_name_for_each_set_of_patterns_that_can_match_it() -> None:
    future = domain(["eu-*", "us-*"]).future
    assert [sum(name.startswith(head) for name in future) for head in ("eu-", "us-", "")] == [1, 1, 3]


def test_a_name_that_could_become_a_region_is_written_not_future() -> None:
    found = domain(["eu-centrl-1", "eu-west-1", "Eu-West-9", "frankfurt", "cn-south-1", "us-gov-north-1", "zz-top-1"])
    assert found.written == ("eu-centrl-1", "zz-top-1")


def test_a_pattern_that_only_known_regions_can_match_needs_no_name() -> None:
    written = [f"eu-west-{number}" for number in range(10)]
    assert not any(name.startswith("eu-west-") and len(name) == 9 for name in domain([*written, "eu-west-?"]).future)
    assert any(name.startswith("eu-west-") and len(name) == 9 for name in domain(["eu-west-?"]).future)


@pytest.mark.parametrize("pattern", ["us-gov-*", "us-iso-*", "cn-*", "us-gov-west-*", "*_*", "EU-*", "*-x", "eu-*-*-*"])
def test_a_pattern_that_no_region_of_the_partition_can_match_needs_no_name(pattern: str) -> None:
    assert len(domain([pattern]).future) == 1


def test_a_new_part_of_the_world_can_come() -> None:
    found = domain([f"{head}-*" for head in {region[:2] for region in regions()}])
    assert [name for name in found.future if name[:2] not in {region[:2] for region in regions()}]


@pytest.mark.parametrize("partition", partitions())
def test_every_partition_can_grow(partition: str) -> None:
    assert [partition_of(name) for name in domain([], partition).future] == [partition]


def test_of_a_partition_that_is_not_known_nothing_is_said() -> None:
    assert domain([], "aws-moon") == ((), (), (), False)


texts = st.one_of(
    st.sampled_from(regions()),
    st.lists(st.sampled_from(["*", "*", "?", "-", "eu", "us-", "west", "e", "1", "2", "x", "zz-"]), max_size=6).map(
        "".join
    ),
)
names = st.from_regex(r"(eu|us|ap|sa|zz|qe)-(west|east|e|[a-z]{1,3}|we[a-z]t)-([1-4]|[0-9]{1,2})", fullmatch=True)


@given(st.lists(texts, max_size=5), names)
@example(["eu-central-?", "eu-central-3", "*-1*"], "eu-central-4")
def test_every_other_name_is_matched_by_the_same_texts_as_one_that_stands_for_it(
    patterns: list[str], name: str
) -> None:
    found = domain(patterns)
    assume(found.complete and name not in (*found.known, *found.written) and not name.startswith("us-gov"))

    def matching(region: str) -> list[bool]:
        return [matches(pattern, region) for pattern in patterns]

    assert matching(name) in [matching(region) for region in found.future]


@given(st.lists(texts, max_size=5), st.sampled_from(partitions()))
def test_names_that_stand_for_others_are_new_and_differ_in_what_matches_them(
    patterns: list[str], partition: str
) -> None:
    found = domain(patterns, partition)
    shape = re.compile(r"[a-z]{2}-[a-z]+-\d+" if partition == "aws" else r"[a-z-]+-[a-z]+-\d+")
    assert [name for name in found.future if not shape.fullmatch(name)] == []
    assert not {*found.known, *found.written} & set(found.future)
    globs = {pattern for pattern in patterns if "*" in pattern or "?" in pattern}
    signatures = [tuple(matches(pattern, name) for pattern in globs) for name in found.future]
    assert len(set(signatures)) == len(signatures)


@pytest.mark.parametrize(
    "patterns",
    [
        [f"*{one}*{two}*{three}*" for one in "aeiou" for two in "xyz" for three in "rst"],
        [f"eu-*{number}*" for number in range(5000)],
        ["*a" * 500, "?" * 1000, "*" * 1000],
    ],
)
def test_is_bounded_on_patterns_that_nobody_would_write(patterns: list[str]) -> None:
    found = domain(patterns)
    assert len(found.future) <= 64


def test_importing_reads_no_data() -> None:
    code = "import validator.iam.regions as r; assert r._partitions.cache_info().currsize == 0"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
