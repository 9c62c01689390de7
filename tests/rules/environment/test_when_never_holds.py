"""Rule environment-when-never-holds."""

import pytest

from validator.testing import findings

RULE = "environment-when-never-holds"
TARGETS = "{a: {vars: {stage: testing}}, b: {vars: {stage: production}}}"


def found(when: str, more: str = "", targets: str = TARGETS) -> list[tuple[str, str]]:
    spec = (
        f"envspec: 1\nvars: {{size: small}}\ntargets: {targets}\nchecks:\n- {{id: a, stack: ., {more}when: {when}}}\n"
    )
    return [(one.at.text, one.help) for one in findings(RULE, {"spec.yml": spec})]


@pytest.mark.parametrize(
    ("when", "at", "advice"),
    [
        ("{var: stage, equals: tetsing}", "tetsing", "did you mean 'testing'?"),
        ("{var: stage, in: [testing, prodution]}", "prodution", "did you mean 'production'?"),
        ("{var: size, equals: smal}", "smal", "did you mean 'small'?"),
    ],
)
def test_a_slip(when: str, at: str, advice: str) -> None:
    assert found(when) == [(at, advice)]


@pytest.mark.parametrize(
    "when",
    [
        "{var: stage, in: [testing, production]}",
        # What the command line may bring.
        "{var: stage, equals: demo}",
        "{var: stage, equals: testing2}",
        "{var: stage, equals: '${var.size}'}",
        "{var: other, equals: testin}",
    ],
)
def test_accepts(when: str) -> None:
    assert not found(when)


def test_only_the_targets_of_the_check_count() -> None:
    assert not found("{var: stage, equals: prodction}", "targets: [a], ")


def test_a_value_with_a_reference_may_be_anything() -> None:
    assert not found("{var: stage, equals: tetsing}", targets="{a: {vars: {stage: '${target.name}ing'}}, b: {}}")
