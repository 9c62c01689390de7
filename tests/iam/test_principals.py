"""Principals, and what strangers' requests look like."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.iam.globs import glob
from validator.iam.principals import deputy, is_service, meant_service, provider, strangers

NAMES = st.text(alphabet="ab-", min_size=1, max_size=4)
PATTERNS = st.text(alphabet="repo:/ab*?-", max_size=14)


@given(PATTERNS, NAMES, NAMES)
def test_a_pattern_that_ties_a_subject_fits_no_two_organizations(pattern: str, one: str, other: str) -> None:
    github = provider("token.actions.githubusercontent.com")
    assert github is not None
    if one != other and github.ties("sub", pattern):
        fits = [glob(pattern).matches(f"repo:{name}/{rest}") for name in (one, other) for rest in ("a", "b/a", "ab:a")]
        assert not (any(fits[:3]) and any(fits[3:]))


@given(NAMES, st.text(alphabet="ab*:", max_size=6))
def test_an_organization_named_in_full_ties_a_subject(name: str, rest: str) -> None:
    github = provider("token.actions.githubusercontent.com")
    assert github is not None
    assert github.ties("sub", f"repo:{name}/{rest}")


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("arn:aws:iam::123456789012:oidc-provider/gitlab.com", "gitlab.com"),
        ("https://GitLab.com", "gitlab.com"),
        ("gitlab.com:sub", "gitlab.com"),
        ("gitlab.company.com", ""),
        ("my.gitlab.com", ""),
        ("token.actions.githubusercontent.com/acme", ""),
    ],
)
def test_finds_a_provider_by_its_host(text: str, host: str) -> None:
    found = provider(text)
    assert (found.host if found else "") == host


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("lamda.amazonaws.com", "lambda.amazonaws.com"),
        ("Lambda.amazonaws.com", ""),
        ("cloudtrial.amazonaws.com", "cloudtrail.amazonaws.com"),
        ("log.eu-central-1.amazonaws.com", ""),  # too short
        ("firehose.amazonaws.com.cn", ""),
        ("cloudfornt.amazonaws.com.cn", "cloudfront.amazonaws.com.cn"),
        ("inspector3.amazonaws.com", ""),  # another version
        ("apprunner.amazonaws.com", ""),
    ],
)
def test_finds_the_service_that_was_meant(text: str, meant: str) -> None:
    assert meant_service(text) == meant


def test_a_region_does_not_hide_a_service() -> None:
    assert is_service("logs.eu-central-1.amazonaws.com")
    assert deputy("delivery.logs.us-east-1.amazonaws.com") == deputy("delivery.logs.amazonaws.com")
    assert deputy("lambda.amazonaws.com") is None


def test_each_stranger_leaves_no_key_of_the_others_to_chance() -> None:
    found = list(strangers(()))
    assert len({frozenset(one) for one in found}) == 1
    assert all(key == key.lower() and re.fullmatch(r"[a-z0-9]+:[a-z]+", key) for key in found[0])
