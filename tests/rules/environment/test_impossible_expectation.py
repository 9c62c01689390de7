"""Rule environment-impossible-expectation."""

import pytest

from validator.testing import findings

RULE = "environment-impossible-expectation"


def spec(check: str) -> dict[str, str]:
    return {"spec.yml": f"envspec: 1\nchecks:\n- {{id: a, {check}}}\n"}


@pytest.mark.parametrize(
    ("check", "at", "says"),
    [
        ("resource: R, expect: {A: {between: [5, 1]}}", "[5, 1]", "nothing is between 5 and 1"),
        ("resource: R, expect: {A: {in: []}}", "[]", "'in' lists nothing, so nothing can be one of it"),
        ("resource: R, expect: {A: {gt: 3, lte: 3}}", "3", "nothing is gt 3 and lte 3"),
        ("call: a.b, count: -1", "-1", "there cannot be fewer than none"),
        ("call: a.b, count: {lt: 0}", "0", "there cannot be fewer than none"),
        ("call: a.b, count: {gte: one}", "one", "a count is a number, which this never matches"),
        ("call: a.b, count: {length: 2}", "2", "a count is a number, which this never matches"),
        ("resource: R, absent: true, expect: {A: 1}", "expect", "nothing can be expected of what must be absent"),
        (
            "resource: R, wait: {timeout: 10s, interval: 1m}",
            "1m",
            "an interval of 60 s leaves no second look within 10 s",
        ),
    ],
)
def test_cannot_be(check: str, at: str, says: str) -> None:
    [finding] = findings(RULE, spec(check))
    assert (finding.at.text, finding.message) == (at, says)


@pytest.mark.parametrize(
    "check",
    [
        "resource: R, expect: {A: {between: [1, 1]}, B: {gte: 3, lte: 3}}",
        "resource: R, expect: {A: {between: ['${var.a}', 1]}}",
        "resource: R, wait: {timeout: 10s}",
        "resource: R, wait: {timeout: '${var.t}', interval: 1m}",
        "resource: R, absent: '${var.gone}', expect: {A: 1}",
        "call: a.b, count: 0",
        "call: a.b, count: {in: [0, '${var.n}']}",
        "call: a.b, count: {not: {equals: 3}}",
        # A plain text is no count, which environment-shape says.
        "call: a.b, count: three",
    ],
)
def test_can_be(check: str) -> None:
    assert not findings(RULE, spec(check))


def test_a_default_is_told_once() -> None:
    text = "envspec: 1\ndefaults: {wait: {timeout: 1s, interval: 2s}}\nchecks: [{id: a, stack: .}, {id: b, stack: .}]\n"
    [finding] = findings(RULE, {"spec.yml": text})
    assert finding.at.text == "2s"
