"""Rule environment-regex-invalid."""

import json

import pytest

from validator.testing import findings

RULE = "environment-regex-invalid"


def spec(pattern: str) -> dict[str, str]:
    return {
        "spec.json": json.dumps({"envspec": 1, "checks": [{"id": "a", "output": "U", "expect": {"matches": pattern}}]})
    }


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("(a", "'(a' is no regular expression: missing ), unterminated subpattern at position 0"),
        ("a**", "'a**' is no regular expression: multiple repeat at position 2"),
        ("(?<=a)b", "'(?<=a)b' cannot be matched in bounded time"),
        (r"(a)\1", r"'(a)\\1' cannot be matched in bounded time"),
        ("((a{0,900}){900}){900}", "'((a{0,900}){900}){900}' cannot be matched in bounded time"),
    ],
)
def test_cannot_be_used(pattern: str, says: str) -> None:
    [finding] = findings(RULE, spec(pattern))
    assert finding.message == says


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        ".*",
        r"WebELB-prod-\d+\.eu-west-1\.elb\.amazonaws\.com",
        "(?i)a|b",
        "(a+)+",
        "^x$",
        "${var.pattern}",
        "a{2,3}",
    ],
)
def test_accepts(pattern: str) -> None:
    assert not findings(RULE, spec(pattern))


def test_looks_into_other_matchers() -> None:
    also = "{call: a.b, expect: {'@': {each: {N: {not: {matches: '('}}}}}}"
    text = f"envspec: 1\nchecks:\n- {{id: a, resource: R, also: {also}}}\n"
    [finding] = findings(RULE, {"spec.yml": text})
    assert finding.at.text == "'('"
