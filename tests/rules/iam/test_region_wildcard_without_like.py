"""Rules iam-region-wildcard-without-like and iam-region-empty-list."""

import json

import pytest

from validator.testing import findings

WILDCARD = "iam-region-wildcard-without-like"
EMPTY = "iam-region-empty-list"
CONFIG = 'approved-regions = ["eu-central-1", "eu-west-1"]\n'


def files(value: object, operator: str = "StringEquals", config: str = "") -> dict[str, str]:
    condition = {operator: {"aws:RequestedRegion": value}}
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return {"policy.json": text, "stackproof.toml": config}


@pytest.mark.parametrize(
    ("operator", "config", "advice"),
    [
        ("StringEquals", "", "name the regions, or write 'StringLike'"),
        ("StringNotEqualsIgnoreCase", "", "name the regions, or write 'StringNotLike'"),
        ("StringNotEquals", CONFIG, "name the regions: eu-central-1, eu-west-1"),
    ],
)
def test_a_wildcard_is_a_letter_to_an_operator_for_names(operator: str, config: str, advice: str) -> None:
    [finding] = findings(WILDCARD, files(["eu-west-2", "eu-*"], operator, config))
    assert finding.message == f"{operator!r} compares 'eu-*' letter by letter, and no region is called so"
    assert (finding.at.text, finding.help) == ('"eu-*"', advice)


@pytest.mark.parametrize(
    ("value", "operator"),
    [
        ("eu-*", "StringLike"),
        ("eu-*", "StringNotLikeIfExists"),
        ("eu-*", "ArnLike"),
        ("eu-${*}", "StringEquals"),
        ("${aws:PrincipalTag/*}", "StringEquals"),
        ("eu-west-1", "StringEquals"),
        ({"Fn::Sub": "eu-*"}, "StringEquals"),
    ],
)
def test_accepts_a_wildcard(value: object, operator: str) -> None:
    assert not findings(WILDCARD, files(value, operator))


@pytest.mark.parametrize("operator", ["StringNotEquals", "StringLike", "ForAllValues:StringEquals", "ArnLike"])
def test_a_list_of_no_regions(operator: str) -> None:
    [finding] = findings(EMPTY, files([], operator, CONFIG))
    assert finding.message == "aws:RequestedRegion is compared with no region at all"
    assert (finding.at.text, finding.help) == ("[]", "name the regions: eu-central-1, eu-west-1")


@pytest.mark.parametrize(
    ("value", "operator"),
    [("", "StringEquals"), (None, "StringEquals"), ({}, "StringEquals"), ([[]], "StringEquals"), ([], "Null")],
)
def test_accepts_what_is_no_empty_list(value: object, operator: str) -> None:
    assert not findings(EMPTY, files(value, operator))
