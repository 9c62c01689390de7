"""Nearest names: what is offered, what is not, in which order, how fast."""

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from validator.suggest import did_you_mean, nearest, one_edit_apart


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("getobject", ["GetObjects", "GetObject"], "GetObject"),
        ("aproved-regions", ["approved-regions", "deploy-regions"], "approved-regions"),
        ("TemplateUrl", ["TemplateBody", "TemplateURL"], "TemplateURL"),
        ("Parametres", ["Outputs", "Parameters"], "Parameters"),
        ("DescribeInstancesStatuses", ["DescribeInstances", "DescribeInstanceStatus"], "DescribeInstanceStatus"),
        ("buidl", ["install", "pre_build", "build"], "build"),
    ],
)
def test_finds_the_name_that_was_meant(name: str, known: list[str], meant: str) -> None:
    assert nearest(name, known) == (meant,)


@pytest.mark.parametrize("name", ["", "x", "Colour", "s", "Zzzzzzzz"])
def test_offers_no_wild_guess(name: str) -> None:
    assert nearest(name, ["Size", "VpcId", "s3", "Subnets", "KeyName"]) == ()


def test_takes_a_difference_in_case_before_an_edit_before_a_likeness() -> None:
    known = ["SecurityGroupsIds", "SecurityGroupId", "securitygroupids", "SecurityGroupIdx"]
    found = nearest("SecurityGroupIds", known, most=9)
    assert found == ("securitygroupids", "SecurityGroupId", "SecurityGroupIdx", "SecurityGroupsIds")


@given(st.permutations(["Bax", "Bay", "Baz", "Bat"]))
def test_breaks_ties_by_name_whatever_the_order(known: list[str]) -> None:
    assert nearest("Bas", known, most=2) == ("Bat", "Bax")


def test_names_nothing_twice_and_never_the_name_itself() -> None:
    assert nearest("Size", ["Size", "Sizes", "Sizes"], most=9) == ("Sizes",)


def test_asks_whether_the_nearest_was_meant() -> None:
    assert did_you_mean("Sise", ["Size"]) == "did you mean 'Size'?"
    assert did_you_mean("Colour", ["Size"]) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("GetObjct", "GetObject"), ("GetObject", "GetObjects"), ("gteobject", "GetObject"), ("GetOpject", "GetObject")],
)
def test_knows_a_slip_of_the_finger(one: str, other: str) -> None:
    assert one_edit_apart(one, other)
    assert one_edit_apart(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("GetObject", "getobject"), ("abc", "cab"), ("abcd", "badc"), ("", "ab"), ("Import", "Export")]
)
def test_knows_more_than_a_slip(one: str, other: str) -> None:
    assert not one_edit_apart(one, other)


@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
@example("ab", "ba")
@example("aab", "aba")
def test_one_edit_is_what_trying_every_edit_finds(one: str, other: str) -> None:
    cuts = [(one[:at], one[at:]) for at in range(len(one) + 1)]
    edited = {head + letter + tail for head, tail in cuts for letter in "abc"}
    edited |= {head + tail[1:] for head, tail in cuts if tail}
    edited |= {head + letter + tail[1:] for head, tail in cuts if tail for letter in "abc"}
    edited |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    assert one_edit_apart(one, other) == (other in edited - {one})


def test_is_quick_over_twenty_thousand_names() -> None:
    known = [f"Describe{word}{number}" for word in ("Instance", "Volume", "Image", "Host") for number in range(5000)]
    assert nearest("DescribeInstnce4999", known) == ("DescribeInstance4999",)


def test_is_quick_over_names_without_bound() -> None:
    assert nearest("ab" * 100_000, ["ba" * 100_000, "x"]) == ()


def test_loads_difflib_only_to_compare() -> None:
    code = "import sys, validator.suggest as s; s.nearest('a', ['A']); assert 'difflib' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
