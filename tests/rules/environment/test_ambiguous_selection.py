"""Rule environment-ambiguous-selection."""

import pytest

from validator.testing import findings

RULE = "environment-ambiguous-selection"


def spec(check: str) -> dict[str, str]:
    return {"spec.yml": f"envspec: 1\nchecks:\n- {{id: a, call: ec2.describe_instances, {check}}}\n"}


@pytest.mark.parametrize(
    ("check", "column"),
    [
        ("expect: {'Reservations[0].OwnerId': a}", 63),
        ("select: 'Reservations[].Instances[] | [-1]', expect: {State: a}", 79),
        ("select: 'Reservations[0]', with: {MaxResults: 5}, expect: {OwnerId: a}", 62),
    ],
)
def test_points_at_the_index(check: str, column: int) -> None:
    [finding] = findings(RULE, spec(check))
    assert (finding.at.text[0], finding.at.span.column) == ("[", column)


@pytest.mark.parametrize(
    "check",
    [
        "with: {InstanceIds: [i-1]}, expect: {'Reservations[0].OwnerId': a}",
        "expect: {'Reservations[?OwnerId==`a`] | [0].OwnerId': a}",
        "expect: {'sort_by(Reservations, &OwnerId)[0].OwnerId': a}",
        "expect: {'Reservations[].OwnerId': a}",
        "select: 'Reservations[?OwnerId==`a`]', expect: {'[0].OwnerId': a}",
    ],
)
def test_accepts(check: str) -> None:
    assert not findings(RULE, spec(check))
